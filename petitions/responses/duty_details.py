"""All that happened to duties besides their dates: who they were given to, words in between, who was told of being late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from petitions.extensions import db
from petitions.models import DutyEscalation, DutyTransfer, HoldingReply
from petitions.responses.records import DutyRow


@dataclass(frozen=True)
class DutyDetails:
    """A duty with everything public about it, the oldest first in each list."""

    row: DutyRow
    transfers: Sequence[DutyTransfer]
    holding_replies: Sequence[HoldingReply]
    escalations: Sequence[DutyEscalation]


def details_of(rows: Sequence[DutyRow]) -> list[DutyDetails]:
    """Everything about these duties, in three queries."""
    ids = [row.duty.id for row in rows]
    transfers = _by_duty(
        DutyTransfer,
        DutyTransfer.created_at,
        ids,
        joinedload(DutyTransfer.from_department),
        joinedload(DutyTransfer.to_department),
    )
    replies = _by_duty(HoldingReply, HoldingReply.published_at, ids)
    escalations = _by_duty(DutyEscalation, DutyEscalation.number, ids)
    return [
        DutyDetails(row, transfers[row.duty.id], replies[row.duty.id], escalations[row.duty.id])
        for row in rows
    ]


def last_touched() -> dict[int, datetime]:
    """For each duty that was given away, spoken about or escalated: when that last happened."""
    found: dict[int, datetime] = {}
    for table, moment in (
        (DutyTransfer, DutyTransfer.created_at),
        (HoldingReply, HoldingReply.published_at),
        (DutyEscalation, DutyEscalation.escalated_at),
    ):
        query = select(table.duty_id, func.max(moment)).group_by(table.duty_id)
        for duty_id, at in db.session.execute(query):
            found[duty_id] = max(at, found.get(duty_id, at))
    return found


def _by_duty(table: Any, order: Any, duty_ids: Sequence[int], *options: Any) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    query = select(table).where(table.duty_id.in_(duty_ids)).order_by(order).options(*options)
    for each in db.session.execute(query).scalars() if duty_ids else ():
        found[each.duty_id].append(each)
    return found
