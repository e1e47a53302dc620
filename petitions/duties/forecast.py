"""When a petition will get where it is going, if it goes on much as it did lately.

From the counts by the hour come three paces, in signatures a day: of the last day, the last three and the last seven (or
since it was published, where that is less). And a change: by how much a day's signatures differ from the day before,
from the last two days and the two before them (from one day each while it is younger than four days), at least a half
and at most one and a half. Whole days, so that day and night do not matter.

- The **middle** date supposes the middle pace, and that it goes on changing half as much as it did.
- The **earliest** supposes the quickest pace, and that it goes on growing where it grew.
- The **latest** supposes the slowest pace, and that it goes on fading where it faded. Of a petition younger than two days
  nothing is known of that: each day is supposed to have half the signatures of the day before.

The range is never narrower than two thirds of the time to the even pace's date, and half as much again. A date after
the petition closes is no date: it does not get there in time. `tests/test_real_forecasts.py` holds it to the curves of
real petitions: nine of ten got there within the range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log, sqrt

DAY = timedelta(days=1)
#: The stretches whose pace is looked at, in days.
STRETCHES = (1, 3, 7)
#: Before it was open so long nothing can be said.
LEAST = timedelta(hours=6)
#: Days after which a date is none.
FURTHEST = 10_000
#: From one day to the next a pace changes by no more than this.
LEAST_CHANGE, MOST_CHANGE = 0.5, 1.5
#: The range goes at least so far: this much sooner, and this much later, than at an even pace.
SOONER, LATER = 2 / 3, 3 / 2


@dataclass(frozen=True)
class Forecast:
    """The range of dates; None: not before it closes."""

    earliest: datetime | None
    middle: datetime | None
    latest: datetime | None

    def is_within(self, length: timedelta, now: datetime) -> bool:
        """Whether the middle date is no further away."""
        return self.middle is not None and self.middle <= now + length


def forecast(
    hours: Mapping[datetime, int], *, missing: int, opened_at: datetime, closes_at: datetime, now: datetime
) -> Forecast | None:
    """The forecast for a petition that lacks `missing` signatures, from those counted in each hour (UTC, on the hour).

    None where it was opened too lately, or nothing was counted in the last seven days.
    """
    if now - opened_at < LEAST:
        return None
    slow, middle, quick = sorted(_pace(hours, days, opened_at, now) for days in STRETCHES)
    if not quick:
        return None
    change = _change(hours, opened_at, now)
    even = _days(missing, middle, 1.0)
    soonest = [_days(missing, quick, max(1.0, change or 1.0)), _scaled(even, SOONER)]
    last = [_days(missing, slow, min(1.0, change or LEAST_CHANGE)), _scaled(even, LATER)]

    def at(days: float | None) -> datetime | None:
        # So far away that no calendar has it is never, too.
        found = None if days is None or days > FURTHEST else now + days * DAY
        return found if found is not None and found <= closes_at else None

    return Forecast(
        earliest=at(min(days for days in soonest if days is not None)),
        middle=at(_days(missing, middle, sqrt(change or 1.0))),
        latest=at(None if None in last else max(days for days in last if days is not None)),
    )


def _scaled(days: float | None, by: float) -> float | None:
    return None if days is None else days * by


def _floor(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _counted(hours: Mapping[datetime, int], since: datetime, until: datetime) -> int:
    return sum(number for hour, number in hours.items() if since <= hour < until)


def _pace(hours: Mapping[datetime, int], days: int, opened_at: datetime, now: datetime) -> float:
    """Signatures a day in the last so many days."""
    since = max(_floor(now) - days * DAY, _floor(opened_at))
    return _counted(hours, since, now) / ((now - since) / DAY)


def _change(hours: Mapping[datetime, int], opened_at: datetime, now: datetime) -> float | None:
    """What a day's signatures are of the day before's: below 1 it fades, above it grows; None: too young to say."""
    end, age = _floor(now), now - opened_at
    if age < 2 * DAY:
        return None
    length = 2 * DAY if age >= 4 * DAY else DAY
    last, before = _counted(hours, end - length, end), _counted(hours, end - 2 * length, end - length)
    if not before:
        return 1.0
    change = float((last / before) ** (DAY / length))
    return min(MOST_CHANGE, max(LEAST_CHANGE, change))


def _days(missing: int, pace: float, change: float) -> float | None:
    """Days until so many have signed: the sum of pace·change + pace·change² + … ; None: never."""
    if pace <= 0:
        return None
    if change == 1.0:
        return missing / pace
    share = missing * (1 - change) / (pace * change)
    return log(1 - share) / log(change) if share < 1 else None
