"""What is unusual about a signature, seen when it is sent. It is acted on when the mailbox is confirmed, and staff decide."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, LargeBinary, bindparam, func, select

from petitions import clock, origin_counts
from petitions.database import UTCDateTime
from petitions.extensions import settings
from petitions.limits import DOMAIN_AN_HOUR
from petitions.mailboxes import Mailbox
from petitions.models import DomainStanding, Signature
from petitions.secrecy import domain_hash
from petitions.signals import HOLDS, Signal
from petitions.signing.wish import Person

HOUR = timedelta(hours=1)
#: Domains whose every signature is held. One that the form refuses has got past the form.
HELD = {DomainStanding.HELD, DomainStanding.REFUSED}


def signals_of(person: Person, mailbox: Mailbox, of_domain: int) -> list[Signal]:
    """Everything unusual, in the order of `Signal`. Counts the origin, so it is asked once for each form that is sent.

    `of_domain` is what `recent` says.
    """
    found = set(person.signals)
    if mailbox.is_alias:
        found.add(Signal.ALIAS)
    if mailbox.standing in HELD:
        found.add(Signal.DOMAIN_HELD)
    if settings().ratelimit_enabled and origin_counts.count(person.ip):
        found.add(Signal.ORIGIN)
    if of_domain >= DOMAIN_AN_HOUR:
        found.add(Signal.DOMAIN)
    return [signal for signal in Signal if signal in found]


def held_reason(signals: Collection[Signal]) -> Signal | None:
    """Why staff are to look at a signature first: what says most about it stands last in `Signal`."""
    return next((signal for signal in reversed(Signal) if signal in HOLDS and signal in signals), None)


def asked(petition_id: int, mailbox: Mailbox) -> dict[str, Any]:
    """What `recent` is given. Of domains that are not counted no row is found."""
    is_counted = settings().ratelimit_enabled and mailbox.standing is DomainStanding.USUAL
    hashed = domain_hash(petition_id, mailbox.domain) if is_counted else None
    return {"domain_hash": hashed, "since": clock.now() - HOUR}


def recent() -> ColumnElement[int]:
    """In a question: the hour's signatures on the petition `petition_id` from the mail domain that `asked` names.

    No more rows are counted than matter.
    """
    rows = (
        select(Signature.id)
        .where(
            Signature.petition_id == bindparam("petition_id", type_=Integer),
            Signature.domain_hash == bindparam("domain_hash", type_=LargeBinary),
            Signature.created_at > bindparam("since", type_=UTCDateTime),
        )
        .limit(DOMAIN_AN_HOUR)
    )
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()
