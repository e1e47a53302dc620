"""Petitions as they stood at the beginning of a minute: which were open then, and how many signatures each had.

The count of now, less what the minutes since then counted, and with what was since then taken out of a minute that was
over. So it is the same for as long as the minutes are kept, whoever signs and whoever withdraws meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, union, union_all

from petitions import clock
from petitions.database import UTCDateTime
from petitions.lifecycle import State
from petitions.models import LateCount, MinuteCount, Petition

#: How far back a list can be asked for. Less than `MINUTES_KEPT`, so that all that is needed is there.
LOOK_BACK = timedelta(hours=2)
#: Who counts may have begun in one minute and end in the next: a minute is settled a little after it is over.
SETTLING = timedelta(seconds=10)
#: The moment at which the database is asked; put in then, so that a condition is built once and stays true.
NOW = bindparam("now", callable_=clock.now, type_=UTCDateTime())


@dataclass(frozen=True)
class Moment:
    """The moment of which an order is, and the count of signatures that decides in it."""

    at: datetime | ColumnElement[Any]
    count: ColumnElement[int]


def present() -> Moment:
    """Now, by the count of now."""
    return Moment(NOW, Petition.signature_count.expression)


def stood(at: datetime) -> Moment:
    """The beginning of a minute, by the count at it."""
    minutes, late = _counted_since(at)
    of_it = minutes.where(MinuteCount.petition_id == Petition.id).correlate(Petition).scalar_subquery()
    moved = late.where(LateCount.petition_id == Petition.id).correlate(Petition).scalar_subquery()
    return Moment(at, Petition.signature_count - func.coalesce(of_it, 0) - func.coalesce(moved, 0))


def _counted_since(at: datetime) -> tuple[Select[Any], Select[Any]]:
    """How many were counted in the minutes since, and how many put into (or taken out of) those before."""
    return (
        select(func.sum(MinuteCount.signature_count)).where(MinuteCount.minute >= at),
        select(func.sum(LateCount.signature_count)).where(LateCount.minute >= at, LateCount.since < at),
    )


def moved_since(at: datetime) -> Any:
    """The numbers of the petitions whose count may be another than at that moment."""
    return union(
        select(MinuteCount.petition_id).where(MinuteCount.minute >= at),
        select(LateCount.petition_id).where(LateCount.minute >= at),
    )


def moves_since(at: datetime) -> Any:
    """By how many the count of a petition moved since that moment: `petition_id` and `number`, those that were signed only."""
    minutes, late = _counted_since(at)
    each = union_all(
        minutes.add_columns(MinuteCount.petition_id.label("petition_id")).group_by(MinuteCount.petition_id),
        late.add_columns(LateCount.petition_id).group_by(LateCount.petition_id),
    ).subquery("moved_each")
    number, petition_id = each.c
    return select(petition_id, func.sum(number).label("number")).group_by(petition_id)


def was_open(at: datetime) -> ColumnElement[bool]:
    """Could be signed at that moment, whatever became of it since."""
    ended = (Petition.closed_at, Petition.rejected_at, Petition.hidden_at, Petition.withdrawn_at)
    return (
        (Petition.opened_at <= at)
        & (Petition.closes_at >= at)
        & or_(Petition.state == State.OPEN, *(each > at for each in ended))
    )


def last_settled(changed_at: datetime) -> datetime:
    """The latest minute that an order can stand by: at whose beginning all was counted that had begun before.

    Where nothing changed since, the minute after the last change, or the hour: so a document stays as it is for a while.
    """
    settled = _minute(clock.now() - SETTLING)
    return max(min(settled, _minute(changed_at) + timedelta(minutes=1)), settled.replace(minute=0))


def is_kept(at: datetime) -> bool:
    """Whether an order of that moment can still be told."""
    return clock.now() - LOOK_BACK <= at


def written(moment: datetime) -> str:
    """A minute as it stands in an address."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def read(text: str) -> datetime | None:
    """The minute that an address names; nothing where it names none."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
