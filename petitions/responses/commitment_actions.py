"""What a department promised in an answer: marked with a date, and asked about after 6 and after 12 months. All public."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from petitions import audit, clock
from petitions.announcing import still_public
from petitions.database import insert_new, transactional
from petitions.due_dates import months_before
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.models import Commitment, CommitmentCheck, Duty, Kept, Petition, Response, Staff
from petitions.responses.access import locked_duty, officials_of
from petitions.responses.drafts import response_to
from petitions.staffing.noting import COMMITMENT, note

#: Months after a commitment was marked at which its department is asked whether it was kept.
ASKED_AFTER = (6, 12)
#: As many commitments as one answer may hold.
MOST = 20


@transactional
def add(duty_id: int, *, promise: str, due_on: date | None, by: Staff) -> Commitment:
    """Mark what was promised in a published answer, and by when."""
    duty = locked_duty(duty_id, by)
    response = response_to(duty)
    if response.published_at is None:
        raise StateChanged("nothing is promised before the answer is published")
    if still_public(response.petition_id) is None or len(commitments_of(response.id)) >= MOST:
        raise StateChanged("no more commitments for this answer")
    row = Commitment(response_id=response.id, promise=promise, due_on=due_on, staff_id=by.id)
    db.session.add(row)
    audit.record(
        "commitment_added",
        petition=duty.petition,
        by=by,
        duty=duty.id,
        text=promise,
        due_on=due_on.isoformat() if due_on else None,
    )
    return row


@transactional
def answer(commitment_id: int, *, months: int, kept: Kept, note: str, by: Staff) -> None:
    """Say whether what was promised was kept. It is said once for each time that was asked."""
    commitment = db.session.get(Commitment, commitment_id)
    if commitment is None or commitment.response.duty_id is None:
        raise NotFound("no such commitment")
    duty = locked_duty(commitment.response.duty_id, by)
    check = db.session.get(CommitmentCheck, (commitment_id, months), populate_existing=True)
    if check is None:
        raise NotFound("nobody has asked yet")
    if check.answered_at is not None:
        raise StateChanged("somebody else has said it")
    check.kept, check.note, check.answered_at, check.staff_id = kept, note, clock.now(), by.id
    audit.record(
        "commitment_answered",
        petition=duty.petition,
        by=by,
        duty=duty.id,
        months=months,
        kept=kept.value,
        reason=note,
    )


def commitments_of(response_id: int) -> list[Commitment]:
    """What was promised in an answer, in the order in which it was marked."""
    wanted = select(Commitment).where(Commitment.response_id == response_id).order_by(Commitment.id)
    return list(db.session.execute(wanted).scalars())


def ask_due() -> None:
    """Ask every department about what it promised long enough ago. Each commitment is asked about once after each time,
    by whichever worker is first; not again when it was said to be kept."""
    for months in ASKED_AFTER:
        asked = select(CommitmentCheck.commitment_id).where(CommitmentCheck.months == months)
        kept = select(CommitmentCheck.commitment_id).where(CommitmentCheck.kept == Kept.KEPT)
        due = (
            select(Commitment.id)
            .join(Response)
            .join(Petition, Petition.id == Response.petition_id)
            .where(
                Commitment.created_at <= months_before(clock.now(), months),
                Commitment.id.not_in(asked),
                Commitment.id.not_in(kept),
                Petition.state.in_(set(states_where("text_is_public"))),
            )
            .order_by(Commitment.id)
        )
        for commitment_id in db.session.execute(due).scalars().all():
            _ask(commitment_id, months)


@transactional
def _ask(commitment_id: int, months: int) -> None:
    new = insert_new(
        CommitmentCheck, db.session, commitment_id=commitment_id, months=months, asked_at=clock.now()
    )
    commitment = db.session.get_one(Commitment, commitment_id)
    if not new or commitment.response.duty_id is None:
        return
    duty = db.session.get_one(Duty, commitment.response.duty_id)
    audit.record("commitment_asked", petition=duty.petition, duty=duty.id, months=months)
    note(
        officials_of(duty),
        COMMITMENT,
        key=f"commitment:{commitment_id}:{months}",
        petition_id=duty.petition_id,
        duty_id=duty.id,
        commitment_id=commitment_id,
        months=months,
    )
