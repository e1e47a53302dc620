"""Forms of a report: which rule is broken, and what came of it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError
from wtforms.widgets import HiddenInput

from petitions.addresses import HIGHEST
from petitions.forms import AtMost, PublicForm, Readable, StaffForm, WholeNumber, clean_line, clean_text
from petitions.models import ReportOutcome
from petitions.reports import queries

WORDS_LIMIT = 1_000
EXPLANATION_LIMIT = 2_000
#: Longer than any reference, with blanks and dashes.
REFERENCE_LIMIT = 40
#: A reason that says nothing by itself: whoever gives it must say more.
OTHER = "other"


class ReportForm(PublicForm):
    """The rule that a petition breaks, and how. It asks nothing about who says so."""

    code = RadioField(
        _l("Which rule does it break?"),
        choices=lambda: [(row.code, row.title) for row in queries.rules()],
        validate_choice=False,
    )
    words = TextAreaField(_l("What is wrong?"), [AtMost(WORDS_LIMIT), Readable()], filters=[clean_text])
    comment = StringField(_l("Leave this empty"))
    """People do not see it; programs that fill in every field do."""

    def validate_code(self, field: RadioField) -> None:
        """One of the rules in force."""
        if field.data not in {rule.code for rule in queries.rules()}:
            raise ValidationError(_l("Choose the rule that it breaks."))

    def validate(self, extra_validators: Any = None) -> bool:
        """A rule that says nothing by itself asks for words. Whatever filled in the trap is told, in case it was a
        person's browser: the field comes back empty, so that sending again helps."""
        is_whole = bool(super().validate(extra_validators))
        if self.comment.data:
            self.form_errors.append(
                _(
                    "A field that people do not see was filled in. It is empty again: send the report once more."
                )
            )
            is_whole = False
        if self.code.data == OTHER and not self.words.data:
            self.words.errors = [_("Say what is wrong.")]
            is_whole = False
        return is_whole


class ReferenceForm(PublicForm):
    """The reference of a report, typed from paper or heard on the telephone."""

    reference = StringField(
        _l("Reference"),
        [DataRequired(_l("Enter the reference of your report.")), AtMost(REFERENCE_LIMIT)],
        filters=[clean_line],
    )


class ResolveForm(StaffForm):
    """What came of the reports that stand on the page."""

    newest = WholeNumber(
        validators=[
            InputRequired(_l("Load the page again: it was sent without its reports.")),
            NumberRange(1, HIGHEST),
        ],
        widget=HiddenInput(),
    )
    """The newest report that was seen: later ones are not resolved unread."""
    outcome = RadioField(
        _l("What came of it"),
        [InputRequired(_l("Choose what came of it."))],
        choices=lambda: [
            (ReportOutcome.ACTED.value, _l("Something was done")),
            (ReportOutcome.NO_ACTION.value, _l("Nothing had to be done")),
        ],
    )
    explanation = TextAreaField(
        _l("Explanation"),
        [
            DataRequired(_l("Explain what was done, or why nothing had to be.")),
            AtMost(EXPLANATION_LIMIT),
            Readable(),
        ],
        filters=[clean_text],
    )
