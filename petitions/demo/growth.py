"""How counts grow and spread: exact sums, believable shapes. Pure arithmetic, no database."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from petitions.demo.story import Shape

HOUR = timedelta(hours=1)

#: Petition histories are shown by the hour for so long, by the day afterwards.
HOURLY_FOR = timedelta(days=14)
#: In the days after, four hours carry the day's signatures: enough for a curve, and few rows.
LATER_HOURS = frozenset({8, 12, 17, 21})

#: How lively each hour of the local day is.
BY_HOUR = (3, 2, 1, 1, 1, 2, 5, 9, 12, 12, 11, 11, 13, 12, 10, 10, 11, 13, 15, 17, 18, 16, 11, 6)

#: A moment (on the hour) and the count reached by then.
Anchor = tuple[datetime, int]


def floor_hour(moment: datetime) -> datetime:
    """The beginning of the hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to `weights` that add up to `total` exactly."""
    whole = sum(weights)
    shares, given, reached = [], 0, 0.0
    for weight in weights:
        reached += weight
        upto = round(total * reached / whole)
        shares.append(upto - given)
        given = upto
    return shares


def shape_of(
    shape: Shape, random: Random, *, total: int, hours: int, last_hour: int
) -> Callable[[float], float]:
    """How lively a petition is at `x` of its time (0 to 1), before day and night are worked in."""
    if shape == "burst":
        return lambda x: math.exp(-7 * x) + 0.06
    if shape == "late":
        # An exponential whose last hour is about `last_hour`, so that the curve meets the rate shown as rising.
        steep = min(40.0, max(1.5, last_hour * hours / max(total, 1))) if last_hour else 3.0
        return lambda x: math.exp(steep * (x - 1))
    if shape == "waves":
        peaks = [random.uniform(0.05, 0.95) for _ in range(3)]
        return lambda x: 0.15 + sum(math.exp(-(((x - peak) / 0.04) ** 2)) for peak in peaks)
    return lambda x: 1 / (1 + 2 * x)


def spread_over_hours(
    anchors: Sequence[Anchor], shape: Shape, *, last_hour: int, zone: ZoneInfo, random: Random
) -> dict[datetime, int]:
    """Signatures by hour, running exactly through every anchor; the last stretch of a rising one is `late`."""
    start = anchors[0][0]
    counts: dict[datetime, int] = {}
    for (since, before), (until, after) in pairwise(anchors):
        hours = _hours(since, until, start=start, end=anchors[-1][0], zone=zone)
        is_last = until == anchors[-1][0]
        lively = shape_of(
            "late" if is_last and last_hour > 50 else shape,
            random,
            total=after - before,
            hours=max(1, (until - since) // HOUR),
            last_hour=last_hour if is_last else 0,
        )
        length = max((until - since) / HOUR, 1.0)
        weights = [
            lively((hour - since) / HOUR / length)
            * BY_HOUR[hour.astimezone(zone).hour]
            * random.lognormvariate(0, 0.2)
            for hour in hours
        ]
        for hour, number in zip(hours, share_out(after - before, weights), strict=True):
            if number:
                counts[hour] = counts.get(hour, 0) + number
    return counts


def _hours(
    since: datetime, until: datetime, *, start: datetime, end: datetime, zone: ZoneInfo
) -> list[datetime]:
    """The hours of a stretch that carry signatures: all in the first 14 and the last 2 days, four a day between."""
    every = [since + HOUR * step for step in range(max(1, (until - since) // HOUR))]
    kept = [
        hour
        for hour in every
        if hour < start + HOURLY_FOR
        or hour >= end - timedelta(days=2)
        or hour.astimezone(zone).hour in LATER_HOURS
    ]
    return kept or every[:1]
