"""The decisions about a petition: publish, refuse or take down, put back. Each with all that follows, in one transaction."""

from __future__ import annotations

from typing import Any

from petitions import audit, clock, due_dates, lifecycle, refusals, webhook_outbox
from petitions.counts import crossings
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db, settings
from petitions.lifecycle import Event
from petitions.mail import outbox
from petitions.models import AuditEntry, DecisionKind, Petition, Rejection, RejectionReason, Staff
from petitions.moderation.actions import locked
from petitions.moderation.records import record_decision
from petitions.petitioners import creator_of


class Overruled(StateChanged):
    """An appeal against this person's refusal was upheld: somebody else decides whether to refuse it once more."""


def may_be_refused(petition: Petition) -> bool:
    """Whether moderators may refuse it or take it down: while they check it, and while it can be signed."""
    return petition.facts.is_in_moderation or petition.facts.takes_signatures


@transactional
def publish(*, petition_id: int, text_version: int, by: Staff) -> None:
    """Put a petition before everybody: signing opens, its thresholds stand still from now on, supporters are told.

    One that was published before and taken down keeps its first day, deadline and thresholds. Raises `StateChanged`
    when somebody decided first or changed the words.
    """
    petition = locked(petition_id, text_version)
    opened_at = petition.opened_at or clock.now()
    closes_at = petition.closes_at or due_dates.closing_time(opened_at, settings().petition_months)
    lifecycle.move(petition, Event.PUBLISH, opened_at=opened_at, closes_at=closes_at, hidden_at=None)
    crossings.freeze(petition)
    record_decision(petition, DecisionKind.PUBLISHED, by=by)
    thresholds = crossings.frozen_in_words(petition)
    line = audit.record(
        "published", petition=petition, by=by, version=petition.text_version, thresholds=thresholds
    )
    crossings.fire(petition, before=0, after=petition.signature_count)
    webhook_outbox.published(petition)
    _tell("petition_published", petition, line)


@transactional
def refuse(
    *,
    petition_id: int,
    text_version: int,
    state: str,
    code: str,
    explanation: str,
    original_id: int | None,
    by: Staff,
) -> None:
    """Refuse a petition, or take a published one down, for the reason `code`; some reasons hide its words for good.

    `state` is the one that the decision was made on: who wanted to refuse does not take down what was published meanwhile.
    Raises `StateChanged` when somebody decided first or changed the words, `Overruled`.
    """
    petition = locked(petition_id, text_version)
    if refusals.was_overruled(petition, by):
        raise Overruled("somebody else decides")
    if not may_be_refused(petition) or petition.current_state != state:
        raise StateChanged(f"a petition that is {petition.current_state} cannot be refused")
    reason = db.session.get_one(RejectionReason, code)
    taken_down = petition.facts.takes_signatures
    if reason.hides:
        lifecycle.move(petition, Event.HIDE, hidden_at=clock.now())
    else:
        lifecycle.move(petition, Event.REJECT, rejected_at=clock.now(), hidden_at=None)
    db.session.add(
        Rejection(
            petition_id=petition.id, code=code, details=explanation, original_id=original_id, staff_id=by.id
        )
    )
    refused = DecisionKind.HIDDEN if reason.hides else DecisionKind.REJECTED
    record_decision(petition, DecisionKind.TAKEN_DOWN if taken_down else refused, by=by, code=code)
    line = audit.record(
        "hidden" if reason.hides else "rejected",
        petition=petition,
        by=by,
        code=code,
        explanation=explanation,
        original_id=original_id,
        taken_down=taken_down,
    )
    _tell("petition_hidden" if reason.hides else "petition_rejected", petition, line, taken_down=taken_down)


@transactional
def restore(*, petition_id: int, by: Staff) -> None:
    """Put a refused or hidden petition back into the queue, where the promise to check it runs anew.

    The history keeps why it had been refused.
    """
    petition = locked(petition_id)
    code = refusals.put_back(petition, Event.RESTORE)
    audit.record("restored", petition=petition, by=by, code=code)
    refusals.grant_appeal(petition)


def _tell(kind: str, petition: Petition, line: AuditEntry, **details: Any) -> None:
    """Tell the petitioner and all supporters, once for this decision: its line in the history has no equal."""
    creator = creator_of(petition)
    key = f"{kind}:{petition.id}:{line.id}"
    if creator is not None:
        outbox.queue(kind, key=f"{key}:creator", signature=creator, **details)
    outbox.queue_mailing(kind, key=key, petition=petition, audience="supporters", **details)
