"""From a postcode to the area it lies in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petitions.extensions import db
from petitions.models import Place, Postcode

#: Fewer characters than this could lie nearly anywhere.
SHORTEST = 2


def compact(postcode: str) -> str:
    """Capitals, without spaces and dashes: the form postcodes are compared and kept in."""
    return postcode.upper().replace(" ", "").replace("-", "")


def place_of(postcode: str) -> Place | None:
    """The area of a postcode: the longest known beginning of it decides. Nothing known: `None`."""
    code = compact(postcode)
    beginnings = [code[:length] for length in range(len(code), 0, -1)]
    if not beginnings:
        return None
    found = db.session.execute(
        select(Postcode).options(joinedload(Postcode.place)).where(Postcode.prefix.in_(beginnings))
    ).scalars()
    best = max(found, key=lambda row: len(row.prefix), default=None)
    return best.place if best else None


def places_of(postcode: str, most: int = 30) -> list[Place]:
    """The areas that a postcode, or the beginning of one, may lie in, by name: one where it is certain, several where what was
    typed is too short to tell, `most` at most; none where nothing is known."""
    found = place_of(postcode)
    if found is not None:
        return [found]
    code = compact(postcode)
    if len(code) < SHORTEST or not code.isalnum() or not code.isascii():
        return []
    longer = select(Postcode.place_id).where(Postcode.prefix >= code, Postcode.prefix < f"{code}~")
    query = select(Place).where(Place.id.in_(longer)).order_by(Place.name).limit(most)
    return list(db.session.execute(query).scalars())
