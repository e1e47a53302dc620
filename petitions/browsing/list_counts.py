"""How many petitions each list holds: exact, and told beside every page of a list."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, and_, func, select

from petitions.browsing.as_it_stood import NOW
from petitions.browsing.asking import Asked
from petitions.browsing.lists import LISTS
from petitions.browsing.narrowing import narrowed
from petitions.extensions import db
from petitions.lifecycle import State, states_where
from petitions.models import Petition
from petitions.questions import Question

#: Lists that hold what has a state, by the clock; each of the others holds what a few crossings, answers or debates name.
BY_STATE = ("all", "open", "recent", "closed", "rejected")


def count_lists(asked: Asked) -> dict[str, int]:
    """How many petitions each list holds, narrowed as asked."""
    if asked.is_narrowed:
        return dict(db.session.execute(narrowed(_in_one_pass(), asked)).mappings().one())
    part = PARTS.row()._asdict()
    listed = {state: part[state] for state in states_where("is_listed")}
    still_open, closed = listed[State.OPEN] - part["over"], listed[State.CLOSED] + part["over"]
    by_state = (sum(listed.values()), still_open, still_open, closed, listed[State.REJECTED])
    part |= zip(BY_STATE, by_state, strict=True)
    return {key: part[key] for key in LISTS}


@cache
def _in_one_pass() -> Select[*tuple[Any, ...]]:
    """What narrows the lists is looked for once for all of them."""
    counts = [func.count().filter(each.holds()).label(key) for key, each in LISTS.items()]
    return select(*counts).select_from(Petition).where(LISTS["all"].holds())


def _in_parts() -> Select[*tuple[Any, ...]]:
    """What has one state lies side by side in an index: counted there, and not held against every list."""
    parts: dict[str, Any] = {state: Petition.state == state for state in states_where("is_listed")}
    parts["over"] = and_(Petition.state == State.OPEN, Petition.closes_at < NOW)
    parts |= {key: each.holds() for key, each in LISTS.items() if key not in BY_STATE}
    counted = select(func.count()).select_from(Petition)
    return select(*(counted.where(holds).scalar_subquery().label(key) for key, holds in parts.items()))


PARTS = Question(_in_parts)
