"""`make bench`: measure what the service costs beside floors of the same run, and write the table to `bench/results/`.

    python -m bench.run                      everything
    python -m bench.run reads sign           parts
    python -m bench.run sign --seconds 1 --rounds 2

Exit status 1 where a line had an error (its figures must not be believed). A goal that is missed is no error: it is
printed with its distance.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Protocol, cast

from bench import (
    behind_nginx,
    confirming,
    exporting,
    first_visit,
    growth,
    journeys,
    machine,
    mailing,
    reads,
    replay,
    signing,
    table,
)
from bench.reckoning import Line
from bench.rounds import Run
from bench.site import POSTGRESQL
from tests.databases import Unavailable
from tests.faults.bench import folder_of_a_run, server_of_a_run

BROKEN_OFF = "Broken off before the end: what is not here was not measured."
DATABASES = ("postgresql", "sqlite")
SECONDS, ROUNDS = 2.0, 3


class Part(Protocol):
    """A module that measures one kind of thing."""

    TITLE: str

    def measure(self, run: Run) -> Iterator[Line]:
        """Its lines, one after the other."""


#: In this order. What fills the disk comes last.
PARTS: dict[str, Part] = {
    "reads": cast(Part, reads),
    "sign": cast(Part, signing),
    "confirm": cast(Part, confirming),
    "journeys": cast(Part, journeys),
    "mail": cast(Part, mailing),
    "nginx": cast(Part, behind_nginx),
    "replay": cast(Part, replay),
    "visit": cast(Part, first_visit),
    "growth": cast(Part, growth),
    "export": cast(Part, exporting),
}


def measured(part: Part, run: Run) -> Iterator[Line]:
    """The lines of a part, each said when it is there. A part that breaks down is a line that failed."""
    began = time.monotonic()
    try:
        for line in part.measure(run):
            table.say(line)
            yield line
    except Exception as problem:
        traceback.print_exc()
        line = Line(part.TITLE, wrong=[f"broke down: {type(problem).__name__}: {problem}".splitlines()[0]])
        table.say(line)
        yield line
    print(f"({part.TITLE}: {time.monotonic() - began:.0f} s)\n", flush=True)


def run_all(names: Iterable[str], seconds: float, rounds: int, databases: tuple[str, ...]) -> bool:
    """Measure parts and write the table; false where a line failed."""
    chosen = list(names) or list(PARTS)
    machine.have("wrk", "wrk")
    with folder_of_a_run() as folder, server_of_a_run(**POSTGRESQL) as server:
        run = Run(folder, server, seconds, rounds, databases=databases)
        facts = machine.facts(server.execute("SHOW server_version")[0][0])
        facts.append(f"{rounds} rounds of {seconds:g} seconds, line and floor by turns, medians.")
        print("\n".join(facts), "\n", flush=True)
        sections = []
        measured_parts: list[str] = []
        with run.kept, suppress(KeyboardInterrupt):
            for name in chosen:
                lines: list[Line] = []
                sections.append((PARTS[name].TITLE, lines))
                lines.extend(measured(PARTS[name], run))
                measured_parts.append(name)
    broken_off = len(measured_parts) < len(chosen)
    if broken_off:
        facts.append(BROKEN_OFF)
    known = [section for section in sections if section[1]]
    file = table.write(table.page(facts, known), [] if chosen == list(PARTS) else measured_parts)
    failed = [line.what for _, lines in sections for line in lines if line.failed]
    print(
        f"Written to {file}. "
        + (f"FAILED: {', '.join(failed)}" if failed else "Every answer that is in it was right.")
    )
    if broken_off:
        print(BROKEN_OFF)
    return not failed and not broken_off


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of one round")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=DATABASES, help="one of them; both without")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    try:
        good = run_all(
            given.parts, given.seconds, given.rounds, (given.database,) if given.database else DATABASES
        )
    except Unavailable as reason:
        sys.exit(f"There is no PostgreSQL: {reason}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
