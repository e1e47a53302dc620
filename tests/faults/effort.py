"""How much of a thing is wanted: a number of times, and no longer than so many seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """How much of a phase is wanted."""

    times: int
    seconds: float

    def turns(self) -> Iterator[int]:
        """The number of each turn, until there are enough or the time is over."""
        end = time.monotonic() + self.seconds
        for turn in range(self.times):
            if time.monotonic() > end:
                return
            yield turn
