"""Webhooks: programs of others that are told what happens, and each telling."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime, choice
from petitions.secrecy import HasSealed, Sealed

URL_LIMIT = 500


class DeliveryState(StrEnum):
    """How one telling stands."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"
    """Tried for three days."""
    CANCELLED = "cancelled"
    """Nobody is to be told any more."""


class Webhook(HasSealed, Base):
    """An address of somebody else's program that is told of what happens to petitions."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(URL_LIMIT))
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    secret = Sealed()
    """Signs what is sent: `whsec_` and 32 random bytes in base64."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """What happens meanwhile is kept, and sent when it goes on."""
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The first failure since it answered last."""
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """It failed for three days, or said that it is gone: nothing is sent, nor kept for it."""

    deliveries: Mapped[list[WebhookDelivery]] = relationship(
        back_populates="webhook", cascade="all, delete-orphan", passive_deletes=True
    )


class WebhookDelivery(Base):
    """One thing told to one webhook. Written in the action's own transaction: no commit, nothing told."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(120))
    """Says what it tells of, once for ever: `published:81`."""
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    """The same at every try, so that the receiver can leave out what it has."""
    kind: Mapped[str] = mapped_column(String(40))
    petition_id: Mapped[int | None] = mapped_column(
        ForeignKey("petitions.id", ondelete="CASCADE"), index=True
    )
    body: Mapped[str] = mapped_column(Text)
    """The JSON as it is signed and sent."""
    state: Mapped[DeliveryState] = mapped_column(
        choice(DeliveryState, "state"), default=DeliveryState.QUEUED, server_default=DeliveryState.QUEUED
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_status: Mapped[int | None]
    """The HTTP status of the last answer; its body is not kept."""
    last_error: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """Why there was no answer, as a code."""
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    webhook: Mapped[Webhook] = relationship(back_populates="deliveries")

    __table_args__ = (
        UniqueConstraint("webhook_id", "key"),
        Index(
            "ix_webhook_deliveries_due",
            "due_at",
            postgresql_where=text("state = 'queued'"),
            sqlite_where=text("state = 'queued'"),
        ),
    )
