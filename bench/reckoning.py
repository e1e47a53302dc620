"""What rounds of a measurement come to: rates, ratios to a floor of the same run, percentiles, goals met or not.

Nothing here measures anything; `tests/bench/` holds that it adds up, and that a line with errors cannot pass.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of all are at or below; 0 where there are none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


@dataclass(frozen=True)
class Round:
    """What came of one round: `done` right answers in `seconds`, and what was wrong with the others."""

    done: int
    seconds: float
    p50: float = 0.0
    """Milliseconds within which half the answers came."""
    p99: float = 0.0
    web_seconds: float = 0.0
    """Seconds of a processor that the service's own processes worked, user and system."""
    database_seconds: float = 0.0
    errors: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """Right answers in a second."""
        return self.done / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Goal:
    """One bar of the table: what was measured, and what it has to be."""

    what: str
    measured: float
    wanted: float
    at_most: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the bar is reached."""
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        said = f"{self.what} {sign} {short(self.wanted)}: {short(self.measured)}"
        if self.is_met:
            return f"{said}, met"
        distance = f"{self.measured / self.wanted:.0%} of it" if self.wanted and self.measured else "not near"
        return f"{said}, NOT MET ({distance})"


@dataclass
class Line:
    """One line of the table. `floors` are rounds of what it is held against, each taken beside the round of its number."""

    what: str
    rounds: list[Round] = field(default_factory=list)
    floor: str = ""
    floors: list[Round] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What was not right besides single answers: a count that is not exact, a mail that is missing."""
    notes: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        """Everything that was wrong, of the line and of its floor."""
        of_rounds = [error for each in (*self.rounds, *self.floors) for error in each.errors]
        nothing = (
            [] if all(each.done for each in (*self.rounds, *self.floors)) else ["a round brought nothing"]
        )
        return [*of_rounds, *self.wrong, *nothing]

    @property
    def failed(self) -> bool:
        """Whether its figures must not be believed."""
        return bool(self.errors)

    @property
    def ratios(self) -> list[float]:
        """The line's rate as a part of its floor's, round by round."""
        pairs = zip(self.rounds, self.floors, strict=False)
        return [line.rate / floor.rate for line, floor in pairs if floor.rate]

    @property
    def ratio(self) -> float:
        """The median of the ratios; 0 where there is no floor."""
        return statistics.median(self.ratios) if self.ratios else 0.0

    @property
    def rate(self) -> float:
        """The median of the rates."""
        return middle(self.rounds, "rate")

    def wants(self, what: str, measured: float, wanted: float, *, at_most: bool = False) -> None:
        """Hold it to a bar."""
        self.goals.append(Goal(what, measured, wanted, at_most))


def middle(rounds: Sequence[Round], name: str) -> float:
    """The median of one figure of some rounds; 0 where there are none."""
    return float(statistics.median(getattr(each, name) for each in rounds)) if rounds else 0.0


def each_costs(rounds: Sequence[Round], name: str) -> float:
    """Microseconds of a processor for one right answer, over all rounds together."""
    done = sum(each.done for each in rounds)
    return 1e6 * sum(getattr(each, name) for each in rounds) / done if done else 0.0


def short(number: float) -> str:
    """A number with as many digits as can be believed: `12 345`, `87.1`, `0.45`."""
    size = abs(number)
    if size >= 1_000:
        return f"{number:,.0f}".replace(",", "\u202f")
    if size >= 100 or number == int(number):
        return f"{number:.0f}"
    return f"{number:.1f}" if size >= 10 else f"{number:.2f}"
