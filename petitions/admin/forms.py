"""Forms about people."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, ValidationError

from petitions.admin import queries, wording
from petitions.forms import (
    EMAIL_LIMIT,
    NAME_LIMIT,
    AtMost,
    MailAddress,
    NoLink,
    Readable,
    StaffForm,
    clean_line,
)
from petitions.permissions import Role

#: Their work is that of one department.
OF_A_DEPARTMENT = {Role.OFFICIAL, Role.APPROVER}


class PersonForm(StaffForm):
    """What somebody is called, what they may do, and for which department."""

    name = StringField(
        _l("Name"),
        [InputRequired(_l("Enter a name.")), AtMost(NAME_LIMIT), Readable(), NoLink()],
        filters=[clean_line],
    )
    roles = SelectMultipleField(
        _l("Roles"),
        [InputRequired(_l("Choose at least one role."))],
        choices=lambda: [(role.value, wording.ROLES[role]) for role in Role],
    )
    department = SelectField(
        _l("Department"),
        choices=lambda: [("", _l("None")), *((row.slug, row.name) for row in queries.departments())],
    )

    def validate_department(self, field: Any) -> None:
        """Officials and approvers work for a department."""
        if not field.data and OF_A_DEPARTMENT & set(self.roles.data or []):
            raise ValidationError(_l("Choose the department: officials and approvers belong to one."))

    def chosen(self) -> dict[str, Any]:
        """What was filled in, as the actions want it."""
        return {
            "name": self.name.data,
            "roles": [Role(role) for role in self.roles.data or []],
            "department": self.department.data or None,
        }


class NewPersonForm(PersonForm):
    """Somebody new: with the address to sign in with."""

    email = EmailField(
        _l("E-mail address"),
        [InputRequired(_l("Enter an e-mail address.")), AtMost(EMAIL_LIMIT), Readable(), MailAddress()],
        filters=[clean_line],
    )
