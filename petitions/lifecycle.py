"""The life of a petition: its states, what each means, the moves allowed between them, and the one function that moves.

Everything else about a petition (thresholds, responses, debates) is a fact with a time on it, not a state.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from petitions import clock
from petitions.database import rows_changed
from petitions.errors import StateChanged
from petitions.extensions import db

if TYPE_CHECKING:
    from petitions.models.petition import Petition


class State(StrEnum):
    """Where a petition is in its life."""

    PENDING = "pending"
    GATHERING = "gathering"
    REVIEW = "review"
    OPEN = "open"
    CLOSED = "closed"
    REJECTED = "rejected"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Event(StrEnum):
    """What happens to a petition."""

    CONFIRM = "confirm"
    FIND_SUPPORTERS = "find_supporters"
    PUBLISH = "publish"
    REJECT = "reject"
    HIDE = "hide"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    RESTORE = "restore"
    UPHOLD = "uphold"
    """An appeal against the refusal was right."""


@dataclass(frozen=True)
class Facts:
    """What is true of every petition in one state, so that no page and no query lists states."""

    text_is_public: bool = False
    """Its words may stand on pages, in lists, feeds and search."""
    is_listed: bool = False
    """It appears in the public lists."""
    takes_signatures: bool = False
    """Anyone may sign (until its deadline)."""
    takes_supporters: bool = False
    """The private link works."""
    counts_signatures: bool = False
    """Confirmed signatures are counted."""
    is_in_moderation: bool = False
    """Moderators have it in their queue."""
    is_editable_by_petitioner: bool = False
    """The petitioner may still change the words."""
    is_final: bool = False
    """Nothing but a restoration moves it on."""


FACTS: dict[State, Facts] = {
    State.PENDING: Facts(is_editable_by_petitioner=True),
    State.GATHERING: Facts(takes_supporters=True, counts_signatures=True, is_editable_by_petitioner=True),
    State.REVIEW: Facts(takes_supporters=True, counts_signatures=True, is_in_moderation=True),
    State.OPEN: Facts(text_is_public=True, is_listed=True, takes_signatures=True, counts_signatures=True),
    State.CLOSED: Facts(text_is_public=True, is_listed=True, counts_signatures=True, is_final=True),
    State.REJECTED: Facts(text_is_public=True, is_listed=True, is_final=True),
    State.HIDDEN: Facts(is_final=True),
    State.WITHDRAWN: Facts(is_final=True),
    State.LAPSED: Facts(is_final=True),
}

MOVES: dict[tuple[State, Event], State] = {
    (State.PENDING, Event.CONFIRM): State.GATHERING,
    (State.GATHERING, Event.FIND_SUPPORTERS): State.REVIEW,
    (State.REVIEW, Event.PUBLISH): State.OPEN,
    (State.REVIEW, Event.REJECT): State.REJECTED,
    (State.REVIEW, Event.HIDE): State.HIDDEN,
    (State.OPEN, Event.CLOSE): State.CLOSED,
    (State.OPEN, Event.REJECT): State.REJECTED,
    (State.OPEN, Event.HIDE): State.HIDDEN,
    (State.REJECTED, Event.RESTORE): State.REVIEW,
    (State.HIDDEN, Event.RESTORE): State.REVIEW,
    (State.REJECTED, Event.UPHOLD): State.REVIEW,
    (State.HIDDEN, Event.UPHOLD): State.REVIEW,
    (State.PENDING, Event.WITHDRAW): State.WITHDRAWN,
    (State.GATHERING, Event.WITHDRAW): State.WITHDRAWN,
    (State.REVIEW, Event.WITHDRAW): State.WITHDRAWN,
    (State.OPEN, Event.WITHDRAW): State.WITHDRAWN,
    (State.PENDING, Event.LAPSE): State.LAPSED,
    (State.GATHERING, Event.LAPSE): State.LAPSED,
}


def states_where(fact: str) -> list[State]:
    """The states in which a fact of `Facts` is true, for queries."""
    return [state for state, facts in FACTS.items() if getattr(facts, fact)]


def move(petition: Petition, event: Event, **facts: Any) -> None:
    """Move a petition on, and set the columns in `facts` in the same statement.

    The row is changed only where it still has the state it was read with. Raises `StateChanged` when the move is not
    allowed from there, or when somebody else was first.
    """
    before = petition.state
    after = MOVES.get((before, event))
    if after is None:
        raise StateChanged(f"a petition that is {before} cannot {event}")
    model = type(petition)
    moved = db.session.execute(
        update(model)
        .where(model.id == petition.id, model.state == before)
        .values(state=after, updated_at=clock.now(), **facts)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(moved) != 1:
        raise StateChanged("somebody else was first")
    db.session.refresh(petition)
