"""Signing: a row and the mail with its confirm link, in one unit of work.

Nobody learns from the reply what is known about an address, nor from the time it takes: every wish does the same work, and
what is not to be kept is taken back. Only the mail differs, and it goes to the mailbox alone.
"""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from sqlalchemy import Integer, LargeBinary, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from petitions import caps, clock, mailboxes, suppressions
from petitions.database import UTCDateTime, transactional
from petitions.errors import PetitionsError, StateChanged
from petitions.extensions import db
from petitions.mail import outbox
from petitions.mailboxes import Mailbox
from petitions.models import Signature, SignatureRole, SignatureState
from petitions.questions import Question, provisional
from petitions.secrecy import (
    domain_hash,
    mailbox_hash,
    network_hash,
    opened,
    sealed_values,
)
from petitions.signals import Signal
from petitions.signing import facts, queries, unusual
from petitions.signing.wish import Earlier, Outcome, Person, decide

__all__ = ["Person", "ask_for_list", "send_new_link", "sign"]

#: As many others as there are seats can take one in the same instant.
ATTEMPTS = 3


class WordsChanged(PetitionsError):
    """The petition has other words than somebody has read who wants to sign."""


def sign(
    *,
    petition_id: int,
    person: Person,
    role: SignatureRole = SignatureRole.SIGNER,
    has_read: str | None = None,
) -> None:
    """Take somebody's wish to sign, and send the mail that fits what is known about the mailbox.

    `has_read` is the version of the petition's words that stood beside the form; nothing where it does not matter. Raises
    `NotFound` or `Gone` where there is no such petition, `StateChanged` where it takes no signatures any more, `WordsChanged`.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return _sign(petition_id, person, role, has_read)
        except IntegrityError:
            # A refusal of this mailbox was taken back in the same instant, and has its seat again.
            continue
    return _sign(petition_id, person, role, has_read)


@transactional
def _sign(petition_id: int, person: Person, role: SignatureRole, has_read: str | None) -> None:
    mailbox = person.mailbox or mailboxes.known(person.email)
    known = facts.of(petition_id, person, mailbox)
    _must_be_taken(known, role, has_read)
    allowance = caps.allowance_in_turn(mailbox.canonical)
    may_mail = allowance.left(caps.about(petition_id)) and not known.is_suppressed
    row = _written(known, person, role, mailbox)
    earlier = _earlier(petition_id, row["mailbox_hash"])
    outcome = decide(person, earlier, may_mail=may_mail)
    row |= _signals(unusual.signals_of(person, mailbox, known.of_domain), earlier)
    _carry_out(outcome, row, person, allowance)


def _must_be_taken(petition: Any, role: SignatureRole, has_read: str | None) -> None:
    if role is SignatureRole.SIGNER:
        is_open = queries.with_page(petition).is_signable
    else:
        is_open = petition is not None and queries.takes_supporters(petition)
    if not is_open:
        raise StateChanged("this petition takes no signatures now")
    if has_read not in {None, str(petition.text_version)}:
        raise WordsChanged("they were changed while they were read")


class Stored(NamedTuple):
    """The numbers of a signature."""

    id: int
    petition_id: int


def _carry_out(outcome: Outcome, row: dict[str, Any], person: Person, allowance: caps.Allowance) -> None:
    """Write the new row and the mail, and keep of both what the outcome says: the same statements in every case."""
    petition_id = row["petition_id"]
    row["seat"] = outcome.seat or 1
    if outcome.seat is None:
        # A row that is taken back takes nobody's seat meanwhile.
        row["mailbox_hash"] = secrets.token_bytes(32)
    with provisional(keep=outcome.seat is not None):
        _end(outcome.ends)
        new = Stored(INSERT.run(**row)[0].id, petition_id)
        if outcome.told is None:
            _mail(outcome, new, person, allowance)
    if outcome.told is not None:
        _mail(outcome, Stored(outcome.told, petition_id), person, allowance)


def _mail(outcome: Outcome, signature: Stored, person: Person, allowance: caps.Allowance) -> None:
    kind = "already_signed" if outcome.has_signed else "confirm_signature"
    _queue(kind, signature, recipient=person.email if outcome.is_another else None)
    allowance.note(caps.about(signature.petition_id))


def _queue(kind: str, signature: outbox.OfPetition, *, recipient: str | None = None) -> None:
    """Queue one more mail about a signature, whatever became of those before: a lost one is asked for again."""
    key = f"{kind}:{signature.id}:{secrets.token_hex(8)}"
    outbox.queue(kind, key=key, signature=signature, recipient=recipient, priority=outbox.CONFIRMATION)


def _earlier(petition_id: int, mailbox: bytes | None) -> list[Earlier]:
    """What a mailbox has signed, locked: a link pressed at this moment is pressed before or after.

    Read by columns: an object for every row would take a time that could be measured. What no key opens any more is nobody's name: it
    keeps nobody from signing.
    """
    return [
        Earlier(
            id=row.id,
            state=row.state,
            seat=row.seat,
            country=row.country,
            name=Signature.name.opened(row),
            postcode=Signature.postcode.opened(row),
        )
        for row in EARLIER.run(petition_id=petition_id, mailbox=mailbox)
    ]


def _of_mailbox() -> Any:
    columns = (
        Signature.id,
        Signature.state,
        Signature.seat,
        Signature.country,
        Signature.row_key,
        Signature.name_sealed,
        Signature.postcode_sealed,
    )
    wanted = select(*columns).where(
        Signature.petition_id == bindparam("petition_id", type_=Integer),
        Signature.mailbox_hash == bindparam("mailbox", type_=LargeBinary),
    )
    # By a sum, not by the column: before SQLite has counted its rows it would rather read a petition's signatures in this
    # order, all of them, than look for the mailbox.
    return wanted.order_by(Signature.id + 0).with_for_update()


EARLIER = Question(_of_mailbox)


def _written(known: Any, person: Person, role: SignatureRole, mailbox: Mailbox) -> dict[str, Any]:
    """The columns of the signature as it would be stored."""
    petition_id = known.id
    texts = {"name": person.name, "email": person.email, "postcode": person.postcode or None, "ip": person.ip}
    return {
        "petition_id": petition_id,
        "text_version": known.text_version,
        "role": role,
        "mailbox_hash": mailbox_hash(petition_id, mailbox.canonical),
        "domain_hash": domain_hash(petition_id, mailbox.domain),
        "network_hash": network_hash(petition_id, person.ip) if person.ip else None,
        "country": person.country,
        "place_id": known.place_id,
        "wants_updates": person.wants_updates,
        **sealed_values(Signature, **texts),
    }


def _signals(signals: list[Signal], earlier: list[Earlier]) -> dict[str, Any]:
    """What the signature's columns say of what is unusual about it."""
    if any(row.state is SignatureState.INVALIDATED for row in earlier):
        signals = [*signals, Signal.SIGNED_AGAIN]
    reason = unusual.held_reason(signals)
    return {"signals": [signal.value for signal in signals], "held_reason": reason.value if reason else None}


#: The columns of a new signature; the others have what the table says.
WRITTEN = (
    "petition_id", "text_version", "role", "name_sealed", "email_sealed", "postcode_sealed", "ip_sealed", "row_key",
    "mailbox_hash", "domain_hash", "network_hash", "country", "place_id", "wants_updates", "seat", "signals",
    "held_reason",
)  # fmt: skip
INSERT = Question(
    lambda: insert(Signature).values({name: bindparam(name) for name in WRITTEN}).returning(Signature.id)
)


def _end(signature_ids: tuple[int, ...]) -> None:
    """End signatures that were never confirmed, as `counting.end` does one."""
    # A mailbox has two seats at most; of none that ends, a number is given that no row has.
    first, second = (*signature_ids, 0, 0)[:2]
    END.run(first=first, second=second, now=clock.now())


def _ending() -> Any:
    ended: Any = update(Signature.__table__).values(  # type: ignore[arg-type]
        state=SignatureState.WITHDRAWN,
        seat=None,
        ended_at=bindparam("now", type_=UTCDateTime),
        wants_updates=False,
    )
    either = [Signature.id == bindparam(name, type_=Integer) for name in ("first", "second")]
    return ended.where(or_(*either), Signature.state == SignatureState.PENDING)


END = Question(_ending)


@transactional
def send_new_link(*, signature_id: int) -> None:
    """Queue the confirm link of a pending signature once more. Too many in a day, or no link needed: nothing, silently."""
    signature = queries.signature_of_link(signature_id)
    allowance = caps.allowance(mailboxes.canonical(opened(signature, "email") or ""))
    db.session.refresh(signature, with_for_update={"of": Signature})
    subject = caps.about(signature.petition_id)
    waits = signature.state is SignatureState.PENDING
    with provisional(keep=waits and allowance.left(subject)):
        _queue("confirm_signature", signature)
        allowance.note(subject)


@transactional
def ask_for_list(*, email: str) -> None:
    """Queue a mail that lists what a mailbox signed, within its caps, whoever asks."""
    mailbox = mailboxes.canonical(email)
    allowance = caps.allowance(mailbox)
    is_suppressed = suppressions.is_suppressed(mailbox)
    with provisional(keep=allowance.left(caps.LIST) and not is_suppressed):
        outbox.queue("my_signatures", key=f"list:{secrets.token_hex(16)}", recipient=email)
        allowance.note(caps.LIST)
