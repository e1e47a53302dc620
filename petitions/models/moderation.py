"""The work of moderators on a petition: who has it in hand, notes, tags, questions, decisions, appeals, reports."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime, choice
from petitions.models.petition import Petition
from petitions.models.staff import Staff


class PetitionClaim(Base):
    """Which moderator has a petition in hand, so that two do not do the same work. It binds nobody."""

    __tablename__ = "petition_claims"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    claimed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    staff: Mapped[Staff] = relationship()


class PetitionNote(Base):
    """What staff tell each other about a petition; never public."""

    __tablename__ = "petition_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    staff: Mapped[Staff] = relationship()


petition_tags = Table(
    "petition_tags",
    Base.metadata,
    Column("petition_id", ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Tag(Base):
    """A word by which staff find petitions again; never public. What is public is a topic."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)


class PetitionQuestion(Base):
    """Questions with which a petition went back to its petitioner, and the answer.

    Meanwhile the promise to check it stands still: it waits for the petitioner, not for the moderators.
    """

    __tablename__ = "petition_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    questions: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it came back to the moderators; without an answer, when they decided nonetheless."""

    __table_args__ = (
        Index("ix_petition_questions_petition_id", "petition_id"),
        Index(
            "ix_petition_questions_open",
            "petition_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
            sqlite_where=text("answered_at IS NULL"),
        ),
    )


class DecisionKind(StrEnum):
    """What moderators did with a petition."""

    PUBLISHED = "published"
    REJECTED = "rejected"
    HIDDEN = "hidden"
    TAKEN_DOWN = "taken_down"
    """Refused after it had been published."""
    CLOSED_EARLY = "closed_early"


class ModerationDecision(Base):
    """One decision for ever, with the days it took: what the public statistics are counted from."""

    __tablename__ = "moderation_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(choice(DecisionKind, "kind"))
    code: Mapped[str | None] = mapped_column(ForeignKey("rejection_reasons.code"))
    """The reason, of a refusal."""
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it came to the moderators; empty of what was decided about a petition that had been published."""
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    working_days: Mapped[int | None]
    """Working days it waited for moderators; what it waited for its petitioner does not count."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Appeal(Base):
    """A rejected petitioner asks once for a second look; another moderator decides. Both reasons are public."""

    __tablename__ = "appeals"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_decisions.id"))
    """The refusal that it is against."""
    reason: Mapped[str] = mapped_column(Text)
    """Why the petitioner thinks the refusal is wrong."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who refused the petition: somebody else decides."""
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    upheld: Mapped[bool | None]
    """The petitioner was right, and the petition is checked anew."""
    hides_reason: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The petitioner's own words break the rules: only staff and the petitioner read them."""
    explanation: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    petition: Mapped[Petition] = relationship()

    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (upheld IS NULL)", name="decided_has_outcome"),
        CheckConstraint(
            "decided_by_id IS NULL OR refused_by_id IS NULL OR decided_by_id <> refused_by_id",
            name="somebody_else_decides",
        ),
    )


class ReportOutcome(StrEnum):
    """What came of a report."""

    ACTED = "acted"
    NO_ACTION = "no_action"


class PetitionReport(Base):
    """Somebody says that a petition should not stand there. Nothing is kept of who it was; the reference finds it again."""

    __tablename__ = "petition_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(ForeignKey("rejection_reasons.code"))
    """The rule that it breaks."""
    body: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    outcome: Mapped[ReportOutcome | None] = mapped_column(choice(ReportOutcome, "outcome"))
    explanation: Mapped[str] = mapped_column(Text, default="")
    """What the person who reported it may read."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    petition: Mapped[Petition] = relationship()

    __table_args__ = (
        CheckConstraint("(resolved_at IS NULL) = (outcome IS NULL)", name="resolved_has_outcome"),
    )


class ExplanationTemplate(Base):
    """Words that moderators begin an explanation with; they change them for the petition at hand."""

    __tablename__ = "explanation_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(ForeignKey("rejection_reasons.code"), index=True)
    """The reason it belongs to; empty: any."""
    title: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)


class ClosedDay(Base):
    """A day on which the body does not work, besides weekends and public holidays."""

    __tablename__ = "closed_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
