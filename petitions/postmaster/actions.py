"""Trying mails again, cancelling one, stopping a mailing and letting it go on. Each is kept in the history."""

from __future__ import annotations

from sqlalchemy import select, update

from petitions import audit, clock, suppressions
from petitions.database import rows_changed, transactional
from petitions.errors import NotFound, PetitionsError
from petitions.extensions import db
from petitions.models import Mail, Mailing, Petition, Signature, Staff
from petitions.models.mail import CANCELLED, FAILED, PARKED, QUEUED

#: What may be tried again. What came back was taken once, and its address is known to be bad.
AGAIN = (FAILED, PARKED)


class NotNow(PetitionsError):
    """The mail or mailing is no longer where it was: it was sent, cancelled or finished meanwhile."""


@transactional
def try_again(*, mail_id: int, by: Staff) -> None:
    """Put a mail that was refused or parked back into the queue. Raises `NotFound` and `NotNow`."""
    mail = _locked(mail_id, AGAIN)
    _queue_again(mail.id)
    audit.record("mail_tried_again", by=by, petition=mail.petition, mail=mail.id, message=mail.kind)


@transactional
def try_all_again(*, by: Staff) -> int:
    """The same for all of them. Returns how many there were."""
    number = _queue_again()
    if number:
        audit.record("mails_tried_again", by=by, number=number)
    return number


@transactional
def cancel(*, mail_id: int, by: Staff) -> None:
    """See to it that a mail that did not leave never does. Raises `NotFound` and `NotNow`."""
    mail = _locked(mail_id, (QUEUED, *AGAIN))
    mail.state, mail.finished_at, mail.locked_until = CANCELLED, clock.now(), None
    audit.record("mail_cancelled", by=by, petition=mail.petition, mail=mail.id, message=mail.kind)


@transactional
def let_mail_go_again(*, address: str, reason: str, by: Staff) -> None:
    """The owner of a mailbox wants mail again, and has no mail of ours with a link to say so. Again changes nothing.

    Whether all mail had been stopped is told to nobody, and the history keeps the reason without the address.
    """
    suppressions.lift(address)
    audit.record("mail_wanted_again", by=by, reason=reason)


@transactional
def stop_mailing(*, mailing_id: int, by: Staff) -> None:
    """Let nothing more of a mailing leave. Raises `NotFound`, and `NotNow` when all of it has left."""
    mailing = _mailing(mailing_id)
    waiting = select(Mail.id).where(Mail.mailing_id == mailing_id, Mail.state == QUEUED).limit(1)
    if mailing.finished_at is not None and db.session.execute(waiting).first() is None:
        raise NotNow("it is finished")
    if mailing.stopped_at is None:
        mailing.stopped_at = clock.now()
        _record("mailing_stopped", mailing, by)


@transactional
def continue_mailing(*, mailing_id: int, by: Staff) -> None:
    """Let a mailing go on where it was stopped. Raises `NotFound`."""
    mailing = _mailing(mailing_id)
    if mailing.stopped_at is not None:
        mailing.stopped_at = None
        _record("mailing_continued", mailing, by)


def _record(action: str, mailing: Mailing, by: Staff) -> None:
    petition = db.session.get(Petition, mailing.petition_id)
    audit.record(
        action, by=by, petition=petition, mailing=mailing.id, message=mailing.kind, queued=mailing.queued
    )


def _locked(mail_id: int, states: tuple[str, ...]) -> Mail:
    mail = db.session.execute(
        select(Mail).where(Mail.id == mail_id).with_for_update(of=Mail)
    ).scalar_one_or_none()
    if mail is None:
        raise NotFound("no such mail")
    if mail.state not in states:
        raise NotNow("it is no longer waiting")
    return mail


def _mailing(mailing_id: int) -> Mailing:
    found = db.session.execute(
        select(Mailing).where(Mailing.id == mailing_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("no such mailing")
    return found


def _queue_again(mail_id: int | None = None) -> int:
    """Whoever tries again holds the address for good, so a mark that it is not goes."""
    wanted = [Mail.state.in_(AGAIN)] + ([Mail.id == mail_id] if mail_id is not None else [])
    db.session.execute(
        update(Signature)
        .where(
            Signature.undeliverable_at.is_not(None),
            Signature.id.in_(select(Mail.signature_id).where(*wanted, Mail.signature_id.is_not(None))),
        )
        .values(undeliverable_at=None)
        .execution_options(synchronize_session=False)
    )
    now = clock.now()
    again = (
        update(Mail)
        .where(*wanted)
        .values(state=QUEUED, due_at=now, attempts=0, finished_at=None, locked_until=None, last_error=None)
        .execution_options(synchronize_session=False)
    )
    return rows_changed(db.session.execute(again))
