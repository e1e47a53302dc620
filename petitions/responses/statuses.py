"""How the answers to several petitions stand, for the rows of lists: two questions, however many they are."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    bindparam,
    literal_column,
    null,
    select,
    union_all,
)

from petitions.duties.duty_clock import DutyStatus, status
from petitions.duties.duty_columns import Extension, ListedDuty, Owner, Pause, ThresholdReached
from petitions.models import RESPONSE, Department, Duty, DutyExtension, DutyPause, PetitionThreshold
from petitions.questions import Question
from petitions.responses.duty_facts import with_petition


def statuses_of(petition_ids: list[int]) -> dict[int, DutyStatus]:
    """How the answer to each of several petitions stands; petitions that are owed none are left out."""
    if not petition_ids:
        return {}
    duties = {row.id: _listed(row) for row in DUTIES.rows(petition_ids=petition_ids)}
    if duties:
        for row in MOVES.rows(duty_ids=list(duties)):
            duty = duties[row.duty_id]
            if row.is_pause:
                duty.pauses.append(Pause(row.begins_on, row.ends_on, row.reason))
            else:
                duty.extensions.append(Extension(row.begins_on, row.reason))
        for duty in duties.values():
            duty.pauses.sort(key=attrgetter("starts_on"))
    return {duty.petition_id: status(duty) for duty in duties.values()}


def _listed(row: Any) -> ListedDuty:
    return ListedDuty(
        row.id,
        row.petition_id,
        row.round,
        row.follow_up_reason,
        row.reached_at,
        row.due_on,
        row.answered_at,
        threshold=ThresholdReached(row.duty, row.signatures),
        department=None if row.name is None else Owner(row.name),
    )


def _duties() -> Select[Any]:
    """Those of public petitions, the oldest first."""
    columns: Any = select(
        Duty.id,
        Duty.petition_id,
        Duty.round,
        Duty.follow_up_reason,
        Duty.reached_at,
        Duty.due_on,
        Duty.answered_at,
        PetitionThreshold.duty,
        PetitionThreshold.signatures,
        Department.name,
    )
    wanted = Duty.petition_id.in_(bindparam("petition_ids", expanding=True))
    return (
        with_petition(columns)
        .outerjoin(Department, Department.id == Duty.department_id)
        .where(PetitionThreshold.duty == RESPONSE, wanted)
        .order_by(Duty.id)
    )


DUTIES = Question(_duties)


def _moves() -> CompoundSelect[Any]:
    """What moved the dates of duties, as it was written down."""
    wanted: BindParameter[int] = bindparam("duty_ids", expanding=True)
    pauses: Any = select(
        DutyPause.duty_id,
        literal_column("1").label("is_pause"),
        DutyPause.starts_on.label("begins_on"),
        DutyPause.ends_on,
        DutyPause.reason,
        DutyPause.created_at,
    )
    extensions: Any = select(
        DutyExtension.duty_id,
        literal_column("0"),
        DutyExtension.due_on,
        null(),
        DutyExtension.reason,
        DutyExtension.created_at,
    )
    both: CompoundSelect[Any] = union_all(
        pauses.where(DutyPause.duty_id.in_(wanted)), extensions.where(DutyExtension.duty_id.in_(wanted))
    )
    return both.order_by(both.selected_columns.created_at)


MOVES = Question(_moves)
