"""Petitions that resemble one that is being written, so that its author can join one of them instead.

The search gives candidates that share any word; they are ordered here by how much of what was typed they share, the
title counting most. A petition known to be a duplicate is represented by its original.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from petitions.browsing import queries as browsing
from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.models import Petition, Rejection, Response

MOST = 5
#: How many candidates of the search are looked at.
CANDIDATES = 50
#: Characters that are read of a title and of a background.
LONGEST_TITLE = 200
LONGEST_BACKGROUND = 1_000
#: How much the words of the title count against those of the background.
TITLE_WEIGHT = 3.0
#: Endings that do not change what a word is about.
_ENDINGS = ("ing", "es", "ed", "s")
SHORTEST_STEM = 3
#: Words that every other title has.
_SMALL = frozenset(["a", "an", "and", "be", "by", "for", "in", "is", "of", "on", "that", "the", "to", "with"])


@dataclass(frozen=True)
class SimilarPetition:
    """One petition that is offered instead."""

    petition: Petition
    rejection: Rejection | None
    answer: Response | None
    """The newest published one."""


def similar_to(title: str, background: str = "", most: int = MOST) -> list[SimilarPetition]:
    """Up to `most` listed petitions that share words with what was typed, best first."""
    title, background = title[:LONGEST_TITLE], background[:LONGEST_BACKGROUND]
    found = browsing.resembling(f"{title} {background}", CANDIDATES)
    if not found:
        return []
    petitions = _represented([petition_id for petition_id, _ in found])
    wanted, reasons = _words(title), _words(background)
    # The search's own order decides between equals: sorting is stable.
    best = sorted(petitions, key=lambda pair: -_likeness(pair[0], wanted, reasons))
    chosen = list({shown.id: shown for _, shown in best}.values())[:most]
    return _with_facts(chosen)


def _represented(ids: list[int]) -> list[tuple[Petition, Petition]]:
    """Each candidate with the petition that is shown for it, in the order given."""
    original = aliased(Petition)
    query = (
        select(Petition, original)
        .outerjoin(Rejection, Rejection.petition_id == Petition.id)
        .outerjoin(
            original,
            (original.id == Rejection.original_id) & original.state.in_(states_where("is_listed")),
        )
        .where(Petition.id.in_(ids), Petition.state.in_(states_where("is_listed")))
    )
    rows = {petition.id: (petition, shown or petition) for petition, shown in db.session.execute(query)}
    return [rows[petition_id] for petition_id in ids if petition_id in rows]


def _words(text: str) -> set[str]:
    """The words of a text without case, accents and endings."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return {_stem(word) for word in re.findall(r"\w+", plain) if word not in _SMALL}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _likeness(petition: Petition, wanted: set[str], reasons: set[str]) -> float:
    """How much of what was typed a petition shares: title with title, reasons with its whole text."""
    title = _words(petition.action)
    return TITLE_WEIGHT * _overlap(wanted, title) + _overlap(
        wanted | reasons, title | _words(petition.background)
    )


def _overlap(one: set[str], other: set[str]) -> float:
    """The share of words in common, 0 to 1 (Sørensen–Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _with_facts(petitions: list[Petition]) -> list[SimilarPetition]:
    """What was decided about each."""
    ids = [petition.id for petition in petitions]
    answers = browsing.responses_of(ids)
    refused = db.session.execute(select(Rejection).where(Rejection.petition_id.in_(ids))).scalars()
    rejections = {row.petition_id: row for row in refused}
    return [
        SimilarPetition(petition, rejections.get(petition.id), answers.get(petition.id))
        for petition in petitions
    ]
