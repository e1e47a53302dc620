"""Brings areas and their regions into the database: found by code, made or brought up to date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from petitions import audit
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Place
from petitions.places import boundary_sets
from petitions.places.boundary_sets import Held
from petitions.places.hexjson import Area, Unreadable
from petitions.slugs import free_slug


@dataclass
class Loaded:
    """How many places, areas and regions together, were made, changed, or stood as they are."""

    made: int = 0
    changed: int = 0
    same: int = 0


@transactional
def load(
    areas: list[Area],
    *,
    file: str,
    boundaries: Held | None = None,
    further: Callable[[int], None] = lambda steps: None,
) -> Loaded:
    """Store every area with its region, all or none. `further` is told after each area.

    What a file does not know (who represents an area, its party) stays. With `boundaries` the areas are those of a set and
    no others; a set that held without end until then ends where this one begins. Raises `Unreadable` where a code is of
    another kind of place already.
    """
    chosen = boundary_sets.put(boundaries) if boundaries else None
    shelf, stored = _Shelf(), list[Place]()
    for area in areas:
        region = None
        if area.region_code is not None:
            region = shelf.put("region", area.region_code, name=area.region_name)
        given: dict[str, Any] = {"name": area.name}
        if area.q is not None:
            given |= {"hex_q": area.q, "hex_r": area.r}
        if area.population is not None:
            given["population"] = area.population
        if region is not None:
            given["region_id"] = region.id
        if area.electorate is not None:
            given["electorate"] = area.electorate
        stored.append(shelf.put("constituency", area.code, **given))
        further(1)
    if chosen is not None:
        db.session.flush()
        boundary_sets.fill(
            chosen, {place.id: (area.q, area.r) for place, area in zip(stored, areas, strict=True)}
        )
    result = shelf.result()
    if result.made or result.changed:
        audit.record("places_loaded", file=file, made=result.made, changed=result.changed)
    return result


class _Shelf:
    """All places that are stored, by code, and what became of those that were put on it."""

    def __init__(self) -> None:
        self._places = {row.code: row for row in db.session.execute(select(Place)).scalars()}
        self._slugs = {row.slug for row in self._places.values() if row.end_date is None}
        self._fates: dict[str, str] = {}

    def put(self, kind: str, code: str, **columns: Any) -> Place:
        """The place of this code with these columns. A name that changes takes its slug along."""
        place = self._places.get(code)
        if place is None:
            return self._make(kind, code, columns)
        if place.kind != kind:
            raise Unreadable(f"“{code}” is the code of a {place.kind} already.")
        different = {name: value for name, value in columns.items() if getattr(place, name) != value}
        if "name" in different:
            self._slugs.discard(place.slug)
            different["slug"] = self._slug(columns["name"], code)
        for name, value in different.items():
            setattr(place, name, value)
        self._fates.setdefault(code, "changed" if different else "same")
        return place

    def _make(self, kind: str, code: str, columns: dict[str, Any]) -> Place:
        place = Place(kind=kind, code=code, slug=self._slug(columns["name"], code), **columns)
        db.session.add(place)
        if kind == "region":
            # Its areas name it by its id.
            db.session.flush()
        self._places[code] = place
        self._fates[code] = "made"
        return place

    def _slug(self, name: str, code: str) -> str:
        slug = free_slug(name, code, self._slugs)
        self._slugs.add(slug)
        return slug

    def result(self) -> Loaded:
        """What became of the places."""
        fates = list(self._fates.values())
        return Loaded(fates.count("made"), fates.count("changed"), fates.count("same"))
