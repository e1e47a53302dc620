"""The duty to respond: who owes what by when, and what moved the date."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime
from petitions.models.department import Department
from petitions.models.petition import Petition
from petitions.models.threshold import Crossing


class Duty(Base):
    """What the body owes after one crossing. Its status is worked out from these facts, never stored."""

    __tablename__ = "duties"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id"))
    threshold_key: Mapped[str] = mapped_column(String(30))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    owner_role: Mapped[str] = mapped_column(String(60), default="official")
    reached_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date | None] = mapped_column(index=True)
    """The public date, in the site's zone, with pauses and extension worked in; empty: no date is promised."""
    first_due_on: Mapped[date | None]
    """The date as it was first set: what moved it stays visible."""
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    petition: Mapped[Petition] = relationship()
    department: Mapped[Department | None] = relationship()
    crossing: Mapped[Crossing] = relationship(viewonly=True)
    pauses: Mapped[list[DutyPause]] = relationship(order_by="DutyPause.starts_on", back_populates="duty")
    extensions: Mapped[list[DutyExtension]] = relationship(
        order_by="DutyExtension.created_at", back_populates="duty"
    )

    __table_args__ = (
        UniqueConstraint("petition_id", "threshold_key"),
        ForeignKeyConstraint(
            ["petition_id", "threshold_key"],
            ["crossings.petition_id", "crossings.threshold_key"],
            name="fk_duties_crossing",
        ),
    )


class DutyPause(Base):
    """Days on which the clock stands still, with the reason that is published (an election, a recess)."""

    __tablename__ = "duty_pauses"

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The first day on which the clock runs again; empty: not known yet."""
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    duty: Mapped[Duty] = relationship(back_populates="pauses")

    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_start"),)


class DutyExtension(Base):
    """A later date with the reason that is published."""

    __tablename__ = "duty_extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    duty: Mapped[Duty] = relationship(back_populates="extensions")
