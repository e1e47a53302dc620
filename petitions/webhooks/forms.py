"""The form that adds a webhook."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from petitions.forms import AtMost, Readable, StaffForm, clean_line
from petitions.models.webhook import URL_LIMIT
from petitions.webhooks import addresses
from petitions.webhooks.wording import REFUSALS


class LeadsOut:
    """Refuses what cannot be a webhook's address. Its host is looked up when something is sent, each time anew."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.errors or not field.data:
            return
        try:
            parts = addresses.checked_url(field.data)
            addresses.refuse_private_number(parts.hostname or "")
        except addresses.NotAllowed as problem:
            raise ValidationError(REFUSALS[str(problem)]) from None


class WebhookForm(StaffForm):
    """Where to."""

    url = StringField(
        _l("Address of the program"),
        [InputRequired(_l("Enter an address.")), AtMost(URL_LIMIT), Readable(), LeadsOut()],
        filters=[clean_line],
    )
