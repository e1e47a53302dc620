"""Closing petitions whose time is over. The clock has closed them already; this writes it down and tells the petitioner."""

from __future__ import annotations

from sqlalchemy import select

from petitions import audit, clock, lifecycle
from petitions.database import transactional
from petitions.extensions import db
from petitions.lifecycle import Event, State
from petitions.mail import outbox
from petitions.models import Petition
from petitions.petitioners import creator_of

BATCH = 100


@transactional
def close_due() -> int:
    """Close every open petition past its deadline, with the deadline as its closing time. Returns how many were closed.

    The petitioner's name leaves the public page with it.
    """
    due = (
        select(Petition)
        .where(Petition.state == State.OPEN, Petition.closes_at < clock.now())
        .order_by(Petition.closes_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    petitions = db.session.execute(due).scalars().all()
    for petition in petitions:
        lifecycle.move(petition, Event.CLOSE, closed_at=petition.closes_at, creator_name_sealed=None)
        audit.record("closed", petition=petition, signature_count=petition.signature_count)
        creator = creator_of(petition)
        if creator is not None:
            outbox.queue("petition_closed", key=f"closed:{petition.id}", signature=creator)
    return len(petitions)
