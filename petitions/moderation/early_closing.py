"""Closing a petition before its deadline, for a reason that everybody can read. What is owed to it stays owed."""

from __future__ import annotations

from petitions import audit, clock, lifecycle
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.lifecycle import Event
from petitions.mail import outbox
from petitions.models import DecisionKind, Petition, Staff
from petitions.moderation.actions import locked
from petitions.moderation.records import record_decision
from petitions.petitioners import creator_of


def may_be_closed(petition: Petition) -> bool:
    """Whether moderators may close it: while it can be signed."""
    return petition.facts.takes_signatures


@transactional
def close_early(*, petition_id: int, text_version: int, reason: str, by: Staff) -> None:
    """Close an open petition now, with a public reason. Links that were mailed before still count in the time of grace.

    Its petitioner is told, and the signers who asked to be. Raises `StateChanged` when it cannot be signed any more, or
    its words were changed.
    """
    petition = locked(petition_id, text_version)
    if not may_be_closed(petition) or petition.closes_at is None:
        raise StateChanged(f"a petition that is {petition.current_state} cannot be closed")
    now, deadline = clock.now(), petition.closes_at
    lifecycle.move(
        petition,
        Event.CLOSE,
        closed_at=now,
        closes_at=now,
        closed_early_reason=reason,
        creator_name_sealed=None,
    )
    record_decision(petition, DecisionKind.CLOSED_EARLY, by=by)
    audit.record(
        "closed_early",
        petition=petition,
        by=by,
        reason=reason,
        deadline=deadline.isoformat(),
        signature_count=petition.signature_count,
    )
    db.session.flush()
    key = f"closed_early:{petition.id}"
    creator = creator_of(petition)
    if creator is not None:
        outbox.queue("petition_closed_early", key=f"{key}:creator", signature=creator)
    outbox.queue_mailing("petition_closed_early", key=key, petition=petition, audience="updates")
