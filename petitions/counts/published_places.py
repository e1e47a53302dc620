"""The figures of places that everybody may see. **Every public page, document, feed, dump and mail reads these, and nothing
else**: `PlaceCount` and `CountryCount` are exact and stay inside (`tests/rules` holds who may import them).

With SMALLEST_PUBLISHED_AREA = 10 every figure is a multiple of 10, rounded down, refreshed in rounds, and absent below 10, so
that no sum, difference or history of figures says anything about fewer than 10 people (`petitions.counts.disclosure`). With 1 (for
imported figures that are public already) they are the counts themselves, exact, at once.

`areas`, `regions`, `countries` give one petition's figures; `areas_of`, `countries_of` those of many, for dumps; `in_places` is
a subquery (petition_id, place_id, signature_count) of areas and regions to join with, for what is ordered or chosen by place.
A place that is absent has nothing that may be shown: not nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Subquery, func, select, union_all
from sqlalchemy.orm import joinedload

from petitions.extensions import db, settings
from petitions.lifecycle import State
from petitions.models import (
    CountryCount,
    Place,
    PlaceCount,
    PublishedCountryCount,
    PublishedPlaceCount,
)

#: Petitions whose figures may be seen.
PUBLISHED = (State.OPEN, State.CLOSED)


@dataclass(frozen=True)
class PlaceFigure:
    """Signatures from one area or region."""

    place: Place
    signature_count: int


@dataclass(frozen=True)
class CountryFigure:
    """Signatures from one country (ISO 3166 alpha-2)."""

    country: str
    signature_count: int


def smallest() -> int:
    """The smallest figure that is shown, and the step in which figures move."""
    return settings().smallest_published_area


def exact() -> bool:
    """Whether figures are the counts themselves: nothing is rounded and nothing kept back."""
    return settings().smallest_published_area == 1


def areas(petition_id: int) -> list[PlaceFigure]:
    """A petition's figures by area, ordered by the areas' codes. Regions of the areas are loaded."""
    return areas_of([petition_id])[petition_id]


def areas_of(petition_ids: Sequence[int]) -> dict[int, list[PlaceFigure]]:
    """The same for many petitions, by their ids, in one query."""
    return _by_petition("constituency", petition_ids)


def regions(petition_id: int) -> list[PlaceFigure]:
    """A petition's figures by region, ordered by the regions' codes."""
    return regions_of([petition_id])[petition_id]


def regions_of(petition_ids: Sequence[int]) -> dict[int, list[PlaceFigure]]:
    """The same for many petitions, by their ids, in one query."""
    return _by_petition("region", petition_ids)


def countries(petition_id: int) -> list[CountryFigure]:
    """A petition's figures by country, ordered by code."""
    return countries_of([petition_id])[petition_id]


def countries_of(petition_ids: Sequence[int]) -> dict[int, list[CountryFigure]]:
    """The same for many petitions, by their ids, in one query."""
    model: Any = CountryCount if exact() else PublishedCountryCount
    rows = db.session.execute(
        select(model.petition_id, model.country, model.signature_count)
        .where(model.petition_id.in_(petition_ids), model.signature_count > 0)
        .order_by(model.country)
    )
    found: dict[int, list[CountryFigure]] = {petition_id: [] for petition_id in petition_ids}
    for row in rows:
        found[row.petition_id].append(CountryFigure(row.country, row.signature_count))
    return found


def in_places(*, kind: str | None = None, place_id: int | None = None) -> Subquery:
    """All figures of areas and regions as a subquery with `petition_id`, `place_id`, `signature_count`, every one above 0.

    `kind` (`constituency` or `region`) and `place_id` narrow it. Join it with `Petition`, and choose published ones there.
    """
    if not exact():
        table = PublishedPlaceCount
        query = select(table.petition_id, table.place_id, table.signature_count)
        if place_id is not None:
            query = query.where(table.place_id == place_id)
        if kind is not None:
            query = query.join(Place, Place.id == table.place_id).where(Place.kind == kind)
        return query.subquery("in_places")
    by_area: Any = select(PlaceCount.petition_id, PlaceCount.place_id, PlaceCount.signature_count).where(
        PlaceCount.signature_count > 0
    )
    by_region: Any = (
        select(
            PlaceCount.petition_id,
            Place.region_id.label("place_id"),
            func.sum(PlaceCount.signature_count).label("signature_count"),
        )
        .join(Place, Place.id == PlaceCount.place_id)
        .where(PlaceCount.signature_count > 0, Place.region_id.is_not(None))
        .group_by(PlaceCount.petition_id, Place.region_id)
    )
    if place_id is not None:
        by_area = by_area.where(PlaceCount.place_id == place_id)
        by_region = by_region.where(Place.region_id == place_id)
    one: Any = {"constituency": by_area, "region": by_region, None: union_all(by_area, by_region)}[kind]
    return cast(Subquery, one.subquery("in_places"))


def _by_petition(kind: str, petition_ids: Sequence[int]) -> dict[int, list[PlaceFigure]]:
    found: Any = in_places(kind=kind)
    query: Any = select(Place, found.c.petition_id, found.c.signature_count)
    rows = db.session.execute(
        query.join(found, found.c.place_id == Place.id)
        .where(found.c.petition_id.in_(petition_ids))
        .order_by(Place.code)
        .options(joinedload(Place.region))
    )
    figures: dict[int, list[PlaceFigure]] = {petition_id: [] for petition_id in petition_ids}
    for place, petition_id, number in rows:
        figures[petition_id].append(PlaceFigure(place, int(number)))
    return figures
