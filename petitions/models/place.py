"""Places: the areas signatures are counted in, and the postcodes that lead to them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petitions.database import Base


class Place(Base):
    """An area with a representative (`kind` constituency), or the region above it (`kind` region)."""

    __tablename__ = "places"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(
        Enum("constituency", "region", native_enum=False, length=16, create_constraint=True, name="kind")
    )
    code: Mapped[str] = mapped_column(String(20), unique=True)
    slug: Mapped[str] = mapped_column(String(120), index=True)
    name: Mapped[str] = mapped_column(String(200))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    representative: Mapped[str | None] = mapped_column(String(200))
    party: Mapped[str | None] = mapped_column(String(100))
    representative_url: Mapped[str | None] = mapped_column(String(500))
    electorate: Mapped[int | None]
    population: Mapped[int | None]
    hex_q: Mapped[int | None]
    """Column of its hexagon on the map ("odd-r" rows)."""
    hex_r: Mapped[int | None]
    """Row of its hexagon, growing northwards."""
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]

    region: Mapped[Place | None] = relationship(remote_side=[id])

    __table_args__ = (Index("ix_places_kind_code", "kind", "code"),)


class BoundarySet(Base):
    """Boundaries that held from a day until another: which areas there were. No day: always, or until now."""

    __tablename__ = "boundary_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    """The first day on which it holds no longer."""


class BoundaryArea(Base):
    """An area of a set, with its hexagon on that set's map. An area that did not change is in several sets."""

    __tablename__ = "boundary_areas"

    boundary_set_id: Mapped[int] = mapped_column(
        ForeignKey("boundary_sets.id", ondelete="CASCADE"), primary_key=True
    )
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True, index=True)
    hex_q: Mapped[int | None]
    hex_r: Mapped[int | None]

    place: Mapped[Place] = relationship()


class Postcode(Base):
    """A postcode, or the beginning of one, and the area it lies in. Stored in capitals without spaces."""

    __tablename__ = "postcodes"

    prefix: Mapped[str] = mapped_column(String(10), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)

    place: Mapped[Place] = relationship()
