"""The answers that are owed now, read once by whatever looks after them: reminders, escalations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.models import RESPONSE, Crossing, Duty, Petition, PetitionThreshold


def owed_duties() -> list[Duty]:
    """Every duty to answer a public petition that has a date and no answer, with what its status needs."""
    public = set(states_where("text_is_public")) & set(states_where("counts_signatures"))
    query = (
        select(Duty)
        .join(Duty.petition)
        .join(
            PetitionThreshold,
            (PetitionThreshold.petition_id == Duty.petition_id)
            & (PetitionThreshold.key == Duty.threshold_key),
        )
        .where(
            PetitionThreshold.duty == RESPONSE,
            Duty.answered_at.is_(None),
            Duty.due_on.is_not(None),
            Petition.state.in_(public),
        )
        .options(
            contains_eager(Duty.petition),
            joinedload(Duty.crossing).joinedload(Crossing.threshold),
            joinedload(Duty.department),
            joinedload(Duty.pauses),
            joinedload(Duty.extensions),
            joinedload(Duty.escalations),
        )
        .order_by(Duty.id)
    )
    return list(db.session.execute(query).unique().scalars())
