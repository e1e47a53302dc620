"""What happened to a petition in the chamber."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import joinedload

from petitions.extensions import db
from petitions.models import Debate, OtherBusiness
from petitions.questions import Question


@cache
def _debate() -> Select[Debate]:
    wanted = select(Debate).where(Debate.petition_id == bindparam("petition_id"))
    return wanted.options(joinedload(Debate.picture))


BUSINESS = Question(
    lambda: (
        select(*OtherBusiness.__table__.columns)
        .where(OtherBusiness.petition_id == bindparam("petition_id", type_=Integer))
        .order_by(OtherBusiness.occurred_on, OtherBusiness.id)
    )
)


def debate_of(petition_id: int) -> Debate | None:
    """The debate on a petition, considered, scheduled, held or refused, with what is known of its picture."""
    return db.session.execute(_debate(), {"petition_id": petition_id}).scalar_one_or_none()


def business_of(petition_id: int) -> Sequence[OtherBusiness]:
    """What else happened in the chamber, the earliest first: the columns of each."""
    return BUSINESS.run(petition_id=petition_id)
