"""Messages about signing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select, tuple_

from petitions import links, mailboxes
from petitions.extensions import db, settings
from petitions.lifecycle import State
from petitions.mail.message import Context, message
from petitions.models import Mail, Petition, Signature, SignatureRole, SignatureState
from petitions.secrecy import mailbox_hash

#: Petitions whose keyed hash of one mailbox is looked up in one query.
HASHES_AT_ONCE = 500
#: Signatures that one list names; more than that from one mailbox has never been seen.
LONGEST_LIST = 500


@message("confirm_signature", starts_link_life=True)
def confirm_signature(mail: Mail) -> Context | None:
    """The confirm link. Not sent when the signature waits no longer, or nothing could be confirmed any more."""
    signature = mail.signature
    if signature is None or signature.state is not SignatureState.PENDING:
        return None
    petition = signature.petition
    if not petition.takes_confirmations(timedelta(hours=settings().grace_hours)):
        return None
    return {
        "name": signature.name,
        "petition": petition,
        "is_checked": petition.facts.text_is_public,
        "confirm_url": links.confirm_signature(signature),
    }


@message("already_signed", can_unsubscribe=True)
def already_signed(mail: Mail) -> Context | None:
    """That this mailbox has signed already. Another person who typed it is told no more than that."""
    signature = mail.signature
    if signature is None or signature.petition.words_are_hidden:
        return None
    return {"petition": signature.petition, "is_same_person": mail.recipient_sealed is None}


@message("my_signatures")
def my_signatures(mail: Mail) -> Context | None:
    """What one mailbox signed, each with the link to its page. Nothing signed: no mail."""
    signatures = list(islice(_signatures_of(mail.recipient or ""), LONGEST_LIST))
    if not signatures:
        return None
    return {
        "signatures": [
            {
                "title": None if row.petition.words_are_hidden else row.petition.action,
                "name": row.name,
                "signed_at": row.created_at,
                "url": links.my_signature(row),
                "petition_url": links.petitioner(row.petition) if row.role is SignatureRole.CREATOR else None,
            }
            for row in signatures
        ]
    }


def _signatures_of(address: str) -> Iterator[Signature]:
    """The signatures of one mailbox, newest petition first.

    A mailbox's hash is keyed with each petition, so every petition that was signed here is tried: two HMACs and a
    share of one indexed query for each, a tenth of a second for twenty thousand petitions, in the worker.
    """
    mailbox = mailboxes.canonical(address)
    signed = select(Signature.petition_id).distinct().order_by(Signature.petition_id.desc())
    for petition_ids in db.session.execute(signed).scalars().partitions(HASHES_AT_ONCE):
        pairs = [(petition_id, mailbox_hash(petition_id, mailbox)) for petition_id in petition_ids]
        found = select(Signature).where(tuple_(Signature.petition_id, Signature.mailbox_hash).in_(pairs))
        yield from db.session.execute(found.order_by(Signature.id.desc())).scalars().all()


@message("petition_closed_early", can_unsubscribe=True, is_for_many=True)
def petition_closed_early(mail: Mail) -> Context | None:
    """To the petitioner, and to signers who asked: it was closed before its deadline, and why."""
    signature = mail.signature
    if signature is None or not signature.is_valid or signature.petition.state is not State.CLOSED:
        return None
    is_creator = signature.role is SignatureRole.CREATOR
    if not is_creator and not signature.wants_updates:
        return None
    petition: Petition = signature.petition
    return {"petition": petition, "petition_url": links.petition(petition), "is_creator": is_creator}


@message("petition_closed", can_unsubscribe=True)
def petition_closed(mail: Mail) -> Context | None:
    """To the petitioner: the time to sign is over, and what is owed now."""
    signature = mail.signature
    if signature is None or signature.role is not SignatureRole.CREATOR:
        return None
    petition: Petition = signature.petition
    if petition.state is not State.CLOSED:
        return None
    context: dict[str, Any] = {"petition": petition, "petition_url": links.petition(petition)}
    return context
