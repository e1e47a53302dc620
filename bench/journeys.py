"""Whole journeys: the form, signing, the mail over SMTP, the page behind its link, confirming; by many people at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench import content, people, processes
from bench.asking import Answer, Connection
from bench.confirming import ANSWER, LAG, Counting
from bench.load import visitor
from bench.reckoning import Line, Round, percentile
from bench.rounds import Run
from bench.signing import RECORD
from bench.sink import Sink, link_in
from bench.site import Site, site

TITLE = "Whole journeys"
AT_ONCE = 100
PATIENCE = 60.0
#: Seconds of a round at least: a journey waits for its mail, and the first ones for each other.
SHORTEST = 8.0
STORED = (
    "SELECT count(*), sum(CASE WHEN counted_at IS NOT NULL THEN 1 ELSE 0 END) FROM signatures"
    " WHERE role = 'signer'"
)


@dataclass
class Crowd:
    """People on their journeys; each begins as soon as another has come to the end."""

    port: int
    sink: Sink
    petition_ids: Sequence[int]
    taken: list[float] = field(default_factory=list)
    """Milliseconds of the journeys that came to their end in time."""
    wrong: Counter[str] = field(default_factory=Counter)
    begun: int = 0
    confirmed: int = 0
    _mails: dict[str, asyncio.Future[str]] = field(default_factory=dict)

    def hear(self, recipient: str, content: bytes) -> None:
        """A mail is there."""
        waiting = self._mails.get(recipient)
        if waiting is not None and not waiting.done():
            waiting.set_result(link_in(content))

    async def go(self, seconds: float) -> None:
        """Let people come for so long, then let everybody come to an end."""
        end = time.perf_counter() + seconds
        await asyncio.gather(*(self._one_after_the_other(end) for _ in range(AT_ONCE)))

    async def _one_after_the_other(self, end: float) -> None:
        connection = Connection(self.port)
        while time.perf_counter() < end:
            began = time.perf_counter()
            self.begun += 1
            if not await self.journey(connection):
                connection.close()
                continue
            self.confirmed += 1
            if time.perf_counter() <= end:
                self.taken.append((time.perf_counter() - began) * 1_000)
        connection.close()

    async def journey(self, connection: Connection) -> bool:
        """One person's; false where anything went wrong."""
        number = next(people.numbers)
        email, ip = people.address(number), visitor(number)
        # Half of them sign the petition that everybody talks about.
        which = self.petition_ids[0 if number % 2 else number // 2 % len(self.petition_ids)]
        path = f"/petitions/{which}/signatures/new"
        if not self._is(await connection.ask("GET", path, ip), "form", 200, b'name="email"'):
            return False
        self._mails[email] = asyncio.get_running_loop().create_future()
        signed = await connection.ask("POST", path, ip, urlencode(people.form(number)))
        if not self._is(signed, "sign", 303, b"/signatures/thank-you"):
            return False
        try:
            link = await asyncio.wait_for(self._mails[email], PATIENCE)
        except TimeoutError:
            self.wrong["a mail did not come"] += 1
            return False
        finally:
            del self._mails[email]
        if not self._is(await connection.ask("GET", link, ip), "link", 200, b'name="answer"'):
            return False
        answer = await connection.ask("POST", link, ip, ANSWER)
        return self._is(answer, "confirm", 303, b"/signatures/confirmed")

    def _is(self, answer: Answer, step: str, status: int, words: bytes) -> bool:
        is_right = answer.holds(status, words)
        if not is_right:
            self.wrong[f"{step} answered {answer.status}"] += 1
        return is_right


def travel(made: Site, sink: Sink, ids: Sequence[int], seconds: float, counting: Counting) -> Round:
    """One round. The crowd lives in the sink's own thread, so that a mail costs no more than a call."""
    crowd = Crowd(made.port, sink, ids)
    sink.forget()
    sink.hear = crowd.hear
    before = made.rows(STORED)[0]
    began = processes.worked(made.pids()), processes.worked(made.database_pids())
    with counting:
        asyncio.run_coroutine_threadsafe(crowd.go(seconds), sink.loop).result()
    worked = (
        processes.worked(made.pids()) - began[0],
        processes.worked(made.database_pids()) - began[1],
    )
    counting.settle()
    after = made.rows(STORED)[0]
    rows, counted = after[0] - before[0], (after[1] or 0) - (before[1] or 0)
    wrong = [f"{number} × {what}" for what, number in crowd.wrong.items()] + counting.wrong
    if counted != crowd.confirmed and not crowd.wrong:
        wrong.append(f"{crowd.confirmed} confirmed and {counted} are counted")
    if (twice := sum(number - 1 for number in sink.count.values())) or len(sink.count) != rows:
        wrong.append(f"{rows} signed, {len(sink.count)} mails came, {twice} of them again")
    # What was worked is of all that began, so it is told for as many as came to their end.
    share = len(crowd.taken) / crowd.confirmed if crowd.confirmed else 0.0
    return Round(
        len(crowd.taken), seconds, percentile(crowd.taken, 0.5), percentile(crowd.taken, 0.99),
        worked[0] * share, worked[1] * share, tuple(wrong),
    )  # fmt: skip


def measure(run: Run) -> Iterator[Line]:
    """On PostgreSQL, with one worker."""
    sink = Sink()
    try:
        with site(run.folder, "journeys", run.server, mail_url=sink.mail_url) as made:
            ids = content.petitions(made, 20)
            made.start(workers=1)
            line = Line(f"whole journey, {AT_ONCE} people at once, {made.kind}")
            longest, looks = 0.0, 0
            travel(made, sink, ids, run.warming, Counting(made))
            for _ in range(run.rounds):
                counting = Counting(made, every=1.0)
                line.rounds.append(travel(made, sink, ids, max(SHORTEST, run.seconds), counting))
                longest, looks = max(longest, counting.longest), looks + counting.looks
            line.wants("a second", line.rate, 100)
            line.wants("seconds until counted", longest, LAG, at_most=True)
            line.notes.append(f"{line.rate / RECORD:.1f} times the record of {RECORD} a second")
            line.notes.append(f"every count was looked at {looks} times meanwhile, once a second")
            yield line
    finally:
        sink.stop()
