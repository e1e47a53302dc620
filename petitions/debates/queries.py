"""What happened to a petition in the chamber."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petitions.extensions import db
from petitions.models import Debate, OtherBusiness


def debate_of(petition_id: int) -> Debate | None:
    """The debate on a petition, considered, scheduled, held or refused, with what is known of its picture."""
    wanted = select(Debate).where(Debate.petition_id == petition_id).options(joinedload(Debate.picture))
    return db.session.execute(wanted).scalar_one_or_none()


def business_of(petition_id: int) -> Sequence[OtherBusiness]:
    """What else happened in the chamber, the earliest first."""
    found = db.session.execute(
        select(OtherBusiness)
        .where(OtherBusiness.petition_id == petition_id)
        .order_by(OtherBusiness.occurred_on, OtherBusiness.id)
    )
    return found.scalars().all()
