"""Filling and reading the outbox in tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import delivery, outbox
from petitions.models import Mail, Petition, Signature
from tests import build


def waiting_signature(petition: Petition | None = None, email: str = "ines@example.org") -> Signature:
    """A signature that waits for its confirm mail; the outbox is empty."""
    signature = build.signature(
        petition or build.open_petition(), state="pending", email=email, link_sent_at=None
    )
    forget_mails()
    return signature


@transactional
def forget_mails() -> None:
    """Empty the outbox of what building the rows put there."""
    db.session.execute(db.delete(Mail))


@transactional
def queue(signature: Signature, key: object = 1, kind: str = "confirm_signature", **more: Any) -> int:
    """Put a mail into the outbox."""
    more = {"priority": outbox.CONFIRMATION} | more
    outbox.queue(kind, key=f"test:{key}", signature=signature, **more)
    return db.session.execute(db.select(Mail.id).where(Mail.key == f"test:{key}")).scalar_one()


@transactional
def queue_many(signatures: list[Signature], kind: str, priority: int, first: int, number: int) -> None:
    """Put many into the outbox at once, numbered from `first`, in this order; as `outbox.queue` would, and quicker."""
    rows = [
        {
            "kind": kind,
            "key": f"test:{count:06}",
            "message_id": f"<{count}@tests.example>",
            "row_key": bytes(16),
            "signature_id": signatures[count % len(signatures)].id,
            "petition_id": signatures[0].petition_id,
            "details": {},
            "priority": priority,
            "created_at": clock.now(),
            "due_at": clock.now() + timedelta(microseconds=count),
        }
        for count in range(first, first + number)
    ]
    if rows:
        db.session.execute(db.insert(Mail), rows)


def mails() -> list[Mail]:
    """What the tests put into the outbox, oldest first."""
    db.session.rollback()
    query = db.select(Mail).where(Mail.key.like("test:%")).order_by(Mail.id)
    return list(db.session.execute(query).scalars())


def only() -> Mail:
    """The one mail."""
    (mail,) = mails()
    return mail


def run_until_quiet() -> None:
    """Deliver until nothing is due."""
    while delivery.deliver():
        pass


def send_to(app: Flask, mail_url: str, **more: Any) -> None:
    """Let the application send its mail somewhere else."""
    app.extensions["settings"] = replace(app.extensions["settings"], mail_url=mail_url, **more)
