"""What is done with a draft that was previewed: asked approval for, approved, published, put on the schedule, brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from petitions.changed_since import WordsChanged
from petitions.duties import outcomes
from petitions.duties.answers import Words
from petitions.errors import NotFound
from petitions.models import Staff
from petitions.permissions import Permission, requires
from petitions.responses import approvals, drafts, response_actions, scheduling
from petitions.responses.access import answerable_duty
from petitions.responses.drafts import response_to
from petitions.responses.errors import DraftChanged, NotApproved, OwnWords
from petitions.responses.records import any_response_to
from petitions.responses.response_forms import ChangeForm, PublishForm, ScheduleAnswerForm
from petitions.responses.response_views import drafted, form_of, preview_page, write_page
from petitions.responses.word_diff import compare


@requires(Permission.RESPONSE_PUBLISH)
def publish(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Publish the draft that was previewed."""
    return _act(duty_id, by, PublishForm(), response_actions.publish)


@requires(Permission.RESPONSE_PUBLISH)
def change(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Put the draft in the place of what is published, with a public reason."""
    return _act(duty_id, by, ChangeForm(), response_actions.change)


@requires(Permission.RESPONSE_PUBLISH)
def schedule(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Let the draft be published at a moment to come."""
    return _act(duty_id, by, ScheduleAnswerForm(), scheduling.schedule)


@requires(Permission.RESPONSE_PUBLISH)
def unschedule(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Take the answer off the schedule."""
    scheduling.cancel(answerable_duty(duty_id, by).id, by=by)
    return redirect(url_for("responses.preview", duty_id=duty_id), 303)


@requires(Permission.RESPONSE_WRITE)
def ask(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Ask for the approval of a second person."""
    return _act(duty_id, by, PublishForm(), approvals.ask, back="responses.preview")


@requires(Permission.RESPONSE_APPROVE)
def approve(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Approve the draft that was read, as the second person."""
    return _act(duty_id, by, PublishForm(), approvals.approve, back="responses.preview")


@requires(Permission.RESPONSE_WRITE)
def draft_list(duty_id: int, by: Staff) -> ResponseReturnValue:
    """Every draft that was saved."""
    duty = answerable_duty(duty_id, by)
    response = any_response_to(duty)
    if response is None:
        raise NotFound("nothing is written yet")
    return render_template(
        "responses/drafts.html", duty=duty, response=response, drafts=drafts.drafts_of(response)
    )


@requires(Permission.RESPONSE_WRITE)
def draft(duty_id: int, version: int, by: Staff) -> ResponseReturnValue:
    """One draft, and how it differs from the newest."""
    duty = answerable_duty(duty_id, by)
    response = any_response_to(duty)
    if response is None:
        raise NotFound("nothing is written yet")
    words = Words.of(drafts.draft_of(response, version))
    return render_template(
        "responses/draft.html",
        duty=duty,
        response=response,
        version=version,
        words=words,
        differences=compare(words, drafts.newest_words(response)),
        outcome_words=outcomes.outcome_words,
        form=PublishForm(formdata=None, draft_version=response.draft_version),
    )


@requires(Permission.RESPONSE_WRITE)
def bring_back(duty_id: int, version: int, by: Staff) -> ResponseReturnValue:
    """Make an older draft the newest again."""

    def act(duty_id: int, **answers: Any) -> object:
        return response_actions.bring_back(duty_id, version=version, **answers)

    return _act(duty_id, by, PublishForm(), act, back="responses.write")


def _act(
    duty_id: int,
    by: Staff,
    form: PublishForm,
    action: Callable[..., object],
    back: str = "responses.duty",
) -> ResponseReturnValue:
    """Do it with what the form says. Where the draft was changed meanwhile, nothing is done and the new one is shown."""
    duty = answerable_duty(duty_id, by)
    if not form.validate_on_submit():
        if form.draft_version.errors or form.csrf_token.errors:
            return redirect(url_for("responses.preview", duty_id=duty_id), 303)
        return preview_page(*drafted(duty_id, by), by, refused=form)
    try:
        action(duty.id, by=by, **form.answers())
    except DraftChanged:
        duty = answerable_duty(duty_id, by)
        response = any_response_to(duty)
        return write_page(duty, response, form_of(response, posted=False), changed=True), 409
    except WordsChanged:
        assert isinstance(form, ScheduleAnswerForm)
        response = response_to(answerable_duty(duty_id, by))
        form.says_what_stands(response)
        return preview_page(answerable_duty(duty_id, by), response, by, refused=form)
    except (NotApproved, OwnWords):
        # The preview says what is missing; it came from a page that was older.
        return redirect(url_for("responses.preview", duty_id=duty_id), 303)
    return redirect(url_for(back, duty_id=duty_id), 303)
