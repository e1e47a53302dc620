"""The form about one term of the body."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import TextInput

from petitions.addresses import HIGHEST
from petitions.admin.terms import TermFacts
from petitions.forms import AtMost, Readable, StaffForm, WholeNumber, clean_line
from petitions.staff_fields import DayField

#: Stands in addresses for whatever is so today.
RESERVED = "current"
#: Terms reach further back than petitions: an archive may have old ones.
FIRST_YEAR = 1800


def _signatures(label: Any) -> WholeNumber:
    return WholeNumber(
        label,
        [InputRequired(_l("Enter a number.")), NumberRange(1, HIGHEST, _l("Enter a number above 0."))],
        widget=TextInput(),
    )


class TermForm(StaffForm):
    """A term's name, its days and its numbers."""

    period = StringField(
        _l("Period"),
        [
            DataRequired(_l("Enter the period.")),
            AtMost(20),
            Regexp(
                r"^[a-z0-9]+(-[a-z0-9]+)*$",
                message=_l("Use small letters a to z, digits, and single hyphens between them."),
            ),
        ],
        filters=[clean_line],
    )
    government = StringField(
        _l("Government"),
        [DataRequired(_l("Enter who governed.")), AtMost(100), Readable()],
        filters=[clean_line],
    )
    opens_on = DayField(_l("First day"), [InputRequired(_l("Enter a day."))], first_year=FIRST_YEAR)
    dissolves_on = DayField(_l("Day of dissolution"), [Optional()], first_year=FIRST_YEAR)
    response_threshold = _signatures(_l("Signatures for an answer"))
    debate_threshold = _signatures(_l("Signatures for a debate"))

    def validate_period(self, field: StringField) -> None:
        """Not the word that stands for today."""
        if field.data == RESERVED:
            raise ValidationError(_l("This word stands for the term that runs. Choose another."))

    def validate_dissolves_on(self, field: DayField) -> None:
        """After the first day."""
        if field.data is not None and self.opens_on.data is not None and field.data <= self.opens_on.data:
            raise ValidationError(_l("Enter a day after the first day."))

    def facts(self) -> TermFacts:
        """What was entered; the form was found to be whole."""
        assert self.opens_on.data is not None
        return TermFacts(
            period=str(self.period.data),
            government=str(self.government.data),
            opens_on=self.opens_on.data,
            dissolves_on=self.dissolves_on.data,
            response_threshold=int(self.response_threshold.data or 0),
            debate_threshold=int(self.debate_threshold.data or 0),
        )
