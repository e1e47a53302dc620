"""What other features and the public pages read: the board of duties, and everything official about a petition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager

from petitions.duties.duty_clock import DutyStatus, status
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import (
    RESPONSE,
    Debate,
    Department,
    Duty,
    Outcome,
    Petition,
    PetitionThreshold,
    Response,
)
from petitions.responses.afterwards import Afterwards, afterwards
from petitions.responses.duty_facts import (
    DutyFact,
    by_urgency,
    duty_facts,
    is_public,
    last_touched,
    with_petition,
)
from petitions.responses.fields import figures_fields, overview_fields, satisfaction_fields
from petitions.responses.figures import DepartmentFigures, Figures, by_department, measure
from petitions.responses.overview import Overview, overview
from petitions.responses.records import (
    DutyRow,
    Record,
    duties_of,
    duty_parts,
    record_of,
    response_of,
    responses_to,
)
from petitions.responses.satisfaction import Satisfaction, satisfaction_of
from petitions.responses.statuses import statuses_of
from petitions.responses.timeline import TimelineEvent, timeline
from petitions.responses.trend import Month, by_month

__all__ = [
    "Afterwards",
    "Board",
    "DepartmentFigures",
    "DutyFact",
    "DutyRow",
    "DutyStatus",
    "Figures",
    "Month",
    "Overview",
    "Record",
    "Satisfaction",
    "TimelineEvent",
    "afterwards",
    "answered_lately",
    "board",
    "by_department",
    "by_month",
    "by_urgency",
    "debates_to_consider",
    "department_named",
    "departments_by_id",
    "duties_of",
    "duty_facts",
    "duty_rows",
    "figures_fields",
    "last_touched",
    "measure",
    "overview",
    "overview_fields",
    "owed_first",
    "owed_now",
    "record_of",
    "response_of",
    "responses_to",
    "satisfaction_fields",
    "satisfaction_of",
    "statuses_of",
    "timeline",
]

ANSWERED_SHOWN = 20


@dataclass(frozen=True)
class Board:
    """What a desk shows: what is owed now, what was answered last, debates to consider."""

    owed: list[DutyRow]
    answered: list[DutyRow]
    debates: list[DutyRow]


def owed_first(facts: Iterable[DutyFact], limit: int | None = None, *, notes: bool = False) -> list[DutyRow]:
    """Of these duties those that are owed: the latest and the nearest due first; what is paused comes last."""
    owed = sorted((fact for fact in facts if not fact.is_answered), key=by_urgency)
    return duty_rows([fact.id for fact in owed[:limit]], notes=notes)


def owed_now(limit: int) -> list[DutyRow]:
    """Answers that are owed, the latest and the nearest due first; what is paused comes last."""
    return owed_first(duty_facts(Duty.answered_at.is_(None)), limit)


def answered_lately(limit: int) -> list[DutyRow]:
    """The newest answers."""
    newest = (
        select(Duty.id)
        .join(Petition)
        .join(Response, Response.duty_id == Duty.id)
        .where(is_public(), Response.published_at.is_not(None))
        .order_by(Response.published_at.desc(), Duty.id)
        .limit(limit)
    )
    rows = duty_rows(db.session.execute(newest).scalars().all())
    return sorted(rows, key=lambda row: (row.duty.answered_at or row.duty.reached_at, row.duty.id))[::-1]


def board(department: Department | None = None) -> Board:
    """The duties of everybody, or of one department, for a desk."""
    facts = duty_facts(*([Duty.department_id == department.id] if department else []))
    answered = sorted((fact for fact in facts if fact.is_answered), key=by_urgency)[:ANSWERED_SHOWN]
    return Board(
        owed=owed_first(facts, notes=True),
        answered=duty_rows([fact.id for fact in answered]),
        debates=[] if department else debates_to_consider(),
    )


def duty_rows(duty_ids: Sequence[int], *, notes: bool = True) -> list[DutyRow]:
    """These duties with their petitions, words and outcomes, in this order; `notes`: what else is public is read too."""
    if not duty_ids:
        return []
    rows = {row.duty.id: row for row in _response_rows(Duty.id.in_(duty_ids), notes=notes)}
    return [rows[number] for number in duty_ids if number in rows]


def departments_by_id() -> Mapping[int, Department]:
    """Every department."""
    return {row.id: row for row in db.session.execute(select(Department)).scalars()}


def department_named(slug: str) -> Department:
    """The department with a slug. Raises `NotFound`."""
    found = db.session.execute(select(Department).where(Department.slug == slug)).scalar_one_or_none()
    if found is None:
        raise NotFound("no such department")
    return found


def _response_rows(*conditions: ColumnElement[bool], notes: bool) -> list[DutyRow]:
    query = with_petition(select(Duty)).where(PetitionThreshold.duty == RESPONSE, *conditions)
    parts = (contains_eager(Duty.petition), *duty_parts(of_many=notes, notes=notes))
    duties = db.session.execute(query.options(*parts).order_by(Duty.id)).unique().scalars().all()
    answers = _answers([duty.id for duty in duties if duty.answered_at is not None])
    return [DutyRow(duty, status(duty), *answers.get(duty.id, (None, None))) for duty in duties]


def _answers(duty_ids: list[int]) -> dict[int, tuple[Outcome | None, int]]:
    """What the published answer to each duty comes to, and its id."""
    if not duty_ids:
        return {}
    found = select(Response.duty_id, Response.outcome, Response.id).where(
        Response.duty_id.in_(duty_ids), Response.published_at.is_not(None)
    )
    return {row.duty_id: (row.outcome, row.id) for row in db.session.execute(found)}


def debates_to_consider() -> list[DutyRow]:
    """Petitions that wait to be considered for a debate, the longest waiting first."""
    query = (
        with_petition(select(Duty))
        .outerjoin(Debate, Debate.petition_id == Duty.petition_id)
        .where(PetitionThreshold.duty != RESPONSE, Duty.answered_at.is_(None), Debate.id.is_(None))
        .options(contains_eager(Duty.petition), *duty_parts(notes=False))
        .order_by(Duty.reached_at, Duty.id)
    )
    return [DutyRow(duty, status(duty)) for duty in db.session.execute(query).unique().scalars()]
