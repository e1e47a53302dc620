"""Finding the signatures that fit some conditions, with an end to the work: rows are read in portions by their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from petitions.extensions import db
from petitions.models import Signature
from petitions.scrutiny.conditions import Conditions, columns, fits

#: Rows read in one statement.
PORTION = 1000
#: Rows that one search opens before it asks to be narrowed down: less than half a second's work.
MOST_OPENED = 20_000
#: Of so many of the oldest it is seen whether addresses of origin have been forgotten.
OLDEST = 100


@dataclass(frozen=True)
class Found:
    """What a search found, newest first."""

    ids: list[int]
    looked_at: int
    """How many rows had to be opened for it."""
    after: int | None
    """Where to go on; `None` at the end."""
    is_cut: bool
    """It stopped because it had opened enough, not because the page is full."""
    has_forgotten: bool
    """Signatures may be left out because their address of origin is not kept any more; their network is."""


def search(petition_id: int, conditions: Conditions, *, after: int | None, limit: int) -> Found:
    """The newest `limit` signatures that fit, numbered below `after`."""
    ids: list[int] = []
    looked_at, cursor = 0, after
    while len(ids) < limit and looked_at < MOST_OPENED:
        wanted = PORTION if conditions.opens else limit - len(ids)
        rows = _portion(petition_id, conditions, cursor, wanted)
        for row in rows:
            cursor = row.id
            looked_at += 1
            if fits(conditions, row):
                ids.append(row.id)
                if len(ids) == limit:
                    break
        if len(rows) < wanted and len(ids) < limit:
            cursor = None
            break
    more = cursor is not None and bool(_portion(petition_id, conditions, cursor, 1))
    return Found(
        ids=ids,
        looked_at=looked_at if conditions.opens else 0,
        after=cursor if more else None,
        is_cut=more and len(ids) < limit,
        has_forgotten="ip" in conditions.opens and _has_forgotten(petition_id),
    )


def _portion(petition_id: int, conditions: Conditions, before: int | None, number: int) -> Sequence[Any]:
    asked = columns(conditions, petition_id)
    if before is not None:
        asked.append(Signature.id < before)
    return _read(conditions, asked, Signature.id.desc(), number)


def _read(
    conditions: Conditions, asked: list[ColumnElement[bool]], order: ColumnElement[Any], number: int
) -> Sequence[Any]:
    sealed = [getattr(Signature, f"{name}_sealed") for name in conditions.opens]
    return db.session.execute(
        select(Signature.id, Signature.row_key, *sealed).where(*asked).order_by(order).limit(number)
    ).all()


def _has_forgotten(petition_id: int) -> bool:
    """Whether signatures of this petition have no address of origin any more; the oldest lose it first."""
    oldest = (
        select(Signature.ip_sealed)
        .where(Signature.petition_id == petition_id)
        .order_by(Signature.id)
        .limit(OLDEST)
        .subquery()
    )
    return db.session.execute(select(oldest).where(oldest.c.ip_sealed.is_(None)).limit(1)).first() is not None


def portion_after(
    petition_id: int, conditions: Conditions, also: list[ColumnElement[bool]], *, cursor: int, number: int
) -> tuple[list[int], int | None]:
    """The next rows in rising order: those that fit, and the last one looked at (`None`: nothing is left)."""
    asked = [*columns(conditions, petition_id), *also, Signature.id > cursor]
    rows = _read(conditions, asked, Signature.id.asc(), number)
    return [row.id for row in rows if fits(conditions, row)], rows[-1].id if rows else None
