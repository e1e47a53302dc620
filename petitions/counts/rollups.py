"""The counts by place, country, hour and minute, moved in the transaction that moves a petition's own count.

Only `petitions.counts.counting` calls `move`, under the petition's lock.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from petitions import clock
from petitions.database import insert, rows_changed, transactional
from petitions.extensions import db
from petitions.models import CountryCount, HourCount, LateCount, MinuteCount, PlaceCount
from petitions.models.counts import MINUTES_KEPT


def move(petition_id: int, rows: list[Any], sign: int) -> None:
    """Add the rows to the counts by place, country, hour and minute, or take them off (`sign` -1)."""
    places = Counter(row.place_id for row in rows if row.place_id is not None)
    countries = Counter(row.country for row in rows)
    hours = Counter(_hour(row.counted_at) for row in rows)
    now = clock.now()
    kept = now - MINUTES_KEPT
    minutes = Counter(_minute(row.counted_at) for row in rows if row.counted_at >= kept)
    for model, column, numbers in (
        (PlaceCount, "place_id", places),
        (CountryCount, "country", countries),
        (HourCount, "hour", hours),
        (MinuteCount, "minute", minutes),
    ):
        # In one order everywhere, so that two transactions never wait for each other crosswise.
        for value in sorted(numbers):
            _move_count(model, petition_id, column, value, sign * numbers[value])
    _note_late(petition_id, rows, sign, now)


def _note_late(petition_id: int, rows: list[Any], sign: int, now: datetime) -> None:
    """Keep what moves a minute that is over, so that it can still be told how every count stood when it ended."""
    this_minute, kept = _minute(now), now - MINUTES_KEPT
    late = Counter(
        _minute(row.counted_at) if row.counted_at >= kept else _hour(row.counted_at)
        for row in rows
        if row.counted_at < this_minute
    )
    for since in sorted(late):
        statement = insert(LateCount, db.session).values(
            petition_id=petition_id, minute=this_minute, since=since, signature_count=sign * late[since]
        )
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["petition_id", "minute", "since"],
                set_={"signature_count": LateCount.signature_count + statement.excluded.signature_count},
            )
        )


def _move_count(model: Any, petition_id: int, column: str, value: Any, number: int) -> None:
    if number < 0:
        db.session.execute(
            update(model)
            .where(model.petition_id == petition_id, getattr(model, column) == value)
            .values(signature_count=model.signature_count + number)
            .execution_options(synchronize_session=False)
        )
        return
    statement = insert(model, db.session).values(
        petition_id=petition_id, signature_count=number, **{column: value}
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["petition_id", column], set_={"signature_count": model.signature_count + number}
        )
    )


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@transactional
def forget_minutes() -> int:
    """Remove the counts by minute that nothing asks for any more; those by hour stay. Returns how many rows."""
    old = [
        delete(model).where(model.minute < clock.now() - MINUTES_KEPT) for model in (MinuteCount, LateCount)
    ]
    return sum(
        rows_changed(db.session.execute(each.execution_options(synchronize_session=False))) for each in old
    )
