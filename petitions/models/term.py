"""Terms of the body that petitions are put to: a parliament from its opening to its dissolution, a council's years."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from petitions.database import Base, UTCDateTime


class Term(Base):
    """One term. A petition belongs to the term in which it was created; two terms never overlap."""

    __tablename__ = "terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(20), unique=True)
    """Its name in addresses: `2019-2024`."""
    government: Mapped[str] = mapped_column(String(100))
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime, unique=True)
    dissolves_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The first moment after it; empty: not known yet."""
    response_threshold: Mapped[int]
    debate_threshold: Mapped[int]
    """The thresholds that documents name for it. What a petition really needs is frozen onto the petition."""
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since then its petitions stand in the archive and no longer in the lists for programs."""

    __table_args__ = (
        CheckConstraint("dissolves_at IS NULL OR dissolves_at > opens_at", name="ends_after_start"),
        CheckConstraint("archived_at IS NULL OR dissolves_at IS NOT NULL", name="archived_is_over"),
        CheckConstraint("response_threshold > 0 AND debate_threshold > 0", name="thresholds_positive"),
    )
