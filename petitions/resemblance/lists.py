"""The short list of similar petitions on a petition's page: made by a worker, so that showing it costs one look-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, Select, bindparam, delete, func, or_, select

from petitions import clock
from petitions.database import insert, transactional
from petitions.extensions import db
from petitions.lifecycle import State, states_where
from petitions.models import Life, Petition, SimilarPetition
from petitions.questions import Question
from petitions.resemblance.finding import likest

SHOWN = 3
#: On a page that somebody came to read, only what is clearly alike. Of real originals nineteen in twenty share more.
LEAST_ALIKE = 0.2
#: Lists that are made in one go.
AT_ONCE = 20
#: How old a list becomes: of what is open, and of the rest.
OPEN_FOR, ELSE_FOR = timedelta(days=7), timedelta(days=60)


@dataclass(frozen=True)
class Similar:
    """A petition of the list."""

    id: int
    action: str
    signature_count: int
    is_signable: bool
    was_published: bool


def _shown() -> Select[*tuple[Any, ...]]:
    listed = or_(*(Petition.state == state for state in states_where("is_listed")))
    return (
        select(
            Petition.id,
            Petition.action,
            Petition.signature_count,
            Petition.state,
            Petition.closes_at,
            Petition.lapses_at,
            Petition.hidden_at,
            Petition.opened_at,
        )
        .join(SimilarPetition, SimilarPetition.other_id == Petition.id)
        .where(SimilarPetition.petition_id == bindparam("petition_id", type_=Integer), listed)
        .order_by(SimilarPetition.position)
    )


SHOWN_OF = Question(_shown, Life)


def shown(petition_id: int) -> list[Similar]:
    """The list of a petition, best first; those whose words are not public (any more) are left out."""
    return [
        Similar(row.id, row.action, row.signature_count, row.is_signable, row.was_published)
        for row in SHOWN_OF.rows(petition_id=petition_id)
    ]


def make_due() -> int:
    """Make lists that are not there yet, or are old. Returns how many; where it is `AT_ONCE`, there may be more."""
    now = clock.now()
    made_at = (
        select(func.max(SimilarPetition.made_at))
        .where(SimilarPetition.petition_id == Petition.id, SimilarPetition.position == 0)
        .scalar_subquery()
    )
    too_old = or_(
        made_at.is_(None),
        made_at < now - ELSE_FOR,
        (Petition.state == State.OPEN) & (made_at < now - OPEN_FOR),
    )
    due = db.session.execute(
        select(Petition.id, Petition.action, Petition.background)
        .where(Petition.state.in_(states_where("is_listed")), too_old)
        .order_by((Petition.state == State.OPEN).desc(), Petition.id.desc())
        .limit(AT_ONCE)
    ).all()
    # Compared before anything is written: nobody waits for it.
    found = {
        row.id: likest(row.action, row.background, most=SHOWN, least=LEAST_ALIKE, without=[row.id])
        for row in due
    }
    _store({number: [each.petition_id for each in likenesses] for number, likenesses in found.items()})
    return len(due)


@transactional
def _store(lists: dict[int, Sequence[int]]) -> None:
    if not lists:
        return
    now = clock.now()
    db.session.execute(delete(SimilarPetition).where(SimilarPetition.petition_id.in_(lists)))
    rows = [
        {"petition_id": number, "position": position, "other_id": other, "made_at": now}
        for number, others in lists.items()
        for position, other in enumerate([None, *others])
    ]
    db.session.execute(insert(SimilarPetition.__table__, db.session), rows)
