"""The petitions that are worth comparing with a text: those that share its most telling words.

All that hold any of its words would be half of all petitions. So the words that tell most are looked up first, until as
many places were looked at as `LOOKED_AT` allows; what is open has places of its own among the candidates, because
hardly anything else turns out to be an original.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, union

from petitions.database import weighed
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Petition, Rejection, SearchTerm, SearchText
from petitions.resemblance.question import Question
from petitions.search_index.indexing import term_number

#: Places in petitions that are looked at, more or less: what bounds the time, however many petitions there are.
LOOKED_AT = 12_000
#: The most telling words are always looked up.
ALWAYS = 2
#: How many candidates are compared: the best of all, and the best of those that are open.
OF_ALL, OF_OPEN = 150, 100
#: A word in the title says more than one in the background: so much on top.
IN_TITLE = 0.6


@dataclass(frozen=True)
class Candidate:
    """A petition as far as it is compared."""

    id: int
    state: State
    closes_at: datetime | None
    since: datetime
    """When it was published, or else made."""
    signature_count: int
    title: str
    background: str
    details: str
    original_id: int | None

    @property
    def was_open(self) -> bool:
        """It was published; whether it still is, its deadline says."""
        return self.state in (State.OPEN, State.CLOSED)


def candidates(asked: Question, states: Collection[State]) -> list[Candidate]:
    """Petitions in one of `states` that share the most telling words of a text."""
    weights = _looked_up(asked)
    return _read(Petition.id.in_(_sharing(weights, states)), states) if weights else []


def named(petition_ids: Collection[int], states: Collection[State]) -> list[Candidate]:
    """These petitions, where they are in one of `states`."""
    return _read(Petition.id.in_(petition_ids), states) if petition_ids else []


def _looked_up(asked: Question) -> dict[int, float]:
    """The numbers of the terms that are looked up, each with its weight."""
    found: dict[int, float] = {}
    seen = 0
    for place, stem in enumerate(sorted(asked.whole, key=lambda stem: -asked.whole[stem])):
        seen += asked.holding[stem]
        if place >= ALWAYS and seen > LOOKED_AT:
            break
        found[term_number(stem)] = asked.whole[stem]
        found[term_number(stem, in_title=True)] = asked.whole[stem] * IN_TITLE
    return found


def _sharing(weights: dict[int, float], states: Collection[State]) -> Any:
    """The ids of those that share most."""
    terms = weighed(weights, db.session)
    shared = (
        select(SearchTerm.petition_id, func.sum(terms.c.weight).label("shared"))
        .join(terms, terms.c.number == SearchTerm.term)
        .group_by(SearchTerm.petition_id)
        .cte("shared")
    )
    is_open = shared.c.petition_id.in_(select(Petition.id).where(Petition.state == State.OPEN))
    of_all = select(shared).order_by(shared.c.shared.desc(), shared.c.petition_id).limit(OF_ALL)
    of_open = (
        select(shared).where(is_open).order_by(shared.c.shared.desc(), shared.c.petition_id).limit(OF_OPEN)
    )
    return union(select(of_all.subquery().c.petition_id), select(of_open.subquery().c.petition_id))


def _read(which: Any, states: Collection[State]) -> list[Candidate]:
    query = (
        select(
            Petition.id,
            Petition.state,
            Petition.closes_at,
            func.coalesce(Petition.opened_at, Petition.created_at, type_=Petition.created_at.type),
            Petition.signature_count,
            SearchText.title,
            SearchText.background,
            SearchText.details,
            Rejection.original_id,
        )
        .join(SearchText, SearchText.petition_id == Petition.id)
        .outerjoin(Rejection, Rejection.petition_id == Petition.id)
        .where(which, Petition.state.in_(states))
        .order_by(Petition.id)
    )
    return [Candidate(*row) for row in db.session.execute(query)]
