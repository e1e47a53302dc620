"""People who have signed and have not confirmed: rows as signing leaves them, stored many at once, and the links of their mails."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from email.utils import make_msgid
from typing import Any

from sqlalchemy import delete, insert, select

from bench import people
from bench.load import visitor
from bench.site import HOST, Site
from petitions import clock
from petitions.database import db, transactional
from petitions.lifecycle import State
from petitions.models import Mail, Petition, PetitionText, Signature, SignatureRole, SignatureState
from petitions.secrecy import HasSealed, domain_hash, mailbox_hash, network_hash
from petitions.tokens import Purpose, sign

AT_ONCE = 1_000


def petitions(site: Site, number: int) -> list[int]:
    """So many open petitions with nothing but their words, stored at once. Returns their ids."""
    with site.app.app_context():
        return _petitions(number)


@transactional
def _petitions(number: int) -> list[int]:
    now = clock.now()
    texts = {"action": "Keep the ferry", "background": "It is the only way over.", "additional_details": ""}
    row = {
        "state": State.OPEN, "opened_at": now, "closes_at": now + timedelta(days=180), "created_at": now, "updated_at": now,
        **texts,
    }  # fmt: skip
    rows = [row | {"row_key": os.urandom(16)} for _ in range(number)]
    ids = list(db.session.execute(insert(Petition).returning(Petition.id), rows).scalars())
    own = [{"petition_id": each, "version": 1, "created_at": now, **texts} for each in ids]
    db.session.execute(insert(PetitionText), own)
    return ids


def links(site: Site, petition_ids: Sequence[int], number: int) -> list[str]:
    """So many people who wait, spread over petitions; the paths of their links in the order of their signatures."""
    with site.app.app_context():
        ids: list[int] = []
        while len(ids) < number:
            ids += store(petition_ids, min(AT_ONCE, number - len(ids)))
        return [f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, each)}" for each in ids]


@transactional
def store(petition_ids: Sequence[int], number: int) -> list[int]:
    """Store signatures that wait to be confirmed. Returns their ids.

    All but their mailboxes are of one person: sealing everything for each anew would take longer than what is measured.
    """
    result = db.session.execute(
        insert(Signature).returning(Signature.id), _rows(petition_ids, number, clock.now())
    )
    return sorted(result.scalars())


def _rows(petition_ids: Sequence[int], number: int, now: Any) -> list[dict[str, Any]]:
    like: dict[int, dict[str, Any]] = {}
    rows = []
    for each in range(number):
        petition_id = petition_ids[each % len(petition_ids)]
        person = next(people.numbers)
        one = like[petition_id] = like.get(petition_id) or _row(petition_id, person, now)
        own = {
            "mailbox_hash": mailbox_hash(petition_id, people.address(person)),
            "email_sealed": Signature.email.sealed(people.address(person), one["row_key"]),
        }
        rows.append(one | own)
    return rows


def queue(site: Site, petition_ids: Sequence[int], number: int) -> set[str]:
    """So many people who have signed and whose mails wait in the outbox, all at once. Returns the mails' Message-IDs."""
    with site.app.app_context():
        return _queue(petition_ids, number)


@transactional
def _queue(petition_ids: Sequence[int], number: int) -> set[str]:
    now, new = clock.now(), [next(people.numbers) for _ in range(number)]
    rows = []
    for each, person in enumerate(new):
        petition_id = petition_ids[each % len(petition_ids)]
        mailbox = mailbox_hash(petition_id, people.address(person))
        rows.append(_row(petition_id, person, now) | {"mailbox_hash": mailbox, "link_sent_at": None})
    ids = db.session.execute(insert(Signature).returning(Signature.id, Signature.petition_id), rows).all()
    mails = [
        {
            "kind": "confirm_signature", "key": f"confirm_signature:{row.id}:1", "message_id": make_msgid(domain=HOST),
            "signature_id": row.id, "petition_id": row.petition_id, "row_key": os.urandom(16), "details": {}, "priority": 0,
            "created_at": now, "due_at": now,
        }
        for row in ids
    ]  # fmt: skip
    db.session.execute(insert(Mail), mails)
    return {str(mail["message_id"]) for mail in mails}


def _row(petition_id: int, person: int, now: Any) -> dict[str, Any]:
    email = people.address(person)
    sealed: HasSealed = Signature(name="Sam Signer", email=email, postcode="AB1 2CD", ip=visitor(person))
    columns = ("name_sealed", "email_sealed", "postcode_sealed", "ip_sealed", "row_key")
    return {name: getattr(sealed, name) for name in columns} | {
        "petition_id": petition_id, "text_version": 1, "role": SignatureRole.SIGNER, "state": SignatureState.PENDING,
        "country": "GB", "seat": 1, "created_at": now, "link_sent_at": now, "signals": [],
        "domain_hash": domain_hash(petition_id, email.rpartition("@")[2]),
        "network_hash": network_hash(petition_id, visitor(person)),
    }  # fmt: skip


def signed(site: Site, number: int) -> int:
    """A petition of its own that so many people have signed who asked to be told what happens. Returns its id."""
    with site.app.app_context():
        return _signed(number)


@transactional
def _signed(number: int) -> int:
    now, (petition_id,) = clock.now(), _petitions(1)
    # Counted already: what is measured is not counting.
    has_signed = {
        "state": SignatureState.VALIDATED, "validated_at": now, "counted_at": now, "wants_updates": True,
    }  # fmt: skip
    rows = [row | has_signed for row in _rows([petition_id], number, now)]
    db.session.execute(insert(Signature), rows)
    return petition_id


def forget(site: Site) -> None:
    """Remove who still waits, so that the next round finds the table as it should be."""
    with site.app.app_context():
        _forget()


@transactional
def _forget() -> None:
    pending = (Signature.state == SignatureState.PENDING, Signature.validated_at.is_(None))
    waits = select(Signature.id).where(*pending)
    db.session.execute(delete(Mail).where(Mail.signature_id.in_(waits)))
    db.session.execute(delete(Signature).where(*pending))
