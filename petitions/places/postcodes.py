"""From a postcode to the area it lies in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petitions.extensions import db
from petitions.models import Place, Postcode


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
