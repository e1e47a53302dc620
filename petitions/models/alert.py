"""Alerts: what somebody wants to hear of by mail, and what they were told of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from petitions import clock
from petitions.database import Base, UTCDateTime, choice
from petitions.secrecy import HasSealed, Sealed

SEARCH_LIMIT = 500


class Rhythm(StrEnum):
    """How often an alert may write."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class News(StrEnum):
    """What an alert may tell of."""

    PUBLISHED = "published"
    CROSSED = "crossed"
    ANSWERED = "answered"
    RISING = "rising"


class Alert(HasSealed, Base):
    """A search, or one petition, that the owner of a mailbox wants news of. It writes once its address is confirmed."""

    __tablename__ = "alerts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    email = Sealed()
    mailbox_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """Tells whether a mailbox has this alert; keyed with what it is about, so that two alerts of one mailbox do not match."""
    search: Mapped[str] = mapped_column(String(SEARCH_LIMIT), default="")
    """The arguments of a list's address in their usual order; empty: all petitions."""
    petition_id: Mapped[int | None] = mapped_column(
        ForeignKey("petitions.id", ondelete="CASCADE"), index=True
    )
    """The one petition that it is about, instead of a search."""
    title: Mapped[str] = mapped_column(String(1000))
    """What it is about in words, as they stood when it was made."""
    published: Mapped[bool] = mapped_column(default=False)
    crossed: Mapped[bool] = mapped_column(default=False)
    answered: Mapped[bool] = mapped_column(default=False)
    rising: Mapped[bool] = mapped_column(default=False)
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm, "rhythm"), default=Rhythm.DAILY)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    """When it was made, or asked for last before it was confirmed."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the owner of the mailbox pressed the button."""
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Its owner stopped it, or said that it was never asked for. It can be started again until it is removed."""
    undeliverable_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a mail came back for good: nothing more is sent."""
    asked: Mapped[int] = mapped_column(default=0)
    """How often it was asked for: each time has a mail of its own."""
    seen_entry: Mapped[int] = mapped_column(default=0)
    """The cursor: every line of the history up to this one was looked at."""
    mails: Mapped[int] = mapped_column(default=0)
    """How many mails with news it has had."""
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it may write again."""

    __table_args__ = (
        CheckConstraint("petition_id IS NULL OR search = ''", name="about_one_thing"),
        CheckConstraint("confirmed_at IS NULL OR next_at IS NOT NULL", name="confirmed_has_its_turn"),
        CheckConstraint("mails >= 0 AND asked >= 0 AND seen_entry >= 0", name="not_negative"),
        Index("ix_alerts_search_seen_entry", "search", "seen_entry"),
        Index("ix_alerts_created_at", "created_at"),
        {"sqlite_autoincrement": True},
    )

    @property
    def is_active(self) -> bool:
        """Whether it writes."""
        return self.confirmed_at is not None and not any(
            (self.paused_at, self.stopped_at, self.undeliverable_at)
        )

    @property
    def news(self) -> list[News]:
        """What it tells of."""
        return [each for each in News if getattr(self, each)]


class AlertMatch(Base):
    """One thing that an alert found. Its key is what it is, so it is told once."""

    __tablename__ = "alert_matches"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True)
    news: Mapped[News] = mapped_column(choice(News, "news"), primary_key=True)
    petition_id: Mapped[int] = mapped_column(
        ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    entry: Mapped[int] = mapped_column(primary_key=True)
    """The line of the history that says so; 0 for what is news only once: that it is published, that it rises. Those stay as
    long as the alert."""
    found_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_in: Mapped[int | None]
    """The number of the alert's mail that told it."""

    __table_args__ = (
        CheckConstraint("(told_at IS NULL) = (told_in IS NULL)", name="told_in_a_mail"),
        Index(
            "ix_alert_matches_untold",
            "alert_id",
            postgresql_where=text("told_at IS NULL"),
            sqlite_where=text("told_at IS NULL"),
        ),
    )
