"""The people who work with petitions: their roles, how they prove who they are, and where they are signed in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime, choice
from petitions.models.department import Department
from petitions.secrecy import HasSealed, Sealed


class MailChoice(StrEnum):
    """How somebody of the staff wants to hear of what happens."""

    DAILY = "daily"
    """One mail a day with everything."""
    EACH = "each"
    """A mail for each, in office hours."""
    NONE = "none"
    """Once a day, only what is owed and overdue and what waits for them."""


class LinkKind(StrEnum):
    """What a link that was mailed to somebody of the staff is for."""

    INVITATION = "invitation"
    RESET = "reset"


class StaffRole(Base):
    """One role that one person has; `role` is a name of `petitions.permissions.Role`."""

    __tablename__ = "staff_roles"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(30), primary_key=True)


class Staff(Base):
    """Somebody of the petitions office or of a department. `email` is in lower case."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str | None] = mapped_column(String(300))
    """Empty until the invitation is accepted, and for who signs in elsewhere (`oidc_subject`)."""
    oidc_subject: Mapped[str | None] = mapped_column(String(255), index=True, unique=True)
    """Who this is to the body's own sign-in, where one is configured."""
    mail_choice: Mapped[MailChoice] = mapped_column(
        choice(MailChoice, "mail_choice"),
        default=MailChoice.DAILY,
        server_default=MailChoice.DAILY.value,
    )
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    department: Mapped[Department | None] = relationship()
    role_rows: Mapped[list[StaffRole]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def roles(self) -> set[str]:
        """The names of the person's roles."""
        return {row.role for row in self.role_rows}


class StaffSession(Base):
    """One place where somebody is signed in. The cookie holds a random token; only its hash is kept here."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the second factor was last shown here; empty: only the password was, which opens nothing yet."""
    agent: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """The browser, as it calls itself: so that its owner knows which place this is."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    staff: Mapped[Staff] = relationship()


class Authenticator(HasSealed, Base):
    """The app on somebody's telephone that makes codes: the second factor."""

    __tablename__ = "authenticators"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    secret = Sealed()
    """What the app shares with us, in base 32."""
    used_step: Mapped[int | None] = mapped_column(BigInteger)
    """The newest step of time (30 seconds each, RFC 6238) whose code was used: no code works twice."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its first code was right; empty: it was never set up to the end, and counts for nothing."""


class RecoveryCode(Base):
    """One of the codes that stand in for a lost authenticator app, each once. Only its hash is kept."""

    __tablename__ = "recovery_codes"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class StaffLink(Base):
    """A link by which somebody of the staff chooses a password: invited, or because the old one is lost. Works once."""

    __tablename__ = "staff_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    kind: Mapped[LinkKind] = mapped_column(choice(LinkKind, "kind"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])


class SignInFailure(Base):
    """Wrong passwords and codes for one address, whether or not anybody has it: each makes the next try wait longer."""

    __tablename__ = "sign_in_failures"

    email_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """Keyed: the row does not say whose address it is."""
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)


class StaffNotice(Base):
    """Something one person of the staff is to hear of, in the next daily digest or in a mail of its own; each once."""

    __tablename__ = "staff_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(120))
    """Says which notice this is, once for ever for this person: `warning:81:response:75`."""
    kind: Mapped[str] = mapped_column(String(60))
    petition_id: Mapped[int | None] = mapped_column(
        ForeignKey("petitions.id", ondelete="CASCADE"), index=True
    )
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """Ids and numbers that its words need; never personal data."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index("ix_staff_notices_staff_id_key", "staff_id", "key", unique=True),
        Index(
            "ix_staff_notices_waiting",
            "staff_id",
            postgresql_where=text("told_at IS NULL"),
            sqlite_where=text("told_at IS NULL"),
        ),
    )
