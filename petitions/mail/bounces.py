"""Bounces: what follows from a delivery report about one of our mails.

Came back for good: the mail says so, and where it went to the own address of a signature or an alert, no more news is sent there. A
confirm link that somebody asks for anew is sent all the same, and when the mail server takes it the address counts as good
again until that comes back too. Delayed: noted at the mail, nothing else. A report that is not about a mail of ours, or
whose return path we did not make, changes nothing. The same report twice is the same as once.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select, update

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import return_path
from petitions.mail.reports import Report
from petitions.models import Alert, Mail, Signature
from petitions.models.mail import BOUNCED, QUEUED, SENT


class Follows(StrEnum):
    """What a report came to."""

    BOUNCED = "bounced"
    KNOWN = "known"
    DELAYED = "delayed"


class UnknownMail(Exception):
    """The report is about no mail of ours."""


class Forged(UnknownMail):
    """It came to a return path that looks like ours and was not made here."""


@transactional
def take(report: Report, *, recipient: str = "") -> tuple[int, Follows]:
    """Write down what a report says; `recipient` is the address it was delivered to. Returns the mail's number.

    Raises `UnknownMail`.
    """
    mail = _mail_of(report, recipient)
    note = f"delivery report: {report.status}"
    if not report.is_permanent:
        if mail.state in {QUEUED, SENT}:
            mail.last_error = note
        return mail.id, Follows.DELAYED
    if mail.state == BOUNCED:
        return mail.id, Follows.KNOWN
    if mail.signature_id is not None and mail.recipient_sealed is None:
        _mark_address(Signature, mail.signature_id)
    if mail.alert_id is not None:
        _mark_address(Alert, mail.alert_id)
    if mail.state in {QUEUED, SENT}:
        # Queued: the worker that sent it did not live to write it down.
        mail.state, mail.finished_at, mail.last_error, mail.locked_until = BOUNCED, clock.now(), note, None
    return mail.id, Follows.BOUNCED


def _mark_address(model: type[Signature] | type[Alert], number: int) -> None:
    db.session.execute(
        update(model)
        .where(model.id == number)
        .values(undeliverable_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _mail_of(report: Report, recipient: str) -> Mail:
    marks = return_path.marks_in(f"{recipient}\n{report.recipients}")
    if marks:
        # A return path is believed or refused; nothing else in the report may stand in for it.
        found = next((mail for mark in marks if (mail := return_path.mail_with(*mark))), None)
        if found is None:
            raise Forged("the return path was not made here")
        return found
    for message_id in report.message_ids:
        mail = db.session.execute(
            select(Mail).where(Mail.message_id == message_id).limit(1)
        ).scalar_one_or_none()
        if mail is not None:
            return mail
    raise UnknownMail("no mail of ours")
