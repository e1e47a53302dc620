"""The forms about the clocks of duties that stand beside those of one pause: all clocks at once, a word in between,
a better answer."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from petitions.forms import AtMost, Readable, clean_text
from petitions.staff_fields import AnsweringForm, DayField, reason_field

REPLY_LIMIT = 1000


class HoldingReplyForm(AnsweringForm):
    """A word in between."""

    body = TextAreaField(
        _l("What is being done"),
        [DataRequired(_l("Say what is being done.")), AtMost(REPLY_LIMIT), Readable()],
        filters=[clean_text],
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="holding", **options)


class FollowUpForm(AnsweringForm):
    """Ask for a better answer."""

    reason = reason_field(_l("What the answer leaves open"))

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="follow", **options)


class WithdrawForm(AnsweringForm):
    """One button: take back a pause that has not begun."""

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="withdraw", **options)


class HousePauseForm(AnsweringForm):
    """Let all clocks stand still."""

    starts_on = DayField(
        _l("The clocks stand still from"), [InputRequired(_l("Enter the first day of the pause."))]
    )
    ends_on = DayField(_l("They run again on"), [Optional()])
    reason = reason_field(_l("Reason"))

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="house", **options)

    def validate_ends_on(self, field: Field) -> None:
        """A pause ends after it began."""
        if field.data and self.starts_on.data and field.data <= self.starts_on.data:
            raise ValidationError(gettext("Enter a day after the first day of the pause."))
