"""Mailings to many: fed to the outbox in batches behind a cursor. Cursor and mails move in one transaction."""

from __future__ import annotations

from sqlalchemy import select

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Mailing, Signature, SignatureRole, SignatureState

BATCH = 500


@transactional
def feed() -> int:
    """Put the next batch of the oldest unfinished mailing into the outbox. Returns how many people it was."""
    mailing = db.session.execute(
        select(Mailing)
        .where(Mailing.finished_at.is_(None))
        .order_by(Mailing.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if mailing is None:
        return 0
    people = _next_people(mailing)
    for signature in people:
        key = f"mailing:{mailing.id}:{signature.id}"
        outbox.queue(mailing.kind, key=key, signature=signature, priority=outbox.BULK, **mailing.details)
    if people:
        mailing.last_signature_id = people[-1].id
    else:
        mailing.finished_at = clock.now()
    return len(people)


def _next_people(mailing: Mailing) -> list[Signature]:
    wanted = (
        Signature.wants_updates.is_(True)
        if mailing.audience == "updates"
        else Signature.role == SignatureRole.SUPPORTER
    )
    query = (
        select(Signature)
        .where(
            Signature.petition_id == mailing.petition_id,
            Signature.id > mailing.last_signature_id,
            Signature.state == SignatureState.VALIDATED,
            Signature.role != SignatureRole.CREATOR,
            wanted,
        )
        .order_by(Signature.id)
        .limit(BATCH)
    )
    return list(db.session.execute(query).scalars())
