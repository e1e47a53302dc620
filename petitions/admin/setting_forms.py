"""Forms about the data that moderators and the public rely on: departments, topics, reasons, templates, days, thresholds."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import TextInput

from petitions.addresses import HIGHEST
from petitions.admin import closed_days, reasons
from petitions.forms import AtMost, Readable, StaffForm, WholeNumber, clean_line, clean_text
from petitions.models import DEBATE, RESPONSE
from petitions.staff_fields import DayField

BODY_LIMIT = 4_000
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_SLUG_RULE = _l("Use small letters a to z, digits, and single hyphens between them.")


def _slug(limit: int, label: Any) -> StringField:
    """A name as it stands in addresses."""
    validators = [
        DataRequired(_l("Enter a name for addresses.")),
        AtMost(limit),
        Regexp(_SLUG, message=_SLUG_RULE),
    ]
    return StringField(label, validators, filters=[clean_line])


def _line(label: Any, message: Any, limit: int) -> StringField:
    return StringField(label, [DataRequired(message), AtMost(limit), Readable()], filters=[clean_line])


class DepartmentForm(StaffForm):
    """A department's name, short name and web page."""

    name = _line(_l("Name"), _l("Enter the name."), 200)
    acronym = StringField(_l("Short name"), [AtMost(20), Readable()], filters=[clean_line])
    url = StringField(
        _l("Web page"),
        [
            Optional(),
            AtMost(500),
            Readable(),
            Regexp(r"^https?://[^\s/]+\.[^\s]+$", message=_l("Enter an address that begins with https://.")),
        ],
        filters=[clean_line],
    )


class NewDepartmentForm(DepartmentForm):
    """A department that is not here yet."""

    slug = _slug(100, _l("Name in addresses"))


class TopicForm(StaffForm):
    """A topic's name."""

    name = _line(_l("Name"), _l("Enter the name."), 200)


class NewTopicForm(TopicForm):
    """A topic that is not here yet."""

    code = _slug(100, _l("Name in addresses"))


class ReasonForm(StaffForm):
    """The words of a reason."""

    title = _line(_l("Title"), _l("Enter the title."), 100)
    description = TextAreaField(
        _l("What it means"),
        [DataRequired(_l("Say in a sentence or two what it means.")), AtMost(500), Readable()],
        filters=[clean_text],
    )


class NewReasonForm(ReasonForm):
    """A reason that is not here yet."""

    code = _slug(reasons.CODE_LIMIT, _l("Name in data"))
    hides = BooleanField(_l("The words of a petition refused for it are shown nowhere"))


class TemplateForm(StaffForm):
    """A template for explanations."""

    title = _line(_l("Title"), _l("Enter the title."), 100)
    code = SelectField(
        _l("Reason"),
        choices=lambda: [("", _l("Any")), *((row.code, row.title) for row in reasons.listed())],
    )
    body = TextAreaField(
        _l("Text"),
        [DataRequired(_l("Enter the text.")), AtMost(BODY_LIMIT), Readable()],
        filters=[clean_text],
    )


class ClosedDaysForm(StaffForm):
    """A day, or several in a row."""

    first = DayField(_l("First day"), [InputRequired(_l("Enter a day."))])
    last = DayField(_l("Last day"), [Optional()])
    name = _line(_l("Why"), _l("Say why, in a few words."), 100)

    @property
    def first_day(self) -> date:
        """The first day; the form was found to be whole."""
        assert self.first.data is not None
        return self.first.data

    @property
    def last_day(self) -> date:
        """The last day: the first where it is one day."""
        return self.last.data or self.first_day

    def validate_last(self, field: DayField) -> None:
        """Not before the first, and not too many."""
        if self.first.data is None or field.data is None:
            return
        if not self.first.data <= field.data <= self.first.data + closed_days.LONGEST:
            raise ValidationError(
                _l("Enter a day that is not before the first, and at most 60 days after it.")
            )


class ThresholdForm(StaffForm):
    """What is owed, from how many signatures, in what time."""

    signatures = WholeNumber(
        _l("Signatures"),
        [InputRequired(_l("Enter a number.")), NumberRange(1, HIGHEST, _l("Enter a number above 0."))],
        widget=TextInput(),
    )
    days = WholeNumber(
        _l("Days"),
        [Optional(), NumberRange(1, 1000, _l("Enter a number from 1 to 1,000."))],
        widget=TextInput(),
    )
    days_kind = RadioField(
        _l("Kind of days"),
        choices=lambda: [("calendar", _l("Every day counts")), ("working", _l("Working days only"))],
        default="calendar",
    )
    duty_is = RESPONSE
    """What the threshold is for, set by the view where the form does not ask."""

    def validate(self, extra_validators: Any = None) -> bool:
        """An answer always has its time."""
        is_whole = bool(super().validate(extra_validators))
        if self.duty_is == RESPONSE and self.days.data is None and not self.days.errors:
            self.days.errors = [_l("Enter the days in which an answer is owed.")]
            return False
        return is_whole


class NewThresholdForm(ThresholdForm):
    """A further threshold."""

    duty = RadioField(
        _l("What is owed"),
        choices=lambda: [(RESPONSE, _l("An answer")), (DEBATE, _l("That a debate is considered"))],
        validate_choice=False,
    )

    def validate_duty(self, field: RadioField) -> None:
        """One of the two."""
        if field.data not in {RESPONSE, DEBATE}:
            raise ValidationError(_l("Choose what is owed."))

    def validate(self, extra_validators: Any = None) -> bool:
        """An answer always has its time; a debate need not."""
        self.duty_is = self.duty.data
        return super().validate(extra_validators)
