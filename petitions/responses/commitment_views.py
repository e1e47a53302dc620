"""What officials do about commitments: mark them, from the page of the answered duty, and say whether they were kept."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from petitions.duties.outcomes import KEPT_WORDS
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.forms import AtMost, Readable, StaffForm, clean_text
from petitions.models import Commitment, Duty, Kept, Staff
from petitions.permissions import Permission, requires
from petitions.responses import commitment_actions
from petitions.responses.access import answerable_duty
from petitions.responses.records import any_response_to
from petitions.staff_fields import AnsweringForm, DayField

PROMISE_LIMIT = NOTE_LIMIT = 500


class CommitmentForm(AnsweringForm):
    """What was promised, and by when."""

    promise = TextAreaField(
        _l("What was promised"),
        [DataRequired(_l("Write what was promised.")), AtMost(PROMISE_LIMIT), Readable()],
        filters=[clean_text],
    )
    due_on = DayField(_l("By when"), [Optional()])


class KeptForm(StaffForm):
    """Whether what was promised was kept."""

    kept = RadioField(
        _l("Was it kept?"),
        [InputRequired(_l("Choose whether it was kept."))],
        choices=lambda: [(kept.value, words) for kept, words in KEPT_WORDS.items()],
    )
    note = TextAreaField(
        _l("What was done, or why it was not"), [AtMost(NOTE_LIMIT), Readable()], filters=[clean_text]
    )

    def validate_note(self, field: Field) -> None:
        """What was not kept, or not wholly, is explained."""
        if self.kept.data in {Kept.PARTLY.value, Kept.NOT_KEPT.value} and not field.data:
            raise ValidationError(gettext("Say why it was not kept, or what is missing: it is published."))


@requires(Permission.RESPONSE_WRITE)
def commitments(duty_id: int, by: Staff) -> ResponseReturnValue:
    """What was promised in the answer to one duty; a POST marks another promise."""
    duty = _answered(duty_id, by)
    form = CommitmentForm()
    if form.validate_on_submit():
        commitment_actions.add(duty_id, by=by, **form.answers())
        return redirect(url_for("responses.commitments", duty_id=duty_id), 303)
    return _page(duty, form), 422 if form.is_submitted() else 200


@requires(Permission.RESPONSE_WRITE)
def commitment(duty_id: int, commitment_id: int, by: Staff) -> ResponseReturnValue:
    """Say whether one promise was kept, after the department was asked."""
    duty = _answered(duty_id, by)
    found = db.session.get(Commitment, commitment_id)
    if found is None or found.response.duty_id != duty.id:
        raise NotFound("no such commitment of this duty")
    form = KeptForm()
    waiting = next((check for check in reversed(found.checks) if check.answered_at is None), None)
    if waiting is not None and form.validate_on_submit():
        commitment_actions.answer(
            found.id,
            months=waiting.months,
            kept=Kept(form.kept.data),
            note=form.note.data or "",
            by=by,
        )
        return redirect(url_for("responses.commitments", duty_id=duty_id), 303)
    page = render_template(
        "responses/commitment.html", duty=duty, commitment=found, form=form, waiting=waiting
    )
    return page, 422 if form.is_submitted() and waiting is not None else 200


def _answered(duty_id: int, by: Staff) -> Duty:
    duty = answerable_duty(duty_id, by)
    response = any_response_to(duty)
    if response is None or response.published_at is None:
        raise NotFound("not answered yet")
    return duty


def _page(duty: Duty, form: CommitmentForm) -> str:
    response = any_response_to(duty)
    promised: list[Any] = commitment_actions.commitments_of(response.id) if response else []
    return render_template(
        "responses/commitments.html", duty=duty, promised=promised, form=form, kept_words=KEPT_WORDS
    )
