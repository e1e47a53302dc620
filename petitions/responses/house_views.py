"""Staff page of the pauses of the whole house: all clocks stand still for an election or a recess."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions import clock
from petitions.changed_since import WordsChanged
from petitions.errors import NotFound
from petitions.extensions import settings
from petitions.models import HousePause, Staff
from petitions.permissions import Permission, requires
from petitions.responses import house_pauses as pausing
from petitions.responses.clock_forms import HousePauseForm, WithdrawForm
from petitions.responses.forms import EndPauseForm
from petitions.staff_fields import AnsweringForm


@requires(Permission.DUTY_CLOCK)
def house_pauses(by: Staff) -> ResponseReturnValue:
    """The pauses that run, are to come and are over; and a new one."""
    form = HousePauseForm()
    if request.method == "GET":
        return _page(form)
    if not form.validate_on_submit():
        return _page(form, refused=form), 422
    pausing.pause_all(by=by, **form.answers())
    return _back()


@requires(Permission.DUTY_CLOCK)
def end_all(house_pause_id: int, by: Staff) -> ResponseReturnValue:
    """Say when all clocks run again."""
    row = _wanted(house_pause_id)
    form = EndPauseForm(row)
    if not form.validate_on_submit():
        return _page(HousePauseForm(formdata=None), refused=form, ending=row), 422
    try:
        pausing.end_all(house_pause_id, by=by, **form.answers())
    except WordsChanged:
        row = _wanted(house_pause_id)
        form.says_what_stands(row)
        return _page(HousePauseForm(formdata=None), refused=form, ending=row), 422
    return _back()


@requires(Permission.DUTY_CLOCK)
def withdraw_all(house_pause_id: int, by: Staff) -> ResponseReturnValue:
    """Take back a pause that has not begun."""
    _wanted(house_pause_id)
    if WithdrawForm().validate_on_submit():
        pausing.withdraw_all(house_pause_id, by=by)
    return _back()


def _wanted(house_pause_id: int) -> HousePause:
    row = next((row for row in pausing.standing() if row.id == house_pause_id), None)
    if row is None:
        raise NotFound("no such pause")
    return row


def _back() -> ResponseReturnValue:
    return redirect(url_for("responses.house_pauses"), 303)


def _page(
    form: HousePauseForm, *, refused: AnsweringForm | None = None, ending: HousePause | None = None
) -> str:
    today = clock.today(settings().timezone)
    rows = pausing.standing()
    return render_template(
        "responses/house_pauses.html",
        form=form,
        refused=refused,
        ending=ending,
        current=[
            (
                row,
                refused if row is ending else EndPauseForm(row, formdata=None),
            )
            for row in rows
            if row.ends_on is None or row.ends_on > today
        ],
        over=[row for row in rows if row.ends_on is not None and row.ends_on <= today],
        withdraw=WithdrawForm(formdata=None),
        today=today,
    )
