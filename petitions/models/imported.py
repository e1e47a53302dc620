"""What the source of imported petitions says otherwise than this site: kept, so that its documents come out as they came in."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from petitions.database import Base


class PlaceName(Base):
    """A place as a source named it when it counted there, with its representative of that time."""

    __tablename__ = "place_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    representative: Mapped[str] = mapped_column(String(200), default="")
    """Empty: there was none."""

    __table_args__ = (UniqueConstraint("place_id", "name", "representative"),)


class CountryName(Base):
    """A country (ISO 3166 alpha-2) under the code and the name that documents of the source have for it; ours have them too."""

    __tablename__ = "country_names"

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))


class ImportedPetition(Base):
    """A petition that another service published first."""

    __tablename__ = "imported_petitions"

    petition_id: Mapped[int] = mapped_column(ForeignKey("petitions.id", ondelete="CASCADE"), primary_key=True)
    has_no_note: Mapped[bool]
    """Its committee's note was null there, and not an empty text."""
    region_counts: Mapped[dict[str, int]] = mapped_column(JSON)
    """Signatures by the code of the region, as the source added them up: the areas say them only where a map is loaded."""
