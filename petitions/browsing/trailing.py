"""Keeps the sums of signatures in a day, a week, and the week before the day, for the lists of what rises.

A worker adds up the hours once when an hour is over, outside any unit of work, and stores one row for each petition that
was signed. What moves later in those hours is in the counts by minute.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from petitions import clock
from petitions.browsing.as_it_stood import SETTLING
from petitions.browsing.windows import (
    DAY_HOURS,
    EARLIER,
    OLDEST_SUMS,
    WEEK_HOURS,
    Window,
    counted,
    floor_hour,
)
from petitions.database import insert, transactional
from petitions.extensions import db
from petitions.models import TrailingCount

#: Rows in one statement.
BATCH = 500


def add_up() -> int:
    """Add up what ended with the present hour, unless that is done. Returns how many petitions have a sum."""
    hour = floor_hour(clock.now() - SETTLING)
    if db.session.execute(select(TrailingCount.hour).where(TrailingCount.hour == hour).limit(1)).first():
        return 0
    rows = _sums(hour)
    db.session.rollback()
    _store(hour, rows)
    return len(rows)


def _sums(hour: datetime) -> list[dict[str, Any]]:
    day = hour - DAY_HOURS
    week = counted(Window(hour - WEEK_HOURS, hour), "week", summed=None)
    both = counted(Window(day - EARLIER, hour), "both", apart_from=day, summed=None)
    query = select(
        both.c.petition_id,
        both.c.late.label("day"),
        func.coalesce(week.c.number, 0).label("week"),
        (both.c.number - both.c.late).label("earlier"),
    ).outerjoin(week, week.c.petition_id == both.c.petition_id)
    return [{"hour": hour, **row} for row in db.session.execute(query.where(both.c.number > 0)).mappings()]


@transactional
def _store(hour: datetime, rows: list[dict[str, Any]]) -> None:
    db.session.execute(delete(TrailingCount).where(TrailingCount.hour < hour - OLDEST_SUMS))
    for first in range(0, len(rows), BATCH):
        # Another worker may have stored the same.
        statement = insert(TrailingCount, db.session).values(rows[first : first + BATCH])
        db.session.execute(statement.on_conflict_do_nothing())
