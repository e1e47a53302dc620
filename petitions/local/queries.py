"""What the pages of areas read. Every figure comes from `petitions.counts.published_places`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from petitions import clock
from petitions.counts import published_places
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Petition, Place

#: A petition is signed more here than elsewhere from this many times the usual on.
MORE = 1.5
#: And by so many times the smallest number that is shown: below, rounding makes too much of it.
ENOUGH = 2


@dataclass(frozen=True)
class Here:
    """A petition and its signatures from one place; `times` as many, for its electors, as in the whole country."""

    petition: Petition
    signature_count: int
    times: float | None = None


def place_by_slug(slug: str) -> Place:
    """An area or a region by its name in addresses; of several, the one there is now. Raises `NotFound`."""
    query = select(Place).where(Place.slug == slug).options(joinedload(Place.region))
    found = db.session.execute(query.order_by(Place.end_date.desc().nulls_first(), Place.id.desc())).scalars()
    place = found.first()
    if place is None:
        raise NotFound("no such place")
    return place


def places_now() -> list[tuple[str, list[Place]]]:
    """Every area there is now by name, under the names of their regions; those without a region under none, at the end."""
    query = select(Place).where(Place.kind == "constituency", Place.end_date.is_(None)).order_by(Place.name)
    found = list(db.session.execute(query.options(joinedload(Place.region))).scalars())
    regions = sorted({place.region.name for place in found if place.region is not None})
    groups = [
        (name, [place for place in found if place.region is not None and place.region.name == name])
        for name in regions
    ]
    rest = [place for place in found if place.region is None]
    return [*groups, ("", rest)] if rest else groups


def _open_now() -> ColumnElement[bool]:
    return and_(Petition.state == State.OPEN, Petition.closes_at >= clock.now())


def newest_signed(place: Place, *, limit: int) -> list[Here]:
    """Of the open petitions that are signed in a place those that were published last."""
    found: Any = published_places.in_places(place_id=place.id)
    query: Any = select(Petition, found.c.signature_count).join(found, found.c.petition_id == Petition.id)
    rows = db.session.execute(
        query.where(_open_now()).order_by(Petition.opened_at.desc(), Petition.id.desc()).limit(limit)
    )
    return [Here(petition, int(number)) for petition, number in rows]


def most_signed(place: Place, *, only_open: bool, limit: int | None) -> list[Here]:
    """The petitions most signed in a place."""
    found: Any = published_places.in_places(place_id=place.id)
    query: Any = select(Petition, found.c.signature_count).join(found, found.c.petition_id == Petition.id)
    shown = _open_now() if only_open else Petition.state.in_(published_places.PUBLISHED)
    order = (found.c.signature_count.desc(), Petition.signature_count.desc(), Petition.id)
    rows = db.session.execute(query.where(shown).order_by(*order).limit(limit))
    return [Here(petition, int(number)) for petition, number in rows]


def more_than_elsewhere(place: Place, electorate: int, *, limit: int) -> list[Here]:
    """Open petitions of which a larger share is signed here than of all electors (`electorate` together) live here."""
    if not place.electorate or not electorate:
        return []
    found: Any = published_places.in_places(place_id=place.id)
    usual = place.electorate / electorate
    share = found.c.signature_count * 1.0 / Petition.signature_count
    query: Any = select(Petition, found.c.signature_count).join(found, found.c.petition_id == Petition.id)
    enough = found.c.signature_count >= max(20, ENOUGH * published_places.smallest())
    rows = db.session.execute(
        query.where(_open_now(), enough, Petition.signature_count > 0, share >= MORE * usual)
        .order_by(share.desc(), Petition.id)
        .limit(limit)
    )
    return [Here(row, int(number), number / row.signature_count / usual) for row, number in rows]


def whole_electorate() -> int:
    """The electors of all areas there are now."""
    found = db.session.execute(
        select(Place.electorate).where(Place.kind == "constituency", Place.end_date.is_(None))
    ).scalars()
    return sum(number or 0 for number in found)
