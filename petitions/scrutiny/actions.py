"""What staff do with single signatures: hold, release, remove, put back, and see who one signer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from petitions import audit, clock
from petitions.database import transactional
from petitions.errors import NotFound, PetitionsError
from petitions.extensions import db
from petitions.models import AuditEntry, CampaignAction, Signature, Staff
from petitions.scrutiny import changing, notes

#: Signatures that one press of a button changes; more than that is a campaign.
MOST_AT_ONCE = 100
#: Signers that one member of staff may see in `REVEAL_WINDOW`.
REVEALS = 30
REVEAL_WINDOW = timedelta(hours=1)
ATTEMPTS = 3

#: How the history names what was done.
DONE = {
    CampaignAction.HOLD: "signatures_held",
    CampaignAction.RELEASE: "signatures_released",
    CampaignAction.INVALIDATE: "signatures_invalidated",
    CampaignAction.RESTORE: "signatures_restored",
}


class TooManyReveals(PetitionsError):
    """This member of staff has seen enough signers for now; `until` is when the next may be seen."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, until: datetime) -> None:
        super().__init__("too many signers seen")
        self.until = until


@dataclass(frozen=True)
class Done:
    """What one press came to."""

    asked: int
    changed: int
    count_change: int


@dataclass(frozen=True)
class Signer:
    """Who one signer is: shown once, on the reply to the one who asked."""

    name: str | None
    email: str | None
    postcode: str | None
    ip: str | None


def change_some(
    *, petition_id: int, action: CampaignAction, signature_ids: Sequence[int], reason: str, by: Staff
) -> Done:
    """Do `action` to at most `MOST_AT_ONCE` signatures of a petition; those that it does not fit stay as they are.

    `reason` is published where the count changes. Raises `NotFound`, and `StateChanged` where the petition's count
    stands still.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return _change_some(petition_id, action, signature_ids, reason, by)
        except IntegrityError:
            # Somebody signed from one of these mailboxes in the same instant; now that row can be seen.
            continue
    return _change_some(petition_id, action, signature_ids, reason, by)


@transactional
def _change_some(
    petition_id: int, action: CampaignAction, signature_ids: Sequence[int], reason: str, by: Staff
) -> Done:
    petition = changing.locked(petition_id)
    asked = sorted(set(signature_ids))[:MOST_AT_ONCE]
    changed = changing.change(petition, action, asked)
    if changed.number:
        audit.record(
            DONE[action],
            petition=petition,
            by=by,
            changed=changed.number,
            count_change=changed.count_change,
            reason=reason,
            ids=sorted(changed.states_before),
        )
    if changed.count_change:
        notes.tell_petitioner(petition, notes.note(petition, changed.count_change, reason=reason, by=by))
    return Done(len(asked), changed.number, changed.count_change)


@transactional
def reveal(*, petition_id: int, signature_id: int, reason: str, by: Staff) -> Signer:
    """Let somebody see who one signer is. The history keeps that, and why, and nothing of what was seen.

    Raises `NotFound`, and `TooManyReveals` after `REVEALS` of them in `REVEAL_WINDOW`.
    """
    signature = db.session.get(Signature, signature_id)
    if signature is None or signature.petition_id != petition_id:
        raise NotFound("no such signature")
    # Written first: the end of the history is locked by it, so that nobody sees two at the same instant.
    audit.record(
        "signature_revealed", petition=signature.petition, by=by, signature=signature.id, reason=reason
    )
    seen = (
        select(AuditEntry.at)
        .where(AuditEntry.staff_id == by.id, AuditEntry.action == "signature_revealed")
        .order_by(AuditEntry.id.desc())
        .limit(REVEALS + 1)
    )
    moments = db.session.execute(seen).scalars().all()
    if len(moments) > REVEALS and moments[-1] > clock.now() - REVEAL_WINDOW:
        raise TooManyReveals(moments[-1] + REVEAL_WINDOW)
    return Signer(signature.name, signature.email, signature.postcode, signature.ip)
