"""The body's own closed days, besides weekends and public holidays. Promises in working days do not count them.

A day that is added moves what is counted anew: how long petitions have waited for moderators. The date of a duty was
promised in public when the duty began; it stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, select

from petitions import audit, clock
from petitions.database import insert_new, transactional
from petitions.errors import NotFound
from petitions.extensions import db, settings
from petitions.models import ClosedDay, Staff

#: The longest row of days that is added at once.
LONGEST = timedelta(days=60)


def to_come() -> Sequence[ClosedDay]:
    """From today on, the next first."""
    today = clock.today(settings().timezone)
    return _days(select(ClosedDay).where(ClosedDay.day >= today).order_by(ClosedDay.day))


def past(most: int = 50) -> Sequence[ClosedDay]:
    """The last ones that are over, the latest first."""
    today = clock.today(settings().timezone)
    query = select(ClosedDay).where(ClosedDay.day < today).order_by(ClosedDay.day.desc())
    return _days(query.limit(most))


@transactional
def add(*, first: date, last: date, name: str, by: Staff) -> None:
    """Close the body from `first` to `last`; days that are closed already keep their name.

    Raises `ValueError` for a row of days that ends before it begins or is longer than `LONGEST`.
    """
    if not timedelta() <= last - first <= LONGEST:
        raise ValueError("not a row of days")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    added = [day.isoformat() for day in days if insert_new(ClosedDay, db.session, day=day, name=name)]
    if added:
        audit.record("closed_days_added", by=by, days=added, name=name)


@transactional
def remove(*, day: date, by: Staff) -> None:
    """Open again on a day. Raises `NotFound`."""
    row = db.session.get(ClosedDay, day)
    if row is None:
        raise NotFound("not a closed day")
    audit.record("closed_day_removed", by=by, day=day.isoformat(), name=row.name)
    db.session.delete(row)


def _days(query: Select[ClosedDay]) -> Sequence[ClosedDay]:
    return db.session.execute(query).scalars().all()
