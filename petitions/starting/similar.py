"""Petitions that resemble one that is being written or checked, with what was decided about each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from petitions import resemblance
from petitions.browsing import queries as browsing
from petitions.extensions import db
from petitions.models import Petition, Rejection, Response

MOST = 5


@dataclass(frozen=True)
class SimilarPetition:
    """One petition that is offered instead."""

    petition: Petition
    rejection: Rejection | None
    answer: Response | None
    """The newest published one."""


def similar_to(
    title: str, background: str = "", most: int = MOST, *, without: Collection[int] = ()
) -> list[SimilarPetition]:
    """Up to `most` listed petitions that ask for the same as what was typed, best first; a known duplicate as its original."""
    found = resemblance.likest(title, background, most=most, without=without)
    ids = [each.petition_id for each in found]
    if not ids:
        return []
    petitions = {
        row.id: row for row in db.session.execute(select(Petition).where(Petition.id.in_(ids))).scalars()
    }
    answers = browsing.responses_of(ids)
    refused = db.session.execute(select(Rejection).where(Rejection.petition_id.in_(ids))).scalars()
    rejections = {row.petition_id: row for row in refused}
    return [SimilarPetition(petitions[number], rejections.get(number), answers.get(number)) for number in ids]
