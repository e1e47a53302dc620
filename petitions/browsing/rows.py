"""Petitions as the rows of a list show them: the columns that are shown, with the names of departments and topics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, CompoundSelect, bindparam, literal_column, select, union_all
from sqlalchemy.orm import selectinload

from petitions.lifecycle import State
from petitions.models import Department, Life, Petition, Topic, petition_departments, petition_topics
from petitions.questions import Question

#: For those who want whole petitions: two questions more, whatever the number of rows.
SUBJECTS = (selectinload(Petition.departments), selectinload(Petition.topics))


class Subject(NamedTuple):
    """A department or a topic, as far as a row shows it."""

    name: str


@dataclass(slots=True)
class Listed(Life):
    """A petition of a list. Names as in `Petition`."""

    id: int
    action: str
    background: str
    additional_details: str
    signature_count: int
    state: State
    opened_at: datetime | None
    closes_at: datetime | None
    lapses_at: datetime | None
    hidden_at: datetime | None
    departments: list[Subject] = field(default_factory=list)
    topics: list[Subject] = field(default_factory=list)


#: What is read of each, in the order of `Listed`.
COLUMNS = (
    Petition.id,
    Petition.action,
    Petition.background,
    Petition.additional_details,
    Petition.signature_count,
    Petition.state,
    Petition.opened_at,
    Petition.closes_at,
    Petition.lapses_at,
    Petition.hidden_at,
)
_NUMBERS: BindParameter[int] = bindparam("petition_ids", expanding=True)
NUMBERED = Question(lambda: select(*COLUMNS).where(Petition.id.in_(_NUMBERS)))


def _subjects() -> CompoundSelect[Any]:
    ties, topic_ties = petition_departments.c, petition_topics.c
    departments = (
        select(
            ties.petition_id,
            literal_column("0").label("is_topic"),
            Department.name,
            Department.name.label("place"),
        )
        .join(Department, Department.id == ties.department_id)
        .where(ties.petition_id.in_(_NUMBERS))
    )
    topics = (
        select(topic_ties.petition_id, literal_column("1"), Topic.name, Topic.code)
        .join(Topic, Topic.id == topic_ties.topic_id)
        .where(topic_ties.petition_id.in_(_NUMBERS))
    )
    both = union_all(departments, topics)
    return both.order_by(both.selected_columns.place)


SUBJECTS_OF = Question(_subjects)


def listed(rows: Iterable[Sequence[Any]]) -> list[Listed]:
    """Rows of `COLUMNS` as petitions, each with its subjects: one question more."""
    petitions = {row[0]: Listed(*row) for row in rows}
    if petitions:
        for row in SUBJECTS_OF.rows(petition_ids=list(petitions)):
            petition = petitions[row.petition_id]
            (petition.topics if row.is_topic else petition.departments).append(Subject(row.name))
    return list(petitions.values())


def by_number(numbers: list[int]) -> dict[int, Listed]:
    """The petitions with these numbers, whatever their state."""
    if not numbers:
        return {}
    return {petition.id: petition for petition in listed(NUMBERED.rows(petition_ids=numbers))}
