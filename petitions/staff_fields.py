"""Fields that forms of staff share: days, published reasons, addresses that lead away from here."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, TextAreaField
from wtforms.validators import DataRequired, StopValidation, ValidationError

from petitions.forms import AtMost, Readable, StaffForm, clean_text

REASON_LIMIT = 500
FIRST_YEAR, LAST_YEAR = 2000, 2100


class DayField(DateField):
    """A day, as a browser's own date field sends it: 2026-12-09. Of this century, or from `first_year` on."""

    def __init__(self, *given: Any, first_year: int = FIRST_YEAR, **more: Any) -> None:
        super().__init__(*given, **more)
        self._first_year = first_year

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say how to write one. A field that was left empty is no wrong day."""
        if not any(value.strip() for value in valuelist):
            # Blanks are no day either: whoever asks for one must not take them for it.
            self.data, self.raw_data = None, []
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(gettext("Enter a date such as 2026-12-09.")) from None
        if self.data is not None and not self._first_year <= self.data.year <= LAST_YEAR:
            self.data = None
            if self._first_year < FIRST_YEAR:
                years = {"first": str(self._first_year), "last": str(LAST_YEAR)}
                raise ValueError(gettext("Enter a date in the years %(first)s to %(last)s.", **years))
            raise ValueError(gettext("Enter a date of this century."))

    def pre_validate(self, form: Any) -> None:
        """What is no day is not compared with others."""
        if self.process_errors:
            raise StopValidation


def reason_field(hint: Any) -> TextAreaField:
    """A reason that is published."""
    return TextAreaField(
        hint,
        [DataRequired(_l("Give the reason: it is published.")), AtMost(REASON_LIMIT), Readable()],
        filters=[clean_text],
    )


class AnsweringForm(StaffForm):
    """A form whose fields have the names of what its action asks for."""

    def answers(self) -> dict[str, Any]:
        """What was filled in, by field name."""
        return {name: value for name, value in self.data.items() if name != "csrf_token"}


class SecureLink:
    """Takes only addresses that begin with https:// and have a host."""

    def __call__(self, form: Any, field: Field) -> None:
        text = field.data or ""
        if text and (not text.startswith("https://") or not text[8:].split("/")[0] or " " in text):
            raise ValidationError(gettext("Enter an address that begins with https://."))
