"""The night of 20 March 2019 again: signing rises to 33 a second and then to ten times that; then twice what can be carried.

    python -m bench.replay --minutes 5 --watchers 100000

Every signature is a whole journey with its mail. Fifty pages are read for each, and watchers look at the count every ten
seconds, all through nginx as `deploy/` has it. Afterwards pages that nothing has kept are asked for by more people than can be
served: reading must be refused first, in a planned way, signing must go on, and all must be well again by itself. Draws what
people waited as `bench/results/<date>-replay.svg`.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench import content, machine, picture, table
from bench.confirming import LAG, Counting
from bench.load import Asked, Heard, asks, gets, hear, visitor
from bench.pace import Signing, in_words
from bench.reckoning import Line, Round, percentile
from bench.rounds import Run
from bench.signing import RECORD
from bench.sink import Sink
from bench.site import POSTGRESQL, Site, site
from tests.databases import Unavailable
from tests.faults.bench import folder_of_a_run, server_of_a_run

TITLE = "The night of 20 March 2019, and twice what can be carried"
READS = 50
"""Pages for each signature."""
LOOKS_EVERY = 10.0
"""Seconds between two looks of one watcher."""
WATCHERS = 100_000
STEP = 4.0
"""Seconds of one point of the picture."""
#: What part of the record is signed in each step, from first to last. The night rose over hours.
NIGHT = (0.25, 0.5, 0.75, 1.0, 1.0, 1.0)
STORM = (3.0, 6.0, 10.0, 10.0)
#: Connections that ask for pages nobody has kept: several times what nginx lets wait for the processes that read.
TOO_MANY = 256


@dataclass
class Told:
    """What was seen in each step."""

    times: list[float] = field(default_factory=list)
    marks: dict[float, str] = field(default_factory=dict)
    series: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def note(self, moment: float, **values: float) -> None:
        """A point of every line."""
        self.times.append(moment)
        for name, value in values.items():
            self.series.setdefault(name, []).append(value)


class Night:
    """The site behind nginx, and everybody who comes."""

    def __init__(self, run: Run, made: Site, sink: Sink, ids: list[int], watchers: int) -> None:
        self.run, self.made, self.sink, self.ids, self.watchers = run, made, sink, ids, watchers
        self.began = time.monotonic()
        self.told = Told()

    def step(self, part: float, signing: Signing) -> tuple[Heard, Heard]:
        """Some seconds in which so many times the record is signed; what readers and watchers heard."""
        signing.pace = RECORD * part
        pages = self._reading(
            "pages", [f"/petitions/{each}" for each in self.ids[:5]], "<h1", signing.pace * READS
        )
        looks = self.watchers / LOOKS_EVERY * min(1.0, part)
        counts = self._reading("counts", [f"/petitions/{self.ids[0]}/count.json"], "_count", looks)
        begins, before = time.monotonic() - self.began, len(signing.crowd.taken)
        heard: list[Heard] = []
        watching = threading.Thread(target=lambda: heard.append(self._hear(*counts)))
        watching.start()
        read = self._hear(*pages)
        watching.join()
        taken = signing.crowd.taken[before:]
        self._note(begins, taken, read, heard[0])
        answers = (read.right + heard[0].right) / STEP
        print(
            f"    {signing.pace:5.0f} sign a second: {in_words(taken)}; {answers:,.0f} answers a second",
            flush=True,
        )
        return read, heard[0]

    def _hear(self, asked: Asked, connections: int) -> Heard:
        return hear(asked, self.made.port, STEP, connections=connections)

    def _reading(self, name: str, paths: list[str], words: str, rate: float) -> tuple[Asked, int]:
        """Requests at a pace: each connection pauses so long that all together make `rate` a second."""
        connections = max(4, min(600, round(rate / 20)))
        pause = round(1_000 * connections / rate, 1)
        return gets(self.run.folder / name, paths, words, pause=pause), connections

    def _note(self, moment: float, taken: Sequence[float], read: Heard, watched: Heard) -> None:
        self.told.note(
            moment,
            **{
                "page p50": read.p50, "page p99": read.p99, "count p99": watched.p99,
                "journey p50": percentile(taken, 0.5), "journey p99": percentile(taken, 0.99),
            },
        )  # fmt: skip
        for what, each in (("pages", read), ("counts", watched)):
            if each.wrong or each.lost:
                self.told.wrong.append(
                    f"{each.wrong} {what} were wrong ({each.said}), {each.lost} got no answer"
                )

    def come(self, parts: tuple[float, ...], name: str) -> Line:
        """Some steps as one line of the table."""
        line = Line(name)
        self.told.wrong = []
        self.told.marks[time.monotonic() - self.began] = name
        with (
            Counting(self.made, every=1.0) as counting,
            Signing(self.made, self.sink, self.ids[:3], 0) as signing,
        ):
            for part in parts:
                read, watched = self.step(part, signing)
                done = read.right + watched.right
                line.rounds.append(Round(done, STEP, read.p50, max(read.p99, watched.p99)))
        counting.settle()
        line.wrong = [*self.told.wrong, *signing.wrong(), *counting.wrong]
        line.wants("part of the journeys that came to their end", _ended(signing), 1.0)
        line.wants("seconds until counted", counting.longest, LAG, at_most=True)
        line.notes.append(f"{signing.waits}; every count was looked at {counting.looks} times, once a second")
        return line

    def too_much(self) -> Line:
        """More people than can be served ask for pages that nobody has kept, while people sign."""
        line = Line("twice what can be carried, and after")
        paths = (f"/petitions/{each % len(self.ids) + 1}?seen={each}" for each in range(200_000))
        asked = asks(
            self.run.folder / "storm",
            (("GET", path, visitor(each), "") for each, path in enumerate(paths)),
            words="<h1",
        )
        self.told.marks[time.monotonic() - self.began] = "too much"
        crowded = Asked(asked.file, words="<h1", once=True, may_be_shed=True)
        with Signing(self.made, self.sink, self.ids[:3], RECORD / 4) as signing:
            heard = hear(crowded, self.made.port, 2 * STEP, connections=TOO_MANY)
        self._note(time.monotonic() - self.began, signing.crowd.taken, heard, heard)
        line.rounds.append(Round(heard.right, heard.seconds, heard.p50, heard.p99))
        line.wrong += signing.wrong()
        if heard.wrong or heard.lost:
            line.wrong.append(f"{heard.wrong} pages were wrong ({heard.said}), {heard.lost} got no answer")
        line.wants("part of the readers who were refused with 503 and Retry-After", _share(heard), 0.01)
        line.wants("part of the journeys that came to their end", _ended(signing), 1.0)
        line.wants("seconds until it was well again", self._recovery(), 5.0, at_most=True)
        line.notes.append(
            f"{heard.right} pages were served, {heard.shed} refused; signing meanwhile: {signing.waits}"
        )
        return line

    def _recovery(self) -> float:
        """Seconds until ten pages in a row that nobody has kept are served again."""
        began = time.monotonic()
        while time.monotonic() < began + 60:
            path = f"/petitions/{self.ids[0]}?again={time.monotonic_ns()}"
            asked = asks(self.run.folder / "again", [("GET", path, visitor(1), "")], words="<h1")
            heard = hear(asked, self.made.port, 1, connections=1)
            if heard.right and not heard.wrong + heard.lost:
                return time.monotonic() - began - 1
        return float("inf")


def _share(heard: Heard) -> float:
    return heard.shed / (heard.shed + heard.right) if heard.shed else 0.0


def _ended(signing: Signing) -> float:
    return signing.crowd.confirmed / signing.begun if signing.begun else 0.0


def measure(run: Run, *, minutes: float = 0.0, watchers: int = WATCHERS) -> Iterator[Line]:
    """The night, the storm, and what is too much. `minutes` of 0 is as short as can be."""
    if not machine.have("nginx", "nginx-light"):
        print("The replay is left out: there is no nginx.", flush=True)
        return
    each = max(1, round(minutes * 60 / STEP / (len(NIGHT) + len(STORM))))
    night, storm = (tuple(part for part in parts for _ in range(each)) for parts in (NIGHT, STORM))
    sink = Sink()
    try:
        with site(run.folder, "replay", run.server, mail_url=sink.mail_url) as made:
            ids = content.petitions(made)
            made.start_behind_nginx(run.folder, workers=1)
            told = Night(run, made, sink, ids, watchers)
            yield told.come(night, "rising to the record of 33 a second")
            yield told.come(storm, "ten times the record")
            yield told.too_much()
            print(f"    The picture: {_drawn(told.told)}", flush=True)
    finally:
        sink.stop()


def _drawn(told: Told) -> Path:
    table.RESULTS.mkdir(exist_ok=True)
    file = table.RESULTS / f"{date.today().isoformat()}-replay.svg"  # noqa: DTZ011 - the day on the wall
    file.write_text(picture.chart("What people waited", "milliseconds", told.times, told.series, told.marks))
    return file


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--watchers", type=int, default=WATCHERS)
    given = parser.parse_args()
    failed = False
    with suppress(KeyboardInterrupt), folder_of_a_run() as folder, server_of_a_run(**POSTGRESQL) as server:
        for line in measure(Run(folder, server, STEP, 1), minutes=given.minutes, watchers=given.watchers):
            table.say(line)
            failed = failed or line.failed
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    try:
        main()
    except Unavailable as reason:
        sys.exit(f"There is no PostgreSQL: {reason}")
