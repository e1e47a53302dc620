"""I5: what is owed again was answered before; the department moves a date once; the overseeing body is told in order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from petitions.invariants.invariant import invariant
from petitions.models import Duty, DutyEscalation, DutyExtension, DutyPause, HousePause


@invariant(
    "I5",
    about=Duty,
    broken="duty {id} of petition {petition_id} is round {round} without an answer before it",
)
def better_answers_follow_an_answer() -> Select[*tuple[Any, ...]]:
    """A better answer is asked for only after an answer, and says why: rounds have no gaps."""
    before = aliased(Duty)
    answered_before = exists().where(
        before.petition_id == Duty.petition_id,
        before.threshold_key == Duty.threshold_key,
        before.round == Duty.round - 1,
        before.answered_at <= Duty.reached_at,
    )
    return select(Duty.id, Duty.petition_id, Duty.round).where(
        Duty.round > 1, or_(~answered_before, Duty.follow_up_reason == "")
    )


@invariant("I5", about=DutyExtension, broken="the department moved the date of duty {duty_id} {times} times")
def departments_move_a_date_once() -> Select[*tuple[Any, ...]]:
    """Without the overseeing body a duty has one extension at most."""
    return (
        select(DutyExtension.duty_id, func.count().label("times"))
        .where(DutyExtension.by_overseer.is_(False))
        .group_by(DutyExtension.duty_id)
        .having(func.count() > 1)
    )


@invariant(
    "I5",
    about=DutyEscalation,
    broken="duty {duty_id} has {times} escalations, the last of them number {last}",
)
def escalations_have_no_gaps() -> Select[*tuple[Any, ...]]:
    """The times that the overseeing body was told of a late answer are numbered from one without gaps."""
    last = func.max(DutyEscalation.number)
    return (
        select(DutyEscalation.duty_id, func.count().label("times"), last.label("last"))
        .group_by(DutyEscalation.duty_id)
        .having(or_(last != func.count(), func.min(DutyEscalation.number) != 1))
    )


@invariant("I5", about=DutyPause, broken="pauses {id} and {other_id} of duty {duty_id} cover the same days")
def pauses_do_not_overlap() -> Select[*tuple[Any, ...]]:
    """No day stops the clock of a duty twice."""
    other = aliased(DutyPause)
    return (
        select(DutyPause.id, other.id.label("other_id"), DutyPause.duty_id)
        .join(other, and_(other.duty_id == DutyPause.duty_id, other.id > DutyPause.id))
        .where(
            or_(DutyPause.ends_on.is_(None), other.starts_on < DutyPause.ends_on),
            or_(other.ends_on.is_(None), DutyPause.starts_on < other.ends_on),
        )
    )


@invariant(
    "I5",
    about=HousePause,
    broken="pause {house_pause_id} was taken back and stops the clock of duty {duty_id}",
)
def what_was_taken_back_stops_no_clock() -> Select[*tuple[Any, ...]]:
    """A pause of the whole house that was taken back is no part of any duty that is owed."""
    return (
        select(DutyPause.house_pause_id, DutyPause.duty_id)
        .join(HousePause, HousePause.id == DutyPause.house_pause_id)
        .join(Duty, Duty.id == DutyPause.duty_id)
        .where(HousePause.withdrawn_at.is_not(None), Duty.answered_at.is_(None))
    )
