"""The official answer: a response with its versions, and the debate."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime
from petitions.models.department import Department
from petitions.models.duty import Duty
from petitions.models.petition import Petition

SUMMARY_LIMIT = 200
BODY_LIMIT = 6000


class Outcome(StrEnum):
    """What the answer comes to for the petition as a whole."""

    AGREED = "agreed"
    PARTLY_AGREED = "partly_agreed"
    NOT_AGREED = "not_agreed"
    ALREADY_DONE = "already_done"
    NOT_FOR_US = "not_for_us"


class Response(Base):
    """A department's answer. `summary`, `body` (Markdown) and `outcome` are the newest words; published ones are versions."""

    __tablename__ = "responses"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id"), index=True)
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duties.id"), unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    author_role: Mapped[str] = mapped_column(String(60), default="official")
    summary: Mapped[str] = mapped_column(String(400))
    body: Mapped[str] = mapped_column(Text)
    outcome: Mapped[Outcome | None] = mapped_column(
        Enum(
            Outcome,
            native_enum=False,
            length=20,
            create_constraint=True,
            name="outcome",
            values_callable=lambda e: [o.value for o in e],
        )
    )
    """Empty only for answers imported from a service that does not record it."""
    responded_on: Mapped[date | None]
    draft_version: Mapped[int] = mapped_column(default=1)
    """Grows with each saved draft: the second of two editors is told."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)

    petition: Mapped[Petition] = relationship()
    duty: Mapped[Duty | None] = relationship()
    department: Mapped[Department | None] = relationship()
    versions: Mapped[list[ResponseVersion]] = relationship(order_by="ResponseVersion.version")

    __table_args__ = (
        CheckConstraint("published_at IS NULL OR responded_on IS NOT NULL", name="published_has_date"),
    )


class ResponseVersion(Base):
    """A response as it was published, kept readable after later edits."""

    __tablename__ = "response_versions"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    summary: Mapped[str] = mapped_column(String(400))
    body: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(20))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Debate(Base):
    """A debate on a petition: scheduled, then held or refused. `debated` is empty until the outcome is known."""

    __tablename__ = "debates"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id"))
    scheduled_on: Mapped[date | None]
    """The day the debate is for."""
    scheduled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When that day was announced."""
    debated: Mapped[bool | None]
    debated_on: Mapped[date | None]
    outcome_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    overview: Mapped[str] = mapped_column(Text, default="")
    transcript_url: Mapped[str | None] = mapped_column(String(500))
    video_url: Mapped[str | None] = mapped_column(String(500))
    research_url: Mapped[str | None] = mapped_column(String(500))
    """The briefing for the debate (`debate_pack_url` in the JSON)."""
    public_engagement_url: Mapped[str | None] = mapped_column(String(500))
    summary_url: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    petition: Mapped[Petition] = relationship()

    __table_args__ = (
        UniqueConstraint("petition_id"),
        CheckConstraint("debated IS NULL OR outcome_at IS NOT NULL", name="outcome_has_time"),
    )


class OtherBusiness(Base):
    """Something else that happened to a petition in the chamber: a letter, a committee session."""

    __tablename__ = "other_business"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text, default="")
    occurred_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
