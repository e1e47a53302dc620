"""Staff pages of duties: the desk, one duty, and what is done to its clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from petitions import clock
from petitions.changed_since import WordsChanged
from petitions.duties.coming import coming_of, forecast_words
from petitions.duties.duty_clock import pause_to_end, status
from petitions.duties.duty_notes import notes_of
from petitions.duties.outcomes import outcome_words
from petitions.errors import NotFound
from petitions.extensions import db, settings
from petitions.models import Department, Duty, DutyPause, Staff
from petitions.permissions import Permission, may, requires
from petitions.responses import desk as desks
from petitions.responses import duty_actions, follow_ups
from petitions.responses.access import answerable_duty, answers_for, sees_all, visible_duty
from petitions.responses.clock_forms import FollowUpForm, HoldingReplyForm, WithdrawForm
from petitions.responses.forms import EndPauseForm, ExtendForm, PauseForm, TransferForm
from petitions.responses.records import any_response_to, record_of
from petitions.responses.timeline import timeline
from petitions.staff_fields import AnsweringForm


@requires(Permission.DUTY_SEE)
def desk(by: Staff) -> ResponseReturnValue:
    """What is owed by due date, what is coming, what was answered."""
    all_of_them = desks.departments() if sees_all(by) else []
    slug = request.args.get("department", "")
    wanted = next((each for each in all_of_them if each.slug == slug), None)
    return render_template(
        "responses/desk.html",
        desk=desks.desk_of(by, wanted),
        sees_all=sees_all(by),
        departments=all_of_them,
        wanted=wanted,
        forecast_words=forecast_words,
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
    form = EndPauseForm(_pause_of(row, pause_id))
    return _act(row, by, "end", form, partial(duty_actions.end_pause, pause_id))


@requires(Permission.DUTY_CLOCK)
def withdraw_pause(duty_id: int, pause_id: int, by: Staff) -> ResponseReturnValue:
    """Take back a pause that has not begun."""
    row = visible_duty(duty_id, by)
    _pause_of(row, pause_id)
    return _act(row, by, "withdraw", WithdrawForm(), partial(duty_actions.withdraw_pause, pause_id))


@requires(Permission.DUTY_EXTEND)
def extend(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Move the date, with a published reason."""
    row = visible_duty(duty_id, by)
    form = ExtendForm(row, by_overseer=may(by, Permission.DUTY_OVERSEE))
    return _act(row, by, "extend", form, partial(duty_actions.extend, duty_id))


@requires(Permission.DUTY_CLOCK)
def transfer(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Give the duty to a department."""
    row = visible_duty(duty_id, by)
    return _act(row, by, "transfer", TransferForm(row, _others(row)), partial(duty_actions.transfer, duty_id))


@requires(Permission.RESPONSE_WRITE)
def holding_reply(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Publish what is being done, before the answer."""
    row = answerable_duty(duty_id, by)
    publish = partial(duty_actions.publish_holding_reply, duty_id)
    return _act(row, by, "holding", HoldingReplyForm(), publish)


@requires(Permission.DUTY_OVERSEE)
def follow_up(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Ask for a better answer, with a published reason."""
    row = visible_duty(duty_id, by)
    return _act(row, by, "follow", FollowUpForm(), partial(follow_ups.ask_for_better, duty_id))


def _pause_of(row: Duty, pause_id: int) -> DutyPause:
    """A pause of this duty alone; one of the whole house has a page of its own. Raises `NotFound`."""
    own = (each for each in row.pauses if each.id == pause_id and each.house_pause_id is None)
    wanted = next(own, None)
    if wanted is None:
        raise NotFound("no such pause of this duty")
    return wanted


def _act(
    row: Duty, by: Staff, name: str, form: AnsweringForm, action: Callable[..., object]
) -> ResponseReturnValue:
    duty_id = row.id
    if not form.validate_on_submit():
        return _page(row, by, {name: form}), 422
    try:
        made = action(by=by, **form.answers())
    except WordsChanged:
        row = visible_duty(duty_id, by)
        assert isinstance(form, EndPauseForm | ExtendForm | TransferForm)
        form.says_what_stands((pause_to_end(row) or row) if isinstance(form, EndPauseForm) else row)  # type: ignore[arg-type]
        return _page(row, by, {name: form}), 422
    # What was asked for anew is a duty of its own: that is the one to look at now.
    shown = made.id if isinstance(made, Duty) else duty_id
    return redirect(url_for("responses.duty", duty_id=shown), 303)


def _page(row: Duty, by: Staff, refused: dict[str, AnsweringForm] | None = None) -> str:
    record = record_of(row.petition_id)
    ending = pause_to_end(row)
    forms: dict[str, AnsweringForm] = {
        "pause": PauseForm(row, formdata=None),
        "extend": ExtendForm(row, by_overseer=may(by, Permission.DUTY_OVERSEE), formdata=None),
        "transfer": TransferForm(row, _others(row), formdata=None),
        "withdraw": WithdrawForm(formdata=None),
        "holding": HoldingReplyForm(formdata=None),
        "follow": FollowUpForm(formdata=None),
    }
    if ending is not None:
        forms["end"] = EndPauseForm(ending, formdata=None)
    return render_template(
        "responses/duty.html",
        duty=row,
        status=status(row, debate=record.debate),
        notes=notes_of(row),
        rounds=[each for each in record.duties if each.duty.threshold_key == row.threshold_key],
        events=timeline(row.petition, record),
        coming=coming_of([row.petition_id]).get(row.petition_id),
        forecast_words=forecast_words,
        response=any_response_to(row),
        ending=ending,
        forms=forms | (refused or {}),
        refused=next(iter((refused or {}).values()), None),
        may_answer=answers_for(by, row),
        may_move=may(by, Permission.DUTY_CLOCK) and row.answered_at is None,
        may_extend=_may_extend(row, by),
        may_follow=may(by, Permission.DUTY_OVERSEE) and follow_ups.may_follow(row),
        today=clock.today(settings().timezone),
        may_debate=may(by, Permission.DEBATE_EDIT),
        outcome_words=outcome_words,
    )


def _may_extend(row: Duty, by: Staff) -> bool:
    """The overseeing body always; the department that answers while it has not moved the date yet."""
    if row.answered_at is not None or row.due_on is None:
        return False
    if may(by, Permission.DUTY_OVERSEE):
        return True
    return answers_for(by, row) and not duty_actions.was_extended(row)


def _others(row: Duty) -> list[Department]:
    """The departments that do not have the duty now."""
    query = select(Department).order_by(Department.name)
    if row.department_id is not None:
        query = query.where(Department.id != row.department_id)
    return list(db.session.execute(query).scalars())
