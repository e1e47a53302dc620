"""The form about one's own mails."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from petitions.forms import StaffForm
from petitions.models.staff import MailChoice

CHOICES = {
    MailChoice.DAILY: _l("Once a day, everything in one e-mail"),
    MailChoice.EACH: _l("An e-mail for each, in office hours"),
    MailChoice.NONE: _l("Only what is owed and overdue, and what waits for you, once a day"),
}


class MailChoiceForm(StaffForm):
    """How somebody wants to hear of what is coming."""

    choice = RadioField(
        _l("How do you want to hear of petitions that are near a threshold, and of answers that are due?"),
        [InputRequired(_l("Choose one."))],
        choices=lambda: [(choice.value, words) for choice, words in CHOICES.items()],
    )

    def chosen(self) -> MailChoice:
        """What was chosen."""
        return MailChoice(self.choice.data)
