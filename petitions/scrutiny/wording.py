"""States, parts, acts and conditions in words, for the pages of scrutiny."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from petitions.models import CampaignAction, CampaignState, SignatureRole, SignatureState
from petitions.places import countries
from petitions.scrutiny import queries
from petitions.scrutiny.conditions import Conditions
from petitions.scrutiny.masking import masked_address
from petitions.signals import WORDS, Signal
from petitions.templating import date_and_time, number

STATES: dict[SignatureState, LazyString] = {
    SignatureState.PENDING: _l("Not confirmed yet"),
    SignatureState.VALIDATED: _l("Valid"),
    SignatureState.HELD: _l("Held"),
    SignatureState.INVALIDATED: _l("Removed by staff"),
    SignatureState.WITHDRAWN: _l("Withdrawn"),
    SignatureState.REFUSED: _l("Refused: “this wasn’t me”"),
}
#: The tone of each state's tag; any other is quiet.
TONES = {SignatureState.VALIDATED: "done", SignatureState.HELD: "soon", SignatureState.INVALIDATED: "late"}

ROLES: dict[SignatureRole, LazyString] = {
    SignatureRole.CREATOR: _l("Petitioner"),
    SignatureRole.SUPPORTER: _l("Supporter"),
    SignatureRole.SIGNER: _l("Signer"),
}

ACTIONS: dict[CampaignAction, LazyString] = {
    CampaignAction.HOLD: _l("Hold"),
    CampaignAction.RELEASE: _l("Release"),
    CampaignAction.INVALIDATE: _l("Remove"),
    CampaignAction.RESTORE: _l("Put back"),
}
#: What is done, as a heading says it.
NOUNS: dict[CampaignAction, LazyString] = {
    CampaignAction.HOLD: _l("Hold signatures"),
    CampaignAction.RELEASE: _l("Release held signatures"),
    CampaignAction.INVALIDATE: _l("Remove signatures"),
    CampaignAction.RESTORE: _l("Put removed signatures back"),
}
HINTS: dict[CampaignAction, LazyString] = {
    CampaignAction.HOLD: _l("They leave the count until you release or remove them."),
    CampaignAction.RELEASE: _l("Held ones become valid and are counted."),
    CampaignAction.INVALIDATE: _l("They leave the count. They can be put back."),
    CampaignAction.RESTORE: _l("Removed ones are again what they were before."),
}
CAMPAIGN_STATES: dict[CampaignState, tuple[LazyString, str]] = {
    CampaignState.LOOKING: (_l("Looking"), "wait"),
    CampaignState.READY: (_l("Waits to be started"), "soon"),
    CampaignState.RUNNING: (_l("At work"), "wait"),
    CampaignState.DONE: (_l("Done"), "done"),
    CampaignState.CANCELLED: (_l("Cancelled"), "quiet"),
    CampaignState.UNDOING: (_l("Being undone"), "wait"),
    CampaignState.UNDONE: (_l("Undone"), "quiet"),
}

_LABELS: dict[str, LazyString] = {
    "address": _l("E-mail address"),
    "domain": _l("Mail domain"),
    "origin": _l("Address of origin"),
    "postcode": _l("Postcode"),
    "place_id": _l("Place"),
    "country": _l("Country"),
    "state": _l("State"),
    "role": _l("Part"),
    "held_reason": _l("Held because"),
    "signals": _l("Unusual about it"),
    "signed_from": _l("Signed from"),
    "signed_before": _l("Signed before"),
    "confirmed_from": _l("Confirmed from"),
    "confirmed_before": _l("Confirmed before"),
    "seconds_from": _l("Seconds to confirm, at least"),
    "seconds_to": _l("Seconds to confirm, at most"),
}


def states() -> list[tuple[str, LazyString]]:
    """States to choose from."""
    return [(state.value, words) for state, words in STATES.items()]


def roles() -> list[tuple[str, LazyString]]:
    """Parts to choose from."""
    return [(role.value, words) for role, words in ROLES.items()]


def actions() -> list[tuple[str, LazyString]]:
    """Acts to choose from."""
    return [(action.value, words) for action, words in ACTIONS.items()]


def action_hints() -> dict[str, str]:
    """The sentence under each act."""
    return {action.value: str(words) for action, words in HINTS.items()}


def signal_words(code: str) -> str:
    """A signal's code in words; one that is not known by its code."""
    return str(WORDS[Signal(code)]) if code in list(Signal) else code


def described(conditions: Conditions) -> list[tuple[str, str, None]]:
    """Every condition as a row of a summary list; an address is covered up: whoever reads this need not know it."""
    return [(str(_LABELS[name]), _value(name, value), None) for name, value in conditions.given().items()]


def _value(name: str, value: Any) -> str:
    if name == "address":
        return masked_address(value)
    if name == "place_id":
        place = queries.place(value)
        return place.name if place else str(value)
    if name == "country":
        return countries.name(value)
    if name == "state":
        return str(STATES[SignatureState(value)])
    if name == "role":
        return str(ROLES[SignatureRole(value)])
    if name == "held_reason":
        return signal_words(value)
    if name == "signals":
        return str(_(" and ")).join(signal_words(code) for code in value)
    if isinstance(value, datetime):
        return date_and_time(value)
    return number(value) if isinstance(value, int) else str(value)
