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
SHOWN = ("count", "share", "people", "regions")
ORDERS = ("count", "share", "people", "name", "region")


@dataclass(frozen=True)
class Row:
    """One place of the table, with its signatures for each elector and for each person: nothing where it is not known how
    many there are."""

    place: Place
    signature_count: int
    for_elector: float | None
    for_person: float | None


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
        figures = {
            row.place.id: self.rate(row) if self.shows_rates else row.signature_count for row in self.areas
        }
        return {place_id: figure for place_id, figure in figures.items() if figure is not None}

    @property
    def shows_rates(self) -> bool:
        """Whether the map has signatures for each elector or person, not their number."""
        return self.shown in {"share", "people"}

    def rate(self, row: Row) -> float | None:
        """The figure beside a place's number: for each person where that is asked for, else for each elector."""
        return row.for_person if self.shown == "people" else row.for_elector

    @cached_property
    def legend(self) -> list[Band]:
        """The classes of the map."""
        step = 0 if self.shows_rates else self.smallest
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
    def has_electors(self) -> bool:
        """Whether electors are known anywhere."""
        return any(row.for_elector is not None for row in self.areas)

    @property
    def has_people(self) -> bool:
        """Whether it is known anywhere how many people live there."""
        return any(row.for_person is not None for row in self.areas)

    @property
    def has_rates(self) -> bool:
        """Whether there is any figure for `rate`."""
        return self.has_people if self.shown == "people" else self.has_electors


def places_page(petition: Petition, *, shown: str = "count", order: str = "count") -> PlacesPage:
    """The page of a petition. Words that are not known are taken for the usual ones."""
    order = order if order in ORDERS else "count"
    found = [_row(each) for each in published_places.areas(petition.id)]
    areas = sorted(found, key=_KEYS[order])
    there = boundaries.on(day_of(petition))
    places = [area.place for area in there.areas]
    electors, people = _in_regions(places, "electorate"), _in_regions(places, "population")
    return PlacesPage(
        petition=petition,
        shown=shown if shown in SHOWN else "count",
        order=order,
        smallest=published_places.smallest(),
        boundaries=there,
        areas=areas,
        regions=sorted(
            (_region(each, electors, people) for each in published_places.regions(petition.id)), key=_most
        ),
        countries=_countries(petition.id),
    )


def day_of(petition: Petition) -> date:
    """The day whose boundaries a petition's map has: when it was published."""
    moment = petition.opened_at or clock.now()
    return moment.astimezone(settings().timezone).date()


def _row(figure: PlaceFigure) -> Row:
    place, number = figure.place, figure.signature_count
    return Row(place, number, _rate(number, place.electorate), _rate(number, place.population))


def _region(figure: PlaceFigure, electors: dict[int, int], people: dict[int, int]) -> Row:
    place, number = figure.place, figure.signature_count
    return Row(
        place,
        number,
        _rate(number, place.electorate or electors.get(place.id)),
        _rate(number, place.population or people.get(place.id)),
    )


def _in_regions(places: list[Place], column: str) -> dict[int, int]:
    """How many the areas of each region have together."""
    sums: dict[int, int] = {}
    for place in places:
        if place.region_id is not None:
            sums[place.region_id] = sums.get(place.region_id, 0) + (getattr(place, column) or 0)
    return sums


def _rate(number: int, among: int | None) -> float | None:
    return number / among if among else None


def _most(row: Row) -> tuple[Any, ...]:
    return -row.signature_count, row.place.name


def _region_name(row: Row) -> str:
    return row.place.region.name if row.place.region else ""


_KEYS: dict[str, Callable[[Row], tuple[Any, ...]]] = {
    "count": _most,
    "share": lambda row: (-(row.for_elector or 0), row.place.name),
    "people": lambda row: (-(row.for_person or 0), row.place.name),
    "name": lambda row: (row.place.name,),
    "region": lambda row: (_region_name(row), *_most(row)),
}


def _countries(petition_id: int) -> list[Country]:
    found: Sequence[published_places.CountryFigure] = published_places.countries(petition_id)
    rows = [Country(each.country, countries.name(each.country), each.signature_count) for each in found]
    return sorted(rows, key=lambda row: (-row.signature_count, row.name))
