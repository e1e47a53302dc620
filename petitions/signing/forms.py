"""Forms of signing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField
from wtforms.validators import DataRequired

from petitions.forms import EMAIL_LIMIT, AtMost, MailAddress, PersonForm, PublicForm, Readable, clean_line


class SignForm(PersonForm):
    """Who signs. The words beside `eligible` are the setting `ELIGIBILITY`."""

    eligible = BooleanField(validators=[DataRequired(_l("Tick the box to say that you may sign."))])


class FindForm(PublicForm):
    """Which mailbox asks for the list of what it signed."""

    email = EmailField(
        _l("Your e-mail address"),
        [DataRequired(_l("Enter your e-mail address.")), AtMost(EMAIL_LIMIT), Readable(), MailAddress()],
        filters=[clean_line],
    )
