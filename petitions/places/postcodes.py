"""From a postcode to the area it lies in."""

from __future__ import annotations

from typing import cast

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from petitions.extensions import db
from petitions.models import Place, Postcode
from petitions.questions import Question

#: No postcode of any country has more letters and digits.
LONGEST = 12
#: Fewer characters than this could lie nearly anywhere.
SHORTEST = 2


def compact(postcode: str) -> str:
    """Capitals, without spaces and dashes: the form postcodes are compared and kept in."""
    return postcode.upper().replace(" ", "").replace("-", "")


def place_of(postcode: str) -> Place | None:
    """The area of a postcode: the longest known beginning of it decides. Nothing known: `None`."""
    place_id = place_id_of(postcode)
    return db.session.get(Place, place_id) if place_id is not None else None


def place_id_of(postcode: str) -> int | None:
    """The number of that area."""
    return cast("int | None", PLACE.first(**asked(postcode)).place_id)


def asked(postcode: str) -> dict[str, str]:
    """What `lying_in` is given: the beginnings of a postcode; of none, none that lies anywhere."""
    code = compact(postcode)[:LONGEST]
    return {f"b{length}": code[:length] for length in range(1, LONGEST + 1)}


def lying_in() -> ColumnElement[int | None]:
    """In a question: the number of the area in which the postcode lies that `asked` names."""
    beginnings = [bindparam(f"b{length}", type_=Postcode.prefix.type) for length in range(1, LONGEST + 1)]
    wanted = select(Postcode.place_id).where(or_(*(Postcode.prefix == each for each in beginnings)))
    return wanted.order_by(func.length(Postcode.prefix).desc()).limit(1).scalar_subquery()


PLACE = Question(lambda: select(lying_in().label("place_id")))


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
