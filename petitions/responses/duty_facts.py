"""Every public duty to answer as a few facts, read in three queries however many there are: what all figures are made of.

Pages that show a duty with its words load its row (`records`); what counts, sorts and measures many works with these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from petitions import clock
from petitions.duties.duty_days import (
    DutyDates,
    ExtensionDay,
    PauseDays,
    Standing,
    days_taken,
    local_day,
    standing,
)
from petitions.extensions import db, settings
from petitions.lifecycle import states_where
from petitions.models import (
    RESPONSE,
    Duty,
    DutyEscalation,
    DutyExtension,
    DutyPause,
    DutyTransfer,
    HoldingReply,
    Petition,
    PetitionThreshold,
)

_LAST_DAY = date.max


@dataclass(frozen=True, slots=True)
class DutyFact:
    """One duty to answer, as it stands today."""

    id: int
    petition_id: int
    action: str
    """The petition's title."""
    department_id: int | None
    round: int
    dates: DutyDates
    standing: Standing
    due_on: date | None
    """The date that holds today; of an answered duty, that held when the answer was given."""
    reached_on: date
    answered_on: date | None
    days: int | None
    """Days left, below 0 days late; of an answered duty days before its date, below 0 after it. None: no date."""
    taken: int | None
    """Days from reaching the threshold to the answer, pauses included; None while there is none."""

    @property
    def is_answered(self) -> bool:
        """An answer was given."""
        return self.answered_on is not None

    @property
    def is_overdue(self) -> bool:
        """The date has passed and nothing was said."""
        return self.standing is Standing.OVERDUE

    @property
    def was_on_time(self) -> bool:
        """Answered by the date; an answer without a date cannot be late."""
        return self.is_answered and (self.days is None or self.days >= 0)


def is_public() -> ColumnElement[bool]:
    """Only a petition that stands on the site and was not refused is owed something."""
    states = set(states_where("text_is_public")) & set(states_where("counts_signatures"))
    return Petition.state.in_(states)


def with_petition(query: Select[Any]) -> Select[Any]:
    """Duties of public petitions, with the petition and the frozen threshold joined to them."""
    threshold = (PetitionThreshold.petition_id == Duty.petition_id) & (
        PetitionThreshold.key == Duty.threshold_key
    )
    return (
        query.join(Petition, Petition.id == Duty.petition_id)
        .join(PetitionThreshold, threshold)
        .where(is_public())
    )


def duty_facts(*conditions: ColumnElement[bool]) -> list[DutyFact]:
    """All public duties to answer, the oldest first."""
    columns: Any = select(
        Duty.id,
        Duty.petition_id,
        Petition.action,
        Duty.department_id,
        Duty.round,
        Duty.reached_at,
        Duty.due_on,
        Duty.first_due_on,
        Duty.answered_at,
    )
    query = with_petition(columns).where(PetitionThreshold.duty == RESPONSE, *conditions).order_by(Duty.id)
    rows = db.session.execute(query).all()
    pauses, extensions = _pauses(), _extensions()
    today = clock.today(settings().timezone)
    return [_fact(row, today, pauses.get(row.id, ()), extensions.get(row.id, ())) for row in rows]


def by_urgency(fact: DutyFact) -> tuple[Any, ...]:
    """To sort by: the latest and the nearest due first, then what is paused, then what was answered, the newest first."""
    if fact.dates.answered_at is not None:
        return (2, -fact.dates.answered_at.timestamp(), fact.id)
    is_paused = fact.standing is Standing.PAUSED
    return (
        int(is_paused),
        (fact.due_on or _LAST_DAY).toordinal(),
        fact.dates.reached_at.timestamp(),
        fact.id,
    )


def _fact(row: Any, today: date, pauses: Iterable[PauseDays], extensions: Iterable[ExtensionDay]) -> DutyFact:
    dates = DutyDates(
        row.reached_at, row.due_on, row.first_due_on, row.answered_at, tuple(pauses), tuple(extensions)
    )
    stands, due = standing(dates, today)
    answered_on = local_day(row.answered_at) if row.answered_at is not None else None
    return DutyFact(
        id=row.id,
        petition_id=row.petition_id,
        action=row.action,
        department_id=row.department_id,
        round=row.round,
        dates=dates,
        standing=stands,
        due_on=due,
        reached_on=local_day(row.reached_at),
        answered_on=answered_on,
        days=(due - (answered_on or today)).days if due is not None else None,
        taken=days_taken(dates),
    )


def _pauses() -> dict[int, list[PauseDays]]:
    found: defaultdict[int, list[PauseDays]] = defaultdict(list)
    query = select(DutyPause.duty_id, DutyPause.starts_on, DutyPause.ends_on, DutyPause.created_at)
    for row in db.session.execute(query.order_by(DutyPause.starts_on)):
        found[row.duty_id].append(PauseDays(row.starts_on, row.ends_on, row.created_at))
    return found


def _extensions() -> dict[int, list[ExtensionDay]]:
    found: defaultdict[int, list[ExtensionDay]] = defaultdict(list)
    query = select(DutyExtension.duty_id, DutyExtension.due_on, DutyExtension.created_at)
    for row in db.session.execute(query.order_by(DutyExtension.created_at)):
        found[row.duty_id].append(ExtensionDay(row.due_on, row.created_at))
    return found


def last_touched() -> dict[int, datetime]:
    """For each duty that was given away, spoken about or escalated: when that last happened."""
    found: dict[int, datetime] = {}
    tables: tuple[tuple[Any, Any], ...] = (
        (DutyTransfer, DutyTransfer.created_at),
        (HoldingReply, HoldingReply.published_at),
        (DutyEscalation, DutyEscalation.escalated_at),
    )
    for table, moment in tables:
        query = select(table.duty_id, func.max(moment)).group_by(table.duty_id)
        for duty_id, at in db.session.execute(query):
            found[duty_id] = max(at, found.get(duty_id, at))
    return found
