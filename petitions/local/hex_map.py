"""The map of hexagons: every area is as large as any other, so that cities are seen.

Rows are shifted by half a hexagon where `r` is odd ("odd-r"), `r` grows northwards. Figures fall into at most five classes with
round limits, and one for what is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10, sqrt

from petitions.models import Place
from petitions.places.boundaries import Area

CLASSES = 5
WIDTH = 10.0
"""Of a hexagon, in units of the picture."""
RISE = WIDTH * sqrt(3) / 2
"""From one row to the next."""


@dataclass(frozen=True)
class Hexagon:
    """Where an area stands, its figure where there is one, and its class: 0 without, else 1 to 5."""

    place: Place
    x: float
    y: float
    value: float | None
    shade: int


@dataclass(frozen=True)
class Band:
    """A class of the legend: from `low` up to, not including, `high`; the last has no end."""

    shade: int
    low: float
    high: float | None


@dataclass(frozen=True)
class HexMap:
    """One map, as large as its hexagons need."""

    hexagons: list[Hexagon]
    left: float
    top: float
    width: float
    height: float


def bands(values: Sequence[float], step: float = 0) -> list[Band]:
    """Classes with about as many areas in each and limits that are round: two figures, and whole steps where `step` is given."""
    ordered = sorted(values)
    if not ordered:
        return []
    limits = [_rounded(ordered[len(ordered) * part // CLASSES], step) for part in range(CLASSES)]
    lows = sorted(set(limits))
    return [
        Band(number + 1 + CLASSES - len(lows) if len(lows) > 1 else CLASSES, low, high)
        for number, (low, high) in enumerate(zip(lows, [*lows[1:], None], strict=True))
    ]


def _rounded(value: float, step: float) -> float:
    """Downwards, to two figures."""
    if value <= 0:
        return 0
    unit = 10.0 ** (floor(log10(value)) - 1)
    if step:
        unit = max(step, unit // step * step)
    return round(floor(value / unit + 1e-9) * unit, 10)


def draw(areas: Sequence[Area], values: Mapping[int, float], classes: Sequence[Band]) -> HexMap | None:
    """A map of areas with their figures by place id; none where no area has a hexagon."""
    hexagons = []
    for area in areas:
        if area.q is None or area.r is None:
            continue
        x, y = (area.q + (area.r % 2) / 2) * WIDTH, -area.r * RISE
        value = values.get(area.place.id)
        hexagons.append(Hexagon(area.place, round(x, 1), round(y, 1), value, _shade(value, classes)))
    if not hexagons:
        return None
    lefts, tops = [each.x for each in hexagons], [each.y for each in hexagons]
    left, top = min(lefts) - WIDTH * 0.6, min(tops) - WIDTH * 0.7
    width, height = max(lefts) + WIDTH * 0.6 - left, max(tops) + WIDTH * 0.7 - top
    hexagons.sort(key=lambda each: (each.y, each.x))
    return HexMap(hexagons, round(left, 1), round(top, 1), round(width, 1), round(height, 1))


def _shade(value: float | None, classes: Sequence[Band]) -> int:
    if value is None:
        return 0
    return max((band.shade for band in classes if value >= band.low), default=0)
