"""Mail out: a worker that drains a queue of confirmation mails, and one that tells many of an answer, each beside a bare
`smtplib` loop sending the same bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bench import content, news, processes, waiting
from bench.reckoning import Line, Round
from bench.rounds import Run
from bench.sink import Sink
from bench.site import Site, site
from bench.smtp_loop import bare

TITLE = "Mail out"
QUEUE = 10_000
#: A round is made shorter where it would take more seconds than this.
LONGEST = 20.0
PATIENCE = 120.0
LEFT = "SELECT count(*) FROM mails WHERE kind = 'confirm_signature' AND state <> 'sent'"
UNMARKED = (
    "SELECT count(*) FROM signatures WHERE role = 'signer' AND state = 'pending' AND link_sent_at IS NULL"
)


def measure(run: Run) -> Iterator[Line]:
    """From both databases, by one worker."""
    number = round(min(QUEUE, 2_000 * run.seconds) / run.rounds)
    for server in run.servers():
        sink = Sink()
        try:
            with site(run.folder, "mailing", server, mail_url=sink.mail_url) as made:
                yield _line(run, made, sink, number)
                yield news.line(run, made, sink, number)
        finally:
            sink.stop()


def _line(run: Run, made: Site, sink: Sink, number: int) -> Line:
    ids = content.petitions(made, 5)
    made.start_worker()
    first = drained(made, sink, ids, 100)
    number = min(number, round(first.rate * LONGEST))
    line = Line(
        f"mail out, a queue of {number * run.rounds}, one worker, {made.kind}", floor="bare smtplib loop"
    )
    (run.folder / "message").write_bytes(sink.sample)
    for _ in range(run.rounds):
        line.rounds.append(drained(made, sink, ids, number))
        line.floors.append(bare(sink, run.folder / "message", number))
    line.wants("ratio", line.ratio, 0.60)
    line.notes.append(f"a message has {len((run.folder / 'message').read_bytes())} bytes")
    return line


def drained(made: Site, sink: Sink, petition_ids: list[int], number: int) -> Round:
    """Queue so many confirmations at once and wait until the sink has them all."""
    sink.forget()
    before = processes.worked(made.pids()), processes.worked(made.database_pids())
    queued = waiting.queue(made, petition_ids, number)
    came = sink.wait_for(number, PATIENCE)
    worked = processes.worked(made.pids()) - before[0], processes.worked(made.database_pids()) - before[1]
    seconds = sink.last - sink.first
    end = time.monotonic() + 10
    while made.rows(LEFT)[0][0] and time.monotonic() < end:
        time.sleep(0.05)
    wrong = [] if came else [f"{number - sink.count.total()} of {number} mails did not come"]
    if {each.decode() for each in sink.count} != queued or sink.count.total() != number:
        wrong.append(f"{len(queued)} were queued, {len(sink.count)} came, {sink.count.total()} times in all")
    if left := made.rows(LEFT)[0][0] + made.rows(UNMARKED)[0][0]:
        wrong.append(f"{left} are not marked as sent")
    return Round(sink.count.total(), seconds, 0.0, 0.0, *worked, tuple(wrong))
