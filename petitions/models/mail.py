"""Mail: the outbox, mailings to many, and what was captured instead of sent while developing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime
from petitions.models.alert import Alert
from petitions.models.petition import Petition
from petitions.models.signature import Signature
from petitions.models.staff import Staff
from petitions.secrecy import HasSealed, Sealed

QUEUED = "queued"
SENT = "sent"
FAILED = "failed"
"""Refused for good, or tried for three days."""
CANCELLED = "cancelled"
"""Nobody is to get it any more."""
PARKED = "parked"
"""Cannot be written: something is wrong with the message itself."""
BOUNCED = "bounced"
"""Taken by the mail server, and came back for good."""


class Mail(HasSealed, Base):
    """One message to one person. Written in the action's own transaction: no commit, no mail.

    The words are made when it is sent, from `kind`, the rows it names and `details`; they are not kept.
    """

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """Says which message this is, once for ever: `confirm:81:1`."""
    kind: Mapped[str] = mapped_column(String(60))
    message_id: Mapped[str] = mapped_column(String(200))
    """The Message-ID, fixed: a repeat after a crash can be recognised."""
    signature_id: Mapped[int | None] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), index=True
    )
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    petition_id: Mapped[int | None] = mapped_column(
        ForeignKey("petitions.id", ondelete="CASCADE"), index=True
    )
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id", ondelete="SET NULL"), index=True)
    """The alert whose owner it goes to; empty again when that was erased, and then it goes to nobody."""
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id", ondelete="CASCADE"))
    """The mailing to many that it is part of: it waits while that is stopped."""
    recipient_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recipient = Sealed()
    """Where the mail goes to nobody we have a row for, or to another spelling of a signer's mailbox."""
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Ids and numbers the words need; never personal data."""
    priority: Mapped[int] = mapped_column(default=5)
    """Lower goes first: 0 confirmations, 5 news to one, 9 mailings to many."""
    state: Mapped[str] = mapped_column(
        Enum(
            QUEUED,
            SENT,
            FAILED,
            CANCELLED,
            PARKED,
            BOUNCED,
            native_enum=False,
            length=16,
            create_constraint=True,
            name="state",
        ),
        default=QUEUED,
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """A worker has it; after this moment another may take it."""
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    signature: Mapped[Signature | None] = relationship()
    staff: Mapped[Staff | None] = relationship()
    petition: Mapped[Petition | None] = relationship()
    alert: Mapped[Alert | None] = relationship()

    __table_args__ = (
        Index(
            "ix_mails_due",
            "priority",
            "due_at",
            postgresql_where=text("state = 'queued'"),
            sqlite_where=text("state = 'queued'"),
        ),
        Index(
            "ix_mails_mailing_queued",
            "mailing_id",
            postgresql_where=text("state = 'queued'"),
            sqlite_where=text("state = 'queued'"),
        ),
        Index(
            "ix_mails_troubles",
            "state",
            "finished_at",
            postgresql_where=text("state IN ('failed', 'parked', 'bounced')"),
            sqlite_where=text("state IN ('failed', 'parked', 'bounced')"),
        ),
    )


class Mailing(Base):
    """One message to very many: fed to the outbox in batches behind a cursor, resumable, never twice to one person."""

    __tablename__ = "mailings"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), index=True)
    audience: Mapped[str] = mapped_column(
        Enum("updates", "supporters", native_enum=False, length=16, create_constraint=True, name="audience")
    )
    """`updates`: signers who asked to be told; `supporters`: all first supporters."""
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    last_signature_id: Mapped[int] = mapped_column(default=0)
    """The cursor: everybody up to this row is in the outbox."""
    queued: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many mails it put into the outbox."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Staff stopped it; it goes on from its cursor when they let it."""
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    petition: Mapped[Petition] = relationship()


class MailServer(Base):
    """The mail server, as the workers last found it: one row while it takes no mail, none while it does."""

    __tablename__ = "mail_servers"

    id: Mapped[int] = mapped_column(primary_key=True)
    away_since: Mapped[datetime] = mapped_column(UTCDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """No worker asks it before."""
    failures: Mapped[int]
    """In a row; the pauses grow with them."""
    reason: Mapped[str] = mapped_column(String(200))


class CapturedMail(Base):
    """A finished message, kept instead of sent when `MAIL_URL` is `capture://`; shown at /dev/mail."""

    __tablename__ = "captured_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    recipient: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(500))
    content: Mapped[bytes] = mapped_column(LargeBinary)
