"""The index of what administrators set, and the pages of departments, topics and closed days."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions.admin import closed_days, departments, explanations, reasons, thresholds, topics
from petitions.admin.setting_forms import (
    ClosedDaysForm,
    DepartmentForm,
    NewDepartmentForm,
    NewTopicForm,
    TopicForm,
)
from petitions.duties.threshold_words import promised
from petitions.errors import NotFound
from petitions.models import Staff
from petitions.permissions import Permission, requires
from petitions.terms import all_terms
from petitions.webhooks.queries import number_of_webhooks


@requires(Permission.SETTINGS_EDIT)
def index(by: Staff) -> ResponseReturnValue:
    """What can be set, with how many there are of each."""
    return render_template(
        "admin/settings.html",
        departments=len(departments.listed()),
        topics=len(topics.listed()),
        reasons=sum(reason.retired_at is None for reason in reasons.listed()),
        templates=len(explanations.listed()),
        closed=len(closed_days.to_come()),
        thresholds=len(promised().rules),
        own_thresholds=thresholds.are_set(),
        terms=len(all_terms()),
        webhooks=number_of_webhooks(),
    )


@requires(Permission.SETTINGS_EDIT)
def department_list(by: Staff) -> ResponseReturnValue:
    """All departments."""
    return render_template("admin/departments.html", departments=departments.listed())


@requires(Permission.SETTINGS_EDIT)
def new_department(by: Staff) -> ResponseReturnValue:
    """Add a department."""
    form = NewDepartmentForm()
    if form.validate_on_submit():
        try:
            departments.add(**_words(form), slug=form.slug.data or "", by=by)
            return redirect(url_for("admin.departments"), 303)
        except departments.SlugTaken:
            form.slug.errors = [_("Another department has this name in its address. Choose another.")]
        except departments.NameTaken:
            form.name.errors = [_name_taken()]
    page = render_template("admin/department.html", form=form, department=None)
    return page, 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def department(slug: str, by: Staff) -> ResponseReturnValue:
    """Change a department's words."""
    found = departments.get(slug)
    form = DepartmentForm(obj=found)
    if form.validate_on_submit():
        try:
            departments.change(**_words(form), slug=slug, by=by)
            return redirect(url_for("admin.departments"), 303)
        except departments.NameTaken:
            form.name.errors = [_name_taken()]
    page = render_template("admin/department.html", form=form, department=found)
    return page, 422 if form.is_submitted() else 200


def _words(form: DepartmentForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in ("name", "acronym", "url")}


def _name_taken() -> str:
    return str(_("Another department has this name."))


@requires(Permission.SETTINGS_EDIT)
def topic_list(by: Staff) -> ResponseReturnValue:
    """All topics."""
    return render_template("admin/topics.html", topics=topics.listed())


@requires(Permission.SETTINGS_EDIT)
def new_topic(by: Staff) -> ResponseReturnValue:
    """Add a topic."""
    form = NewTopicForm()
    if form.validate_on_submit():
        try:
            topics.add(code=form.code.data or "", name=form.name.data or "", by=by)
            return redirect(url_for("admin.topics"), 303)
        except topics.CodeTaken:
            form.code.errors = [_("Another topic has this name in its address. Choose another.")]
    return render_template("admin/topic.html", form=form, topic=None), 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def topic(topic_code: str, by: Staff) -> ResponseReturnValue:
    """Give a topic another name."""
    found = topics.get(topic_code)
    form = TopicForm(obj=found)
    if form.validate_on_submit():
        topics.rename(code=topic_code, name=form.name.data or "", by=by)
        return redirect(url_for("admin.topics"), 303)
    return render_template("admin/topic.html", form=form, topic=found), 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def closed_day_list(by: Staff) -> ResponseReturnValue:
    """The closed days, with a form for more."""
    form = ClosedDaysForm()
    if form.validate_on_submit():
        closed_days.add(first=form.first_day, last=form.last_day, name=form.name.data or "", by=by)
        return redirect(url_for("admin.closed_days"), 303)
    page = render_template(
        "admin/closed_days.html", form=form, coming=closed_days.to_come(), past=closed_days.past()
    )
    return page, 422 if form.is_submitted() else 200


@requires(Permission.SETTINGS_EDIT)
def open_again(day: str, by: Staff) -> ResponseReturnValue:
    """Take a closed day out of the list."""
    try:
        closed_days.remove(day=date.fromisoformat(day), by=by)
    except ValueError:
        raise NotFound("no such day") from None
    return redirect(url_for("admin.closed_days"), 303)
