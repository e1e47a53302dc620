"""Scrutiny of signatures: campaigns that change many at once, and the public notes about corrected counts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime, choice
from petitions.models.petition import Petition
from petitions.models.staff import Staff
from petitions.secrecy import HasSealed, Sealed


class CampaignAction(StrEnum):
    """What a campaign does with every signature that it found."""

    HOLD = "hold"
    RELEASE = "release"
    INVALIDATE = "invalidate"
    RESTORE = "restore"


class CampaignState(StrEnum):
    """Where a campaign is: it looks, waits for somebody to start it, works, and may be undone."""

    LOOKING = "looking"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class Campaign(HasSealed, Base):
    """One act on many signatures of a petition, chosen by conditions that must all be true.

    The worker looks first and keeps the list of what it found (`CampaignSignature`): what was previewed is what is
    changed, no more. Both happen in batches behind `last_signature_id`.
    """

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id"), index=True)
    action: Mapped[CampaignAction] = mapped_column(choice(CampaignAction, "action"))
    state: Mapped[CampaignState] = mapped_column(
        choice(CampaignState, "state"),
        default=CampaignState.LOOKING,
    )
    conditions_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    conditions = Sealed()
    """What must be true of a signature, as JSON: it may name a network or a domain, which are personal."""
    reason: Mapped[str] = mapped_column(Text)
    """Why, as it is published."""
    last_signature_id: Mapped[int] = mapped_column(default=0)
    """The cursor of what is under way."""
    found: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """The second person, where so many are changed that one may not decide alone."""

    petition: Mapped[Petition] = relationship()
    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    approved_by: Mapped[Staff | None] = relationship(foreign_keys=[approved_by_id])

    __table_args__ = (
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> staff_id", name="approved_by_another"),
        Index("ix_campaigns_state", "state"),
    )


class CampaignSignature(Base):
    """One signature that a campaign found, and what became of it."""

    __tablename__ = "campaign_signatures"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    signature_id: Mapped[int] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state_before: Mapped[str | None] = mapped_column(String(16))
    """What it was before the campaign changed it; empty: not changed."""
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Correction(Base):
    """A public note on a petition's timeline: so many signatures were taken off the count, or put back, and why."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    change: Mapped[int]
    """How the count changed: below zero where signatures were removed."""
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    petition: Mapped[Petition] = relationship()
