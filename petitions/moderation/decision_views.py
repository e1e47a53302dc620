"""Buttons and forms with which moderators change and decide. Whoever comes second learns who was first and loses nothing."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from petitions.differences import differences
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
from petitions.moderation.second import back, somebody_was_first
from petitions.permissions import Permission, requires


@requires(Permission.PETITION_EDIT)
def text(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Change the words. The second of two editors gets both texts, with their own typing kept."""
    found = queries.petition(petition_id)
    form = TextForm(obj=found, reason="")
    status, current, base = (422 if form.is_submitted() else 200), None, None
    if form.validate_on_submit():
        words = {name: form[name].data for name in ("action", "background", "additional_details", "reason")}
        try:
            actions.change_text(petition_id=petition_id, text_version=form.version, **words, by=by)
            return back(petition_id)
        except ReasonMissing:
            form.needs_reason()
            status = 422
        except TextChanged:
            status, current = 409, queries.petition(petition_id)
            base = queries.text_version(petition_id, form.version)
            form.text_version.raw_data, form.text_version.data = None, current.text_version
        except StateChanged:
            return somebody_was_first(petition_id, "\n\n".join(words.values()))
    elif not actions.may_be_edited(found):
        return somebody_was_first(petition_id)
    page = render_template(
        "moderation/text.html",
        petition=found,
        form=form,
        current=current,
        base=base,
        compare=differences,
        reason_limit=REASON_LIMIT,
    )
    return page, status


@requires(Permission.PETITION_EDIT)
def subjects(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Say whose matter it is and what it is about."""
    found = queries.petition(petition_id)
    form = SubjectsForm()
    if not form.validate_on_submit():
        return petition_page(found, by, form), 422
    actions.assign(
        petition_id=petition_id,
        department_ids=form.departments.data or [],
        topic_ids=form.topics.data or [],
        by=by,
    )
    return back(petition_id)


@requires(Permission.PETITION_DECIDE)
def publish(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Put it before everybody."""
    queries.petition(petition_id)
    form = VersionedForm()
    if not form.validate_on_submit():
        return somebody_was_first(petition_id)
    try:
        decisions.publish(petition_id=petition_id, text_version=form.version, by=by)
    except StateChanged:
        return somebody_was_first(petition_id)
    return back(petition_id)


@requires(Permission.PETITION_DECIDE)
def refuse(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Refuse it, or take it down, with a reason and an explanation."""
    found = queries.petition(petition_id)
    form = RefuseForm(text_version=found.text_version, state=found.current_state.value)
    form.petition_id = petition_id
    inserting = form.is_submitted() and form.insert.data
    if inserting:
        form.insert_template()
    elif form.validate_on_submit():
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
            return back(petition_id)
        except decisions.Overruled:
            form.says_who_decides()
        except StateChanged:
            return somebody_was_first(petition_id, form.explanation.data or "")
    if not decisions.may_be_refused(found):
        return somebody_was_first(petition_id, form.explanation.data or "")
    page = render_template(
        "moderation/refuse.html",
        petition=found,
        form=form,
        hints=hints(queries.reasons()),
        explanation_limit=EXPLANATION_LIMIT,
    )
    return page, 422 if form.is_submitted() and not inserting else 200


@requires(Permission.PETITION_RESTORE)
def restore(petition_id: int, by: Staff) -> ResponseReturnValue:
    """Put a refused or hidden petition back into the queue."""
    queries.petition(petition_id)
    try:
        decisions.restore(petition_id=petition_id, by=by)
    except StateChanged:
        return somebody_was_first(petition_id)
    return back(petition_id)
