"""Delivery: claims due mails, composes them, sends them, and writes down what the mail server said.

At least once: a mail is marked sent only after it was accepted. A worker killed in between lets it go again, with the
same Message-ID and the same link. One bad message never holds up the others.
"""

from __future__ import annotations

import logging
import random
import smtplib
from datetime import timedelta

from flask_mail import BadHeaderError
from sqlalchemy import or_, select, update

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail.message import KINDS, compose
from petitions.mail.transport import Sender, connection
from petitions.models import Mail, Signature
from petitions.models.mail import CANCELLED, FAILED, QUEUED, SENT

BATCH = 50
LEASE = timedelta(minutes=5)
#: After this a worker gives back what it has not tried yet: well before its lease is over and another takes it.
HOLD = LEASE / 2
GIVE_UP_AFTER = timedelta(hours=72)
FIRST_DELAY = 10.0
LONGEST_DELAY = 3600.0

log = logging.getLogger(__name__)


def deliver() -> int:
    """Send one batch of what is due. Returns how many mails were claimed."""
    claimed = _claim()
    if not claimed:
        return 0
    until = clock.now() + HOLD
    try:
        with connection() as sender:
            for index, mail_id in enumerate(claimed):
                if clock.now() >= until:
                    _release(claimed[index:])
                    break
                if not _deliver_one(mail_id, sender):
                    _release(claimed[index + 1 :])
                    break
    except (OSError, smtplib.SMTPException) as problem:
        log.warning("mail server not reached: %s", type(problem).__name__)
        for mail_id in claimed:
            _postpone(mail_id, f"no connection: {type(problem).__name__}")
    return len(claimed)


@transactional
def _claim() -> list[int]:
    now = clock.now()
    due = (
        select(Mail.id)
        .where(
            Mail.state == QUEUED,
            Mail.due_at <= now,
            or_(Mail.locked_until.is_(None), Mail.locked_until < now),
        )
        .order_by(Mail.priority, Mail.due_at, Mail.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        # Not a plain subquery: PostgreSQL may run one again for each row, and then the limit does not hold.
        .cte("due")
    )
    claim = (
        update(Mail)
        .where(Mail.id.in_(select(due.c.id)))
        .values(locked_until=now + LEASE, attempts=Mail.attempts + 1)
        .returning(Mail.id, Mail.priority, Mail.due_at)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(db.session.execute(claim), key=lambda row: (row.priority, row.due_at, row.id))
    return [row.id for row in rows]


def _deliver_one(mail_id: int, sender: Sender) -> bool:
    """Send one claimed mail, unless it is done already; false when the connection is no longer usable."""
    mail = db.session.get(Mail, mail_id)
    if mail is None or mail.state != QUEUED:
        return True
    try:
        message = compose(mail)
    except Exception as problem:
        # A message that cannot be composed is parked with its reason; the rest of the queue goes on.
        log.exception("mail %s (%s) cannot be composed", mail_id, mail.kind)
        _postpone(mail_id, f"cannot be composed: {type(problem).__name__}")
        return True
    if message is None:
        _finish(mail_id, CANCELLED)
        return True
    try:
        sender.send(message)
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as problem:
        _postpone(mail_id, f"connection lost: {type(problem).__name__}")
        return False
    except BadHeaderError:
        _finish(mail_id, FAILED, "a line break in a header")
    except smtplib.SMTPException as problem:
        _refused(mail_id, problem)
    except OSError as problem:
        _postpone(mail_id, f"connection lost: {type(problem).__name__}")
        return False
    except Exception as problem:
        # What cannot be written to the server is parked like what cannot be composed; the conversation stopped half way.
        log.exception("mail %s (%s) cannot be sent", mail_id, mail.kind)
        _postpone(mail_id, f"cannot be sent: {type(problem).__name__}")
        return False
    else:
        _finish(mail_id, SENT)
    return True


def _refused(mail_id: int, problem: smtplib.SMTPException) -> None:
    """The server said no: for now (4xx) or for ever (5xx)."""
    codes = [problem.smtp_code] if isinstance(problem, smtplib.SMTPResponseException) else []
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in problem.recipients.values()]
    if codes and all(code >= 500 for code in codes):
        _finish(mail_id, FAILED, f"refused: {codes[0]}")
    else:
        _postpone(mail_id, f"not now: {codes[0] if codes else type(problem).__name__}")


@transactional
def _finish(mail_id: int, state: str, error: str | None = None) -> None:
    mail = db.session.get_one(Mail, mail_id)
    if state == SENT and KINDS[mail.kind].starts_link_life and mail.signature_id is not None:
        # The signature before the mail, in the order in which erasing locks them.
        db.session.execute(
            update(Signature).where(Signature.id == mail.signature_id).values(link_sent_at=clock.now())
        )
    mail.state, mail.finished_at, mail.last_error, mail.locked_until = state, clock.now(), error, None


@transactional
def _postpone(mail_id: int, error: str) -> None:
    mail = db.session.get_one(Mail, mail_id)
    mail.last_error, mail.locked_until = error, None
    if clock.now() - mail.created_at > GIVE_UP_AFTER:
        mail.state, mail.finished_at = FAILED, clock.now()
        log.error("mail %s (%s) given up after %s attempts: %s", mail.id, mail.kind, mail.attempts, error)
        return
    delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(mail.attempts - 1, 20)) * random.uniform(0.8, 1.2)  # noqa: S311
    mail.due_at = clock.now() + timedelta(seconds=delay)


@transactional
def _release(mail_ids: list[int]) -> None:
    """Give back mails that were claimed but not tried."""
    db.session.execute(
        update(Mail)
        .where(Mail.id.in_(mail_ids))
        .values(locked_until=None, attempts=Mail.attempts - 1)
        .execution_options(synchronize_session=False)
    )
