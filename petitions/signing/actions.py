"""Signing: a row and the mail with its confirm link, in one unit of work.

Nobody learns from the reply what is known about an address; only the mail differs, and it goes to the mailbox alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from petitions import clock, counting, mailboxes
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db, settings
from petitions.mail import outbox
from petitions.models import Mail, Petition, Signature, SignatureRole, SignatureState
from petitions.origins import network_hash
from petitions.places import postcodes
from petitions.secrecy import domain_hash, keyed_hash, mailbox_hash, opened
from petitions.signing import queries

#: Mails about signing that one mailbox gets about one petition in `MAIL_WINDOW`, but for a first confirm link.
MAILS_IN_WINDOW = 2
MAIL_WINDOW = timedelta(hours=24)
SIGNING_MAILS = ("confirm_signature", "already_signed")
#: As many others as there are seats can take one in the same instant.
ATTEMPTS = 3


@dataclass(frozen=True)
class Person:
    """Who signs, as typed. `country` is an ISO 3166 code; `ip` the address of origin, where it is known."""

    name: str
    email: str
    country: str
    postcode: str
    wants_updates: bool
    ip: str | None = None


def sign(*, petition_id: int, person: Person, role: SignatureRole = SignatureRole.SIGNER) -> None:
    """Take somebody's wish to sign, and send the mail that fits what is known about the mailbox.

    Raises `StateChanged` where the petition takes no signatures any more.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return _sign(petition_id, person, role)
        except IntegrityError:
            # Another request of this mailbox took the seat in the same instant; now its row can be seen.
            continue
    return _sign(petition_id, person, role)


@transactional
def _sign(petition_id: int, person: Person, role: SignatureRole) -> None:
    petition = db.session.get_one(Petition, petition_id)
    is_open = petition.is_signable if role is SignatureRole.SIGNER else queries.takes_supporters(petition)
    if not is_open:
        raise StateChanged("this petition takes no signatures now")
    mailbox = mailbox_hash(petition.id, mailboxes.canonical(person.email))
    rows = _rows_of(petition, mailbox)
    if any(row.state in {SignatureState.REFUSED, SignatureState.INVALIDATED} for row in rows):
        # The mailbox's owner wants no mail about this petition, or staff have found it abused.
        return
    seated = [row for row in rows if row.seat is not None]
    same = next((row for row in seated if _name_key(opened(row, "name")) == _name_key(person.name)), None)
    if same is not None:
        _tell_again(same, rows)
    elif not seated:
        _add(petition, person, role, mailbox, seat=1)
    elif len(seated) < settings().signatures_per_mailbox and _same_home(seated[0], person):
        _add(petition, person, role, mailbox, seat=3 - (seated[0].seat or 1))
    elif signed := [row for row in seated if row.state is not SignatureState.PENDING]:
        _tell_already_signed(signed[0], rows, recipient=person.email)
    elif _mails_left(rows):
        # Nobody has proven to have the mailbox yet, so a slip or a stranger keeps nobody out: the last wish stands.
        for row in seated:
            counting.end(row, SignatureState.WITHDRAWN)
        db.session.flush()
        _add(petition, person, role, mailbox, seat=1)


def _rows_of(petition: Petition, mailbox: bytes) -> Sequence[Signature]:
    """What a mailbox has signed, locked: a link pressed at this moment is pressed before or after."""
    wanted = select(Signature).where(Signature.petition_id == petition.id, Signature.mailbox_hash == mailbox)
    return db.session.execute(wanted.order_by(Signature.id).with_for_update()).scalars().all()


def _name_key(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()


def _same_home(row: Signature, person: Person) -> bool:
    same_postcode = postcodes.compact(opened(row, "postcode") or "") == postcodes.compact(person.postcode)
    return same_postcode and row.country == person.country


def _add(petition: Petition, person: Person, role: SignatureRole, mailbox: bytes, *, seat: int) -> None:
    at_home = person.country == settings().home_country
    place = postcodes.place_of(person.postcode) if at_home else None
    signature = Signature(
        petition_id=petition.id,
        text_version=petition.text_version,
        role=role,
        state=SignatureState.PENDING,
        name=person.name,
        email=person.email,
        postcode=person.postcode or None,
        ip=person.ip,
        mailbox_hash=mailbox,
        domain_hash=domain_hash(petition.id, mailboxes.domain_of(person.email)),
        network_hash=network_hash(petition.id, person.ip) if person.ip else None,
        seat=seat,
        country=person.country,
        place_id=place.id if place else None,
        wants_updates=person.wants_updates,
    )
    db.session.add(signature)
    db.session.flush()
    _queue_confirmation(signature)


def _queue_confirmation(signature: Signature) -> None:
    """Queue the confirm link under the next number."""
    earlier = select(func.count()).where(Mail.signature_id == signature.id, Mail.kind == "confirm_signature")
    key = f"confirm:{signature.id}:{db.session.execute(earlier).scalar_one() + 1}"
    outbox.queue("confirm_signature", key=key, signature=signature, priority=outbox.CONFIRMATION)


def _tell_again(signature: Signature, rows: Sequence[Signature]) -> None:
    """The same person again: the same link, or that it is done. Nothing where staff are checking the signature."""
    if signature.state is SignatureState.VALIDATED:
        _tell_already_signed(signature, rows)
    elif signature.state is SignatureState.PENDING and _mails_left(rows):
        _queue_confirmation(signature)


def _tell_already_signed(
    signature: Signature, rows: Sequence[Signature], *, recipient: str | None = None
) -> None:
    number = _mails_sent(rows, kinds=("already_signed",), window=None) + 1
    if _mails_left(rows):
        key = f"already_signed:{signature.petition_id}:{rows[0].id}:{number}"
        outbox.queue(
            "already_signed", key=key, signature=signature, recipient=recipient, priority=outbox.CONFIRMATION
        )


def _mails_left(rows: Sequence[Signature]) -> bool:
    return _mails_sent(rows, kinds=SIGNING_MAILS, window=MAIL_WINDOW) < MAILS_IN_WINDOW


def _mails_sent(rows: Sequence[Signature], *, kinds: Sequence[str], window: timedelta | None) -> int:
    wanted = select(func.count()).where(Mail.signature_id.in_([row.id for row in rows]), Mail.kind.in_(kinds))
    if window is not None:
        wanted = wanted.where(Mail.created_at > clock.now() - window)
    return db.session.execute(wanted).scalar_one()


@transactional
def send_new_link(*, signature_id: int) -> None:
    """Queue the confirm link of a pending signature once more; too many in a day: nothing, silently."""
    signature = queries.signature_of_link(signature_id)
    rows = [signature]
    if signature.mailbox_hash is not None:
        rows = list(_rows_of(signature.petition, signature.mailbox_hash))
    if signature.state is SignatureState.PENDING and _mails_left(rows):
        _queue_confirmation(signature)


@transactional
def ask_for_list(*, email: str) -> None:
    """Queue a mail that lists what a mailbox signed: at most two a day, whoever asks."""
    mailbox = keyed_hash("find", mailboxes.canonical(email)).hex()
    day = clock.today(settings().timezone)
    for number in range(1, MAILS_IN_WINDOW + 1):
        if outbox.queue("my_signatures", key=f"find:{mailbox}:{day}:{number}", recipient=email):
            return
