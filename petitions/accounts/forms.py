"""Forms about oneself: signing in, the second factor, choosing a name and a password."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, ValidationError

from petitions.extensions import settings
from petitions.forms import (
    EMAIL_LIMIT,
    NAME_LIMIT,
    AtMost,
    NoLink,
    PublicForm,
    Readable,
    StaffForm,
    clean_line,
)
from petitions.models import Staff
from petitions.staffing import breached, passwords
from petitions.staffing.passwords import LONGEST, SHORTEST

_STAFF_PATH = re.compile(r"/staff(?:/[A-Za-z0-9/_.-]*)?(?:\?[A-Za-z0-9=&%+_.,~-]*)?")
LONGEST_PATH = 500
#: Longer than any code with spaces in it.
LONGEST_CODE = 40


def safe_next(path: str | None) -> str | None:
    """The path where it is one of the staff pages; anything else, an address elsewhere above all, is dropped."""
    return path if path and len(path) <= LONGEST_PATH and _STAFF_PATH.fullmatch(path) else None


def _name() -> StringField:
    return StringField(
        _l("Your name"),
        [InputRequired(_l("Enter your name.")), AtMost(NAME_LIMIT), Readable(), NoLink()],
        filters=[clean_line],
    )


class GoodPassword:
    """Refuses a password that is too short, too long, among those that are tried first, or stolen elsewhere, and says what to do."""

    def __call__(self, form: Any, field: Any) -> None:
        password = field.data or ""
        if len(password) < SHORTEST:
            raise ValidationError(
                _l(
                    "Use at least %(number)s characters; three or four words of your own are good.",
                    number=SHORTEST,
                )
            )
        if len(password) > LONGEST:
            raise ValidationError(_l("Use at most %(number)s characters.", number=LONGEST))
        if passwords.is_guessable(password, about=form.known_words()):
            raise ValidationError(
                _l("This is among the first that somebody would guess. Use three or four words of your own.")
            )
        if breached.has_leaked(password):
            raise ValidationError(
                _l(
                    "This password was stolen somewhere else and is known. Use three or four other words of your own."
                )
            )


class _Chosen:
    """A new password, typed twice. What is known of the person is no part of a password."""

    person: Staff | None = None

    password = PasswordField(_l("New password"), [InputRequired(_l("Enter a password.")), GoodPassword()])
    again = PasswordField(
        _l("The same password again"), [InputRequired(_l("Enter the password a second time."))]
    )

    def known_words(self) -> list[str]:
        """Names and addresses that a guesser knows."""
        person = self.person
        return [
            settings().site_name,
            settings().site_body,
            settings().host,
            *((person.name, person.email) if person else ()),
            *([self.name.data or ""] if hasattr(self, "name") else []),
        ]

    def validate_again(self, field: Any) -> None:
        """Twice the same."""
        if field.data != self.password.data:
            raise ValidationError(_l("Enter the same password twice."))


class SignInForm(StaffForm):
    """Address and password; `next` is where the person was going."""

    email = EmailField(
        _l("E-mail address"),
        [InputRequired(_l("Enter your e-mail address.")), AtMost(EMAIL_LIMIT), Readable()],
        filters=[clean_line],
    )
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password.")), AtMost(LONGEST)])
    next = HiddenField(filters=[safe_next])


class CodeForm(StaffForm):
    """A code of the app, or one of the recovery codes."""

    code = StringField(
        _l("Code"),
        [InputRequired(_l("Enter the code.")), AtMost(LONGEST_CODE), Readable()],
        filters=[clean_line],
    )
    next = HiddenField(filters=[safe_next])


class AgainForm(StaffForm):
    """Password or code, asked once more."""

    show_again = PasswordField(
        _l("Password, or a code of your app"),
        [InputRequired(_l("Enter your password, or the code that your app shows now.")), AtMost(LONGEST)],
    )


class ResetAskForm(StaffForm):
    """Where to send a link for another password."""

    email = EmailField(
        _l("E-mail address"),
        [InputRequired(_l("Enter your e-mail address.")), AtMost(EMAIL_LIMIT), Readable()],
        filters=[clean_line],
    )


class InvitationForm(PublicForm, _Chosen):
    """What an invited person says of themselves. The link is the proof, so there is no token of a session."""

    name = _name()


class ResetForm(PublicForm, _Chosen):
    """Another password, by a mailed link."""


class PasswordForm(StaffForm, _Chosen):
    """Another password, by who knows the present one."""

    present = PasswordField(
        _l("Present password"), [InputRequired(_l("Enter your present password.")), AtMost(LONGEST)]
    )


class NameForm(StaffForm):
    """What one is called."""

    name = _name()
