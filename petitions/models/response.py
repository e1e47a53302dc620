"""The official answer: a response with its versions, and the debate."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime, choice
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
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome, "outcome", length=20))
    """Empty only for answers imported from a service that does not record it."""
    points: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    """What the petition asks, point by point: `{"ask": …, "answer": …, "outcome": …}`, in order."""
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    """Where to read on: `{"title": …, "url": …}`, in order."""
    approved_version: Mapped[int | None]
    """The `draft_version` that a second person approved."""
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    publish_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    """When it is published by itself; until then nobody outside sees it."""
    scheduled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
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
    points: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why it was changed after it had been published; public."""
    published_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    is_plain: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Imported: `body` is what the source's documents say, a text whose Markdown was taken off there."""


class ResponseDraft(Base):
    """A draft as it was saved once, by hand or by itself: nothing that was written is lost."""

    __tablename__ = "response_drafts"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    summary: Mapped[str] = mapped_column(String(400))
    body: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(20))
    points: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    saved_by_itself: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class ResponseRating(Base):
    """What one signer thinks of an answer. `signer_hash` is keyed by the answer: one each, and nobody can tell whose."""

    __tablename__ = "response_ratings"

    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    signer_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    addressed: Mapped[bool]
    """It addressed the petition."""
    clear: Mapped[bool]
    rated_on: Mapped[date]
    """Only the day: a moment would tell who it was."""


class Commitment(Base):
    """Something that was promised in an answer, and by when."""

    __tablename__ = "commitments"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    promise: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    response: Mapped[Response] = relationship()
    checks: Mapped[list[CommitmentCheck]] = relationship(order_by="CommitmentCheck.months")


class Kept(StrEnum):
    """Whether a commitment was kept."""

    KEPT = "kept"
    PARTLY = "partly"
    NOT_KEPT = "not_kept"


class CommitmentCheck(Base):
    """After 6 and after 12 months the department is asked whether it kept its word; that it was asked is public too."""

    __tablename__ = "commitment_checks"

    commitment_id: Mapped[int] = mapped_column(
        ForeignKey("commitments.id", ondelete="CASCADE"), primary_key=True
    )
    months: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    kept: Mapped[Kept | None] = mapped_column(choice(Kept, "kept"))
    note: Mapped[str] = mapped_column(Text, default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (kept IS NULL)", name="answered_says_kept"),)


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
    declined_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why there will be no debate; public."""
    considered_on: Mapped[date | None]
    """The day on which it was considered whether to debate."""
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
    picture: Mapped[DebatePicture | None] = relationship(viewonly=True)

    __table_args__ = (
        UniqueConstraint("petition_id"),
        CheckConstraint("debated IS NULL OR outcome_at IS NOT NULL", name="outcome_has_time"),
    )


class DebatePicture(Base):
    """A picture of a debate, made anew from what was uploaded so that it carries nothing but what is seen."""

    __tablename__ = "debate_pictures"

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """A JPEG; read only where it is sent."""
    alt: Mapped[str] = mapped_column(String(300))
    width: Mapped[int]
    height: Mapped[int]


class OtherBusiness(Base):
    """Something else that happened to a petition in the chamber: a letter, a committee session."""

    __tablename__ = "other_business"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text, default="")
    is_plain: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Imported, and not changed since: `body` is what the source's documents say."""
    url: Mapped[str | None] = mapped_column(String(500))
    """Where it can be read: the source."""
    occurred_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
