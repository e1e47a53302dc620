"""The desk of officials: what is owed by due date, what is coming, what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from petitions import clock
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import RESPONSE, Crossing, Petition, PetitionThreshold, Response, Staff
from petitions.models.petition import petition_departments
from petitions.responses import queries
from petitions.responses.access import sees_all
from petitions.responses.records import DutyRow

#: Shares of the next threshold, in percent, at which officials are to look up.
STEPS = (90, 75, 50)
COMING_SHOWN = 50


@dataclass(frozen=True)
class Coming:
    """A petition on its way to the next threshold."""

    petition: Petition
    threshold: PetitionThreshold

    @property
    def percent(self) -> int:
        """How much of the threshold it has, in whole percent."""
        return self.petition.signature_count * 100 // self.threshold.signatures

    @property
    def step(self) -> int:
        """The step it has passed: 50, 75 or 90 percent."""
        return next(step for step in STEPS if self.percent >= step)

    @property
    def is_for_response(self) -> bool:
        """An answer will be owed, and not that a debate is considered."""
        return self.threshold.duty == RESPONSE


@dataclass(frozen=True)
class Desk:
    """What one person of the staff has before them."""

    owed: list[DutyRow]
    debates: list[DutyRow]
    coming: list[Coming]
    answered: list[DutyRow]
    drafts: set[int]
    """Duties for which something is written."""


def desk_of(by: Staff) -> Desk:
    """The own department's desk of an official; everybody's of anyone else."""
    if sees_all(by):
        board = queries.board()
        coming = _coming()
    elif by.department is None:
        return Desk([], [], [], [], set())
    else:
        board = queries.board(department=by.department)
        own = select(petition_departments.c.petition_id).where(
            petition_departments.c.department_id == by.department_id
        )
        coming = _coming(Petition.id.in_(own))
    return Desk(board.owed, board.debates, coming, board.answered, _drafted([r.duty.id for r in board.owed]))


def _coming(*conditions: ColumnElement[bool]) -> list[Coming]:
    """Open petitions that have at least half of the next threshold they have not reached, the nearest first."""
    query = (
        select(Petition, PetitionThreshold)
        .join(PetitionThreshold, PetitionThreshold.petition_id == Petition.id)
        .outerjoin(
            Crossing,
            (Crossing.petition_id == Petition.id) & (Crossing.threshold_key == PetitionThreshold.key),
        )
        .where(
            Petition.state == State.OPEN,
            Petition.closes_at > clock.now(),
            Crossing.petition_id.is_(None),
            Petition.signature_count < PetitionThreshold.signatures,
            Petition.signature_count * 100 >= PetitionThreshold.signatures * STEPS[-1],
            *conditions,
        )
        .options(selectinload(Petition.departments))
        .order_by(Petition.id, PetitionThreshold.signatures)
    )
    nearest: dict[int, Coming] = {}
    for petition, threshold in db.session.execute(query):
        nearest.setdefault(petition.id, Coming(petition, threshold))
    return sorted(nearest.values(), key=lambda row: (-row.percent, row.petition.id))[:COMING_SHOWN]


def _drafted(duty_ids: list[int]) -> set[int]:
    found = select(Response.duty_id).where(Response.duty_id.in_(duty_ids), Response.published_at.is_(None))
    return {duty_id for duty_id in db.session.execute(found).scalars() if duty_id is not None}
