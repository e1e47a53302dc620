"""The duty to respond: who owes what by when, and what moved the date."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime
from petitions.models.department import Department
from petitions.models.petition import Petition
from petitions.models.threshold import Crossing, PetitionThreshold


class Duty(Base):
    """What the body owes after one crossing. Its status is worked out from these facts, never stored."""

    __tablename__ = "duties"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id"))
    threshold_key: Mapped[str] = mapped_column(String(30))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    owner_role: Mapped[str] = mapped_column(String(60), default="official")
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    """1: owed by the crossing. 2 and more: the overseeing body asked for a better answer."""
    follow_up_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why the answer before this one was not enough; public."""
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
    transfers: Mapped[list[DutyTransfer]] = relationship(order_by="DutyTransfer.created_at")
    holding_replies: Mapped[list[HoldingReply]] = relationship(order_by="HoldingReply.published_at")
    escalations: Mapped[list[DutyEscalation]] = relationship(order_by="DutyEscalation.number")

    __table_args__ = (
        UniqueConstraint("petition_id", "threshold_key", "round"),
        CheckConstraint("round > 0", name="rounds_from_one"),
        ForeignKeyConstraint(
            ["petition_id", "threshold_key"],
            ["crossings.petition_id", "crossings.threshold_key"],
            name="fk_duties_crossing",
        ),
    )

    @property
    def threshold(self) -> PetitionThreshold:
        """The threshold that was reached, as it was when the petition was published."""
        return self.crossing.threshold


class HousePause(Base):
    """Days on which the clock of every duty stands still: an election, a recess. Duties that arise meanwhile inherit it."""

    __tablename__ = "house_pauses"

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The first day on which the clocks run again; empty: not known yet."""
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Taken back before it began: it never stopped a clock."""

    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_start"),)


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
    """Who paused this duty; empty of what a pause of the whole house brought."""
    house_pause_id: Mapped[int | None] = mapped_column(ForeignKey("house_pauses.id"), index=True)
    """The pause of the whole house that this one is a part of."""

    duty: Mapped[Duty] = relationship(back_populates="pauses")

    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_start"),)


class DutyExtension(Base):
    """A later date with the reason that is published."""

    __tablename__ = "duty_extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    by_overseer: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The overseeing body allowed it; without that a duty has one extension at most."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    duty: Mapped[Duty] = relationship(back_populates="extensions")


class DutyTransfer(Base):
    """A duty went from one department to another, with the reason that is published."""

    __tablename__ = "duty_transfers"

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), index=True)
    from_department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    to_department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    from_department: Mapped[Department | None] = relationship(foreign_keys=[from_department_id])
    to_department: Mapped[Department] = relationship(foreign_keys=[to_department_id])


class HoldingReply(Base):
    """A word in between: what the department is doing, before it answers. It moves no date."""

    __tablename__ = "holding_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class DutyEscalation(Base):
    """The overseeing body was told that an answer is late: the first time, and every week after."""

    __tablename__ = "duty_escalations"

    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    escalated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    days_late: Mapped[int]
