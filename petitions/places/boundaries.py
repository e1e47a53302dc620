"""Which areas there were on a day: boundaries change, and a signature stays where it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from petitions.extensions import db
from petitions.models import BoundaryArea, BoundarySet, Place


@dataclass(frozen=True)
class Area:
    """An area on the map of its day. Where nobody gave it a hexagon it is on none: `q` and `r` are missing."""

    place: Place
    q: int | None
    r: int | None


@dataclass(frozen=True)
class Boundaries:
    """All areas of a day by code, and what the set is called: nothing where the areas belong to no set."""

    name: str | None
    areas: list[Area]


def set_on(day: date) -> BoundarySet | None:
    """The boundaries that held on a day; before all of them, the first; none where no set is stored."""
    held = (
        or_(BoundarySet.start_date.is_(None), BoundarySet.start_date <= day),
        or_(BoundarySet.end_date.is_(None), BoundarySet.end_date > day),
    )
    query = select(BoundarySet).limit(1)
    latest = query.where(*held).order_by(BoundarySet.start_date.desc().nulls_last())
    first = query.order_by(BoundarySet.start_date.asc().nulls_first())
    return db.session.execute(latest).scalar_one_or_none() or db.session.execute(first).scalar_one_or_none()


def on(day: date) -> Boundaries:
    """The areas of a day, with their regions. Where there are no sets: every area."""
    chosen = set_on(day)
    if chosen is None:
        every = (
            select(Place)
            .where(Place.kind == "constituency", Place.end_date.is_(None))
            .order_by(Place.code)
            .options(joinedload(Place.region))
        )
        found = db.session.execute(every).scalars()
        return Boundaries(None, [Area(place, place.hex_q, place.hex_r) for place in found])
    query = (
        select(BoundaryArea)
        .join(BoundaryArea.place)
        .where(BoundaryArea.boundary_set_id == chosen.id)
        .order_by(Place.code)
        .options(joinedload(BoundaryArea.place).joinedload(Place.region))
    )
    rows = db.session.execute(query).scalars()
    return Boundaries(chosen.name, [Area(row.place, row.hex_q, row.hex_r) for row in rows])
