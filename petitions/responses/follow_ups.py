"""The overseeing body asks for a better answer: the duty begins anew, and the first answer stays published."""

from __future__ import annotations

from sqlalchemy import func, select

from petitions import audit, clock
from petitions.announcing import still_public
from petitions.counts import crossings
from petitions.database import transactional
from petitions.duties import pauses
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import RESPONSE, Crossing, Duty, Staff
from petitions.petitioners import creator_of


@transactional
def ask_for_better(duty_id: int, *, reason: str, by: Staff) -> Duty:
    """Ask the department that answered for a better answer, due by the same rule from today. `reason` is public."""
    answered = db.session.get(Duty, duty_id)
    if answered is None:
        raise NotFound("no such duty")
    # The crossing is locked, not the duty: two who ask at once are two about the same crossing.
    key = (answered.petition_id, answered.threshold_key)
    crossing = db.session.get_one(Crossing, key, with_for_update=True)
    if still_public(answered.petition_id) is None or not may_follow(answered):
        raise StateChanged("it is not answered, or a better answer was asked for already")
    due_on = crossings.due_from_today(crossing.threshold)
    duty = Duty(
        petition_id=answered.petition_id,
        threshold_key=answered.threshold_key,
        department_id=answered.department_id,
        owner_role=answered.owner_role,
        round=answered.round + 1,
        follow_up_reason=reason,
        reached_at=clock.now(),
        due_on=due_on,
        first_due_on=due_on,
    )
    db.session.add(duty)
    db.session.flush()
    audit.record(
        "follow_up_asked",
        petition=duty.petition,
        by=by,
        duty=duty.id,
        round=duty.round,
        reason=reason,
        due_on=due_on.isoformat() if due_on else None,
    )
    pauses.inherit(duty)
    _tell(duty)
    return duty


def may_follow(duty: Duty) -> bool:
    """Whether a better answer may be asked for: it is answered, the last that was owed, and its petition is public."""
    last = select(func.max(Duty.round)).where(
        Duty.petition_id == duty.petition_id, Duty.threshold_key == duty.threshold_key
    )
    return (
        duty.answered_at is not None
        and duty.crossing.threshold.duty == RESPONSE
        and duty.petition.facts.text_is_public
        and db.session.execute(last).scalar_one() == duty.round
    )


def _tell(duty: Duty) -> None:
    key = f"duty:{duty.id}:asked"
    creator = creator_of(duty.petition)
    if creator is not None:
        outbox.queue("follow_up_asked", key=f"{key}:creator", signature=creator, duty_id=duty.id)
    crossings.tell_owners(duty, key=key)
