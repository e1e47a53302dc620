"""Pages about the thresholds that petitions published from now on get."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.admin import thresholds
from petitions.admin.setting_forms import NewThresholdForm, ThresholdForm
from petitions.duties.threshold_words import promised, what_is_owed
from petitions.models import Staff
from petitions.permissions import Permission, requires


@requires(Permission.SETTINGS_EDIT)
def listed(by: Staff) -> ResponseReturnValue:
    """Today's thresholds, and where they come from."""
    return render_template(
        "admin/thresholds.html",
        rules=promised().rules,
        what_is_owed=what_is_owed,
        are_set=thresholds.are_set(),
    )


@requires(Permission.SETTINGS_EDIT)
def new(by: Staff) -> ResponseReturnValue:
    """Add a threshold."""
    form = NewThresholdForm()
    if form.validate_on_submit():
        try:
            thresholds.add(duty=form.duty.data, **_numbers(form), by=by)
            return redirect(url_for("admin.thresholds"), 303)
        except thresholds.SameThreshold:
            form.signatures.errors = [_same()]
    page = render_template("admin/threshold.html", form=form, rule=None)
    return page, 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def one(key: str, by: Staff) -> ResponseReturnValue:
    """Change a threshold."""
    rule = thresholds.get(key)
    form = ThresholdForm(signatures=rule.signatures, days=rule.days, days_kind=rule.days_kind)
    form.duty_is = rule.duty
    if form.validate_on_submit():
        try:
            thresholds.change(key=key, **_numbers(form), by=by)
            return redirect(url_for("admin.thresholds"), 303)
        except thresholds.SameThreshold:
            form.signatures.errors = [_same()]
    return _page(form, key), 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def remove(key: str, by: Staff) -> ResponseReturnValue:
    """Promise it no longer."""
    try:
        thresholds.remove(key=key, by=by)
    except thresholds.LastAnswer:
        rule = thresholds.get(key)
        form = ThresholdForm(
            formdata=None, signatures=rule.signatures, days=rule.days, days_kind=rule.days_kind
        )
        return _page(form, key, problem={"remove": [_last_answer()]}), 422
    return redirect(url_for("admin.thresholds"), 303)


@requires(Permission.SETTINGS_EDIT)
def use_settings(by: Staff) -> ResponseReturnValue:
    """Let the settings hold again."""
    thresholds.use_settings(by=by)
    return redirect(url_for("admin.thresholds"), 303)


def _numbers(form: ThresholdForm) -> dict[str, Any]:
    return {name: form[name].data for name in ("signatures", "days", "days_kind")}


def _page(form: ThresholdForm, key: str, **more: object) -> str:
    rule = thresholds.get(key)
    return render_template("admin/threshold.html", form=form, rule=rule, what_is_owed=what_is_owed, **more)


def _same() -> str:
    return str(_("With as many signatures the same is owed already. Enter another number."))


def _last_answer() -> str:
    return str(
        _("Without it no petition would be owed an answer. Add another one first, or change this one.")
    )
