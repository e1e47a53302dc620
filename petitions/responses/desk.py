"""The desk of officials: what is owed by due date, what is coming, what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from petitions.duties.coming import Coming, coming
from petitions.extensions import db
from petitions.models import Department, Petition, Response, Staff
from petitions.models.petition import petition_departments
from petitions.responses import queries
from petitions.responses.access import sees_all
from petitions.responses.records import DutyRow

COMING_SHOWN = 50


@dataclass(frozen=True)
class Desk:
    """What one person of the staff has before them."""

    owed: list[DutyRow]
    debates: list[DutyRow]
    coming: list[Coming]
    answered: list[DutyRow]
    drafts: set[int]
    """Duties for which something is written."""


def desk_of(by: Staff, wanted: Department | None = None) -> Desk:
    """The own department's desk of an official; of anyone else everybody's, or that of the department `wanted`."""
    if not sees_all(by):
        if by.department is None:
            return Desk([], [], [], [], set())
        wanted = by.department
    board = queries.board(department=wanted) if wanted else queries.board()
    return Desk(
        board.owed, board.debates, _coming(wanted), board.answered, _drafted([r.duty.id for r in board.owed])
    )


def departments() -> list[Department]:
    """All departments, for whoever may look at each desk."""
    return list(db.session.execute(select(Department).order_by(Department.name)).scalars())


def _coming(department: Department | None) -> list[Coming]:
    if department is None:
        return coming(limit=COMING_SHOWN)
    theirs = select(petition_departments.c.petition_id).where(
        petition_departments.c.department_id == department.id
    )
    return coming(Petition.id.in_(theirs), limit=COMING_SHOWN)


def _drafted(duty_ids: list[int]) -> set[int]:
    found = select(Response.duty_id).where(Response.duty_id.in_(duty_ids), Response.published_at.is_(None))
    return {duty_id for duty_id in db.session.execute(found).scalars() if duty_id is not None}
