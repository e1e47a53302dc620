"""Thresholds, frozen onto each petition when it is published, and crossings, which are history for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Enum, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from petitions.database import Base, UTCDateTime
from petitions.models.petition import Petition

RESPONSE = "response"
DEBATE = "debate"


class Threshold:
    """What a threshold says: how many signatures make the body owe what, and by when. A mixin of both tables of them."""

    key: Mapped[str]
    signatures: Mapped[int]
    duty: Mapped[str] = mapped_column(
        Enum(RESPONSE, DEBATE, native_enum=False, length=16, create_constraint=True, name="duty")
    )
    """What is owed: a written response, or that a debate is considered."""
    days: Mapped[int | None]
    """Days to do it in; empty: no date is promised."""
    days_kind: Mapped[str] = mapped_column(
        Enum("calendar", "working", native_enum=False, length=16, create_constraint=True, name="days_kind"),
        default="calendar",
    )

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[CheckConstraint]:
        """A threshold that nobody has to cross is none."""
        return (CheckConstraint("signatures > 0", name="signatures_positive"),)

    def terms(self) -> dict[str, Any]:
        """All it says, by the names of its columns."""
        return {name: getattr(self, name) for name in ("key", "signatures", "duty", "days", "days_kind")}


class PetitionThreshold(Threshold, Base):
    """A count of signatures that makes the body owe something, as it stood when the petition was published."""

    __tablename__ = "petition_thresholds"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(30), primary_key=True)


class Crossing(Base):
    """The one time a petition reached a threshold. Falling below it later changes nothing here."""

    __tablename__ = "crossings"

    petition_id: Mapped[int] = mapped_column(primary_key=True)
    threshold_key: Mapped[str] = mapped_column(String(30), primary_key=True)
    reached_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    signature_count: Mapped[int]
    """The count at that moment."""

    petition: Mapped[Petition] = relationship(
        primaryjoin="foreign(Crossing.petition_id) == Petition.id", viewonly=True
    )
    threshold: Mapped[PetitionThreshold] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["petition_id", "threshold_key"],
            ["petition_thresholds.petition_id", "petition_thresholds.key"],
            name="fk_crossings_threshold",
        ),
    )


class ThresholdRule(Threshold, Base):
    """A threshold that petitions published from now on get. While there is no row, the settings say which there are."""

    __tablename__ = "threshold_rules"

    key: Mapped[str] = mapped_column(String(30), primary_key=True)
