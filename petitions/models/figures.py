"""Figures of the whole site, gathered by a worker so that nobody who reads them waits for a count."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions import clock
from petitions.database import Base, UTCDateTime
from petitions.models.place import Place


class MonthFigure(Base):
    """What happened on the site in one month of its zone."""

    __tablename__ = "month_figures"

    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""
    started: Mapped[int]
    """Petitions whose petitioner confirmed them."""
    published: Mapped[int]
    refused: Mapped[int]
    """Rejected or hidden, and still so."""
    crossed: Mapped[int]
    """Petitions that reached a threshold for an answer."""
    signatures: Mapped[int]
    """Counted in this month, as far as their hour is known."""
    most_on_one: Mapped[int]
    """Of these, those under the one petition that got the most."""
    removed: Mapped[int]
    """Signatures that staff took off counts."""
    put_back: Mapped[int]
    gathered_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class PlaceParticipation(Base):
    """Signatures from one area under all petitions together, as they may be seen (`petitions.counts.published_places`)."""

    __tablename__ = "place_participation"

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), primary_key=True)
    signatures: Mapped[int]
    most_on_one: Mapped[int]
    """Of these, those under the one petition that got the most from there."""
    gathered_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    place: Mapped[Place] = relationship()
