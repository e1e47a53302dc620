"""Where a petition's signatures come from, put together for its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from petitions import clock
from petitions.counts import published_places
from petitions.counts.published_places import PlaceFigure
from petitions.extensions import settings
from petitions.local.hex_map import Band, HexMap, bands, draw
from petitions.models import Petition, Place
from petitions.places import boundaries, countries

#: What the map may show, and how the table may be ordered.
SHOWN = ("count", "share", "regions")
ORDERS = ("count", "share", "name", "region")


@dataclass(frozen=True)
class Row:
    """One place of the table. `share` is signatures for each elector: nothing where electors are not known."""

    place: Place
    signature_count: int
    share: float | None


@dataclass(frozen=True)
class Country:
    """One country, by name."""

    code: str
    name: str
    signature_count: int


@dataclass(frozen=True)
class PlacesPage:
    """All figures of one petition. `shown` is what the map colours, `order` how the table stands."""

    petition: Petition
    shown: str
    order: str
    smallest: int
    boundaries: boundaries.Boundaries
    areas: list[Row]
    regions: list[Row]
    countries: list[Country]

    @property
    def values(self) -> dict[int, float]:
        """The figure of each area on the map, by place id."""
        if self.shown == "share":
            return {row.place.id: row.share for row in self.areas if row.share is not None}
        return {row.place.id: row.signature_count for row in self.areas}

    @cached_property
    def legend(self) -> list[Band]:
        """The classes of the map."""
        step = 0 if self.shown == "share" else self.smallest
        return bands(list(self.values.values()), step)

    @cached_property
    def map(self) -> HexMap | None:
        """The whole map."""
        return draw(self.boundaries.areas, self.values, self.legend)

    @property
    def maps_of_regions(self) -> list[tuple[Place, HexMap]]:
        """A small map of each region, in the same classes."""
        regions: dict[int, Place] = {}
        for area in self.boundaries.areas:
            if area.place.region is not None:
                regions[area.place.region.id] = area.place.region
        made = []
        for region in sorted(regions.values(), key=lambda each: each.name):
            inside = [area for area in self.boundaries.areas if area.place.region_id == region.id]
            drawn = draw(inside, self.values, self.legend)
            if drawn is not None:
                made.append((region, drawn))
        return made

    @property
    def sums_of_regions(self) -> dict[int, int]:
        """The figure of each region by its id."""
        return {row.place.id: row.signature_count for row in self.regions}

    @property
    def has_shares(self) -> bool:
        """Whether electors are known anywhere."""
        return any(row.share is not None for row in self.areas)


def places_page(petition: Petition, *, shown: str = "count", order: str = "count") -> PlacesPage:
    """The page of a petition. Words that are not known are taken for the usual ones."""
    order = order if order in ORDERS else "count"
    found = [_row(each) for each in published_places.areas(petition.id)]
    areas = sorted(found, key=_KEYS[order])
    electors: dict[int, int] = {}
    there = boundaries.on(day_of(petition))
    for area in there.areas:
        if area.place.region_id is not None and area.place.electorate:
            electors[area.place.region_id] = electors.get(area.place.region_id, 0) + area.place.electorate
    return PlacesPage(
        petition=petition,
        shown=shown if shown in SHOWN else "count",
        order=order,
        smallest=published_places.smallest(),
        boundaries=there,
        areas=areas,
        regions=sorted(
            (_region(each, electors) for each in published_places.regions(petition.id)), key=_most
        ),
        countries=_countries(petition.id),
    )


def day_of(petition: Petition) -> date:
    """The day whose boundaries a petition's map has: when it was published."""
    moment = petition.opened_at or clock.now()
    return moment.astimezone(settings().timezone).date()


def _row(figure: PlaceFigure) -> Row:
    return Row(figure.place, figure.signature_count, _share(figure.signature_count, figure.place.electorate))


def _region(figure: PlaceFigure, electors: dict[int, int]) -> Row:
    known = figure.place.electorate or electors.get(figure.place.id)
    return Row(figure.place, figure.signature_count, _share(figure.signature_count, known))


def _share(number: int, electorate: int | None) -> float | None:
    return number / electorate if electorate else None


def _most(row: Row) -> tuple[Any, ...]:
    return -row.signature_count, row.place.name


def _region_name(row: Row) -> str:
    return row.place.region.name if row.place.region else ""


_KEYS: dict[str, Callable[[Row], tuple[Any, ...]]] = {
    "count": _most,
    "share": lambda row: (-(row.share or 0), row.place.name),
    "name": lambda row: (row.place.name,),
    "region": lambda row: (_region_name(row), *_most(row)),
}


def _countries(petition_id: int) -> list[Country]:
    found: Sequence[published_places.CountryFigure] = published_places.countries(petition_id)
    rows = [Country(each.country, countries.name(each.country), each.signature_count) for each in found]
    return sorted(rows, key=lambda row: (-row.signature_count, row.name))
