"""Forms of signing."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField
from wtforms.validators import DataRequired

from petitions.forms import EMAIL_LIMIT, AtMost, MailAddress, PersonForm, PublicForm, Readable, clean_line
from petitions.models import Petition


class SignForm(PersonForm):
    """Who signs. The words beside `eligible` are the setting `ELIGIBILITY`."""

    eligible = BooleanField(validators=[DataRequired(_l("Tick the box to say that you may sign."))])
    text_version = HiddenField()

    def is_about(self, petition: Petition) -> bool:
        """Whether the words beside the form are still the petition's. A program need not say which it has read."""
        if self.text_version.data in {None, "", str(petition.text_version)}:
            return True
        self.form_errors.append(
            _("The words of this petition were changed while you read them. Read them again, then sign.")
        )
        return False


class FindForm(PublicForm):
    """Which mailbox asks for the list of what it signed."""

    email = EmailField(
        _l("Your e-mail address"),
        [DataRequired(_l("Enter your e-mail address.")), AtMost(EMAIL_LIMIT), Readable(), MailAddress()],
        filters=[clean_line],
    )
