"""Forms about mail domains."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, ValidationError

from petitions.admin import wording
from petitions.admin.domains import Rules
from petitions.forms import AtMost, Readable, StaffForm, clean_line
from petitions.mailboxes import ascii_domain
from petitions.models import DomainStanding

DOMAIN_LIMIT = 253
NOTE_LIMIT = 200


def _clean_domain(value: str | None) -> str:
    """As the list keeps it: lower case, ASCII; an @ in front is left out."""
    return ascii_domain(clean_line(value).lower().removeprefix("@"))


class IsDomain:
    """Refuses what can be no mail domain."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.errors or not field.data:
            return
        try:
            validate_email(f"name@{field.data}", check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(_l("Enter what stands behind the @, in the form example.org.")) from None


class DomainForm(StaffForm):
    """What is known about one domain."""

    standing = RadioField(
        _l("Signatures from this domain"),
        choices=lambda: [(each.value, wording.STANDINGS[each]) for each in DomainStanding],
        default=DomainStanding.USUAL.value,
    )
    other_name_of = StringField(
        _l("Another name of"), [AtMost(DOMAIN_LIMIT), Readable(), IsDomain()], filters=[_clean_domain]
    )
    ignores_tags = BooleanField(_l("name+anything is the mailbox of name"), default=True)
    ignores_dots = BooleanField(_l("Dots before the @ mean nothing"))
    note = StringField(_l("Note"), [AtMost(NOTE_LIMIT), Readable()], filters=[clean_line])

    def rules(self) -> Rules:
        """What was filled in."""
        return Rules(
            other_name_of=self.other_name_of.data or "",
            ignores_dots=self.ignores_dots.data,
            ignores_tags=self.ignores_tags.data,
            standing=DomainStanding(self.standing.data),
            note=self.note.data or "",
        )


class NewDomainForm(DomainForm):
    """A domain that is not in the list yet."""

    domain = StringField(
        _l("Domain"),
        [InputRequired(_l("Enter a domain.")), AtMost(DOMAIN_LIMIT), Readable(), IsDomain()],
        filters=[_clean_domain],
    )
