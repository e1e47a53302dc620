"""Mailings to many: fed to the outbox in batches behind a cursor. Cursor and mails move in one transaction.

So everybody is put into the outbox once, whatever stops in between. A mailing runs only a little ahead of what has left, so
that stopping it stops it: what it has in the outbox waits, and nothing is added.
"""

from __future__ import annotations

from sqlalchemy import func, select

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Mail, Mailing, Signature, SignatureRole, SignatureState
from petitions.models.mail import QUEUED

BATCH = 500
#: No further batch while so many of one mailing wait in the outbox.
AHEAD = 1000


@transactional
def feed() -> int:
    """Put the next batch of the oldest mailing that runs into the outbox. Returns how many people it was.

    Any number of workers may call it: each mailing is one worker's at a time.
    """
    waiting = (
        select(func.count())
        .select_from(Mail)
        .where(Mail.mailing_id == Mailing.id, Mail.state == QUEUED)
        .scalar_subquery()
    )
    mailing = db.session.execute(
        select(Mailing)
        .where(Mailing.finished_at.is_(None), Mailing.stopped_at.is_(None), waiting < AHEAD)
        .order_by(Mailing.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if mailing is None:
        return 0
    people = _next_people(mailing)
    if people:
        outbox.queue_to_many(mailing, people)
        mailing.queued += len(people)
        mailing.last_signature_id = people[-1]
    else:
        mailing.finished_at = clock.now()
    return len(people)


def _next_people(mailing: Mailing) -> list[int]:
    """The signatures of the next of those who asked and can be reached. Who asked for none at all is left out when the mail is composed."""
    wanted = (
        Signature.wants_updates.is_(True)
        if mailing.audience == "updates"
        else Signature.role == SignatureRole.SUPPORTER
    )
    query = (
        select(Signature.id)
        .where(
            Signature.petition_id == mailing.petition_id,
            Signature.id > mailing.last_signature_id,
            Signature.state == SignatureState.VALIDATED,
            Signature.role != SignatureRole.CREATOR,
            Signature.undeliverable_at.is_(None),
            Signature.mails_stopped_at.is_(None),
            wanted,
        )
        .order_by(Signature.id)
        .limit(BATCH)
    )
    return list(db.session.execute(query).scalars())
