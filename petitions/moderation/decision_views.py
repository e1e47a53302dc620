"""Buttons and forms with which moderators change and decide. Whoever comes second learns who was first and loses nothing."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from petitions.admin import queries as history
from petitions.errors import StateChanged
from petitions.models import Staff
from petitions.moderation import actions, decisions, queries
from petitions.moderation.actions import ReasonMissing, TextChanged
from petitions.moderation.forms import (
    EXPLANATION_LIMIT,
    REASON_LIMIT,
    RefuseForm,
    SubjectsForm,
    TextForm,
    VersionedForm,
    hints,
)
from petitions.moderation.petition_page import petition_page
from petitions.permissions import Permission, requires


def _back(petition_id: int) -> ResponseReturnValue:
    return redirect(url_for("moderation.petition", petition_id=petition_id), 303)


def _somebody_was_first(petition_id: int, typed: str = "") -> ResponseReturnValue:
    """Says what happened meanwhile; `typed` is the explanation that would be lost."""
    page = render_template(
        "moderation/somebody_was_first.html",
        petition=queries.petition(petition_id),
        lines=history.lines_of(petition_id)[:3],
        typed=typed,
    )
    return page, 409


@requires(Permission.PETITION_EDIT)
def text(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Change the words. The second of two editors gets both texts, with their own typing kept."""
    found = queries.petition(petition_id)
    form = TextForm(obj=found, reason="")
    status, current = (422 if form.is_submitted() else 200), None
    if form.validate_on_submit():
        words = {name: form[name].data for name in ("action", "background", "additional_details", "reason")}
        try:
            actions.change_text(petition_id=petition_id, text_version=form.version, **words, by=by)
            return _back(petition_id)
        except ReasonMissing:
            form.needs_reason()
            status = 422
        except TextChanged:
            status, current = 409, queries.petition(petition_id)
            form.text_version.raw_data, form.text_version.data = None, current.text_version
        except StateChanged:
            return _somebody_was_first(petition_id, "\n\n".join(words.values()))
    elif not actions.may_be_edited(found):
        return _somebody_was_first(petition_id)
    page = render_template(
        "moderation/text.html", petition=found, form=form, current=current, reason_limit=REASON_LIMIT
    )
    return page, status


@requires(Permission.PETITION_EDIT)
def subjects(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Say whose matter it is and what it is about."""
    found = queries.petition(petition_id)
    form = SubjectsForm()
    if not form.validate_on_submit():
        return petition_page(found, form), 422
    actions.assign(
        petition_id=petition_id,
        department_ids=form.departments.data or [],
        topic_ids=form.topics.data or [],
        by=by,
    )
    return _back(petition_id)


@requires(Permission.PETITION_DECIDE)
def publish(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Put it before everybody."""
    queries.petition(petition_id)
    form = VersionedForm()
    if not form.validate_on_submit():
        return _somebody_was_first(petition_id)
    try:
        decisions.publish(petition_id=petition_id, text_version=form.version, by=by)
    except StateChanged:
        return _somebody_was_first(petition_id)
    return _back(petition_id)


@requires(Permission.PETITION_DECIDE)
def refuse(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Refuse it, or take it down, with a reason and an explanation."""
    found = queries.petition(petition_id)
    form = RefuseForm(text_version=found.text_version, state=found.current_state.value)
    form.petition_id = petition_id
    if form.validate_on_submit():
        try:
            decisions.refuse(
                petition_id=petition_id,
                text_version=form.version,
                state=form.state.data or "",
                code=form.code.data,
                explanation=form.explanation.data or "",
                original_id=form.original,
                by=by,
            )
            return _back(petition_id)
        except StateChanged:
            return _somebody_was_first(petition_id, form.explanation.data or "")
    if not decisions.may_be_refused(found):
        return _somebody_was_first(petition_id, form.explanation.data or "")
    page = render_template(
        "moderation/refuse.html",
        petition=found,
        form=form,
        hints=hints(queries.reasons()),
        explanation_limit=EXPLANATION_LIMIT,
    )
    return page, 422 if form.is_submitted() else 200


@requires(Permission.PETITION_RESTORE)
def restore(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Put a refused or hidden petition back into the queue."""
    queries.petition(petition_id)
    try:
        decisions.restore(petition_id=petition_id, by=by)
    except StateChanged:
        return _somebody_was_first(petition_id)
    return _back(petition_id)
