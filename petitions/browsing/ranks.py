"""Writes down the first places of what is most signed, of each minute, so that nobody has to put the hour in order again.

The list of a minute is the same whenever it is asked for (`trending`). So a worker makes it once, as soon as all is stored
that was counted before that minute, and home and the lists read a row for each petition that they show, however many were
signed. Whatever is not there (no worker runs, a place behind the first, a minute of longer ago, a topic, an area) is worked
out when it is asked for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from petitions import clock
from petitions.browsing.as_it_stood import SETTLING
from petitions.browsing.trending import PLACES, Period, ranking
from petitions.browsing.windows import MINUTE
from petitions.database import insert, need_not_last, transactional
from petitions.extensions import db
from petitions.models import RisingRank

#: So many minutes are there for the second page of a list, and for who asks while the next is made.
KEPT = 5 * MINUTE


def write_down() -> int:
    """Write down the lists of the last minute that is settled, unless that is done. Returns how many places they have."""
    minute = (clock.now() - SETTLING).replace(second=0, microsecond=0)
    if db.session.execute(select(RisingRank.minute).where(RisingRank.minute == minute).limit(1)).first():
        return 0
    rows = [row for period in Period for row in _places(period, minute)]
    db.session.rollback()
    if rows:
        # What a crash loses is made again.
        with need_not_last():
            _store(minute, rows)
    return len(rows)


def _places(period: Period, minute: datetime) -> list[dict[str, Any]]:
    first = db.session.execute(ranking(period, minute, PLACES))
    return [
        {
            "minute": minute,
            "period": period,
            "place": place,
            "petition_id": row.petition_id,
            "number": int(row.number),
            "total": row.total,
        }
        for place, row in enumerate(first, start=1)
    ]


@transactional
def _store(minute: datetime, rows: list[dict[str, Any]]) -> None:
    db.session.execute(delete(RisingRank).where(RisingRank.minute < minute - KEPT))
    # Another worker may have stored the same.
    db.session.execute(insert(RisingRank, db.session).values(rows).on_conflict_do_nothing())
