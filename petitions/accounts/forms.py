"""The sign-in form."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired

from petitions.forms import EMAIL_LIMIT, AtMost, Readable, StaffForm, clean_line
from petitions.passwords import LONGEST

_STAFF_PATH = re.compile(r"/staff(?:/[A-Za-z0-9/_.-]*)?(?:\?[A-Za-z0-9=&%+_.,~-]*)?")
LONGEST_PATH = 500


def safe_next(path: str | None) -> str | None:
    """The path where it is one of the staff pages; anything else, an address elsewhere above all, is dropped."""
    return path if path and len(path) <= LONGEST_PATH and _STAFF_PATH.fullmatch(path) else None


class SignInForm(StaffForm):
    """Address and password; `next` is where the person was going."""

    email = EmailField(
        _l("E-mail address"),
        [InputRequired(_l("Enter your e-mail address.")), AtMost(EMAIL_LIMIT), Readable()],
        filters=[clean_line],
    )
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password.")), AtMost(LONGEST)])
    next = HiddenField(filters=[safe_next])
