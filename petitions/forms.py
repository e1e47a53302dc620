"""What every form shares: cleaned text, refused characters, and the questions about a person.

Forms of the public carry no session and no token, so that their pages can be kept by caches (`PublicForm`); staff forms
carry Flask-WTF's token (`StaffForm`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, Form, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from petitions import mailboxes
from petitions.addresses import HIGHEST
from petitions.extensions import settings
from petitions.mailboxes import Mailbox
from petitions.models import DomainStanding
from petitions.places import countries

NAME_LIMIT = 100
EMAIL_LIMIT = 254
POSTCODE_LIMIT = 10
LONGEST_MARK_RUN = 4

#: Says that a staff form is to be filled from what was posted, if anything was.
POSTED = object()
#: Characters that turn the direction of text: they can make a name or title read as something else.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Invisible characters that real scripts need: joiners of Persian, Hindi, and of emoji.
NEEDED_INVISIBLE = frozenset("\u200c\u200d")
_URL = re.compile(r"(?:https?|ftp)://|\bwww\.", re.IGNORECASE)


def clean_text(value: str | None) -> str:
    """Trimmed, composed (NFC), with one kind of line break."""
    return unicodedata.normalize("NFC", (value or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(value: str | None) -> str:
    """As `clean_text`, on one line with single spaces."""
    return re.sub(r"[ \t\n\u00a0\u2028\u2029]+", " ", clean_text(value)).strip()


def is_readable(text: str) -> bool:
    """Whether a text holds no character that cannot be shown or that misleads.

    Refused: controls but for tab and line break, unassigned and private ones, replacement marks of broken input, signs
    that turn the direction, invisible ones that no script needs, and more than four marks stacked on one letter.
    """
    if text.isascii() and text.isprintable():
        return True
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in {"Cs", "Co", "Cn"} or (category == "Cc" and character not in "\n\t"):
            return False
        if character in BIDI_CONTROLS or character == "\ufffd":
            return False
        if category in {"Cf", "Zl", "Zp"} and character not in NEEDED_INVISIBLE:
            return False
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > LONGEST_MARK_RUN:
            return False
    return True


class Readable:
    """Refuses text that `is_readable` does not pass."""

    def __call__(self, form: Any, field: Field) -> None:
        if field.data and not is_readable(field.data):
            raise ValidationError(
                _l("Remove the characters that cannot be shown. Type the text again if you pasted it.")
            )


class AtMost:
    """Refuses more than `limit` characters, and says by how many."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Any, field: Field) -> None:
        over = len(field.data or "") - self.limit
        if over > 0:
            raise ValidationError(
                ngettext("Shorten this by %(num)s character.", "Shorten this by %(num)s characters.", over)
            )


class WholeNumber(IntegerField):
    """A number of plain digits, no higher than a row's number can be: what a database can be asked about."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises `ValueError` with what to type instead."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text and not (re.fullmatch(r"[0-9]{1,10}", text) and int(text) <= HIGHEST):
            raise ValueError(self.gettext("Not a valid integer value."))
        if text:
            self.data = int(text)


class NoLink:
    """Refuses web addresses: a name is mailed to others and must not advertise."""

    def __call__(self, form: Any, field: Field) -> None:
        if _URL.search(field.data or ""):
            raise ValidationError(_l("Enter a name without a web address."))


class MailAddress:
    """Refuses what is no e-mail address; the domain is not looked up, so that signing never waits for it."""

    def __call__(self, form: Any, field: Field) -> None:
        try:
            # Mail servers that take other letters before the @ are rare, and ours could not write to them.
            validate_email(field.data or "", check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            raise ValidationError(_l("Enter an e-mail address in the form name@example.org.")) from None


class LastingMailbox:
    """Refuses providers of throw-away addresses. It is about the provider, whoever asks: nothing is told of an address."""

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors:
            return
        found = form.mailbox = mailboxes.known(field.data or "")
        if found.standing is DomainStanding.REFUSED:
            raise ValidationError(
                _(
                    "Addresses at %(domain)s cannot be used here. Enter one from another provider.",
                    domain=found.domain,
                )
            )


#: What WTForms itself says of a field, in our words: they say what to do and can be translated.
_CHOOSE = _l("Choose one of the answers that are offered.")
_WORDS = {
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
    "'%(value)s' are not valid choices for this field.": _CHOOSE,
    "Not a valid integer value.": _l("Enter a whole number in digits."),
    "Number must be between %(min)s and %(max)s.": _l("Enter a number from %(min)s to %(max)s."),
    "This field is required.": _l("Answer this question."),
}


class _Translations:
    """Hands WTForms our words for its own."""

    def gettext(self, text: str) -> str:
        return str(_WORDS.get(text, text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


class PublicForm(Form):
    """A form anyone may send. Nothing but its declared fields is read."""

    mailbox: Mailbox | None = None
    """What its address leads to, where `LastingMailbox` has looked."""

    class Meta:
        """Says what is wrong in our words."""

        def get_translations(self, form: Any) -> _Translations:
            """Our words for what WTForms says by itself."""
            return _Translations()

    @classmethod
    def from_request(cls, **defaults: Any) -> PublicForm:
        """The form filled from what was posted, or empty with `defaults`."""
        return cls(request.form if request.method == "POST" else None, **defaults)


class StaffForm(FlaskForm):  # type: ignore[misc]
    """A form of the staff pages, with Flask-WTF's token. Only typed fields are read: no files, no JSON in their place."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Says what is wrong in our words."""

        def get_translations(self, form: Any) -> _Translations:
            """Our words for what WTForms says by itself."""
            return _Translations()

    def __init__(self, formdata: Any = POSTED, **options: Any) -> None:
        if formdata is POSTED:
            formdata = request.form if request.method == "POST" else None
        super().__init__(formdata, **options)


class CountryField(SelectField):
    """A country of the list; anything else is refused in our own words."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if self.data not in countries.names():
            raise ValidationError(_l("Choose a country from the list."))


def own_address(*further: Any) -> EmailField:
    """Asks a visitor for the address that mail is to go to; `further` validators come last."""
    asked = DataRequired(_l("Enter your e-mail address."))
    return EmailField(
        _l("Your e-mail address"),
        [asked, AtMost(EMAIL_LIMIT), Readable(), MailAddress(), *further],
        filters=[clean_line],
    )


class PersonForm(PublicForm):
    """Who somebody is: asked of signers, supporters and petitioners alike."""

    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Enter your name.")), AtMost(NAME_LIMIT), Readable(), NoLink()],
        filters=[clean_line],
    )
    email = own_address(LastingMailbox())
    country = CountryField(_l("Country"), choices=countries.choices, default=lambda: settings().home_country)
    postcode = StringField(_l("Your postcode"), [AtMost(POSTCODE_LIMIT), Readable()], filters=[clean_line])
    updates = BooleanField(_l("Tell me by e-mail what happens to this petition"))

    def validate_postcode(self, field: Field) -> None:
        """People in the home country give a postcode: letters, digits, spaces and dashes."""
        if self.country.data != settings().home_country:
            return
        if not field.data:
            raise ValidationError(_l("Enter your postcode."))
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 -]*", field.data):
            raise ValidationError(_l("Enter a postcode of letters and digits."))
