"""Confirming: everybody on one petition, beside the same people spread over a thousand; and how soon each is counted.

The two are held beside each other without a worker. One counts what is on one petition at once, and of what is spread over
a thousand hardly anything before the round ends: the floor would be given that work for nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from urllib.parse import urlencode

from bench import content, waiting
from bench.load import asks, load, visitor
from bench.reckoning import Line, Round, middle
from bench.rounds import Run, in_turns
from bench.site import Site, site

TITLE = "Confirming"
SPREAD = 1_000
#: Links that are ready for the first round, for each second; later twice as many as were used in the round before, if more.
AT_FIRST = 1_500
#: Counted within so many seconds.
LAG = 1.0
PATIENCE = 30.0
ANSWER = urlencode({"answer": "yes"})

#: One look: the oldest confirmed signature that is not counted, in seconds, and petitions whose count is not its rows'.
_LAG = {
    "PostgreSQL": "extract(epoch FROM clock_timestamp() - min(validated_at))",
    "SQLite": "(julianday('now') - julianday(min(validated_at))) * 86400",
}
WAITING = "FROM signatures WHERE state = 'validated' AND counted_at IS NULL"
UNTRUE = (
    "SELECT count(*) FROM petitions p WHERE p.signature_count <> p.imported_signatures +"
    " (SELECT count(*) FROM signatures s WHERE s.petition_id = p.id AND s.counted_at IS NOT NULL)"
)


class Counting:
    """Looks on while people confirm: how long the oldest has waited to be counted, and whether every count is exact."""

    def __init__(self, made: Site, *, every: float = 0.5) -> None:
        self.made, self.every = made, every
        self.longest = 0.0
        self.looks = 0
        self.wrong: list[str] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Counting:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._over.wait(self.every):
            lag = self.made.rows(f"SELECT {_LAG[self.made.kind]} {WAITING}")[0][0]
            self.longest = max(self.longest, float(lag or 0))
            untrue = self.made.rows(UNTRUE)[0][0]
            self.wrong += [f"the counts of {untrue} petitions were not those of their rows"] if untrue else []
            self.looks += 1

    def settle(self) -> float:
        """Wait until nothing waits to be counted; returns the seconds it took."""
        began = time.monotonic()
        while self.made.rows(f"SELECT count(*) {WAITING}")[0][0]:
            if time.monotonic() > began + PATIENCE:
                self.wrong.append(f"after {PATIENCE:.0f} s there is still something to count")
                break
            time.sleep(0.05)
        return time.monotonic() - began


class Confirmers:
    """People with a link each, who press yes; whether everybody who was thanked is counted in the end."""

    def __init__(
        self, run: Run, made: Site, petition_ids: Sequence[int], *, are_counted: bool = True
    ) -> None:
        """`are_counted`: a worker is there, and is watched. Else it is enough that they are valid."""
        self.run, self.made, self.petition_ids, self.are_counted = run, made, petition_ids, are_counted
        self.longest = 0.0
        self.looks = 0
        self.ready = float(AT_FIRST)

    def __call__(self, seconds: float) -> Round:
        links = waiting.links(self.made, self.petition_ids, round(self.ready * max(1.0, seconds)))
        requests = (("POST", link, visitor(number), ANSWER) for number, link in enumerate(links))
        asked = asks(
            self.run.folder / "links", requests, status=303, words="/signatures/confirmed", once=True
        )
        before, counting = self._counted(), Counting(self.made)
        with counting if self.are_counted else nullcontext():
            round_ = load(
                asked, self.made.port, seconds, web=self.made.pids(), database=self.made.database_pids()
            )
        if self.are_counted:
            counting.settle()
        counted = self._counted() - before
        wrong = counting.wrong
        wrong += (
            [f"{round_.done} people were thanked and {counted} are counted"] if counted < round_.done else []
        )
        waiting.forget(self.made)
        self.ready = max(float(AT_FIRST), 2 * round_.rate)
        self.longest, self.looks = max(self.longest, counting.longest), self.looks + counting.looks
        return replace(round_, errors=(*round_.errors, *wrong))

    def _counted(self) -> int:
        waiting_ = self.made.rows(f"SELECT count(*) {WAITING}")[0][0] if not self.are_counted else 0
        counted = self.made.rows("SELECT sum(signature_count - imported_signatures) FROM petitions")[0][0]
        return int(counted) + int(waiting_)


def measure(run: Run) -> Iterator[Line]:
    """On both databases."""
    for server in run.servers():
        with site(run.folder, "confirming", server) as made:
            ids = content.petitions(made, 2)
            spread = waiting.petitions(made, SPREAD)
            made.start()
            yield _beside_many(run, made, ids[:1], spread)
            made.stop()
            made.start(workers=1)
            Counting(made).settle()
            yield _while_counted(run, made, ids[:1])


def _beside_many(run: Run, made: Site, hot: Sequence[int], spread: Sequence[int]) -> Line:
    line = Line(f"confirm POST on one petition, {made.kind}", floor="the same over 1 000 petitions")
    alone, over_many = (Confirmers(run, made, each, are_counted=False) for each in (hot, spread))
    in_turns(run, line, alone, over_many)
    line.wants("ratio", line.ratio, 0.90)
    return line


def _while_counted(run: Run, made: Site, hot: Sequence[int]) -> Line:
    line = Line(f"the same while a worker counts them, {made.kind}")
    confirmers = Confirmers(run, made, hot)
    in_turns(run, line, confirmers)
    line.wants("a second", line.rate, 600)
    p50 = middle(line.rounds, "p50")
    line.wants("p99 in p50s", middle(line.rounds, "p99") / p50 if p50 else 0.0, 5, at_most=True)
    line.wants("seconds until counted", confirmers.longest, LAG, at_most=True)
    line.notes.append(f"every count was looked at {confirmers.looks} times meanwhile, and was exact")
    return line
