"""Staff pages of the answer: write, preview, publish, change."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petitions import clock, outcomes
from petitions.duty_clock import owner_name
from petitions.errors import NotFound
from petitions.extensions import db, settings
from petitions.mail.messages.responses import preview_of_answer
from petitions.models import Duty, Response, Staff
from petitions.permissions import Permission, requires
from petitions.responses import response_actions
from petitions.responses.access import answerable_duty
from petitions.responses.errors import DraftChanged
from petitions.responses.forms import PublishForm, ResponseForm
from petitions.responses.records import any_response_to
from petitions.responses.response_actions import Words


@requires(Permission.RESPONSE_WRITE)
def write(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Write the answer: save it as a draft, or go on to the preview; a published one is changed."""
    duty = answerable_duty(duty_id, by)
    response = any_response_to(duty)
    form = ResponseForm(obj=response)
    if request.method == "GET" or not form.validate_on_submit():
        return _write_page(duty, response, form), 422 if form.is_submitted() else 200
    if response is not None and response.published_at is not None:
        return _change(duty, form, by)
    try:
        response_actions.save_draft(duty.id, words=form.words(), draft_version=form.version_read(), by=by)
    except DraftChanged:
        return _conflict(duty_id, form, by)
    wanted = "responses.preview" if request.form.get("action") == "preview" else "responses.write"
    return redirect(url_for(wanted, duty_id=duty_id), 303)


@requires(Permission.RESPONSE_WRITE)
def preview(duty_id: int, by: Staff) -> ResponseReturnValue:
    """The draft as the page and the mail will show it."""
    duty = answerable_duty(duty_id, by)
    response = any_response_to(duty)
    if response is None or response.published_at is not None:
        raise NotFound("no draft")
    form = ResponseForm(formdata=None, obj=response)
    if not form.words().are_complete:
        form.require_all()
        return _write_page(duty, response, form), 422
    return _preview_page(duty, form.words(), PublishForm(draft_version=response.draft_version))


@requires(Permission.RESPONSE_PUBLISH)
def publish(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Publish the draft that was previewed."""
    duty = answerable_duty(duty_id, by)
    form = PublishForm()
    if not form.validate_on_submit():
        return redirect(url_for("responses.preview", duty_id=duty_id), 303)
    try:
        response_actions.publish(duty.id, by=by, **form.answers())
    except DraftChanged:
        duty = answerable_duty(duty_id, by)
        return _write_page(
            duty, any_response_to(duty), ResponseForm(formdata=None, obj=any_response_to(duty)), changed=True
        ), 409
    return redirect(url_for("responses.duty", duty_id=duty_id), 303)


def _change(duty: Duty, form: ResponseForm, by: Staff) -> ResponseReturnValue:
    """A published answer: show the changed words, then publish them as a new version."""
    duty_id = duty.id
    if request.form.get("action") == "edit":
        return _write_page(duty, any_response_to(duty), form)
    if not form.require_all():
        return _write_page(duty, any_response_to(duty), form), 422
    if request.form.get("action") != "publish":
        return _preview_page(duty, form.words(), form)
    try:
        response_actions.change(duty.id, words=form.words(), draft_version=form.version_read(), by=by)
    except DraftChanged:
        return _conflict(duty_id, form, by)
    return redirect(url_for("responses.duty", duty_id=duty_id), 303)


def _conflict(duty_id: int, form: ResponseForm, by: Staff) -> ResponseReturnValue:
    """Somebody else saved first: both texts stand on the page, and saving again keeps the one in the form."""
    duty = answerable_duty(duty_id, by)
    stored = any_response_to(duty)
    assert stored is not None
    form.draft_version.process_data(stored.draft_version)
    form.draft_version.raw_data = None
    return _write_page(duty, stored, form, stored=stored), 409


def _write_page(duty: Duty, response: Response | None, form: ResponseForm, **more: Any) -> str:
    is_published = response is not None and response.published_at is not None
    return render_template(
        "responses/write.html",
        duty=duty,
        form=form,
        is_published=is_published,
        hints={outcome.value: words for outcome, words in outcomes.MEANINGS.items()},
        outcome_words=outcomes.outcome_words,
        **({"stored": None, "changed": False} | more),
    )


def _preview_page(duty: Duty, words: Words, form: PublishForm | ResponseForm) -> str:
    db.session.refresh(duty)
    return render_template(
        "responses/preview.html",
        duty=duty,
        form=form,
        words=words,
        owner=owner_name(duty.department),
        outcome=outcomes.outcome_words(words.outcome),
        day=clock.today(settings().timezone),
        is_change=isinstance(form, ResponseForm),
        mail=preview_of_answer(duty.petition, duty.department, words.summary, words.body, words.outcome),
    )
