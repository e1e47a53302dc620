"""News to many: one petition's signers are told of an answer, beside a bare `smtplib` loop sending the same bytes."""

from __future__ import annotations

import time

from bench import processes, waiting
from bench.reckoning import Line, Round
from bench.rounds import Run
from bench.sink import Sink
from bench.site import Site
from bench.smtp_loop import bare
from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Outcome, Petition, Response

PATIENCE = 120.0
KEY = "bench:{}"
ANSWER = "The library opens on Sundays from May on, from ten to four. " * 12
MAILS = (
    "SELECT message_id, signature_id, state FROM mails WHERE kind = 'response_published' AND petition_id = {}"
)


def line(run: Run, made: Site, sink: Sink, number: int) -> Line:
    """With a worker that runs."""
    line = Line(
        f"news to many, {number} signers of one petition told of an answer, one worker, {made.kind}",
        floor="bare smtplib loop",
    )
    told(made, sink, 100)
    file = run.folder / "news"
    file.write_bytes(sink.sample)
    for _ in range(run.rounds):
        line.rounds.append(told(made, sink, number))
        line.floors.append(bare(sink, file, number))
    line.wants("ratio", line.ratio, 0.60)
    line.notes.append(
        f"a message has {len(file.read_bytes())} bytes; putting the mails into the outbox is in it"
    )
    return line


def told(made: Site, sink: Sink, number: int) -> Round:
    """Publish an answer to a petition of so many signers, and wait until the sink has a mail to each."""
    petition_id = waiting.signed(made, number)
    sink.forget()
    before = processes.worked(made.pids()), processes.worked(made.database_pids())
    with made.app.app_context():
        _publish(petition_id)
    came = sink.wait_for(number, PATIENCE)
    worked = processes.worked(made.pids()) - before[0], processes.worked(made.database_pids()) - before[1]
    seconds = sink.last - sink.first
    wrong = [] if came else [f"{number - sink.count.total()} of {number} mails did not come"]
    end = time.monotonic() + 10
    while (mails := made.rows(MAILS.format(petition_id))) and time.monotonic() < end:
        if all(mail.state == "sent" for mail in mails):
            break
        time.sleep(0.05)
    else:
        wrong.append("not all are marked as sent")
    if {mail.message_id for mail in mails} != {each.decode() for each in sink.count}:
        wrong.append("other mails came than were queued")
    if len({mail.signature_id for mail in mails}) != number or sink.count.total() != number:
        wrong.append(f"{number} were to be told, {len(mails)} mails were queued, {sink.count.total()} came")
    return Round(sink.count.total(), seconds, 0.0, 0.0, *worked, tuple(wrong))


@transactional
def _publish(petition_id: int) -> None:
    """Answer it, as publishing an answer would, and tell everybody who asked."""
    petition = db.session.get_one(Petition, petition_id)
    now = clock.now()
    response = Response(
        petition_id=petition_id, summary="The library opens on Sundays.", body=ANSWER, outcome=Outcome.AGREED,
        responded_on=now.date(), published_at=now, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(response)
    db.session.flush()
    key = KEY.format(petition_id)
    outbox.queue_mailing(
        "response_published", key=key, petition=petition, audience="updates", response_id=response.id
    )
