"""What is rising: signatures counted in the last hour, then in the last day, on petitions that can be signed.

Nothing else goes in. The hour is 60 minutes up to the beginning of the present minute, from the signatures themselves;
the day is the 24 hours of the clock up to now, from the counts by hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import selectinload

from petitions import clock
from petitions.browsing.lists import is_open
from petitions.extensions import db
from petitions.models import HourCount, Petition, Signature

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Window:
    """The stretch of time that was looked at: after `since`, up to `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Rising:
    """A petition and how many signatures of it were counted in a window."""

    petition: Petition
    signatures: int


def last_hour() -> Window:
    """60 minutes up to the beginning of the present minute."""
    until = clock.now().replace(second=0, microsecond=0)
    return Window(until - HOUR, until)


def last_day() -> Window:
    """The present hour of the clock and the 23 before it."""
    now = clock.now()
    return Window(now.replace(minute=0, second=0, microsecond=0) - 23 * HOUR, now)


def _counted_in_hour(window: Window) -> Subquery:
    number = func.count().label("number")
    counted = select(Signature.petition_id, number).where(
        Signature.counted_at > window.since, Signature.counted_at <= window.until
    )
    return counted.group_by(Signature.petition_id).subquery("in_hour")


def _counted_in_day(window: Window) -> Subquery:
    number = func.sum(HourCount.signature_count).label("number")
    counted = select(HourCount.petition_id, number).where(HourCount.hour >= window.since)
    return counted.group_by(HourCount.petition_id).subquery("in_day")


def rising_in_hour(window: Window, limit: int) -> list[Rising]:
    """The most signed of the last hour; where two have the same, the one with more in the last day comes first."""
    return _rank(_counted_in_hour(window), limit, then=_counted_in_day(last_day()))


def rising_in_day(window: Window, limit: int) -> list[Rising]:
    """The most signed of the last day."""
    return _rank(_counted_in_day(window), limit)


def _rank(counted: Subquery, limit: int, then: Subquery | None = None) -> list[Rising]:
    query = select(Petition, counted.c.number).join(counted, counted.c.petition_id == Petition.id)
    order = [counted.c.number.desc()]
    if then is not None:
        query = query.outerjoin(then, then.c.petition_id == Petition.id)
        order.append(func.coalesce(then.c.number, 0).desc())
    rows: Sequence[tuple[Petition, int]] = db.session.execute(
        query.where(is_open(), counted.c.number > 0)
        .order_by(*order, Petition.id)
        .limit(limit)
        .options(selectinload(Petition.departments), selectinload(Petition.topics))
    ).all()
    return [Rising(petition, int(number)) for petition, number in rows]


def counted_lately(petition_id: int, window: Window) -> int:
    """How many signatures of one petition were counted in the window."""
    return db.session.execute(
        select(func.count()).where(
            Signature.petition_id == petition_id,
            Signature.counted_at > window.since,
            Signature.counted_at <= window.until,
        )
    ).scalar_one()
