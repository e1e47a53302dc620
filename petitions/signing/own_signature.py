"""What signers do with their own signature: correct its name, withdraw it, choose mails, take their data along, erase it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import select

from petitions import audit, clock, erasures, forgetting, suppressions
from petitions.counts import counting
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import Signature, SignatureRole, SignatureState
from petitions.secrecy import opened
from petitions.signing import queries

#: States that a signer can end.
RUNNING = {SignatureState.PENDING, SignatureState.VALIDATED}
MOMENTS = (
    "created_at",
    "link_sent_at",
    "validated_at",
    "counted_at",
    "ended_at",
    "mails_stopped_at",
    "undeliverable_at",
)


def is_erased(signature: Signature) -> bool:
    """Whether nothing personal is left of it."""
    return signature.email_sealed is None


def can_withdraw(signature: Signature) -> bool:
    """While the petition runs. The petitioner withdraws the petition instead."""
    facts = signature.petition.facts
    return (
        signature.state in RUNNING
        and signature.role is not SignatureRole.CREATOR
        and (facts.takes_signatures or facts.takes_supporters)
    )


def can_erase(signature: Signature) -> bool:
    """At any time; the petitioner when the petition is over, because until then it must be reached."""
    if is_erased(signature):
        return False
    return signature.role is not SignatureRole.CREATOR or signature.petition.facts.is_final


@transactional
def withdraw(*, signature_id: int) -> None:
    """Take a signature back: the count falls, the seat is free, the same person may sign again.

    Raises `StateChanged` where it cannot be taken back (any more).
    """
    signature = counting.lock_both(signature_id)
    if signature.state is SignatureState.WITHDRAWN:
        return
    if not can_withdraw(signature):
        raise StateChanged("this signature cannot be withdrawn now")
    _end_counted(signature)


def _end_counted(signature: Signature) -> None:
    counting.uncount(signature)
    counting.end(signature, SignatureState.WITHDRAWN)
    audit.record("signature_withdrawn", petition=signature.petition, actor=audit.SIGNER)


@transactional
def erase(*, signature_id: int) -> None:
    """Remove everything personal. While the petition runs the signature is withdrawn first; a final count stays.

    The erasure stands in the ledger before it is committed: a restore erases it again.

    Raises `StateChanged` for a petitioner whose petition still runs, `LedgerUnwritable` where the ledger cannot be kept.
    """
    signature = counting.lock_both(signature_id)
    if is_erased(signature):
        return
    if not can_erase(signature):
        raise StateChanged("a running petition must have its petitioner")
    if can_withdraw(signature):
        _end_counted(signature)
    erasures.note(signature)
    forgetting.forget(signature)
    audit.record("signature_erased", petition=signature.petition, actor=audit.SIGNER)


class Mails(StrEnum):
    """Which mails a signer wants."""

    NEWS = "start"
    """What happens to the petition."""
    NONE = "stop"
    """None about this petition."""
    NEVER = "silence"
    """None from this site, whoever types the address."""


def mails_wanted(signature: Signature) -> Mails:
    """What its signer has chosen so far."""
    address = opened(signature, "email")
    if address is not None and suppressions.is_suppressed(address):
        return Mails.NEVER
    return Mails.NEWS if signature.gets_mails else Mails.NONE


@transactional
def choose_mails(*, signature_id: int, wanted: Mails) -> None:
    """Stop the mails about this petition or all of this site, or let them come again. It never touches the signature.

    An erased signature has no mailbox any more; an ended one gets no news.
    """
    signature = db.session.get_one(Signature, signature_id)
    if is_erased(signature):
        return
    if address := opened(signature, "email"):
        keep = suppressions.suppress if wanted is Mails.NEVER else suppressions.lift
        keep(address)
    if wanted is not Mails.NEVER:
        _set_news(signature, wanted=wanted is Mails.NEWS)


@transactional
def stop_mails(*, signature_id: int) -> None:
    """Stop the mails about this petition, as mail programs ask for by themselves. What was stopped for good stays so."""
    _set_news(db.session.get_one(Signature, signature_id), wanted=False)


def _set_news(signature: Signature, *, wanted: bool) -> None:
    signature.mails_stopped_at = None if wanted else signature.mails_stopped_at or clock.now()
    signature.wants_updates = wanted and signature.state in RUNNING and not is_erased(signature)


class NameTaken(StateChanged):
    """Another signature of the same mailbox has this name: one person signs once."""


def can_rename(signature: Signature) -> bool:
    """While it runs. A petitioner's name stands under the petition, so only until that is checked."""
    if signature.state not in RUNNING or is_erased(signature):
        return False
    return signature.role is not SignatureRole.CREATOR or signature.petition.facts.is_editable_by_petitioner


@transactional
def rename(*, signature_id: int, name: str) -> None:
    """Correct the name to one that a form has checked.

    Raises `NameTaken`, or `StateChanged` where it cannot be corrected (any more).
    """
    signature = counting.lock_both(signature_id)
    if not can_rename(signature):
        raise StateChanged("this name cannot be corrected now")
    others = select(Signature).where(
        Signature.petition_id == signature.petition_id,
        Signature.mailbox_hash == signature.mailbox_hash,
        Signature.id != signature.id,
        Signature.seat.is_not(None),
    )
    if any(
        _is_same(opened(other, "name"), name)
        for other in db.session.execute(others.with_for_update()).scalars()
    ):
        raise NameTaken("another signature of this mailbox has that name")
    if opened(signature, "name") == name:
        return
    signature.name = name
    if signature.role is SignatureRole.CREATOR:
        signature.petition.creator_name = name
    audit.record("signature_renamed", petition=signature.petition, actor=audit.SIGNER)


def _is_same(first: str | None, second: str) -> bool:
    return " ".join((first or "").split()).casefold() == " ".join(second.split()).casefold()


def export(signature: Signature) -> dict[str, Any]:
    """What is held about one signature, as plain JSON values; moments in UTC.

    Left out is how its signing was rated, which would teach how to be rated better; `state` says that it is held.
    """

    def moment(name: str) -> str | None:
        value = getattr(signature, name)
        return value.isoformat() if value else None

    petition = signature.petition
    return {
        "petition": {"id": petition.id, "text_version": signature.text_version},
        "role": signature.role.value,
        "state": signature.state.value,
        "name": signature.name,
        "email": signature.email,
        "country": signature.country,
        "postcode": signature.postcode,
        "place": signature.place.name if signature.place else None,
        "ip_address": signature.ip,
        "wants_updates": signature.wants_updates,
        "no_mail_at_all": mails_wanted(signature) is Mails.NEVER,
        "times": {name: moment(name) for name in MOMENTS},
        "mails": [
            {"kind": mail.kind, "state": mail.state, "created_at": mail.created_at.isoformat()}
            for mail in queries.mails_about(signature)
        ],
    }
