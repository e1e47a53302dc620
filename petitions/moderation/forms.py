"""Forms for moderators. Each holds the version of the words it was shown with, so that nobody decides on others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput, TextInput

from petitions.addresses import HIGHEST
from petitions.forms import AtMost, Readable, StaffForm, WholeNumber, clean_line, clean_text
from petitions.models import RejectionReason
from petitions.models.petition import BACKGROUND_LIMIT, DETAILS_LIMIT, TITLE_LIMIT
from petitions.moderation import queries
from petitions.moderation.asking import QUESTIONS_LIMIT
from petitions.moderation.notes import NOTE_LIMIT, TAG_LIMIT

EXPLANATION_LIMIT = 4_000
REASON_LIMIT = 500
DUPLICATE = "duplicate"
_RELOAD = _l("Load the page again: it was sent without the version of the words.")


class VersionedForm(StaffForm):
    """What is decided on the words of one version."""

    text_version = WholeNumber(
        validators=[InputRequired(_RELOAD), NumberRange(1, HIGHEST, _RELOAD)], widget=HiddenInput()
    )

    @property
    def version(self) -> int:
        """The version of the words that was decided on; 0, which none has, where it is missing."""
        return self.text_version.data or 0


class TextForm(VersionedForm):
    """The three parts of a petition's words."""

    action = StringField(
        _l("What should be done"),
        [DataRequired(_l("Enter what should be done.")), AtMost(TITLE_LIMIT), Readable()],
        filters=[clean_line],
    )
    background = TextAreaField(
        _l("Why"),
        [DataRequired(_l("Enter why.")), AtMost(BACKGROUND_LIMIT), Readable()],
        filters=[clean_text],
    )
    additional_details = TextAreaField(
        _l("More details"), [AtMost(DETAILS_LIMIT), Readable()], filters=[clean_text]
    )
    reason = TextAreaField(
        _l("Why the words are corrected"), [AtMost(REASON_LIMIT), Readable()], filters=[clean_text]
    )

    def needs_reason(self) -> None:
        """Say that a correction of words that are signed must be explained."""
        self.reason.errors = [
            *self.reason.errors,
            _l("Say why the words are corrected: everybody can read it."),
        ]


class SubjectsForm(StaffForm):
    """Whose matter it is, and what it is about."""

    departments = SelectMultipleField(
        _l("Departments"), coerce=int, choices=lambda: [(row.id, row.name) for row in queries.departments()]
    )
    topics = SelectMultipleField(
        _l("Topics"), coerce=int, choices=lambda: [(row.id, row.name) for row in queries.topics()]
    )


class ClaimForm(StaffForm):
    """Whom the page showed as having the petition in hand."""

    instead_of = WholeNumber(validators=[Optional()], widget=HiddenInput())


class NoteForm(StaffForm):
    """A note for colleagues."""

    body = TextAreaField(
        _l("New note"),
        [DataRequired(_l("Write the note.")), AtMost(NOTE_LIMIT), Readable()],
        filters=[clean_text],
    )


class TagForm(StaffForm):
    """One tag."""

    tag = StringField(
        _l("New tag"),
        [DataRequired(_l("Enter a tag.")), AtMost(TAG_LIMIT), Readable()],
        filters=[clean_line],
    )


class QuestionsForm(VersionedForm):
    """What its petitioner is asked."""

    questions = TextAreaField(
        _l("Your questions"),
        [DataRequired(_l("Write what you want to know.")), AtMost(QUESTIONS_LIMIT), Readable()],
        filters=[clean_text],
    )


class RefuseForm(VersionedForm):
    """The reason, and why it applies. `state` is the one the page showed: to refuse is not to take down."""

    state = HiddenField()
    code = RadioField(
        _l("Reason"),
        choices=lambda: [(row.code, row.title) for row in queries.reasons()],
        validate_choice=False,
    )
    original_id = WholeNumber(
        _l("Number of the petition it repeats"),
        [Optional(), NumberRange(1, HIGHEST, _l("Enter the number of a petition."))],
        widget=TextInput(),
    )
    explanation = TextAreaField(
        _l("Explanation"),
        [
            DataRequired(_l("Explain why the reason applies to this petition.")),
            AtMost(EXPLANATION_LIMIT),
            Readable(),
        ],
        filters=[clean_text],
    )
    template = SelectField(
        _l("Begin with a template"),
        choices=lambda: [
            ("", "–"),
            *((str(each.id), each.title) for each in queries.explanation_templates()),
        ],
        validate_choice=False,
    )
    insert = SubmitField(_l("Insert"))
    petition_id = 0
    """The petition at hand, set by the view: it cannot repeat itself."""

    def validate_code(self, field: RadioField) -> None:
        """One of the reasons in the table."""
        if field.data not in {reason.code for reason in queries.reasons()}:
            raise ValidationError(_l("Choose a reason."))

    def validate_original_id(self, field: WholeNumber) -> None:
        """What a duplicate repeats is another petition, which everybody can see."""
        if self.code.data != DUPLICATE or field.errors or field.data is None:
            return
        if field.data == self.petition_id or not queries.is_listed(field.data):
            raise ValidationError(_l("Enter the number of another petition that everybody can see."))

    def validate(self, extra_validators: Any = None) -> bool:
        """A duplicate also names what it repeats; the field's own checks are not run on an empty one."""
        is_whole = bool(super().validate(extra_validators))
        if self.code.data == DUPLICATE and self.original_id.data is None and not self.original_id.errors:
            self.original_id.errors = [_l("Enter the number of the petition that this one repeats.")]
            return False
        return is_whole

    def insert_template(self) -> None:
        """Put the chosen template below what is typed, and choose its reason where none is chosen."""
        chosen = next((t for t in queries.explanation_templates() if str(t.id) == self.template.data), None)
        if chosen is None:
            return
        typed = self.explanation.data or ""
        self.explanation.data = f"{typed}\n\n{chosen.body}" if typed else chosen.body
        if not self.code.data and chosen.code in {reason.code for reason in queries.reasons()}:
            self.code.data = chosen.code
        self.template.data = ""

    def says_who_decides(self) -> None:
        """Say to who was overruled that they do not refuse it once more."""
        self.code.errors = [
            _l("The appeal against your refusal was upheld. Ask a colleague to decide about this petition.")
        ]

    @property
    def original(self) -> int | None:
        """The petition it repeats, where that is the reason."""
        return self.original_id.data if self.code.data == DUPLICATE else None


def hints(reasons: Sequence[RejectionReason]) -> dict[str, str]:
    """The sentence under each reason."""
    hidden = _l("The words are shown nowhere.")
    return {
        reason.code: f"{reason.description} {hidden}" if reason.hides else reason.description
        for reason in reasons
    }
