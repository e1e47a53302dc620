"""Days that are promised: counted in the site's zone, by the calendar or in working days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import select

from petitions.extensions import db, settings
from petitions.models import ClosedDay


@lru_cache(maxsize=8)
def _holidays(country: str) -> holidays.HolidayBase:
    """Public holidays of a country; none where the library does not know it."""
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return holidays.HolidayBase()


CLOSED_DAYS = select(ClosedDay.day)


def _closed_days() -> frozenset[date]:
    """The body's own closed days, read once in each transaction: a promise is counted over hundreds of days."""
    session = db.session()
    kept = session.info.get("closed_days")
    if kept is None or kept[0] is not session.get_transaction():
        with session.no_autoflush:
            days = frozenset(session.execute(CLOSED_DAYS).scalars())
        kept = session.info["closed_days"] = (session.get_transaction(), days)
    return kept[1]


def is_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday of the home country, and none of the body's own closed days."""
    return day.weekday() < 5 and day not in _holidays(settings().home_country) and day not in _closed_days()


def add_working_days(start: date, days: int) -> date:
    """The `days`-th working day after `start`; `start` itself does not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and with `end`; 0 when `end` is not after `start`."""
    return sum(is_working_day(start + timedelta(days=offset + 1)) for offset in range((end - start).days))


def add_days(start: date, days: int, kind: str) -> date:
    """`days` calendar or working days after `start`."""
    return add_working_days(start, days) if kind == "working" else start + timedelta(days=days)


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_before(moment: datetime, months: int) -> datetime:
    """The same day of an earlier month in the site's zone, or its last day where it is shorter, at the same time of day."""
    local = moment.astimezone(settings().timezone)
    return datetime.combine(_add_months(local.date(), -months), local.timetz())


def closing_time(opened_at: datetime, months: int) -> datetime:
    """The deadline of a petition: the last instant of the day `months` later, in the site's zone.

    31 August and 6 months is the last day of February. The instant is one millisecond before midnight, as the UK has it.
    """
    zone: ZoneInfo = settings().timezone
    last_day = _add_months(opened_at.astimezone(zone).date(), months)
    return datetime.combine(last_day, time(23, 59, 59, 999_000), tzinfo=zone)
