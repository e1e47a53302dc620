"""What the documents of some petitions are made of, read for all of them together: as many queries for fifty as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from petitions.duties.duty_clock import DutyStatus, status
from petitions.extensions import db
from petitions.models import (
    Crossing,
    Debate,
    Duty,
    DutyTransfer,
    ImportedPetition,
    Petition,
    PetitionThreshold,
    Rejection,
    Response,
)


@dataclass
class Facts:
    """All that is public about one petition beside its own row."""

    source: ImportedPetition | None = None
    rejection: Rejection | None = None
    debate: Debate | None = None
    thresholds: list[tuple[PetitionThreshold, Crossing | None]] = field(default_factory=list)
    """Each with its crossing where it was reached, the lowest first."""
    answers: list[Response] = field(default_factory=list)
    """Every published answer with its versions, the newest first."""
    duties: list[tuple[Duty, DutyStatus]] = field(default_factory=list)
    """What is or was owed, the earliest first."""

    @property
    def answer(self) -> Response | None:
        """The newest published answer."""
        return self.answers[0] if self.answers else None

    def reached(self, duty: str) -> Crossing | None:
        """The first crossing of a threshold with this duty."""
        found = (crossing for threshold, crossing in self.thresholds if crossing and threshold.duty == duty)
        return min(found, key=lambda crossing: crossing.reached_at, default=None)


def facts_of(petitions: Iterable[Petition]) -> dict[int, Facts]:
    """The facts of each petition whose words are public, by its id; there is an entry without any for every other."""
    rows = list(petitions)
    facts = {petition.id: Facts() for petition in rows}
    shown = [petition for petition in rows if petition.facts.text_is_public]
    if shown:
        _read_decisions(facts, [petition.id for petition in shown])
    # What was never published reached nothing and is owed nothing.
    published = [petition.id for petition in shown if petition.was_published]
    if published:
        _read_thresholds(facts, published)
        _read_answers(facts, published)
    crossed = [number for number in published if any(crossing for _, crossing in facts[number].thresholds)]
    if crossed:
        _read_duties(facts, crossed)
    return facts


def _read_decisions(facts: dict[int, Facts], ids: Sequence[int]) -> None:
    query = (
        select(Petition.id, Rejection, Debate, ImportedPetition)
        .outerjoin(ImportedPetition, ImportedPetition.petition_id == Petition.id)
        .outerjoin(Rejection, Rejection.petition_id == Petition.id)
        .outerjoin(Debate, Debate.petition_id == Petition.id)
        .where(Petition.id.in_(ids))
    )
    for number, rejection, debate, source in db.session.execute(query):
        facts[number].rejection, facts[number].debate, facts[number].source = rejection, debate, source


def _read_thresholds(facts: dict[int, Facts], ids: Sequence[int]) -> None:
    same = (Crossing.petition_id == PetitionThreshold.petition_id) & (
        Crossing.threshold_key == PetitionThreshold.key
    )
    query = (
        select(PetitionThreshold, Crossing)
        .outerjoin(Crossing, same)
        .where(PetitionThreshold.petition_id.in_(ids))
        .order_by(PetitionThreshold.signatures, PetitionThreshold.key)
    )
    for threshold, crossing in db.session.execute(query):
        facts[threshold.petition_id].thresholds.append((threshold, crossing))


def _read_answers(facts: dict[int, Facts], ids: Sequence[int]) -> None:
    query = (
        select(Response)
        .where(Response.petition_id.in_(ids), Response.published_at.is_not(None))
        .order_by(Response.published_at.desc(), Response.id.desc())
        .options(joinedload(Response.department), joinedload(Response.versions))
    )
    for answer in db.session.execute(query).unique().scalars():
        facts[answer.petition_id].answers.append(answer)


def _read_duties(facts: dict[int, Facts], ids: Sequence[int]) -> None:
    query: Any = (
        select(Duty)
        .join(Duty.crossing)
        .join(Crossing.threshold)
        .where(Duty.petition_id.in_(ids))
        .order_by(Duty.reached_at, Duty.id)
        .options(
            contains_eager(Duty.crossing).contains_eager(Crossing.threshold),
            joinedload(Duty.department),
            joinedload(Duty.pauses),
            joinedload(Duty.extensions),
            joinedload(Duty.transfers).options(
                joinedload(DutyTransfer.from_department), joinedload(DutyTransfer.to_department)
            ),
            joinedload(Duty.holding_replies),
        )
    )
    found: defaultdict[int, list[tuple[Duty, DutyStatus]]] = defaultdict(list)
    for duty in db.session.execute(query).unique().scalars():
        debate = facts[duty.petition_id].debate
        found[duty.petition_id].append((duty, status(duty, debate=debate)))
    for number, duties in found.items():
        facts[number].duties = duties
