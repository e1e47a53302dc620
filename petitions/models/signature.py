"""The signature: one person's support for one petition, in one version of its words."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime, choice
from petitions.models.petition import Petition
from petitions.models.place import Place
from petitions.secrecy import HasSealed, Sealed


class SignatureState(StrEnum):
    """Where a signature is in its life."""

    PENDING = "pending"
    VALIDATED = "validated"
    HELD = "held"
    INVALIDATED = "invalidated"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    """The owner of the mailbox said: this wasn't me."""


class SignatureRole(StrEnum):
    """In what part somebody signed."""

    CREATOR = "creator"
    SUPPORTER = "supporter"
    SIGNER = "signer"


class Signature(HasSealed, Base):
    """Counted is what carries `counted_at`; valid is what its signer confirmed and nobody took back or holds.

    A mailbox has at most two seats on a petition (different name, same postcode); a signature taken back leaves its seat.
    """

    __tablename__ = "signatures"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id"))
    text_version: Mapped[int]
    role: Mapped[SignatureRole] = mapped_column(choice(SignatureRole, "role"))
    state: Mapped[SignatureState] = mapped_column(
        choice(SignatureState, "state"),
        default=SignatureState.PENDING,
    )
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    postcode_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    ip_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name = Sealed()
    email = Sealed()
    postcode = Sealed()
    ip = Sealed()
    mailbox_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    domain_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Tells signatures of one petition from one mail domain; keyed with the petition."""
    network_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Tells signatures of one petition from one network (IPv4 /24, IPv6 /48); keyed with the petition."""
    seat: Mapped[int | None] = mapped_column(default=1)
    country: Mapped[str] = mapped_column(String(2))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    wants_updates: Mapped[bool] = mapped_column(default=False)
    mails_stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its owner asked for no more mails about the petition; only a confirm link that is asked for still comes."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    link_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the mail server first took the mail with the confirm link: the link's life starts here."""
    validated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its signer pressed the button. One that is held, or was, has it too: valid it is in its state alone."""
    confirm_seconds: Mapped[int | None]
    """From the mail server's taking the mail to the pressed button."""
    counted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    counted_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was counted, until staff took it off the count: put back, it counts in that hour again."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was withdrawn, refused or invalidated."""
    held_reason: Mapped[str | None] = mapped_column(Text)
    """A code of `petitions.signals`: why it is held, or will be when its signer confirms it."""
    signals: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """Codes of everything unusual about it, for staff; alone they hold nothing."""
    undeliverable_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a mail came back for good: no more news is sent there."""
    anonymised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When everything personal was removed; it goes on counting."""

    petition: Mapped[Petition] = relationship()
    place: Mapped[Place | None] = relationship()

    __table_args__ = (
        UniqueConstraint("petition_id", "mailbox_hash", "seat", name="uq_signatures_one_mailbox"),
        ForeignKeyConstraint(
            ["petition_id", "text_version"],
            ["petition_texts.petition_id", "petition_texts.version"],
            name="fk_signatures_text_version",
        ),
        CheckConstraint("seat IN (1, 2)", name="two_seats"),
        CheckConstraint(
            "counted_at IS NULL OR (validated_at IS NOT NULL AND state = 'validated')",
            name="counted_is_valid",
        ),
        CheckConstraint("state <> 'validated' OR validated_at IS NOT NULL", name="validated_has_time"),
        CheckConstraint(
            "(state IN ('withdrawn', 'refused', 'invalidated')) = (seat IS NULL)",
            name="only_ended_leaves_seat",
        ),
        CheckConstraint(
            "state NOT IN ('withdrawn', 'refused', 'invalidated') OR ended_at IS NOT NULL",
            name="ended_has_ended_at",
        ),
        Index(
            "ix_signatures_uncounted",
            "petition_id",
            postgresql_where=text("state = 'validated' AND counted_at IS NULL"),
            sqlite_where=text("state = 'validated' AND counted_at IS NULL"),
        ),
        Index(
            "ix_signatures_supporters",
            "petition_id",
            postgresql_where=text("role = 'supporter'"),
            sqlite_where=text("role = 'supporter'"),
        ),
        Index(
            "ix_signatures_held",
            "petition_id",
            postgresql_where=text("state = 'held'"),
            sqlite_where=text("state = 'held'"),
        ),
        Index(
            "ix_signatures_unconfirmed",
            "created_at",
            postgresql_where=text("validated_at IS NULL"),
            sqlite_where=text("validated_at IS NULL"),
        ),
        Index(
            "ix_signatures_origins",
            "created_at",
            postgresql_where=text("ip_sealed IS NOT NULL"),
            sqlite_where=text("ip_sealed IS NOT NULL"),
        ),
        Index("ix_signatures_petition_id_id", "petition_id", "id"),
        Index("ix_signatures_petition_domain", "petition_id", "domain_hash", "created_at"),
        Index("ix_signatures_petition_network", "petition_id", "network_hash"),
        Index("ix_signatures_petition_counted_at", "petition_id", "counted_at"),
        Index("ix_signatures_counted_at", "counted_at"),
        Index(
            "uq_signatures_one_creator",
            "petition_id",
            unique=True,
            postgresql_where=text("role = 'creator'"),
            sqlite_where=text("role = 'creator'"),
        ),
        {"sqlite_autoincrement": True},
    )

    @property
    def is_valid(self) -> bool:
        """Confirmed by its signer and not taken back."""
        return self.state is SignatureState.VALIDATED

    @property
    def gets_mails(self) -> bool:
        """Mails about the petition may come: news its owner asked for, or what concerns a petitioner or supporter."""
        return self.mails_stopped_at is None and (self.wants_updates or self.role is not SignatureRole.SIGNER)

    def link_expired(self, lifetime: timedelta) -> bool:
        """Whether the confirm link is too old. A link whose mail has not left yet is not."""
        return link_expired(self.link_sent_at, lifetime)


def link_expired(sent_at: datetime | None, lifetime: timedelta) -> bool:
    """Whether a confirm link is too old whose mail left then. A link whose mail has not left yet is not."""
    return sent_at is not None and clock.now() > sent_at + lifetime
