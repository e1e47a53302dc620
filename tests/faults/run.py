"""`make faults`: break a running site in every way there is, and print a table of what was tried and what was wrong.

    python -m tests.faults.run --minutes 3
    python -m tests.faults.run --only "web" --times 2000 --minutes 60 --seed 7

Real gunicorn, real workers, real PostgreSQL (fsync on) and SQLite, a real mail server; nothing leaves this machine. The
seed is printed and may be given again. Exit status 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.databases import Unavailable
from tests.faults import campaigning, http_races, phases
from tests.faults.bench import Figure, folder_of_a_run, server_of_a_run
from tests.faults.disks import NoSmallDisk
from tests.faults.effort import Effort
from tests.faults.failpoint_names import ON_SQLITE, POINTS
from tests.faults.postgres import PostgresServer

#: What a phase needs besides its share of the minutes: to start a site, and to let everything come to rest, in seconds.
OVERHEAD = 8.0
Phase = Callable[[Path, PostgresServer | None, int, Effort], Figure]


@dataclass(frozen=True)
class Planned:
    """One phase: its name, how often at most, its part of the time, and what runs it."""

    name: str
    times: int
    share: float
    run: Callable[[Path, int, Effort], Iterator[Figure]]


def one(phase: Phase, *, on_postgresql: bool) -> Callable[[Path, int, Effort], Iterator[Figure]]:
    """A phase of one line, on a server of its own or on SQLite."""

    def run(folder: Path, seed: int, effort: Effort) -> Iterator[Figure]:
        with ExitStack() as stack:
            server = stack.enter_context(server_of_a_run()) if on_postgresql else None
            yield phase(folder, server, seed, effort)

    return run


def failpoints(
    names: tuple[str, ...], *, on_postgresql: bool
) -> Callable[[Path, int, Effort], Iterator[Figure]]:
    """Every named failpoint in turn, in an order that the seed decides; as many of them as there is time for."""

    def run(folder: Path, seed: int, effort: Effort) -> Iterator[Figure]:
        shuffled = random.Random(f"failpoints:{seed}").sample(names, len(names))
        end = time.monotonic() + effort.seconds
        each = max(effort.seconds / len(names), OVERHEAD)
        with ExitStack() as stack:
            server = stack.enter_context(server_of_a_run()) if on_postgresql else None
            for number, point in enumerate(shuffled):
                if number and time.monotonic() > end:
                    return
                part = Effort(effort.times, each)
                yield phases.reach_failpoint(folder / str(number), server, seed, part, point)

    return run


def races(*, on_postgresql: bool) -> Callable[[Path, int, Effort], Iterator[Figure]]:
    """Races over HTTP; `times` are double confirms, half as many crossings, a tenth as many forms."""

    def run(folder: Path, seed: int, effort: Effort) -> Iterator[Figure]:
        third = effort.seconds / 3
        with ExitStack() as stack:
            server = stack.enter_context(server_of_a_run()) if on_postgresql else None
            yield from http_races.race(
                folder,
                server,
                seed,
                confirms=Effort(effort.times, third),
                crossings=Effort(max(1, effort.times // 2), third),
                forms=Effort(max(1, effort.times // 10), third),
            )

    return run


def full_disk(*, on_postgresql: bool) -> Callable[[Path, int, Effort], Iterator[Figure]]:
    """The small disk is the phase's own."""

    def run(folder: Path, seed: int, effort: Effort) -> Iterator[Figure]:
        yield phases.fill_disk(folder, on_postgresql, seed, effort)

    return run


PLAN: tuple[Planned, ...] = (
    Planned("web", 2000, 14, one(phases.kill_web, on_postgresql=True)),
    Planned("web sqlite", 500, 5, one(phases.kill_web, on_postgresql=False)),
    Planned("worker", 400, 8, one(phases.kill_workers, on_postgresql=True)),
    Planned("worker sqlite", 100, 4, one(phases.kill_workers, on_postgresql=False)),
    Planned("smtp points", 400, 8, one(phases.kill_worker_in_conversation, on_postgresql=True)),
    Planned("database", 200, 10, one(phases.kill_database, on_postgresql=True)),
    Planned("away", 20, 5, one(phases.take_database_away, on_postgresql=True)),
    Planned("failpoints", 50, 16, failpoints(POINTS, on_postgresql=True)),
    Planned("failpoints sqlite", 20, 4, failpoints(ON_SQLITE, on_postgresql=False)),
    Planned("campaigns", 50, 6, one(campaigning.kill_campaigns, on_postgresql=True)),
    Planned("mail server", 500, 6, one(phases.spoil_mail, on_postgresql=True)),
    Planned("clock", 200, 4, one(phases.move_clock, on_postgresql=True)),
    Planned("disk", 20, 5, full_disk(on_postgresql=True)),
    Planned("disk sqlite", 20, 5, full_disk(on_postgresql=False)),
    Planned("races", 1000, 10, races(on_postgresql=True)),
    Planned("races sqlite", 100, 3, races(on_postgresql=False)),
)


def run_all(plan: list[Planned], minutes: float, seed: int, times: int | None) -> Iterator[Figure]:
    """Run the phases one after another; none may lean on what another left."""
    shares = sum(each.share for each in plan)
    # Two thirds: the rest of the time is starting, coming to rest and comparing.
    seconds = max(60 * minutes * 2 / 3, 3 * len(plan))
    with folder_of_a_run() as folder:
        for number, each in enumerate(plan):
            effort = Effort(times or each.times, seconds * each.share / shares)
            try:
                yield from each.run(folder / str(number), seed, effort)
            except (Unavailable, NoSmallDisk) as reason:
                yield Figure(f"{each.name}: left out: {reason}", 0)
            except Exception:
                yield Figure(each.name, 0, wrong=[traceback.format_exc()])


def line(figure: Figure) -> str:
    """One figure as a row of the table."""
    told = ", ".join(f"{name} {number:,}" for name, number in figure.numbers.items() if number)
    return f"| {figure.what} | {figure.tried:,} | {len(figure.wrong)} | {figure.seconds:.0f} s | {told} |"


def main() -> int:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=3.0, help="about how long all of it may take")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", default="", help="phases whose names match this pattern")
    parser.add_argument("--times", type=int, help="how often each is done at most")
    wanted = parser.parse_args()
    # Whoever stops the run, by whatever signal, leaves no process behind.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    plan = [each for each in PLAN if re.search(wanted.only, each.name)]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout
    print(
        f"seed {wanted.seed}, commit {commit.strip()}, {len(plan)} phases, about {wanted.minutes:g} minutes\n"
    )
    print("| what | times | wrong | load | what happened meanwhile |\n|---|---|---|---|---|", flush=True)
    figures = []
    for figure in run_all(plan, wanted.minutes, wanted.seed, wanted.times):
        figures.append(figure)
        print(line(figure), flush=True)
        for sentence in figure.wrong[:20]:
            print(f"    {sentence}", flush=True)
    wrong = sum(len(figure.wrong) for figure in figures)
    print(f"\n{sum(figure.tried for figure in figures):,} faults, {wrong} wrong; seed {wanted.seed}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
