"""Signatures counted by place, country, hour and minute: moved in the same transaction as the petition's own count."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions.database import Base, UTCDateTime
from petitions.models.place import Place

#: How far back minutes are counted. Nothing asks for more than the two hours before the last one that was whole.
MINUTES_KEPT = timedelta(hours=3)


class PlaceCount(Base):
    """How many signatures of a petition come from one area."""

    __tablename__ = "place_counts"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    signature_count: Mapped[int] = mapped_column(default=0)
    imported_signatures: Mapped[int] = mapped_column(default=0)
    named_id: Mapped[int | None] = mapped_column(ForeignKey("place_names.id"))
    """What the place was called where the imported ones were counted."""

    place: Mapped[Place] = relationship()

    __table_args__ = (
        CheckConstraint("signature_count >= 0", name="not_negative"),
        Index("ix_place_counts_place_id_signature_count", "place_id", "signature_count"),
    )


class CountryCount(Base):
    """How many signatures of a petition come from one country (ISO 3166 alpha-2)."""

    __tablename__ = "country_counts"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    signature_count: Mapped[int] = mapped_column(default=0)
    imported_signatures: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("signature_count >= 0", name="not_negative"),)


class HourCount(Base):
    """How many signatures of a petition were counted in the hour that begins at `hour` (UTC, on the hour)."""

    __tablename__ = "hour_counts"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    signature_count: Mapped[int] = mapped_column(default=0)
    imported_signatures: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("signature_count >= 0", name="not_negative"),
        Index("ix_hour_counts_hour", "hour"),
    )


class MinuteCount(Base):
    """How many signatures of a petition were counted in the minute that begins at `minute` (UTC), for the last hours.

    Enough to say what was signed in the last hour without looking at signatures. What is older is removed.
    """

    __tablename__ = "minute_counts"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    minute: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    signature_count: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("signature_count >= 0", name="not_negative"),
        Index("ix_minute_counts_minute", "minute"),
    )


class LateCount(Base):
    """Signatures put into a minute after it was over, or (below 0) taken out of it: `minute` says when, for the last hours.

    Together with the minutes it tells what a petition's count was at the end of any of them, whatever was taken back since.
    """

    __tablename__ = "late_counts"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    minute: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    """The minute that they were counted in; the hour, where it is older than minutes are kept."""
    signature_count: Mapped[int]

    __table_args__ = (Index("ix_late_counts_minute", "minute"),)


class TrailingCount(Base):
    """How many signatures of a petition were counted in the stretches of time before an hour began: what rises is read from it.

    Derived from the counts by hour, once when the hour began; nothing else depends on it.
    """

    __tablename__ = "trailing_counts"

    hour: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    petition_id: Mapped[int] = mapped_column(
        ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    day: Mapped[int]
    """In the 23 hours before; with the hour itself they are a day."""
    week: Mapped[int]
    """In the 167 hours before."""
    earlier: Mapped[int]
    """In the 7 days before the 23 hours."""


class RisingRank(Base):
    """One of the first places of the list of a minute: what was signed most in a period before it.

    Derived from the counts by minute and by hour, once when the minute was over, and kept for minutes; nothing else depends
    on it. The list begins anew with each period and minute; `place` counts from 1.
    """

    __tablename__ = "rising_ranks"

    minute: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Signatures of the petition in the period."""
    total: Mapped[int]
    """How many petitions the whole list has."""


class PublishedPlaceCount(Base):
    """What is shown of a petition's signatures from one area or region: a whole multiple of the smallest number that may be
    published, moved only by `petitions.counts.publishing_places`."""

    __tablename__ = "published_place_counts"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    signature_count: Mapped[int]

    __table_args__ = (
        CheckConstraint("signature_count > 0", name="positive"),
        Index("ix_published_place_counts_place_id_signature_count", "place_id", "signature_count"),
    )


class PublishedCountryCount(Base):
    """What is shown of a petition's signatures from one country."""

    __tablename__ = "published_country_counts"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    signature_count: Mapped[int]

    __table_args__ = (CheckConstraint("signature_count > 0", name="positive"),)


class PlaceLook(Base):
    """When the figures of a petition's places were last looked at, and its public count at that moment."""

    __tablename__ = "place_looks"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    signature_count: Mapped[int]
    looked_at: Mapped[datetime] = mapped_column(UTCDateTime)
