"""What signers do with their own signature: withdraw it, stop or start mails, take their data along, erase it."""

from __future__ import annotations

from typing import Any

from petitions import audit, clock, counting, erasures, forgetting
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import Signature, SignatureRole, SignatureState
from petitions.signing import queries

#: States that a signer can end.
RUNNING = {SignatureState.PENDING, SignatureState.VALIDATED}


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


@transactional
def set_updates(*, signature_id: int, wanted: bool) -> None:
    """Stop the mails about this petition, or start them again. An erased or ended signature gets none."""
    signature = db.session.get_one(Signature, signature_id)
    signature.mails_stopped_at = None if wanted else signature.mails_stopped_at or clock.now()
    signature.wants_updates = wanted and signature.state in RUNNING and not is_erased(signature)


def export(signature: Signature) -> dict[str, Any]:
    """Everything held about one signature, as plain JSON values; moments in UTC."""

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
        "times": {
            name: moment(name)
            for name in ("created_at", "link_sent_at", "validated_at", "counted_at", "ended_at")
        },
        "mails": [
            {"kind": mail.kind, "state": mail.state, "created_at": mail.created_at.isoformat()}
            for mail in queries.mails_about(signature)
        ],
    }
