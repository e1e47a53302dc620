"""What came after an answer: what signers think of it, and whether what was promised was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import joinedload

from petitions.extensions import db
from petitions.models import Commitment, Response, ResponseRating
from petitions.responses.satisfaction import Satisfaction


@dataclass(frozen=True)
class Afterwards:
    """All of it, for the petition's page."""

    satisfaction: Satisfaction
    commitments: Sequence[Commitment]


def afterwards(response: Response) -> Afterwards:
    """What is known about a published answer, in one query: a petition's page may not ask many."""
    asked = {"response_id": response.id, "petition_id": response.petition_id}
    rows = db.session.execute(_what_came(), asked).unique().all()
    promised = [row.Commitment for row in rows if row.Commitment is not None]
    return Afterwards(Satisfaction(rows[0].answers, rows[0].addressed, rows[0].clear), promised)


@cache
def _what_came() -> Select[*tuple[Any, ...]]:
    ratings = select(
        func.count().label("answers"),
        func.coalesce(func.sum(case((ResponseRating.addressed, 1), else_=0)), 0).label("addressed"),
        func.coalesce(func.sum(case((ResponseRating.clear, 1), else_=0)), 0).label("clear"),
    ).where(ResponseRating.response_id == bindparam("response_id"))
    counted = ratings.subquery()
    # What an earlier answer promised stays promised, also after a better one.
    every_answer = select(Response.id).where(
        Response.petition_id == bindparam("petition_id"), Response.published_at.is_not(None)
    )
    return (
        select(counted.c.answers, counted.c.addressed, counted.c.clear, Commitment)
        .select_from(counted)
        .outerjoin(Commitment, Commitment.response_id.in_(every_answer))
        .options(joinedload(Commitment.checks))
        .order_by(Commitment.id)
    )
