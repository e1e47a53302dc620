"""Mailboxes whose owners want no mail from this site at all: nothing is sent to them, confirm links included.

Kept as a keyed hash of the mailbox, so that the list tells nobody whom it names; asked when a mail is composed, so that
what waits in the outbox stops too. All of it works inside the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, bindparam, delete, exists, select

from petitions import clock, mailboxes
from petitions.database import insert_new
from petitions.extensions import db
from petitions.models import Suppression
from petitions.questions import LONGEST, Question
from petitions.secrecy import keyed_hash


def naming() -> ColumnElement[bool]:
    """In a question: whether the mailbox that `asked` names is one of them."""
    return exists().where(
        Suppression.address_hash == bindparam("suppression", type_=Suppression.address_hash.type)
    )


def asked(mailbox: str) -> dict[str, bytes]:
    """What `naming` is given about a mailbox, by its canonical address."""
    return {"suppression": _hash_of(mailbox)}


NAMED = Question(lambda: select(naming().label("is_named")))
AMONG = Question(
    lambda: select(Suppression.address_hash).where(
        Suppression.address_hash.in_(bindparam("hashes", expanding=True))
    )
)


def _hash(address: str) -> bytes:
    return _hash_of(mailboxes.canonical(address))


def _hash_of(mailbox: str) -> bytes:
    return keyed_hash("suppression", mailbox)


def suppress(address: str) -> None:
    """Send nothing more to a mailbox, however it is spelled. Again changes nothing."""
    insert_new(Suppression, db.session, address_hash=_hash(address), created_at=clock.now())


def lift(address: str) -> None:
    """Mail may come again."""
    wanted = delete(Suppression).where(Suppression.address_hash == _hash(address))
    db.session.execute(wanted.execution_options(synchronize_session=False))


def is_suppressed(address: str) -> bool:
    """Whether the owner of a mailbox wants no mail from this site."""
    return is_named(mailboxes.canonical(address))


def is_named(mailbox: str) -> bool:
    """The same of a mailbox by its canonical address."""
    return bool(NAMED.first(**asked(mailbox)).is_named)


def suppressed_of(addresses: Iterable[str]) -> set[str]:
    """Those of many addresses whose owners want no mail from this site, by a few questions."""
    hashes = {address: _hash_of(mailbox) for address, mailbox in mailboxes.canonical_of(addresses).items()}
    asked_for = sorted(set(hashes.values()))
    found = {
        bytes(row.address_hash)
        for first in range(0, len(asked_for), LONGEST)
        for row in AMONG.run(hashes=asked_for[first : first + LONGEST])
    }
    return {address for address, hashed in hashes.items() if hashed in found}
