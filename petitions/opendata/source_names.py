"""What places and countries are called in documents: by their source's words where it counted there, else by ours.

No count is read here: those that may be seen are `petitions.counts.published_places`' alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from petitions.counts import published_places
from petitions.extensions import db
from petitions.models import CountryName, ImportedPetition, Place, PlaceCount, PlaceName


class Named(NamedTuple):
    """A place in a document: its name, and who represented it; nobody, where the seat was vacant."""

    name: str
    representative: str | None


def of_places(petition_ids: Sequence[int]) -> dict[tuple[int, int], Named]:
    """By petition and place: the names of the time, for places in which signatures were imported."""
    query = (
        select(PlaceCount.petition_id, PlaceCount.place_id, PlaceName.name, PlaceName.representative)
        .join(PlaceName, PlaceName.id == PlaceCount.named_id)
        .where(PlaceCount.petition_id.in_(petition_ids))
    )
    return {(row[0], row[1]): Named(row[2], row[3] or None) for row in db.session.execute(query)}


def of_countries() -> dict[str, tuple[str, str]]:
    """By ISO 3166 code: the code and the name that the source's documents have for it."""
    query = select(CountryName.country, CountryName.code, CountryName.name)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def regions_added_up_elsewhere(petition_ids: Sequence[int]) -> dict[int, list[tuple[Place, int]]]:
    """By petition, in the order of the regions' codes: the sums of the source, where figures are exact anyhow.

    Our own sums need a map that says which area lies in which region; without one these stand in.
    """
    if not published_places.exact():
        return {}
    query = select(ImportedPetition.petition_id, ImportedPetition.region_counts)
    rows = db.session.execute(query.where(ImportedPetition.petition_id.in_(petition_ids))).all()
    given = {row.petition_id: row.region_counts for row in rows if row.region_counts}
    codes = {code for counts in given.values() for code in counts}
    places = select(Place).where(Place.code.in_(codes), Place.kind == "region").order_by(Place.code)
    regions = db.session.execute(places).scalars().all() if codes else []
    return {
        number: [(region, counts[region.code]) for region in regions if region.code in counts]
        for number, counts in given.items()
    }
