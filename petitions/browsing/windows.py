"""Signatures counted in a stretch of time, of every petition, as it stood when the stretch ended.

Read from the counts by minute and by hour; for a day, a week, and the days before, from sums that a worker keeps
(`trailing`), so that it costs one row for each petition and not one for each of its hours. Where the sums of the present
hour are not there yet, those of an hour before serve, with the hours between added and those that fell out taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, Select, bindparam, case, func, literal, select, union_all

from petitions.database import UTCDateTime
from petitions.models import HourCount, LateCount, MinuteCount, TrailingCount
from petitions.questions import Question

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
#: Hours of the clock before the present one that belong to a day, and to a week.
DAY_HOURS, WEEK_HOURS = 23 * HOUR, 167 * HOUR
#: With how many days before a day is compared.
EARLIER = timedelta(days=7)
#: Sums that are older are not looked for.
OLDEST_SUMS = 2 * HOUR

Part = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Window:
    """The stretch of time that was looked at: from `since` on, before `until`."""

    since: datetime
    until: datetime


def floor_hour(moment: datetime) -> datetime:
    """The beginning of the hour of the clock."""
    return moment.replace(minute=0, second=0, microsecond=0)


def counted(
    window: Window,
    name: str,
    *,
    apart_from: datetime | None = None,
    only: CTE | None = None,
    summed: datetime | None,
) -> CTE:
    """Petitions and the `number` of their signatures in a window that begins with an hour, or is one by the minute.

    With `apart_from` also `late`: how many of them from that moment on. With `only` the petitions that it names. From the
    sums of the hour `summed` (see `newest_sums`), where that is one.
    """
    hour = floor_hour(window.until)
    if window.until - window.since <= HOUR:
        parts = list(_minutes(window.since, window))
    else:
        parts = list(_summed(window, hour, summed) if summed else _by_hour(window, hour))
    if only is not None:
        parts = [
            part.where(part.selected_columns.petition_id.in_(select(only.c.petition_id))) for part in parts
        ]
    each = union_all(*parts).subquery(f"{name}_parts")
    sums = [func.sum(each.c.signature_count).label("number")]
    if apart_from is not None:
        late = case((each.c.since >= apart_from, each.c.signature_count), else_=0)
        sums.append(func.sum(late).label("late"))
    # Asked for more than once in a query, and worked out once.
    return select(each.c.petition_id, *sums).group_by(each.c.petition_id).cte(name)


def _minutes(since: datetime, window: Window) -> Iterator[Part]:
    yield select(
        MinuteCount.petition_id, MinuteCount.minute.label("since"), MinuteCount.signature_count
    ).where(MinuteCount.minute >= since, MinuteCount.minute < window.until)
    yield _moved(since, window.until, LateCount.minute >= window.until, sign=-1)


def _by_hour(window: Window, hour: datetime) -> Iterator[Part]:
    yield from _minutes(hour, window)
    yield from _hours(window.since, hour, as_at=window.until)


def _summed(window: Window, hour: datetime, summed: datetime) -> Iterator[Part]:
    """From the sums that ended with the hour `summed`: `hour` itself, or one shortly before."""
    shift, day = hour - summed, hour - DAY_HOURS
    yield from _minutes(hour, window)
    yield from _hours(summed, hour, as_at=window.until)
    yield _moved(window.since, summed, LateCount.minute >= summed, LateCount.minute < window.until, sign=+1)
    # What belonged to the stretches then, and does no longer.
    yield from _hours(window.since - shift, window.since, as_at=summed, sign=-1)
    if window.since == hour - WEEK_HOURS:
        yield _sums(summed, TrailingCount.week, window.since)
        return
    yield _sums(summed, TrailingCount.day, day)
    if window.since != day:
        yield _sums(summed, TrailingCount.earlier, window.since)
        yield from _hours(day - shift, day, as_at=summed, sign=-1, named=day)
        yield from _hours(day - shift, day, as_at=summed)


NEWEST_SUMS = Question(
    lambda: select(func.max(TrailingCount.hour).label("hour")).where(
        TrailingCount.hour <= bindparam("hour", type_=UTCDateTime()),
        TrailingCount.hour >= bindparam("oldest", type_=UTCDateTime()),
    )
)


def newest_sums(at: datetime) -> datetime | None:
    """The hour whose sums serve at a moment; nothing where none are kept."""
    hour = floor_hour(at)
    found: datetime | None = NEWEST_SUMS.first(hour=hour, oldest=hour - OLDEST_SUMS).hour
    return found


def _sums(summed: datetime, column: Any, since: datetime) -> Part:
    """One of the kept sums, as if all of it had been counted at the beginning of its stretch."""
    return select(TrailingCount.petition_id, literal(since, UTCDateTime).label("since"), column).where(
        TrailingCount.hour == summed, column != 0
    )


def _hours(
    since: datetime, until: datetime, *, as_at: datetime, sign: int = 1, named: datetime | None = None
) -> Iterator[Part]:
    """Whole hours as they stood at a moment; `named`: as if they had been counted then."""
    if since == until:
        return
    moment: Any = HourCount.hour if named is None else literal(named, UTCDateTime)
    yield select(HourCount.petition_id, moment.label("since"), sign * HourCount.signature_count).where(
        HourCount.hour >= since, HourCount.hour < until
    )
    yield _moved(since, until, LateCount.minute >= as_at, sign=-sign, named=named)


def _moved(since: datetime, until: datetime, *when: Any, sign: int, named: datetime | None = None) -> Part:
    """What was put into minutes or hours that were over, or (below 0) taken out of them."""
    moment: Any = LateCount.since if named is None else literal(named, UTCDateTime)
    return select(
        LateCount.petition_id,
        moment.label("since"),
        (sign * LateCount.signature_count).label("signature_count"),
    ).where(*when, LateCount.since >= since, LateCount.since < until)
