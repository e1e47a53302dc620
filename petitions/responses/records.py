"""Everything official about one petition: what it reached, what is owed, what was answered and debated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from petitions.debates.queries import business_of, debate_of
from petitions.duties.duty_clock import DutyStatus, status
from petitions.duties.duty_notes import notes_of
from petitions.extensions import db
from petitions.models import (
    RESPONSE,
    Crossing,
    Debate,
    Department,
    Duty,
    DutyTransfer,
    OtherBusiness,
    Outcome,
    Petition,
    Response,
)


@dataclass(frozen=True)
class DutyRow:
    """A duty with how it stands today; `outcome` and the id of the answer where it was answered."""

    duty: Duty
    status: DutyStatus
    outcome: Outcome | None = None
    response_id: int | None = None

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

    @property
    def notes(self) -> list[str]:
        """What else is public about it, in a sentence each."""
        return notes_of(self.duty)


@dataclass(frozen=True)
class Record:
    """All of it, read once for a petition's page. Newest crossing last."""

    crossings: Sequence[Crossing]
    duties: Sequence[DutyRow]
    responses: Sequence[Response]
    """Every published answer, the newest first: there is a second where a better one was asked for."""
    debate: Debate | None
    other_business: Sequence[OtherBusiness]

    @property
    def response(self) -> Response | None:
        """The newest published answer."""
        return self.responses[0] if self.responses else None

    def answer_to(self, duty: Duty) -> Response | None:
        """The published answer to one duty."""
        return next((each for each in self.responses if each.duty_id == duty.id), None)


def duty_parts(*, of_many: bool = False, notes: bool = True) -> tuple[Any, ...]:
    """What the status and the notes of a duty need, in the query that reads it; `of_many`, in one more for each kind, so
    that what happened often to one duty is not read as often as all the rest. Without `notes`, the status alone."""
    several = selectinload if of_many else joinedload
    parts = (
        joinedload(Duty.crossing).joinedload(Crossing.threshold),
        joinedload(Duty.department),
        several(Duty.pauses),
        several(Duty.extensions),
    )
    if not notes:
        return parts
    return (
        *parts,
        several(Duty.transfers).joinedload(DutyTransfer.from_department),
        several(Duty.transfers).joinedload(DutyTransfer.to_department),
        several(Duty.holding_replies),
        several(Duty.escalations),
    )


# Building a statement of several parts takes as long as asking it, so each is built once.


@cache
def _crossings() -> Select[Crossing]:
    return (
        select(Crossing)
        .where(Crossing.petition_id == bindparam("petition_id"))
        .options(joinedload(Crossing.threshold))
        .order_by(Crossing.reached_at, Crossing.threshold_key)
    )


@cache
def _duties() -> Select[Duty]:
    return (
        select(Duty)
        .where(Duty.petition_id == bindparam("petition_id"))
        .options(*duty_parts())
        .order_by(Duty.reached_at, Duty.id)
    )


@cache
def _responses() -> Select[Response]:
    return (
        select(Response)
        .where(Response.petition_id == bindparam("petition_id"), Response.published_at.is_not(None))
        .options(joinedload(Response.department), joinedload(Response.versions))
        .order_by(Response.published_at.desc(), Response.id.desc())
    )


def record_of(petition_id: int) -> Record:
    """Everything official about one petition, in five queries; in four where it has crossed nothing: then nothing is owed."""
    crossings = db.session.execute(_crossings(), {"petition_id": petition_id}).scalars().all()
    debate = debate_of(petition_id)
    responses = responses_to(petition_id)
    return Record(
        crossings=crossings,
        duties=_duty_rows(petition_id, responses, debate) if crossings else [],
        responses=responses,
        debate=debate,
        other_business=business_of(petition_id),
    )


def duties_of(petition_id: int) -> list[DutyRow]:
    """What is or was owed to a petition, earliest first."""
    return _duty_rows(petition_id, responses_to(petition_id), debate_of(petition_id))


def _duty_rows(petition_id: int, responses: Sequence[Response], debate: Debate | None) -> list[DutyRow]:
    outcomes = {response.duty_id: response.outcome for response in responses}
    duties = db.session.execute(_duties(), {"petition_id": petition_id})
    return [
        DutyRow(duty, status(duty, debate=debate), outcomes.get(duty.id))
        for duty in duties.unique().scalars()
    ]


def response_of(petition_id: int) -> Response | None:
    """The newest published answer to a petition, with its department and versions."""
    return next(iter(responses_to(petition_id)), None)


def responses_to(petition_id: int) -> list[Response]:
    """Every published answer to a petition, the newest first, with department and versions."""
    found = db.session.execute(_responses(), {"petition_id": petition_id})
    return list(found.unique().scalars())


def any_response_to(duty: Duty) -> Response | None:
    """The answer to a duty, published or still a draft: for those who write it."""
    return db.session.execute(select(Response).where(Response.duty_id == duty.id)).scalar_one_or_none()
