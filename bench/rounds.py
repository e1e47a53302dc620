"""How the parts measure: how long, how often, and a line and its floor in turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.reckoning import Line, Round
from bench.site import Site
from tests.faults.postgres import PostgresServer

Measure = Callable[[float], Round]
"""Measures for so many seconds."""


@dataclass(frozen=True)
class Run:
    """What a part is given: a folder, a PostgreSQL server, and how long to measure."""

    folder: Path
    server: PostgresServer
    seconds: float
    """Of one round of one thing."""
    rounds: int
    kept: ExitStack = field(default_factory=ExitStack)
    """What parts have in common and is gone after the last."""
    grown: dict[tuple[str, int], Site] = field(default_factory=dict)
    """Sites that were grown, by their database and their size; 0 is one with petitions alone."""

    databases: tuple[str, ...] = ("postgresql", "sqlite")

    def servers(self) -> Iterator[PostgresServer | None]:
        """The databases that are measured: the server for PostgreSQL, `None` for SQLite."""
        if "postgresql" in self.databases:
            yield self.server
        if "sqlite" in self.databases:
            yield None

    @property
    def warming(self) -> float:
        """Seconds in which nothing is counted, before the first round."""
        return min(1.0, self.seconds)


def in_turns(run: Run, line: Line, measure: Measure, floor: Measure | None = None) -> Line:
    """Measure a line and its floor by turns, so that what else the machine does meets both alike. Warms up first."""
    measures = [measure] if floor is None else [measure, floor]
    for each in measures:
        each(run.warming)
    for number in range(run.rounds):
        # By turns which of them is first.
        for each in measures if number % 2 else reversed(measures):
            (line.rounds if each is measure else line.floors).append(each(run.seconds))
    return line
