"""What is unusual about a signature, seen when it is sent. It is acted on when the mailbox is confirmed, and staff decide."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, LargeBinary, bindparam, func, select

from petitions import clock, origin_counts
from petitions.database import UTCDateTime
from petitions.extensions import settings
from petitions.limits import DOMAIN_AN_HOUR
from petitions.mailboxes import Mailbox
from petitions.models import DomainStanding, Signature
from petitions.questions import Question
from petitions.secrecy import domain_hash
from petitions.signals import HOLDS, Signal
from petitions.signing.wish import Person

HOUR = timedelta(hours=1)
#: Domains whose every signature is held. One that the form refuses has got past the form.
HELD = {DomainStanding.HELD, DomainStanding.REFUSED}


def signals_of(petition_id: int, person: Person, mailbox: Mailbox) -> list[Signal]:
    """Everything unusual, in the order of `Signal`. Counts the origin, so it is asked once for each form that is sent."""
    found = set(person.signals)
    if mailbox.is_alias:
        found.add(Signal.ALIAS)
    if mailbox.standing in HELD:
        found.add(Signal.DOMAIN_HELD)
    if settings().ratelimit_enabled:
        if origin_counts.count(person.ip):
            found.add(Signal.ORIGIN)
        if mailbox.standing is DomainStanding.USUAL and _crowded(petition_id, mailbox.domain):
            found.add(Signal.DOMAIN)
    return [signal for signal in Signal if signal in found]


def held_reason(signals: Collection[Signal]) -> Signal | None:
    """Why staff are to look at a signature first: what says most about it stands last in `Signal`."""
    return next((signal for signal in reversed(Signal) if signal in HOLDS and signal in signals), None)


def _crowded(petition_id: int, domain: str) -> bool:
    """Whether the domain has its hour's signatures on this petition already. No more rows are counted than matter."""
    given = {"petition_id": petition_id, "domain_hash": domain_hash(petition_id, domain)}
    number: int = RECENT.first(**given, since=clock.now() - HOUR).number
    return number >= DOMAIN_AN_HOUR


def _recent() -> Any:
    recent = (
        select(Signature.id)
        .where(
            Signature.petition_id == bindparam("petition_id", type_=Integer),
            Signature.domain_hash == bindparam("domain_hash", type_=LargeBinary),
            Signature.created_at > bindparam("since", type_=UTCDateTime),
        )
        .limit(DOMAIN_AN_HOUR)
    )
    return select(func.count().label("number")).select_from(recent.subquery())


RECENT = Question(_recent)
