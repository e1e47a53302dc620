"""What every decision leaves behind: one row for ever, from which the public statistics are counted."""

from __future__ import annotations

from sqlalchemy import delete, update

from petitions import checking, clock
from petitions.extensions import db
from petitions.models import (
    DecisionKind,
    ModerationDecision,
    Petition,
    PetitionClaim,
    PetitionQuestion,
    Staff,
)

#: Decisions about what stood published: nobody had waited for them, so they have no days.
ABOUT_PUBLISHED = {DecisionKind.TAKEN_DOWN, DecisionKind.CLOSED_EARLY}


def record_decision(
    petition: Petition, kind: DecisionKind, *, by: Staff, code: str | None = None
) -> ModerationDecision:
    """Write the row of one decision, in the unit of work that makes it; `code` is the reason of a refusal.

    Nobody has the petition in hand any more, and questions that waited for an answer wait no longer.
    """
    waited = kind not in ABOUT_PUBLISHED and petition.received_at is not None
    row = ModerationDecision(
        petition_id=petition.id,
        kind=kind,
        code=code,
        received_at=petition.received_at if waited else None,
        decided_at=clock.now(),
        working_days=checking.days_taken(petition) if waited else None,
        staff_id=by.id,
    )
    db.session.add(row)
    db.session.flush()
    db.session.execute(
        delete(PetitionClaim)
        .where(PetitionClaim.petition_id == petition.id)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(PetitionQuestion)
        .where(PetitionQuestion.petition_id == petition.id, PetitionQuestion.answered_at.is_(None))
        .values(answered_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return row
