"""Who represents which area, out of a table. An empty name is a seat that nobody holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from petitions import audit
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Place
from petitions.places import csv_file

COLUMNS = ("code", "name", "party", "url")
LIMITS = {"name": 200, "party": 100, "url": 500}


@dataclass
class Seats:
    """How many seats have somebody new or other facts, stood as they are, and are held by nobody."""

    changed: int = 0
    same: int = 0
    vacant: int = 0


@transactional
def load(path: Path, report: Callable[[int, str], None], names: Mapping[str, str]) -> Seats:
    """Give every area of a file its representative; areas that the file leaves out keep theirs.

    `names` says what a column of `COLUMNS` is called; an area is found by its code, else by its name. `report` is told of
    lines that cannot be used. Raises `Unreadable`.
    """
    query = select(Place).where(Place.kind == "constituency").order_by(Place.end_date.is_(None), Place.id)
    places = list(db.session.execute(query).scalars())
    found = {place.name.casefold(): place for place in places} | {
        place.code.casefold(): place for place in places
    }
    seats = Seats()
    wanted = [names.get(column) or column for column in COLUMNS]
    for number, cells in csv_file.rows(path, wanted, 2):
        said = dict(zip(COLUMNS, cells, strict=True))
        place, wrong = found.get(said["code"].casefold()), _wrong(said)
        if place is None:
            report(number, f"no area is “{said['code'][:40]}”")
        elif wrong:
            report(number, wrong)
        else:
            _seat(place, said, seats)
    if seats.changed:
        audit.record("representatives_loaded", file=path.name, changed=seats.changed)
    return seats


def _wrong(said: Mapping[str, str]) -> str:
    for column, limit in LIMITS.items():
        if len(said[column]) > limit or not said[column].isprintable():
            return f"the {column} is not a text of up to {limit} characters"
    return "" if not said["url"] or _is_page(said["url"]) else "the url is no address of a page"


def _is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _seat(place: Place, said: Mapping[str, str], seats: Seats) -> None:
    held = bool(said["name"])
    now = tuple((said[column] or None) if held else None for column in ("name", "party", "url"))
    if (place.representative, place.party, place.representative_url) == now:
        seats.same += 1
    else:
        place.representative, place.party, place.representative_url = now
        seats.changed += 1
    seats.vacant += not held
