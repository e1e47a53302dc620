"""Named places where a test may break the program, to see what survives. They do nothing unless `FAILPOINTS` is set.

`FAILPOINTS="point=what:chance;…"` is read once, when the program starts, and only where `APP_ENV` is not `production`;
`what` is `kill` (SIGKILL to this very process), `raise` (an error that nobody expects) or `slow` (half a second);
`chance` is between 0 and 1, by default 1. Without the variable `reach` is an empty function.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable

SLOW_SECONDS = 0.5


class Broken(Exception):
    """What `raise` raises: no code may expect it."""


def _ignore(point: str) -> None:
    """Nobody asked for faults."""


def _act(what: str) -> None:
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "raise":
        raise Broken("a failpoint was reached")
    elif what == "slow":
        time.sleep(SLOW_SECONDS)
    else:
        raise ValueError(f"FAILPOINTS knows no {what!r}: write kill, raise or slow")


def armed(wanted: str) -> Callable[[str], None]:
    """What `reach` does for a value of `FAILPOINTS`. Raises `ValueError` where the value cannot be read."""
    points: dict[str, tuple[str, float]] = {}
    for part in filter(None, (part.strip() for part in wanted.split(";"))):
        point, _, action = part.partition("=")
        what, _, chance = action.partition(":")
        points[point] = (what, float(chance or 1))

    def reach_armed(point: str) -> None:
        what, chance = points.get(point, ("", 0.0))
        if what and random.random() < chance:  # noqa: S311 - chance, not a secret
            _act(what)

    return reach_armed


_WANTED = os.environ.get("FAILPOINTS", "")

#: Called with a point's name where the program passes it.
reach: Callable[[str], None] = (
    armed(_WANTED) if _WANTED and os.environ.get("APP_ENV", "production") != "production" else _ignore
)
