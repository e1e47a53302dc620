"""Why a petition was refused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime


class RejectionReason(Base):
    """A reason that moderators may give. A reason that `hides` keeps the petition's text from every page."""

    __tablename__ = "rejection_reasons"

    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text)
    hides: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """No longer given; it stays readable where it was."""


class Rejection(Base):
    """The reason and the explanation given to one petition."""

    __tablename__ = "rejections"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("rejection_reasons.code"))
    details: Mapped[str] = mapped_column(Text, default="")
    original_id: Mapped[int | None] = mapped_column(ForeignKey("petitions.id"), index=True)
    """For a duplicate: the petition it repeats."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    reason: Mapped[RejectionReason] = relationship()

    __table_args__ = (CheckConstraint("original_id <> petition_id", name="repeats_another"),)
