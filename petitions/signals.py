"""What is unusual about a signature: codes that are kept with it, shown to staff alone, and proof of nothing by themselves."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Signal(StrEnum):
    """One unusual thing. Those of `HOLDS` make a confirmed signature wait for staff."""

    ALIAS = "alias"
    """The address was typed in another spelling than its mailbox's plain one."""
    QUICK = "quick"
    """The form was filled in faster than people type."""
    TRAP = "trap"
    """A field that people do not see was filled in."""
    ORIGIN = "origin"
    """Very many signatures came from its address of origin, or its network, within the hour."""
    DOMAIN = "domain"
    """Very many signatures on this petition came from its mail domain within the hour."""
    DOMAIN_HELD = "domain_held"
    """Staff hold every signature from its mail domain."""
    SIGNED_AGAIN = "signed_again"
    """Staff have removed a signature of this mailbox before."""
    BY_STAFF = "by_staff"
    """Staff put it aside to look at it."""


HOLDS = frozenset(
    {
        Signal.TRAP,
        Signal.ORIGIN,
        Signal.DOMAIN,
        Signal.DOMAIN_HELD,
        Signal.SIGNED_AGAIN,
        Signal.BY_STAFF,
    }
)

WORDS: dict[Signal, LazyString] = {
    Signal.ALIAS: _l("Another spelling of the mailbox"),
    Signal.QUICK: _l("Form filled in faster than people type"),
    Signal.TRAP: _l("A field that people do not see was filled in"),
    Signal.ORIGIN: _l("Very many from one address of origin within the hour"),
    Signal.DOMAIN: _l("Very many from one mail domain within the hour"),
    Signal.DOMAIN_HELD: _l("Every signature from this mail domain is held"),
    Signal.SIGNED_AGAIN: _l("Signed again after staff removed a signature"),
    Signal.BY_STAFF: _l("Put aside by staff"),
}
