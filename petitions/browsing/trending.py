"""What is rising: signatures counted in the last hour, day and week, on petitions that can be signed.

Nothing else goes in. All is read from the counts by minute and by hour, so what it costs does not grow with signatures;
those counts go down when a signature is taken back, held or removed. Each list is that of one minute, and ends where that
minute begins, so that the second page of a list belongs to its first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select, union_all
from sqlalchemy.orm import selectinload

from petitions import clock
from petitions.browsing.lists import is_open
from petitions.extensions import db
from petitions.models import HourCount, MinuteCount, Petition, Topic, petition_topics

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
#: How far back a list can be asked for: the first page of a list is old by the time somebody asks for the second.
LOOK_BACK = HOUR


class Period(StrEnum):
    """How long a list looks back."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


#: Hours of the clock in a period, the present one among them; the last hour is counted by minutes.
_HOURS = {Period.DAY: 24, Period.WEEK: 7 * 24}


@dataclass(frozen=True)
class Window:
    """The stretch of time that was looked at: from `since` on, before `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Rising:
    """A petition and how many signatures of it were counted in a window."""

    petition: Petition
    signatures: int


def this_minute() -> datetime:
    """The beginning of the present minute."""
    return clock.now().replace(second=0, microsecond=0)


def floor_hour(moment: datetime) -> datetime:
    """The beginning of the hour of the clock."""
    return moment.replace(minute=0, second=0, microsecond=0)


def window_of(period: Period, at: datetime) -> Window:
    """The hour: 60 minutes up to `at`. The day and the week: the hour of the clock up to `at`, and those before it."""
    if period is Period.HOUR:
        return Window(at - HOUR, at)
    return Window(floor_hour(at) - (_HOURS[period] - 1) * HOUR, at)


def counted(window: Window, name: str) -> Subquery:
    """Petitions and the `number` of their signatures in a window that begins with an hour, or is one by the minute."""
    minutes_from = window.since if window.until - window.since <= HOUR else floor_hour(window.until)
    parts: list[Any] = [
        select(MinuteCount.petition_id, MinuteCount.signature_count).where(
            MinuteCount.minute >= minutes_from, MinuteCount.minute < window.until
        )
    ]
    if window.since < minutes_from:
        parts.append(
            select(HourCount.petition_id, HourCount.signature_count).where(
                HourCount.hour >= window.since, HourCount.hour < minutes_from
            )
        )
    each = union_all(*parts).subquery(f"{name}_parts")
    number: ColumnElement[int] = func.sum(each.c.signature_count).label("number")
    return select(each.c.petition_id, number).group_by(each.c.petition_id).subquery(name)


def about(topics: Sequence[str]) -> ColumnElement[bool] | None:
    """Petitions with any of these topics (codes); nothing where none are named."""
    if not topics:
        return None
    with_topic = select(petition_topics.c.petition_id).join(Topic).where(Topic.code.in_(topics))
    return Petition.id.in_(with_topic)


def ranking(period: Period, at: datetime, topics: Sequence[str] = ()) -> Select[tuple[int, int]]:
    """Ids of petitions with their signatures in a period, the most signed first.

    Where two have the same in an hour, the one with more in the day comes first; then the older petition.
    """
    inside = counted(window_of(period, at), "inside")
    order: list[Any] = [inside.c.number.desc()]
    query = select(Petition.id, inside.c.number).join(inside, inside.c.petition_id == Petition.id)
    if period is Period.HOUR:
        then = counted(window_of(Period.DAY, at), "then")
        query = query.outerjoin(then, then.c.petition_id == Petition.id)
        order.append(func.coalesce(then.c.number, 0).desc())
    narrow = about(topics)
    if narrow is not None:
        query = query.where(narrow)
    return query.where(is_open(), inside.c.number > 0).order_by(*order, Petition.id)


def rising(
    period: Period, at: datetime, limit: int, *, topics: Sequence[str] = (), skip: int = 0
) -> list[Rising]:
    """The most signed of a period, after the first `skip`."""
    ranked = ranking(period, at, topics).limit(limit).offset(skip)
    numbers = {row.id: int(row.number) for row in db.session.execute(ranked)}
    found = petitions_by_id(list(numbers))
    return [Rising(found[petition_id], number) for petition_id, number in numbers.items()]


def how_many(period: Period, at: datetime, topics: Sequence[str] = ()) -> int:
    """How many petitions were signed in a period."""
    every = ranking(period, at, topics).order_by(None).subquery()
    return db.session.execute(select(func.count()).select_from(every)).scalar_one()


def petitions_by_id(ids: Sequence[int]) -> dict[int, Petition]:
    """Petitions with their departments and topics."""
    query = (
        select(Petition)
        .where(Petition.id.in_(ids))
        .options(selectinload(Petition.departments), selectinload(Petition.topics))
    )
    return {petition.id: petition for petition in db.session.execute(query).scalars()} if ids else {}


def counted_lately(petition_id: int) -> int:
    """How many signatures of one petition were counted in the last hour."""
    window = window_of(Period.HOUR, this_minute())
    number = select(func.coalesce(func.sum(MinuteCount.signature_count), 0)).where(
        MinuteCount.petition_id == petition_id,
        MinuteCount.minute >= window.since,
        MinuteCount.minute < window.until,
    )
    return int(db.session.execute(number).scalar_one())
