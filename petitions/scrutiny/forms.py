"""Forms of scrutiny: conditions, what is to be done, and why."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime
from ipaddress import IPv6Network, ip_network
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError
from wtforms.widgets import DateTimeLocalInput, TextInput

from petitions import mailboxes
from petitions.addresses import HIGHEST
from petitions.extensions import settings
from petitions.forms import AtMost, MailAddress, Readable, StaffForm, WholeNumber, clean_line, clean_text
from petitions.models import CampaignAction, SignatureState
from petitions.places import countries, postcodes
from petitions.scrutiny import queries, wording
from petitions.scrutiny.actions import MOST_AT_ONCE
from petitions.scrutiny.conditions import WILD, Conditions
from petitions.signals import HOLDS, WORDS, Signal

REASON_LIMIT = 300
LONGEST_VALUE = 254
FIRST_YEAR, LAST_YEAR = 2000, 2100
_ANY = ("", _l("Any"))


class MomentField(Field):
    """A moment in the site's zone, as a browser's own field sends it: 2026-12-09T14:30. `data` is aware, or `None`."""

    widget = DateTimeLocalInput()
    data: datetime | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(settings().timezone).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the moment. Raises `ValueError` with what to type instead."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(gettext("Enter a date and a time such as 2026-12-09T14:30.")) from None
        if moment.tzinfo is not None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError(gettext("Enter a date and a time of this century."))
        self.data = moment.replace(tzinfo=settings().timezone).astimezone(UTC)

    def pre_validate(self, form: Any) -> None:
        """What is no moment is not compared with others."""
        if self.process_errors:
            raise StopValidation


def _text(label: Any, *validators: Any) -> StringField:
    return StringField(
        label, [Optional(), AtMost(LONGEST_VALUE), Readable(), *validators], filters=[clean_line]
    )


def _reason_field(label: Any, empty: Any) -> TextAreaField:
    return TextAreaField(
        label, [InputRequired(empty), AtMost(REASON_LIMIT), Readable()], filters=[clean_text]
    )


def _public_reason() -> TextAreaField:
    return _reason_field(_l("Why, for everybody to read"), _l("Give the reason: it is published."))


class ConditionsForm(StaffForm):
    """What must be true of a signature; what is left empty asks for nothing."""

    address = EmailField(
        _l("E-mail address"),
        [Optional(), AtMost(LONGEST_VALUE), Readable(), MailAddress()],
        filters=[clean_line],
    )
    domain = _text(_l("Mail domain"))
    origin = _text(_l("Address of origin"))
    postcode = _text(_l("Postcode"))
    place = _text(_l("Place"))
    country = SelectField(_l("Country"), choices=lambda: [_ANY, *countries.choices()], default="")
    state = SelectField(_l("State"), choices=lambda: [_ANY, *wording.states()], default="")
    role = SelectField(_l("Part"), choices=lambda: [_ANY, *wording.roles()], default="")
    held_reason = SelectField(
        _l("Held because"),
        choices=lambda: [_ANY, *((code.value, WORDS[code]) for code in Signal if code in HOLDS)],
        default="",
    )
    signals = SelectMultipleField(
        _l("Unusual about it"), choices=lambda: [(code.value, WORDS[code]) for code in Signal]
    )
    signed_from = MomentField(_l("Signed from"), [Optional()])
    signed_before = MomentField(_l("Signed before"), [Optional()])
    confirmed_from = MomentField(_l("Confirmed from"), [Optional()])
    confirmed_before = MomentField(_l("Confirmed before"), [Optional()])
    seconds_from = WholeNumber(_l("Seconds to confirm, at least"), [Optional()], widget=TextInput())
    seconds_to = WholeNumber(_l("Seconds to confirm, at most"), [Optional()], widget=TextInput())

    place_id: int | None = None

    def validate_domain(self, field: StringField) -> None:
        """A domain's name, or a pattern of one."""
        name = (field.data or "").lower().lstrip("@")
        if WILD not in name:
            name = mailboxes.domain_of(f"name@{name}") if name else ""
        field.data = name
        if name and not re.fullmatch(r"[a-z0-9*](?:[a-z0-9.*-]*[a-z0-9*])?", name):
            raise ValidationError(
                _l("Enter a domain such as example.org, or *.example.org for all below it.")
            )

    def validate_origin(self, field: StringField) -> None:
        """An address or a network, of either family."""
        try:
            network = ip_network(field.data or "", strict=False)
        except ValueError:
            raise ValidationError(
                _l("Enter an address such as 192.0.2.7, or a network such as 192.0.2.0/24 or 2001:db8::/32.")
            ) from None
        if (
            isinstance(network, IPv6Network)
            and (mapped := network[0].ipv4_mapped)
            and network.prefixlen >= 96
        ):
            network = ip_network((mapped, network.prefixlen - 96))
        field.data = str(network)

    def validate_postcode(self, field: StringField) -> None:
        """A postcode, or the beginning of one before a star."""
        field.data = postcodes.compact(field.data or "")
        if not re.fullmatch(r"[A-Z0-9]+\*?", field.data):
            raise ValidationError(_l("Enter a postcode, or its beginning with a star: AB1*."))

    def validate_place(self, field: StringField) -> None:
        """A place by its name or code."""
        found = queries.place_named(field.data or "")
        if found is None:
            raise ValidationError(_l("Enter a place by its whole name or its code."))
        self.place_id = found.id

    @property
    def conditions(self) -> Conditions:
        """What was asked for, once the form is valid."""
        names = (
            "address domain origin postcode country state role held_reason signed_from signed_before "
            "confirmed_from confirmed_before seconds_from seconds_to"
        )
        given = {name: self[name].data for name in names.split() if self[name].data not in (None, "")}
        return Conditions(**given, place_id=self.place_id, signals=tuple(self.signals.data or ()))


class ChangeForm(StaffForm):
    """What is done with the ticked signatures, and why."""

    action = SelectField(_l("What to do"), choices=lambda: wording.actions())
    signatures = SelectMultipleField(_l("Signatures"), coerce=int, validate_choice=False, choices=[])
    reason = _public_reason()

    def validate_signatures(self, field: SelectMultipleField) -> None:
        """At least one, and no more than one page has."""
        field.data = [each for each in field.data or [] if 0 < each <= HIGHEST]
        if not field.data:
            raise ValidationError(_l("Tick at least one signature."))
        if len(field.data) > MOST_AT_ONCE:
            raise ValidationError(
                gettext("Tick at most %(number)s signatures, or begin a campaign.", number=MOST_AT_ONCE)
            )

    @property
    def chosen_action(self) -> CampaignAction:
        """What was chosen, once the form is valid."""
        return CampaignAction(self.action.data)


class RevealForm(StaffForm):
    """Why one signer is to be seen."""

    why = _reason_field(_l("Why you need to know"), _l("Give the reason: it is kept in the history."))


class CampaignForm(ConditionsForm):
    """Conditions, and what is done with all that fit."""

    action = RadioField(_l("What to do"), choices=lambda: wording.actions())
    reason = _public_reason()


class UndoForm(StaffForm):
    """Why a campaign is undone."""

    reason = _public_reason()


def held_only() -> Conditions:
    """What the queue of held signatures leads to."""
    return Conditions(state=SignatureState.HELD.value)


def filled(form: type[ConditionsForm], conditions: Conditions, **more: Any) -> Any:
    """A form that shows conditions as they were typed."""
    values = {field.name: getattr(conditions, field.name) for field in fields(conditions)}
    place = queries.place(conditions.place_id) if conditions.place_id is not None else None
    return form(formdata=None, **values | {"place": place.name if place else ""} | more)
