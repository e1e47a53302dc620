"""What limits how often: mail providers and their rules, mails that one mailbox got, addresses to leave alone, origins.

Nothing here says whose: addresses and origins stand as keyed hashes.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from petitions import clock
from petitions.database import Base, UTCDateTime, choice


class DomainStanding(StrEnum):
    """How far signatures from a mail domain are believed."""

    USUAL = "usual"
    """Many in an hour on one petition are held for staff."""
    TRUSTED = "trusted"
    """A large provider, a university, a company: many at once are no surprise."""
    HELD = "held"
    """Every signature is held for staff."""
    REFUSED = "refused"
    """Throw-away addresses: the form says that this provider cannot be used."""


class MailDomain(Base):
    """What is known about one mail domain: whose other name it is, how it reads the part before the @, its standing."""

    __tablename__ = "mail_domains"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    """In lower case, in its ASCII form."""
    provider: Mapped[str] = mapped_column(String(253))
    """The one name that all domains of this provider are known by here; its own where it has no other."""
    ignores_dots: Mapped[bool] = mapped_column(default=False)
    ignores_tags: Mapped[bool] = mapped_column(default=True)
    """`name+anything` reaches the mailbox of `name`."""
    standing: Mapped[DomainStanding] = mapped_column(
        choice(DomainStanding, "standing"),
        default=DomainStanding.USUAL,
    )
    note: Mapped[str] = mapped_column(String(200), default="")


class MailCap(Base):
    """When mails that a stranger can cause went to one mailbox on one day, whatever petition they were about.

    The hash is keyed with the day: from the table alone nobody can tell that two days' rows are one mailbox.
    """

    __tablename__ = "mail_caps"

    day: Mapped[date] = mapped_column(primary_key=True)
    """In UTC."""
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    moments: Mapped[list[str]] = mapped_column(JSON, default=list)
    """ISO 8601, UTC, oldest first."""


class Suppression(Base):
    """A mailbox whose owner wants no mail from this site at all."""

    __tablename__ = "suppressions"

    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class OriginCount(Base):
    """How many signatures were sent in one hour (UTC) from one address of origin, or one network.

    The hash is keyed with the hour: where somebody signed cannot be followed from hour to hour.
    """

    __tablename__ = "origin_counts"

    hour: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    origin_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
