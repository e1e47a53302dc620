"""Stores boundaries by date: a set of areas that held from a day until another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select, update

from petitions import clock
from petitions.extensions import db, settings
from petitions.models import BoundaryArea, BoundarySet, Place


@dataclass(frozen=True)
class Held:
    """The name of a set, its first day, and the first day on which it holds no longer; none: from ever, until now."""

    name: str
    start: date | None = None
    end: date | None = None


def put(held: Held) -> BoundarySet:
    """The set of this name with these days, made or changed. A set that has no end ends where the next one begins.

    Call inside the unit of work that stores its areas: then names of areas that are gone are free for the new ones.
    """
    chosen = db.session.execute(
        select(BoundarySet).where(BoundarySet.name == held.name)
    ).scalar_one_or_none() or BoundarySet(name=held.name)
    chosen.start_date, chosen.end_date = held.start, held.end or _next_start(held)
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


def _next_start(held: Held) -> date | None:
    """When the set begins that follows."""
    first = select(func.min(BoundarySet.start_date))
    following = BoundarySet.start_date > (held.start or date.min)
    return db.session.execute(first.where(following, BoundarySet.name != held.name)).scalar_one()


def fill(chosen: BoundarySet, hexagons: Mapping[int, tuple[int | None, int | None]]) -> None:
    """Let a set have these areas (ids of places with their hexagons) and no others, and date the areas by their sets."""
    mine = BoundaryArea.boundary_set_id == chosen.id
    before = set(db.session.execute(select(BoundaryArea.place_id).where(mine)).scalars())
    db.session.execute(delete(BoundaryArea).where(mine))
    db.session.add_all(
        BoundaryArea(boundary_set_id=chosen.id, place_id=place_id, hex_q=q, hex_r=r)
        for place_id, (q, r) in hexagons.items()
    )
    db.session.flush()
    left_out = before - set(hexagons)
    _date_areas([*hexagons, *left_out])
    # What is in no set any more is not there now: a file that was corrected named it by mistake.
    elsewhere = select(BoundaryArea.place_id)
    db.session.execute(
        update(Place)
        .where(Place.id.in_(left_out), Place.id.not_in(elsewhere))
        .values(end_date=chosen.start_date or clock.today(settings().timezone))
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


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
