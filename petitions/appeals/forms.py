"""Forms of an appeal: the petitioner's reason, and the moderator's decision."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from petitions.forms import AtMost, PublicForm, Readable, StaffForm, clean_text

REASON_LEAST = 10
REASON_LIMIT = 2_000
EXPLANATION_LIMIT = 4_000
UPHELD, DISMISSED = "upheld", "dismissed"


class AtLeast:
    """Refuses fewer than so many characters."""

    def __init__(self, least: int, message: Any) -> None:
        self.least, self.message = least, message

    def __call__(self, form: Any, field: Field) -> None:
        if len(field.data or "") < self.least:
            raise ValidationError(self.message)


class AppealForm(PublicForm):
    """Why the refusal is wrong, in the petitioner's words."""

    reason = TextAreaField(
        _l("Why is the decision wrong?"),
        [
            AtLeast(REASON_LEAST, _l("Say in a sentence or two why the decision is wrong.")),
            AtMost(REASON_LIMIT),
            Readable(),
        ],
        filters=[clean_text],
    )


class DecisionForm(StaffForm):
    """What is decided about an appeal, and why."""

    outcome = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Choose what you decide."))],
        choices=lambda: [
            (UPHELD, _l("The petitioner is right: check the petition anew")),
            (DISMISSED, _l("The refusal stands")),
        ],
    )
    explanation = TextAreaField(
        _l("Explanation"),
        [
            AtLeast(REASON_LEAST, _l("Explain your decision in a sentence or two.")),
            AtMost(EXPLANATION_LIMIT),
            Readable(),
        ],
        filters=[clean_text],
    )
    hides_reason = BooleanField(_l("Do not show the petitioner’s reason: its words break the rules"))
