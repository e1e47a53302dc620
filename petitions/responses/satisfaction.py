"""What signers think of answers: one reading for the petition's page, the board and the open data.

Each signer who was mailed an answer may say whether it addressed the petition and whether it was clear. Results are public
from `ENOUGH` answers on: below that a few voices would stand for all, and somebody might be recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.models import Petition, Response, ResponseRating

#: Answers from which on results are public.
ENOUGH = 30


@dataclass(frozen=True)
class Satisfaction:
    """How many answered the two questions, and how. Shares are `None` while there are too few."""

    answers: int = 0
    addressed: int = 0
    """Said that it addressed the petition."""
    clear: int = 0
    """Said that it was clear."""

    @property
    def is_public(self) -> bool:
        """Whether there are enough answers to show what they say."""
        return self.answers >= ENOUGH

    @property
    def addressed_share(self) -> float | None:
        """Who said that it addressed the petition, between 0 and 1."""
        return self.addressed / self.answers if self.is_public else None

    @property
    def clear_share(self) -> float | None:
        """Who said that it was clear, between 0 and 1."""
        return self.clear / self.answers if self.is_public else None

    def __add__(self, other: Satisfaction) -> Satisfaction:
        return Satisfaction(
            self.answers + other.answers, self.addressed + other.addressed, self.clear + other.clear
        )


NONE = Satisfaction()


def satisfaction_of(response_ids: Sequence[int]) -> dict[int, Satisfaction]:
    """What signers think of each of some answers; those that nobody rated are there with none."""
    if not response_ids:
        return {}
    found = _by(ResponseRating.response_id, ResponseRating.response_id.in_(response_ids))
    return {response_id: found.get(response_id, NONE) for response_id in response_ids}


def by_department() -> dict[int, Satisfaction]:
    """By the id of the department that answered; departments whose answers nobody rated are left out."""
    return _by(Response.department_id, Response.department_id.is_not(None))


def by_month(department_id: int | None = None) -> dict[date, Satisfaction]:
    """By the month in which signers answered (its first day), the earliest first; of all departments or of one."""
    conditions = [] if department_id is None else [Response.department_id == department_id]
    months: dict[date, Satisfaction] = {}
    for day, satisfaction in sorted(_by(ResponseRating.rated_on, *conditions).items()):
        month = day.replace(day=1)
        months[month] = months.get(month, NONE) + satisfaction
    return months


def altogether(several: Iterable[Satisfaction]) -> Satisfaction:
    """Several taken together."""
    return sum(several, NONE)


def _by(group: Any, *conditions: ColumnElement[bool]) -> dict[Any, Satisfaction]:
    """Counted by one column, of answers that stand on the site."""
    public = set(states_where("text_is_public"))
    found = db.session.execute(
        select(
            group.label("key"),
            func.count().label("answers"),
            func.sum(case((ResponseRating.addressed, 1), else_=0)).label("addressed"),
            func.sum(case((ResponseRating.clear, 1), else_=0)).label("clear"),
        )
        .select_from(ResponseRating)
        .join(Response, Response.id == ResponseRating.response_id)
        .join(Petition, Petition.id == Response.petition_id)
        .where(Response.published_at.is_not(None), Petition.state.in_(public), *conditions)
        .group_by(group)
    )
    return {row.key: Satisfaction(row.answers, int(row.addressed), int(row.clear)) for row in found}
