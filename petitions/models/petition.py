"""The petition, the versions of its words, and what it is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime, choice
from petitions.lifecycle import FACTS, Facts, State
from petitions.models.department import Department
from petitions.models.topic import Topic
from petitions.secrecy import HasSealed, Sealed

if TYPE_CHECKING:
    from petitions.models.moderation import Appeal

TITLE_LIMIT = 80
BACKGROUND_LIMIT = 300
DETAILS_LIMIT = 800

petition_topics = Table(
    "petition_topics",
    Base.metadata,
    Column("petition_id", ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id"), primary_key=True, index=True),
)

petition_departments = Table(
    "petition_departments",
    Base.metadata,
    Column("petition_id", ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True),
    Column("department_id", ForeignKey("departments.id"), primary_key=True, index=True),
)


class Life:
    """What follows from a petition's state and its times, for the row itself and for any reading that has these columns."""

    __slots__ = ()

    if TYPE_CHECKING:
        # Said here for type checkers alone: where they are columns, they are declared there.
        state: Any
        closes_at: Any
        lapses_at: Any
        hidden_at: Any
        opened_at: Any

    @property
    def current_state(self) -> State:
        """The state by the clock: past its deadline a petition is closed, or lapsed, whether or not a job has said so."""
        if self.state is State.OPEN and self.closes_at is not None and self.closes_at < clock.now():
            return State.CLOSED
        if self.state is State.GATHERING and self.lapses_at is not None and self.lapses_at < clock.now():
            return State.LAPSED
        return cast(State, self.state)

    @property
    def facts(self) -> Facts:
        """What its current state means."""
        return FACTS[self.current_state]

    @property
    def is_signable(self) -> bool:
        """Anyone may sign it now."""
        return self.facts.takes_signatures

    @property
    def words_are_hidden(self) -> bool:
        """Its words broke the rules and have not been shown since: no page of the public has them, in any state."""
        return self.hidden_at is not None

    @property
    def was_published(self) -> bool:
        """It has stood on the public site at some time."""
        return self.opened_at is not None

    def takes_confirmations(self, grace: timedelta) -> bool:
        """Whether a link mailed earlier still counts: while signable, or within `grace` after the deadline."""
        if self.words_are_hidden:
            return False
        if self.facts.takes_signatures or self.facts.takes_supporters:
            return True
        return (
            self.current_state is State.CLOSED
            and self.closes_at is not None
            and clock.now() <= self.closes_at + grace
        )


class Petition(Life, HasSealed, Base):
    """What somebody asks the body to do. Limits in characters are `TITLE_LIMIT`, `BACKGROUND_LIMIT`, `DETAILS_LIMIT`."""

    __tablename__ = "petitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(choice(State, "state"))
    action: Mapped[str] = mapped_column(String(200))
    background: Mapped[str] = mapped_column(Text)
    additional_details: Mapped[str] = mapped_column(Text, default="")
    committee_note: Mapped[str] = mapped_column(Text, default="")
    text_version: Mapped[int] = mapped_column(default=1)
    creator_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    creator_name = Sealed()

    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(
        UTCDateTime, default=clock.now, onupdate=clock.now, index=True
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The petitioner confirmed the e-mail address."""
    lapses_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Until then supporters can be found."""
    moderation_threshold_reached_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Enough supporters: the public promise to check it runs from here."""
    restored_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Put back to the moderators after a refusal: their promise runs anew from here."""
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """First published. Never unset: it tells 410 from 404 after a take-down."""
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The deadline: the last instant of the last day in the site's zone."""
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_early_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why it was closed before its deadline; public."""
    rejected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Its words were hidden. Unset when they are shown again, not when moderators look at them once more."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lapsed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    anonymised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When everything personal left its signatures: the count stands still from here."""

    signature_count: Mapped[int] = mapped_column(default=0)
    """Signatures counted: `imported_signatures` plus the rows that carry `counted_at`. Changed only by the counting."""
    imported_signatures: Mapped[int] = mapped_column(default=0)
    """Counted elsewhere before the petition came here; no rows exist for them."""
    last_signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    topics: Mapped[list[Topic]] = relationship(secondary=petition_topics, order_by=Topic.code)
    departments: Mapped[list[Department]] = relationship(
        secondary=petition_departments, order_by=Department.name
    )

    appeal: Mapped[Appeal | None] = relationship("Appeal", viewonly=True, uselist=False)
    """The petitioner's appeal against a refusal."""

    __table_args__ = (
        CheckConstraint("imported_signatures >= 0", name="counts_not_negative"),
        CheckConstraint("signature_count >= imported_signatures", name="count_holds_imported"),
        CheckConstraint(
            "state <> 'gathering' OR (confirmed_at IS NOT NULL AND lapses_at IS NOT NULL)",
            name="gathering_has_its_time",
        ),
        CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn_has_withdrawn_at"
        ),
        CheckConstraint("state <> 'lapsed' OR lapsed_at IS NOT NULL", name="lapsed_has_lapsed_at"),
        CheckConstraint(
            "state NOT IN ('open', 'closed') OR opened_at IS NOT NULL", name="published_has_opened_at"
        ),
        CheckConstraint("state <> 'open' OR closes_at IS NOT NULL", name="open_has_deadline"),
        CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed_has_closed_at"),
        CheckConstraint("state <> 'rejected' OR rejected_at IS NOT NULL", name="rejected_has_rejected_at"),
        CheckConstraint("state <> 'hidden' OR hidden_at IS NOT NULL", name="hidden_has_hidden_at"),
        CheckConstraint(
            "state <> 'review' OR moderation_threshold_reached_at IS NOT NULL",
            name="review_has_threshold_reached_at",
        ),
        Index("ix_petitions_state_signature_count", "state", "signature_count", "id"),
        Index("ix_petitions_state_opened_at", "state", "opened_at", "id"),
        # The lists are counted by this one alone: it has all that they look at.
        Index("ix_petitions_state_closes_at", "state", "closes_at", "id"),
        Index("ix_petitions_signature_count", "signature_count", "id"),
        {"sqlite_autoincrement": True},
    )

    @property
    def received_at(self) -> datetime | None:
        """When it came to the moderators, or came back to them: their public promise runs from here."""
        return self.restored_at or self.moderation_threshold_reached_at


class PetitionText(Base):
    """One version of a petition's words. Every signature names the version that was signed."""

    __tablename__ = "petition_texts"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(200))
    background: Mapped[str] = mapped_column(Text)
    additional_details: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who of the staff changed it; empty: the petitioner wrote it."""
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why words that could be signed already were corrected; public."""
