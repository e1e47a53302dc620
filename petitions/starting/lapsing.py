"""Petitions that did not find their supporters, or whose petitioner never confirmed, in time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, or_, select

from petitions import audit, clock, lifecycle
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.lifecycle import Event, State
from petitions.mail import outbox
from petitions.models import Petition, Signature, SignatureState
from petitions.petitioners import creator_of

BATCH = 100


@transactional
def lapse_due() -> int:
    """Let every petition lapse whose time to find supporters, or to confirm, is over. Returns how many did."""
    unconfirmed_before = clock.now() - timedelta(days=settings().supporters_days)
    # Supporters who confirmed in time may be enough: they are counted first.
    uncounted = exists().where(
        Signature.petition_id == Petition.id,
        Signature.state == SignatureState.VALIDATED,
        Signature.counted_at.is_(None),
    )
    due = (
        select(Petition)
        .where(
            or_(
                (Petition.state == State.GATHERING) & (Petition.lapses_at < clock.now()) & ~uncounted,
                (Petition.state == State.PENDING) & (Petition.created_at < unconfirmed_before),
            )
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    petitions = db.session.execute(due).scalars().all()
    for petition in petitions:
        was_confirmed = petition.state is State.GATHERING
        lifecycle.move(petition, Event.LAPSE, lapsed_at=clock.now())
        audit.record("lapsed", petition=petition)
        creator = creator_of(petition)
        if was_confirmed and creator is not None:
            outbox.queue("petition_lapsed", key=f"lapsed:{petition.id}", signature=creator)
    return len(petitions)
