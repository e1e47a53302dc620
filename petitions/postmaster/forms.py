"""The form by which staff let mail go to a mailbox again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, TextAreaField
from wtforms.validators import InputRequired

from petitions.forms import EMAIL_LIMIT, AtMost, MailAddress, Readable, StaffForm, clean_line, clean_text

LONGEST_REASON = 500


class WantedAgainForm(StaffForm):
    """Whose mailbox, and how it is known that its owner asks."""

    email = EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Enter the address that mail may go to again.")),
            AtMost(EMAIL_LIMIT),
            MailAddress(),
        ],
        filters=[clean_line],
    )
    reason = TextAreaField(
        _l("How you know that its owner asks for it"),
        [
            InputRequired(_l("Say how you know that it is the owner who asks.")),
            AtMost(LONGEST_REASON),
            Readable(),
        ],
        filters=[clean_text],
        description=_l("The history keeps this, and not the address: leave names out."),
    )
