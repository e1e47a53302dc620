"""A curve of counts over time, as a drawing wants it: reckoned here, because a template takes ten times as long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

Points = Sequence[tuple[datetime, int]]

#: Both sides of the drawing, which is stretched to its place afterwards.
SIDE = 1000


def corners(points: Points, ceiling: float) -> str:
    """The curve as SVG has it, ` 0,1000 8,990 …`: from the first moment to the last, from nothing below to `ceiling` above."""
    start = points[0][0]
    span = max((points[-1][0] - start).total_seconds(), 1)
    return "".join(
        f" {round((at - start).total_seconds() / span * SIDE)},{round(SIDE - count / ceiling * SIDE)}"
        for at, count in points
    )


def first_reaching(points: Points, value: float) -> datetime | None:
    """When a count came to `value` first; `None` if it never did."""
    return next((at for at, count in points if count >= value), None)
