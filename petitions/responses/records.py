"""Everything official about one petition: what it reached, what is owed, what was answered and debated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petitions.duty_clock import DutyStatus, status
from petitions.extensions import db
from petitions.models import (
    RESPONSE,
    Crossing,
    Debate,
    Department,
    Duty,
    OtherBusiness,
    Outcome,
    Petition,
    Response,
)


@dataclass(frozen=True)
class DutyRow:
    """A duty with how it stands today; `outcome` where it was answered."""

    duty: Duty
    status: DutyStatus
    outcome: Outcome | None = None

    @property
    def petition(self) -> Petition:
        """The petition it is about."""
        return self.duty.petition

    @property
    def department(self) -> Department | None:
        """Who owes."""
        return self.duty.department

    @property
    def is_for_response(self) -> bool:
        """A written answer is owed, and not that a debate is considered."""
        return self.duty.crossing.threshold.duty == RESPONSE


@dataclass(frozen=True)
class Record:
    """All of it, read once for a petition's page. Newest crossing last."""

    crossings: Sequence[Crossing]
    duties: Sequence[DutyRow]
    response: Response | None
    debate: Debate | None
    other_business: Sequence[OtherBusiness]


def duty_parts() -> tuple[Any, ...]:
    """What the status of a duty needs, in the query that reads it."""
    return (
        joinedload(Duty.crossing).joinedload(Crossing.threshold),
        joinedload(Duty.department),
        joinedload(Duty.pauses),
        joinedload(Duty.extensions),
    )


def record_of(petition_id: int) -> Record:
    """Everything official about one petition, in five queries."""
    crossings = db.session.execute(
        select(Crossing)
        .where(Crossing.petition_id == petition_id)
        .options(joinedload(Crossing.threshold))
        .order_by(Crossing.reached_at, Crossing.threshold_key)
    ).scalars()
    other = db.session.execute(
        select(OtherBusiness)
        .where(OtherBusiness.petition_id == petition_id)
        .order_by(OtherBusiness.occurred_on, OtherBusiness.id)
    ).scalars()
    debate = debate_of(petition_id)
    response = response_of(petition_id)
    return Record(
        crossings=crossings.all(),
        duties=_duty_rows(petition_id, response, debate),
        response=response,
        debate=debate,
        other_business=other.all(),
    )


def duties_of(petition_id: int) -> list[DutyRow]:
    """What is or was owed to a petition, earliest first."""
    return _duty_rows(petition_id, response_of(petition_id), debate_of(petition_id))


def _duty_rows(petition_id: int, response: Response | None, debate: Debate | None) -> list[DutyRow]:
    duties = db.session.execute(
        select(Duty)
        .where(Duty.petition_id == petition_id)
        .options(*duty_parts())
        .order_by(Duty.reached_at, Duty.id)
    )
    return [
        DutyRow(
            duty,
            status(duty, debate=debate),
            response.outcome if response is not None and response.duty_id == duty.id else None,
        )
        for duty in duties.unique().scalars()
    ]


def response_of(petition_id: int) -> Response | None:
    """The newest published answer to a petition, with its department and versions."""
    found = db.session.execute(
        select(Response)
        .where(Response.petition_id == petition_id, Response.published_at.is_not(None))
        .options(joinedload(Response.department), joinedload(Response.versions))
        .order_by(Response.published_at.desc(), Response.id.desc())
    )
    return found.unique().scalars().first()


def any_response_to(duty: Duty) -> Response | None:
    """The answer to a duty, published or still a draft: for those who write it."""
    return db.session.execute(select(Response).where(Response.duty_id == duty.id)).scalar_one_or_none()


def debate_of(petition_id: int) -> Debate | None:
    """The debate on a petition: scheduled, held or refused."""
    return db.session.execute(select(Debate).where(Debate.petition_id == petition_id)).scalar_one_or_none()
