"""When a petition will get where it is going, if it goes on as it did lately.

From the counts by the hour, the pace of three stretches of time, in signatures a day: the last day, the last three and
the last seven (or since it was published, where that is less). Whole days, so that day and night do not matter.

- The **middle** date supposes the middle one of the three paces.
- The **earliest** supposes the quickest.
- The **latest** supposes the slowest, and that it goes on fading as it did lately: each day has `fading` times the
  signatures of the day before, where `fading` is the daily change from the three days before the last to the last
  day, at most 1 and at least a half.

A date after the petition closes is no date: it does not get there in time.
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
LONGEST_FADING = 0.5


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

    def at(days: float | None) -> datetime | None:
        # So far away that no calendar has it is never, too.
        found = None if days is None or days > 10_000 else now + days * DAY
        return found if found is not None and found <= closes_at else None

    fading = _fading(hours, opened_at, now)
    return Forecast(
        earliest=at(_days(missing, quick, 1.0)),
        middle=at(_days(missing, middle, 1.0)),
        latest=at(_days(missing, slow, fading)),
    )


def _floor(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _counted(hours: Mapping[datetime, int], since: datetime, until: datetime) -> int:
    return sum(number for hour, number in hours.items() if since <= hour < until)


def _pace(hours: Mapping[datetime, int], days: int, opened_at: datetime, now: datetime) -> float:
    """Signatures a day in the last so many days."""
    since = max(_floor(now) - days * DAY, _floor(opened_at))
    return _counted(hours, since, now) / ((now - since) / DAY)


def _fading(hours: Mapping[datetime, int], opened_at: datetime, now: datetime) -> float:
    """By how much a day's signatures change from one day to the next: below 1 it fades."""
    end = _floor(now)
    if opened_at > end - 4 * DAY:
        return 1.0
    last, before = _counted(hours, end - DAY, end), _counted(hours, end - 4 * DAY, end - DAY) / 3
    # The middle of the three days before lies two days before the last one.
    return min(1.0, max(LONGEST_FADING, sqrt(last / before))) if before else 1.0


def _days(missing: int, pace: float, fading: float) -> float | None:
    """Days until so many have signed, at a pace that fades: the sum of pace·fading + pace·fading² + … ; None: never."""
    if pace <= 0:
        return None
    if fading == 1.0:
        return missing / pace
    share = missing * (1 - fading) / (pace * fading)
    return log(1 - share) / log(fading) if share < 1 else None
