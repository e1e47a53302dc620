"""The permanent history: one line for everything that staff, petitioners or the clock did to a petition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from petitions.database import Base, UTCDateTime


class AuditEntry(Base):
    """One line. Each carries the hash of the line before it, so that nothing can be taken out or altered unseen."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 … without gaps."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(20))
    """staff, petitioner, signer, or system."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    action: Mapped[str] = mapped_column(String(60))
    petition_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was before and after, and the reason given; never a signer's data."""
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        Index("ix_audit_entries_petition_id_id", "petition_id", "id"),
        Index("ix_audit_entries_staff_id_id", "staff_id", "id"),
        CheckConstraint("id > 0", name="numbered_from_one"),
    )


class AuditHead(Base):
    """The end of the chain. One row; writing a line locks it, so that lines are in one order."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int]
    last_hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
