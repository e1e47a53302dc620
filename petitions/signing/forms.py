"""Forms of signing."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired

from petitions.forms import PersonForm, PublicForm, own_address
from petitions.limits import QUICK_SECONDS
from petitions.signals import Signal


class SignForm(PersonForm):
    """Who signs. The words beside `eligible` are the setting `ELIGIBILITY`."""

    eligible = BooleanField(validators=[DataRequired(_l("Tick the box to say that you may sign."))])
    text_version = HiddenField()
    comment = StringField(_l("Leave this empty"))
    """People do not see it; programs that fill in every field do."""
    seconds = HiddenField()
    """How long the form was open, written by the page's script when it is sent; empty where scripts do not run."""

    def signals(self) -> tuple[Signal, ...]:
        """What is unusual about the way it was filled in."""
        trap = (Signal.TRAP,) if self.comment.data else ()
        seconds = self.seconds.data or ""
        quick = re.fullmatch(r"[0-9]{1,6}", seconds) and int(seconds) < QUICK_SECONDS
        return (*trap, Signal.QUICK) if quick else trap

    def must_be_read_again(self) -> None:
        """Say that the words beside the form are no longer the petition's."""
        self.form_errors.append(
            _("The words of this petition were changed while you read them. Read them again, then sign.")
        )


class FindForm(PublicForm):
    """Which mailbox asks for the list of what it signed."""

    email = own_address()
