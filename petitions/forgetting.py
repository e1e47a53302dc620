"""Removing everything personal from signatures: at their signer's wish, when their time is over, and after a restore.

What stays tells nobody who signed: country, area, moments, and that it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update

from petitions.duties import ratings
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import PetitionQuestion, Signature, SignatureRole

#: What a signature holds when nothing personal is left of it.
FORGOTTEN: dict[str, Any] = {
    "name_sealed": None,
    "email_sealed": None,
    "postcode_sealed": None,
    "ip_sealed": None,
    "mailbox_hash": None,
    "domain_hash": None,
    "network_hash": None,
    "wants_updates": False,
    "signals": [],
}


def forget(signature: Signature) -> None:
    """Remove everything personal from one signature, and from the mails about it. Its counts stay. In a unit of work.

    What the signer said of answers goes too.

    A petitioner's name leaves the petition too, and what they answered to moderators.
    """
    if signature.role is SignatureRole.CREATOR:
        signature.petition.creator_name = None
        forget_answers(signature.petition_id)
    for column, value in FORGOTTEN.items():
        setattr(signature, column, value)
    ratings.remove(signature.petition_id, [signature.id])
    outbox.forget_recipients([signature.id])


def forget_answers(petition_id: int) -> None:
    """Remove what a petitioner answered to the moderators' questions. The questions stay. In a unit of work."""
    db.session.execute(
        update(PetitionQuestion)
        .where(PetitionQuestion.petition_id == petition_id)
        .values(answer="")
        .execution_options(synchronize_session=False)
    )


def anonymise(signature_ids: Sequence[int], *, at: datetime) -> None:
    """As `forget`, for many signatures whose time is over; the petitions' names are the caller's. In a unit of work.

    What was sent to them goes too. Signatures before mails, in the order in which delivery locks them.
    """
    db.session.execute(
        update(Signature)
        .where(Signature.id.in_(signature_ids))
        .values(**FORGOTTEN, anonymised_at=at)
        .execution_options(synchronize_session=False)
    )
    outbox.forget_mails(signature_ids)


def forget_refused(signature_ids: Sequence[int]) -> None:
    """Remove what was said in somebody's name without their knowing. Their mailbox's hash stays, so that it is left alone."""
    kept = {column: value for column, value in FORGOTTEN.items() if column != "mailbox_hash"}
    db.session.execute(
        update(Signature)
        .where(Signature.id.in_(signature_ids))
        .values(**kept)
        .execution_options(synchronize_session=False)
    )
    outbox.forget_recipients(signature_ids)
