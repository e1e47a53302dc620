"""The outbox: the only code that makes a mail row. It writes in the caller's transaction: no commit, no mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import make_msgid
from typing import Any, Protocol

from sqlalchemy import bindparam, delete, update

from petitions import clock
from petitions.database import insert, insert_new, rows_changed
from petitions.extensions import db, settings
from petitions.models import Alert, Mail, Mailing, Petition, Signature, SignatureRole, SignatureState, Staff
from petitions.models.mail import PARKED, QUEUED
from petitions.questions import Question
from petitions.secrecy import sealed_values


class OfPetition(Protocol):
    """A signature, or what is known of one that was just stored."""

    @property
    def id(self) -> Any:
        """Its number."""

    @property
    def petition_id(self) -> Any:
        """Its petition's."""


CONFIRMATION = 0
NEWS = 5
BULK = 9


def queue(
    kind: str,
    *,
    key: str,
    signature: OfPetition | None = None,
    staff: Staff | None = None,
    petition: Petition | None = None,
    alert: Alert | None = None,
    recipient: str | None = None,
    priority: int = NEWS,
    due_at: datetime | None = None,
    mailing: Mailing | None = None,
    **details: Any,
) -> bool:
    """Queue the message `kind` once for ever under `key`; false where it is already there.

    It goes to `recipient` where one is given, else to the signature's address, the member of staff's, or the alert's.
    `details` are plain values. Of the signature a row of its numbers is enough.
    """
    now = clock.now()
    values = {
        "kind": kind,
        "key": key,
        "message_id": make_msgid(domain=settings().host.partition(":")[0]),
        "signature_id": signature.id if signature else None,
        "staff_id": staff.id if staff else None,
        "petition_id": petition.id if petition else (signature.petition_id if signature else None),
        "alert_id": alert.id if alert else None,
        "mailing_id": mailing.id if mailing else None,
        "details": details,
        "priority": priority,
        "created_at": now,
        "due_at": due_at or now,
        **sealed_values(Mail, recipient=recipient),
    }
    return NEW.first(**values) is not None


def _new() -> Any:
    columns = (
        "kind", "key", "message_id", "signature_id", "staff_id", "petition_id", "alert_id", "mailing_id",
        "recipient_sealed", "row_key", "details", "priority", "created_at", "due_at",
    )  # fmt: skip
    row = insert(Mail, db.session).values({name: bindparam(name) for name in columns})
    return row.on_conflict_do_nothing().returning(Mail.id)


NEW = Question(_new)


def queue_to_many(mailing: Mailing, signature_ids: Sequence[int]) -> None:
    """Queue the message of a mailing to signatures, once for ever to each.

    All at once: a statement of its own for each took ten times as long.
    """
    now, domain = clock.now(), settings().host.partition(":")[0]
    common = {
        "kind": mailing.kind,
        "petition_id": mailing.petition_id,
        "mailing_id": mailing.id,
        "details": mailing.details,
        "priority": BULK,
        "created_at": now,
        "due_at": now,
    }
    rows = [
        {
            "key": f"mailing:{mailing.id}:{signature_id}",
            "message_id": make_msgid(domain=domain),
            "signature_id": signature_id,
            **sealed_values(Mail, recipient=None),
        }
        for signature_id in signature_ids
    ]
    statement = insert(Mail, db.session).values(common).on_conflict_do_nothing()
    db.session.connection().execute(statement, rows)


def to_anybody(mailing: Mailing) -> Mail:
    """A mail of a mailing to somebody who signed and asked. It is stored nowhere, and has nothing of any person in it."""
    petition = mailing.petition
    signer = Signature(
        petition=petition,
        petition_id=petition.id,
        role=SignatureRole.SIGNER,
        state=SignatureState.VALIDATED,
        wants_updates=True,
    )
    return Mail(
        kind=mailing.kind,
        signature=signer,
        petition=petition,
        petition_id=petition.id,
        details=mailing.details,
    )


def queue_mailing(kind: str, *, key: str, petition: Petition, audience: str, **details: Any) -> None:
    """Queue one message to many: `audience` is `updates` (who asked to be told) or `supporters`. Once under `key`."""
    insert_new(
        Mailing,
        db.session,
        kind=kind,
        key=key,
        petition_id=petition.id,
        audience=audience,
        details=details,
        last_signature_id=0,
        created_at=clock.now(),
    )


def forget_recipients(signature_ids: Sequence[int]) -> None:
    """Remove the addresses that were typed anew for mails about signatures, whether or not they have left."""
    db.session.execute(
        update(Mail)
        .where(Mail.signature_id.in_(signature_ids))
        .values(recipient_sealed=None)
        .execution_options(synchronize_session=False)
    )


def forget_mails(signature_ids: Sequence[int]) -> None:
    """Remove every mail about signatures that is done with, or parked; one that still waits finds nobody to go to."""
    db.session.execute(
        delete(Mail)
        .where(Mail.signature_id.in_(signature_ids), Mail.state != QUEUED)
        .execution_options(synchronize_session=False)
    )
    forget_recipients(signature_ids)


def stand_still(reason: str) -> int:
    """Park everything that waits and stop every mailing, until staff let it go on. Returns how many mails were parked."""
    parked = db.session.execute(
        update(Mail)
        .where(Mail.state == QUEUED)
        .values(state=PARKED, last_error=reason, locked_until=None, finished_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Mailing)
        .where(Mailing.finished_at.is_(None), Mailing.stopped_at.is_(None))
        .values(stopped_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return rows_changed(parked)
