"""What stands under a chart of time, in the reader's words."""

from __future__ import annotations

from datetime import datetime

from petitions import ticks
from petitions.browsing.drawing import MOST_STEPS
from petitions.extensions import settings
from petitions.templating import date_and_time, short_date, short_month_and_year


def days_or_months(start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """What stands under a picture of this time: days, or months of a long one; its two ends where no day begins in it."""
    found = ticks.moments(start, end, settings().timezone, MOST_STEPS + 1)
    if not found:
        return [(start, short_date(start)), (end, date_and_time(end))]
    named = short_month_and_year if all(each.day == 1 for each in found) else short_date
    return [(each, named(each)) for each in found]
