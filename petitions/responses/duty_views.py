"""Staff pages of duties: the desk, one duty, and what administrators do to its clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from petitions.duty_clock import pause_to_end, status
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import Department, Duty, Staff
from petitions.outcomes import outcome_words
from petitions.permissions import Permission, may, requires
from petitions.responses import desk as desks
from petitions.responses import duty_actions
from petitions.responses.access import answers_for, sees_all, visible_duty
from petitions.responses.forms import AnsweringForm, EndPauseForm, ExtendForm, PauseForm, TransferForm
from petitions.responses.records import any_response_to, record_of
from petitions.responses.timeline import timeline


@requires(Permission.DUTY_SEE)
def desk(by: Staff) -> ResponseReturnValue:
    """What is owed by due date, what is coming, what was answered."""
    return render_template(
        "responses/desk.html",
        desk=desks.desk_of(by),
        sees_all=sees_all(by),
        by=by,
        outcome_words=outcome_words,
    )


@requires(Permission.DUTY_SEE)
def duty(duty_id: int, by: Staff) -> ResponseReturnValue:
    """One duty: how it stands, what happened, and what this person may do about it."""
    return _page(visible_duty(duty_id, by), by)


@requires(Permission.DUTY_CLOCK)
def pause(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Let the clock stand still, with a published reason."""
    row = visible_duty(duty_id, by)
    return _act(row, by, "pause", PauseForm(row), partial(duty_actions.pause, duty_id))


@requires(Permission.DUTY_CLOCK)
def end_pause(duty_id: int, pause_id: int, by: Staff) -> ResponseReturnValue:
    """Say when the clock runs again."""
    row = visible_duty(duty_id, by)
    wanted = next((each for each in row.pauses if each.id == pause_id), None)
    if wanted is None:
        raise NotFound("no such pause of this duty")
    return _act(row, by, "end", EndPauseForm(wanted.starts_on), partial(duty_actions.end_pause, pause_id))


@requires(Permission.DUTY_CLOCK)
def extend(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Move the date, with a published reason."""
    row = visible_duty(duty_id, by)
    return _act(row, by, "extend", ExtendForm(row), partial(duty_actions.extend, duty_id))


@requires(Permission.DUTY_CLOCK)
def transfer(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Give the duty to a department."""
    row = visible_duty(duty_id, by)
    return _act(row, by, "transfer", TransferForm(_others(row)), partial(duty_actions.transfer, duty_id))


def _act(
    row: Duty, by: Staff, name: str, form: AnsweringForm, action: Callable[..., object]
) -> ResponseReturnValue:
    duty_id = row.id
    if not form.validate_on_submit():
        return _page(row, by, {name: form}), 422
    action(by=by, **form.answers())
    return redirect(url_for("responses.duty", duty_id=duty_id), 303)


def _page(row: Duty, by: Staff, refused: dict[str, AnsweringForm] | None = None) -> str:
    record = record_of(row.petition_id)
    ending = pause_to_end(row)
    forms: dict[str, AnsweringForm] = {
        "pause": PauseForm(row, formdata=None),
        "extend": ExtendForm(row, formdata=None),
        "transfer": TransferForm(_others(row), formdata=None),
    }
    if ending is not None:
        forms["end"] = EndPauseForm(ending.starts_on, formdata=None, ends_on=ending.ends_on)
    return render_template(
        "responses/duty.html",
        duty=row,
        status=status(row, debate=record.debate),
        events=timeline(row.petition, record),
        response=any_response_to(row),
        ending=ending,
        forms=forms | (refused or {}),
        refused=next(iter((refused or {}).values()), None),
        may_answer=answers_for(by, row),
        may_move=may(by, Permission.DUTY_CLOCK) and row.answered_at is None,
        may_debate=may(by, Permission.DEBATE_EDIT),
        outcome_words=outcome_words,
    )


def _others(row: Duty) -> list[Department]:
    """The departments that do not have the duty now."""
    query = select(Department).order_by(Department.name)
    if row.department_id is not None:
        query = query.where(Department.id != row.department_id)
    return list(db.session.execute(query).scalars())
