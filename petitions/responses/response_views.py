"""Staff pages of the answer: write it, with what is saved by itself, and see it as the page and the mail will show it."""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petitions import clock
from petitions.changed_since import mark_of
from petitions.duties import outcomes
from petitions.duties.answers import Words
from petitions.duties.duty_clock import owner_name
from petitions.errors import NotFound
from petitions.extensions import db, settings
from petitions.mail.frames import framed, page_with_frame
from petitions.mail.messages.answers import preview_of_answer, preview_of_change
from petitions.models import Duty, Response, Staff
from petitions.permissions import Permission, requires
from petitions.responses import approvals, drafts, response_actions
from petitions.responses.access import answerable_duty
from petitions.responses.errors import DraftChanged
from petitions.responses.readability import SHOWN, measure
from petitions.responses.records import any_response_to
from petitions.responses.response_forms import ChangeForm, PublishForm, ResponseForm, ScheduleAnswerForm
from petitions.responses.waiting import MOMENT
from petitions.responses.word_diff import compare
from petitions.templating import date_and_time


@requires(Permission.RESPONSE_WRITE)
def write(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Write the answer: save it as a draft, or go on to the preview. `action` also adds and removes points and links, and
    `autosave` is answered in JSON."""
    duty = answerable_duty(duty_id, by)
    response = any_response_to(duty)
    form = form_of(response)
    action = request.form.get("action", "")
    if request.method == "GET":
        return write_page(duty, response, form)
    is_valid = form.validate_on_submit()
    if (changed := form.with_rows(action)) is not None:
        return write_page(duty, response, changed)
    if not is_valid:
        return _refused(duty, response, form, action)
    try:
        version = response_actions.save_draft(
            duty_id,
            words=form.words(),
            draft_version=form.version_read(),
            by=by,
            by_itself=action == "autosave",
        )
    except DraftChanged:
        return _conflict(duty_id, form, action, by)
    if action == "autosave":
        return jsonify(draft_version=version, **_hints(form.words()))
    wanted = "responses.preview" if action == "preview" else "responses.write"
    return redirect(url_for(wanted, duty_id=duty_id), 303)


@requires(Permission.RESPONSE_WRITE)
def preview(duty_id: int, by: Staff) -> ResponseReturnValue:
    """The newest draft as the page and the mail will show it, and what may be done with it."""
    duty, response = drafted(duty_id, by)
    form = form_of(response, posted=False)
    if not form.words().are_complete:
        form.require_all()
        return write_page(duty, response, form), 422
    return preview_page(duty, response, by)


@requires(Permission.RESPONSE_WRITE)
def mail(duty_id: int, by: Staff) -> ResponseReturnValue:
    """The mail's HTML alone, for the frame in the preview."""
    duty, response = drafted(duty_id, by)
    return framed(_mail_of(duty, response).html)


def drafted(duty_id: int, by: Staff) -> tuple[Duty, Response]:
    """A duty and what was written for it. Raises `NotFound` where nothing was, or nothing that is not public."""
    duty = answerable_duty(duty_id, by)
    response = any_response_to(duty)
    if response is None or (response.published_at is not None and not drafts.has_pending_change(response)):
        raise NotFound("no draft")
    return duty, response


def form_of(response: Response | None, *, posted: bool = True) -> ResponseForm:
    """The form with the newest draft, or with what was posted."""
    options: dict[str, Any] = {} if posted else {"formdata": None}
    if response is None:
        return ResponseForm(**options)
    return ResponseForm.filled(drafts.newest_words(response), response.draft_version, **options)


def write_page(duty: Duty, response: Response | None, form: ResponseForm, **more: Any) -> str:
    """The page to write on, with guidance beside the form."""
    words = form.words()
    return render_template(
        "responses/write.html",
        duty=duty,
        response=response,
        form=form,
        problems=form.problems(),
        is_published=response is not None and response.published_at is not None,
        offers_points=settings().response_points or bool(form.points.entries),
        hints={outcome.value: words for outcome, words in outcomes.MEANINGS.items()},
        reading=measure(words.summary, words.body, *(point["answer"] for point in words.points)),
        words_shown=SHOWN,
        outcome_words=outcomes.outcome_words,
        **({"stored": None, "differences": [], "changed": False} | more),
    )


def preview_page(
    duty: Duty, response: Response, by: Staff, refused: PublishForm | None = None
) -> ResponseReturnValue:
    """The preview; `refused` is a form of it with what is wrong."""
    db.session.refresh(duty)
    words, version = drafts.newest_words(response), response.draft_version
    forms: dict[str, PublishForm] = {
        "publish": PublishForm(formdata=None, draft_version=version),
        "schedule": ScheduleAnswerForm(formdata=None, draft_version=version, seen=mark_of(response, MOMENT)),
        "change": ChangeForm(formdata=None, draft_version=version),
    }
    if refused is not None:
        forms["change" if isinstance(refused, ChangeForm) else "schedule"] = refused
    page = render_template(
        "responses/preview.html",
        duty=duty,
        response=response,
        forms=forms,
        refused=refused,
        words=words,
        owner=owner_name(duty.department),
        outcome_words=outcomes.outcome_words,
        day=clock.today(settings().timezone),
        is_change=response.published_at is not None,
        differences=compare(Words.of(response), words) if response.published_at else [],
        needs_approval=settings().response_approval,
        is_approved=approvals.is_approved(response),
        approver=db.session.get(Staff, response.approved_by_id) if response.approved_by_id else None,
        may_approve=approvals.may_approve(by, response),
        asked_at=approvals.asked_at(duty, response),
        reading=measure(words.summary, words.body, *(point["answer"] for point in words.points)),
        words_shown=SHOWN,
        mail=_mail_of(duty, response),
    )
    return page_with_frame(page), 422 if refused is not None else 200


def _mail_of(duty: Duty, response: Response) -> Any:
    words = drafts.newest_words(response)
    if response.published_at is not None:
        return preview_of_change(duty.petition, duty.department, words)
    return preview_of_answer(duty.petition, duty.department, words)


def _refused(duty: Duty, response: Response | None, form: ResponseForm, action: str) -> ResponseReturnValue:
    if action == "autosave":
        messages = [messages[0] for messages in form.problems().values()]
        return jsonify(problem=" ".join([_("Not saved:"), *(str(each) for each in messages)])), 422
    return write_page(duty, response, form), 422


def _conflict(duty_id: int, form: ResponseForm, action: str, by: Staff) -> ResponseReturnValue:
    """Somebody else saved first: both texts stand on the page, and saving again keeps the one in the form."""
    duty = answerable_duty(duty_id, by)
    response = any_response_to(duty)
    assert response is not None, "somebody else saved it"
    if action == "autosave":
        problem = _("Somebody else saved this answer. Press “Save the draft”: you then see both texts.")
        return jsonify(problem=problem, draft_version=response.draft_version), 409
    stored = drafts.newest_words(response)
    form.draft_version.process_data(response.draft_version)
    form.draft_version.raw_data = None
    return write_page(duty, response, form, stored=stored, differences=compare(stored, form.words())), 409


def _hints(words: Words) -> dict[str, Any]:
    """What the script shows after it saved: when, and how the text reads."""
    reading = measure(words.summary, words.body, *(point["answer"] for point in words.points))
    return {
        "saved": _("Saved by itself: %(moment)s", moment=date_and_time(clock.now())),
        "reading": reading.sentence(),
        "long_sentences": list(reading.long_sentences[:SHOWN]),
        "long_words": list(reading.long_words[:SHOWN]),
    }
