"""What other features and the public pages read: the board of duties, and everything official about a petition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager

from petitions.duty_clock import DutyStatus, Standing, status
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.lifecycle import states_where
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
from petitions.responses.figures import DepartmentFigures, Figures, by_department, measure
from petitions.responses.records import (
    DutyRow,
    Record,
    debate_of,
    duties_of,
    duty_parts,
    record_of,
    response_of,
)
from petitions.responses.timeline import TimelineEvent, timeline

__all__ = [
    "Board",
    "DepartmentFigures",
    "DutyRow",
    "DutyStatus",
    "Figures",
    "Record",
    "TimelineEvent",
    "answered_lately",
    "board",
    "board_figures",
    "debate_of",
    "department_named",
    "duties_of",
    "owed_now",
    "record_of",
    "response_of",
    "statuses_of",
    "timeline",
]

ANSWERED_SHOWN = 20
_LAST_DAY = date.max
_URGENCY = (Standing.OVERDUE, Standing.DUE_SOON, Standing.AWAITING, Standing.EXTENDED, Standing.PAUSED)


@dataclass(frozen=True)
class Board:
    """The public board: what is owed now, what was answered last, debates to consider, and the figures."""

    owed: list[DutyRow]
    answered: list[DutyRow]
    debates: list[DutyRow]
    figures: Figures
    departments: list[DepartmentFigures]


def owed_now(limit: int) -> list[DutyRow]:
    """Answers that are owed, the latest and the nearest due first; what is paused comes last."""
    rows = _response_rows(Duty.answered_at.is_(None))
    return sorted(rows, key=_by_due)[:limit]


def answered_lately(limit: int) -> list[DutyRow]:
    """The newest answers."""
    newest = (
        select(Duty.id)
        .join(Petition)
        .join(Response, Response.duty_id == Duty.id)
        .where(_is_public(), Response.published_at.is_not(None))
        .order_by(Response.published_at.desc(), Duty.id)
        .limit(limit)
    )
    return _newest_first(_response_rows(Duty.id.in_(newest)))


def board(order: str = "due", department: Department | None = None) -> Board:
    """The board, of everybody or of one department. `order`: due, reached, department or status; any other is due."""
    conditions = [Duty.department_id == department.id] if department else []
    rows = _response_rows(*conditions)
    answered = [row for row in rows if row.duty.answered_at is not None]
    return Board(
        owed=sorted((row for row in rows if row.duty.answered_at is None), key=ORDERS.get(order, _by_due)),
        answered=_newest_first(answered)[:ANSWERED_SHOWN],
        debates=[] if department else _debates_to_consider(),
        figures=measure(rows),
        departments=by_department(rows),
    )


def board_figures() -> Figures:
    """The figures of all duties to answer."""
    return measure(_response_rows())


def statuses_of(petition_ids: Sequence[int]) -> dict[int, DutyStatus]:
    """How the answer to each of several petitions stands; petitions that are owed none are left out."""
    rows = _response_rows(Duty.petition_id.in_(petition_ids)) if petition_ids else []
    return {row.duty.petition_id: row.status for row in rows}


def department_named(slug: str) -> Department:
    """The department with a slug. Raises `NotFound`."""
    found = db.session.execute(select(Department).where(Department.slug == slug)).scalar_one_or_none()
    if found is None:
        raise NotFound("no such department")
    return found


def _is_public() -> ColumnElement[bool]:
    """Only a petition that stands on the site and was not refused is owed something."""
    states = set(states_where("text_is_public")) & set(states_where("counts_signatures"))
    return Petition.state.in_(states)


def _public_duties() -> Any:
    return (
        select(Duty)
        .join(Petition)
        .join(
            PetitionThreshold,
            (PetitionThreshold.petition_id == Duty.petition_id)
            & (PetitionThreshold.key == Duty.threshold_key),
        )
        .where(_is_public())
        .options(contains_eager(Duty.petition), *duty_parts())
    )


def _response_rows(*conditions: ColumnElement[bool]) -> list[DutyRow]:
    query = _public_duties().where(PetitionThreshold.duty == RESPONSE, *conditions)
    duties = db.session.execute(query.order_by(Duty.id)).unique().scalars().all()
    outcomes = _outcomes([duty.id for duty in duties if duty.answered_at is not None])
    return [DutyRow(duty, status(duty), outcomes.get(duty.id)) for duty in duties]


def _outcomes(duty_ids: list[int]) -> dict[int, Outcome | None]:
    if not duty_ids:
        return {}
    found = select(Response.duty_id, Response.outcome).where(
        Response.duty_id.in_(duty_ids), Response.published_at.is_not(None)
    )
    return {row.duty_id: row.outcome for row in db.session.execute(found)}


def _debates_to_consider() -> list[DutyRow]:
    query = (
        _public_duties()
        .outerjoin(Debate, Debate.petition_id == Duty.petition_id)
        .where(PetitionThreshold.duty != RESPONSE, Duty.answered_at.is_(None), Debate.id.is_(None))
        .order_by(Duty.reached_at, Duty.id)
    )
    return [DutyRow(duty, status(duty)) for duty in db.session.execute(query).unique().scalars()]


def _newest_first(rows: list[DutyRow]) -> list[DutyRow]:
    return sorted(
        rows, key=lambda row: (row.duty.answered_at or row.duty.reached_at, row.duty.id), reverse=True
    )


def _by_due(row: DutyRow) -> tuple[Any, ...]:
    paused = row.status.standing is Standing.PAUSED
    return (paused, row.status.due_on or _LAST_DAY, row.duty.reached_at, row.duty.id)


def _by_reached(row: DutyRow) -> tuple[Any, ...]:
    return (row.duty.reached_at, row.duty.id)


def _by_department(row: DutyRow) -> tuple[Any, ...]:
    return (row.department is None, row.department.name if row.department else "", *_by_due(row))


def _by_status(row: DutyRow) -> tuple[Any, ...]:
    return (_URGENCY.index(row.status.standing), *_by_due(row))


ORDERS: dict[str, Callable[[DutyRow], tuple[Any, ...]]] = {
    "due": _by_due,
    "reached": _by_reached,
    "department": _by_department,
    "status": _by_status,
}
