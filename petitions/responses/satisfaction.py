"""What signers think of answers: one reading for the petition's page, the board and the open data.

Each signer who was mailed an answer may say whether it addressed the petition and whether it was clear. Results are public
from `ENOUGH` answers on: below that a few voices would stand for all, and somebody might be recognised. Nor can the opinions
of fewer be worked out from what is public.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from petitions.extensions import db
from petitions.lifecycle import states_where
from petitions.models import Petition, Response, ResponseRating
from petitions.responses.too_few import keep_back

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
ALL = "all"


def satisfaction_of(response_ids: Sequence[int]) -> dict[int, Satisfaction]:
    """What signers think of each of some answers; those that nobody rated are there with none."""
    if not response_ids:
        return {}
    wanted = [ResponseRating.response_id.in_(response_ids)]
    found = {row.response_id: said for row, said in _by(ResponseRating.response_id, conditions=wanted)}
    return {response_id: found.get(response_id, NONE) for response_id in response_ids}


@dataclass(frozen=True)
class Opinions:
    """What signers think of all answers of which enough of them said it; an answer of which few spoke is in no figure.

    So a department's figure, and that of all, is the sum of figures that are public. Months are kept back where they
    would tell of too few (`too_few`).
    """

    by_place: Mapping[Place, Satisfaction]
    """By answer, department and month: what all else is summed from."""
    kept_back: frozenset[Hashable]

    def total(self, department_id: int | None = None) -> Satisfaction:
        """Of all departments, or of one."""
        of = (each for place, each in self.by_place.items() if department_id in (None, place.department_id))
        return sum(of, NONE)

    def by_department(self) -> dict[int, Satisfaction]:
        """By the id of the department that answered; departments with no such answer are left out."""
        found = {place.department_id for place in self.by_place} - {None}
        return {each: self.total(each) for each in found if each is not None}

    def by_month(self, department_id: int | None = None) -> dict[date, Satisfaction]:
        """By the month in which signers answered (its first day), the earliest first; of all departments or of one."""
        months: dict[date, Satisfaction] = {}
        for place, each in sorted(self.by_place.items(), key=lambda item: item[0].month):
            key = _month_key(department_id, place.month)
            if department_id in (None, place.department_id) and key not in self.kept_back:
                months[place.month] = months.get(place.month, NONE) + each
        return months


class Place(NamedTuple):
    """Where opinions belong: to an answer, its department, and the month (its first day) in which they were given."""

    response_id: int
    department_id: int | None
    month: date


def opinions() -> Opinions:
    """All of them, in one query."""
    places: dict[Place, Satisfaction] = {}
    answers: dict[int, int] = {}
    for row, said in _by(ResponseRating.response_id, Response.department_id, ResponseRating.rated_on):
        place = Place(row.response_id, row.department_id, row.rated_on.replace(day=1))
        places[place] = places.get(place, NONE) + said
        answers[row.response_id] = answers.get(row.response_id, 0) + said.answers
    public = {place: said for place, said in places.items() if answers[place.response_id] >= ENOUGH}
    return Opinions(public, frozenset(_kept_back(public)))


def _month_key(department_id: int | None, month: date) -> Hashable:
    return ("month", month) if department_id is None else ("month", month, department_id)


def _kept_back(places: Mapping[Place, Satisfaction]) -> set[Hashable]:
    """The months, of all and of each department, that would tell of too few."""
    numbers: Counter[Hashable] = Counter()
    parts: defaultdict[Hashable, set[Hashable]] = defaultdict(set)
    known: set[Hashable] = {ALL}
    shown: set[Hashable] = set()

    for place, said in places.items():
        answer, owner = ("answer", place.response_id), ("department", place.department_id)
        month, own_month = ("month", place.month), ("month", place.month, place.department_id)
        for key in (place, answer, owner, month, own_month, ALL):
            numbers[key] += said.answers
        for part, whole in ((place, answer), (place, own_month), (own_month, owner), (own_month, month)):
            parts[whole].add(part)
        parts[ALL].add(month)
        known |= {answer, owner}
        shown |= {month} if place.department_id is None else {month, own_month}
    sums = [(whole, sorted(each, key=repr)) for whole, each in parts.items()]
    return keep_back(numbers, sums, shown, known, enough=ENOUGH)


def _by(*groups: Any, conditions: Sequence[ColumnElement[bool]] = ()) -> Iterator[tuple[Any, Satisfaction]]:
    """Counted by some columns, of answers that stand on the site."""
    public = set(states_where("text_is_public"))
    found = db.session.execute(
        select(
            *groups,
            func.count().label("answers"),
            func.sum(case((ResponseRating.addressed, 1), else_=0)).label("addressed"),
            func.sum(case((ResponseRating.clear, 1), else_=0)).label("clear"),
        )
        .select_from(ResponseRating)
        .join(Response, Response.id == ResponseRating.response_id)
        .join(Petition, Petition.id == Response.petition_id)
        .where(Response.published_at.is_not(None), Petition.state.in_(public), *conditions)
        .group_by(*groups)
    )
    for row in found:
        yield row, Satisfaction(row.answers, int(row.addressed), int(row.clear))
