"""Stores boundaries by date: a set of areas that held from a day until another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select, update

from petitions.extensions import db
from petitions.models import BoundaryArea, BoundarySet, Place


@dataclass(frozen=True)
class Held:
    """The name of a set, its first day, and the first day on which it holds no longer; none: from ever, until now."""

    name: str
    start: date | None = None
    end: date | None = None


def put(held: Held) -> BoundarySet:
    """The set of this name with these days, made or changed. A set before it that has no end ends where it begins.

    Call inside the unit of work that stores its areas: then names of areas that are gone are free for the new ones.
    """
    chosen = db.session.execute(
        select(BoundarySet).where(BoundarySet.name == held.name)
    ).scalar_one_or_none() or BoundarySet(name=held.name)
    chosen.start_date, chosen.end_date = held.start, held.end
    db.session.add(chosen)
    db.session.flush()
    if held.start is not None:
        before = (
            BoundarySet.id != chosen.id,
            BoundarySet.end_date.is_(None),
            func.coalesce(BoundarySet.start_date, date.min) < held.start,
        )
        ended = update(BoundarySet).where(*before).values(end_date=held.start).returning(BoundarySet.id)
        for set_id in db.session.execute(ended.execution_options(synchronize_session=False)).scalars().all():
            _date_areas(select(BoundaryArea.place_id).where(BoundaryArea.boundary_set_id == set_id))
    db.session.expire_all()
    return db.session.get_one(BoundarySet, chosen.id)


def fill(chosen: BoundarySet, hexagons: Mapping[int, tuple[int | None, int | None]]) -> None:
    """Let a set have these areas (ids of places with their hexagons) and no others, and date the areas by their sets."""
    db.session.execute(delete(BoundaryArea).where(BoundaryArea.boundary_set_id == chosen.id))
    db.session.add_all(
        BoundaryArea(boundary_set_id=chosen.id, place_id=place_id, hex_q=q, hex_r=r)
        for place_id, (q, r) in hexagons.items()
    )
    db.session.flush()
    _date_areas(list(hexagons))


def _date_areas(chosen: object) -> None:
    """An area is there from the first day of its first set until its last set ends: never, while one holds."""
    days = (
        select(
            BoundaryArea.place_id,
            func.min(func.coalesce(BoundarySet.start_date, date.min)).label("first"),
            func.max(func.coalesce(BoundarySet.end_date, date.max)).label("last"),
        )
        .join(BoundarySet, BoundarySet.id == BoundaryArea.boundary_set_id)
        .where(BoundaryArea.place_id.in_(chosen))  # type: ignore[arg-type]
        .group_by(BoundaryArea.place_id)
    )
    for row in db.session.execute(days).all():
        first, last = _day(row.first), _day(row.last)
        values = {
            "start_date": None if first == date.min else first,
            "end_date": None if last == date.max else last,
        }
        db.session.execute(
            update(Place)
            .where(Place.id == row.place_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()


def _day(value: date | str) -> date:
    """SQLite gives back what a function makes of a day as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
