"""Appeal against a refusal, and decide the appeal. Each once, whoever presses at the same moment."""

from __future__ import annotations

from sqlalchemy import select

from petitions import audit, clock, refusals
from petitions.counts.counting import lock_petition
from petitions.database import insert_new, transactional
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.lifecycle import Event
from petitions.mail import outbox
from petitions.models import Appeal, DecisionKind, ModerationDecision, Petition, Rejection, Staff
from petitions.petitioners import creator_of

REFUSALS = (DecisionKind.REJECTED, DecisionKind.HIDDEN, DecisionKind.TAKEN_DOWN)


class NotAppealable(StateChanged):
    """There is no refusal to appeal against, it was appealed already, or the time is over."""


class DecidedAlready(StateChanged):
    """Somebody else decided the appeal first, or put the petition back."""


class RefusedByYou(StateChanged):
    """Who refused a petition does not decide the appeal against it."""


@transactional
def appeal(*, petition_id: int, reason: str) -> None:
    """The petitioner asks for a second look. Raises `NotAppealable`."""
    petition = lock_petition(petition_id)
    rejection = db.session.get(Rejection, petition.id)
    if rejection is None or not refusals.may_be_appealed(petition, rejection):
        raise NotAppealable("no appeal is possible")
    values = {
        "petition_id": petition.id,
        "decision_id": _decision_of(petition),
        "reason": reason,
        "made_at": clock.now(),
        "refused_by_id": rejection.staff_id,
    }
    if not insert_new(Appeal, db.session, **values, explanation=""):
        raise NotAppealable("there is one already")
    audit.record("appealed", petition=petition, actor=audit.PETITIONER, code=rejection.code)
    creator = creator_of(petition)
    if creator is not None:
        outbox.queue("appeal_received", key=f"appeal:{petition.id}", signature=creator)


def _decision_of(petition: Petition) -> int | None:
    query = select(ModerationDecision.id).where(
        ModerationDecision.petition_id == petition.id, ModerationDecision.kind.in_(REFUSALS)
    )
    return db.session.execute(query.order_by(ModerationDecision.id.desc()).limit(1)).scalar_one_or_none()


@transactional
def decide(
    *, petition_id: int, upheld: bool, explanation: str, hides_reason: bool = False, by: Staff
) -> None:
    """Decide an appeal, with an explanation that is public where the petition is. Upheld, the petition is checked anew.

    `hides_reason` keeps the petitioner's own words from every public page. Raises `RefusedByYou`, `DecidedAlready`.
    """
    petition = lock_petition(petition_id)
    found = db.session.get(Appeal, petition.id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("there is no appeal")
    if found.decided_at is not None or not refusals.can_be_upheld(petition):
        raise DecidedAlready("the appeal was decided")
    if found.refused_by_id == by.id:
        raise RefusedByYou("somebody else decides")
    found.decided_at, found.upheld, found.explanation = clock.now(), upheld, explanation
    found.hides_reason, found.decided_by_id = hides_reason, by.id
    db.session.flush()
    if upheld:
        refusals.put_back(petition, Event.UPHOLD)
    action = "appeal_upheld" if upheld else "appeal_dismissed"
    audit.record(action, petition=petition, by=by, explanation=explanation)
    refusals.tell_decision(petition)
