"""Where the marks of a chart's axes stand: at round numbers, and at the beginnings of days, months and years."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Steps between the marks of an axis of time, from the shortest on: so many days, or so many months.
DAYS = (1, 2, 7, 14)
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


def round_step(top: float, most: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50 … of which at most `most` steps lead up to `top`."""
    step = 1
    while top / step > most:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def numbers(top: float, most: int) -> list[int]:
    """Round numbers above 0 up to `top`, at most `most` of them."""
    step = round_step(top, most)
    return [step * place for place in range(1, int(top // step) + 1)]


def moments(start: datetime, end: datetime, zone: ZoneInfo, most: int) -> list[datetime]:
    """Beginnings of days of a zone after `start` up to `end`, evenly apart; from about two months on, of months."""
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = (last - first).days
    for step in DAYS:
        if days / step <= most:
            found = [first + timedelta(days=step * place) for place in range(1, days // step + 1)]
            return [_midnight(day, zone) for day in found if _midnight(day, zone) <= end]
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((each for each in MONTHS if months / each <= most), MONTHS[-1])
    # Counted from January, so that steps of three months are quarters and of twelve are years.
    begin = first.year * 12 + first.month
    found = [_month(number) for number in range(begin, begin + months + 1) if number % step == 0]
    return [_midnight(day, zone) for day in found if start < _midnight(day, zone) <= end]


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
