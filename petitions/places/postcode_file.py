"""Brings postcodes into the database from any table that has a column of postcodes and one of areas' codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from petitions.database import store_pairs, transactional
from petitions.extensions import db
from petitions.models import Place, Postcode
from petitions.places import csv_file
from petitions.places.postcodes import compact

#: Postcodes stored in one unit of work: few enough that others who write wait for less than a second.
BATCH = 20_000
LONGEST_PREFIX = 10

Report = Callable[[int, str], None]


def load(
    path: Path,
    report: Report,
    further: Callable[[int], None] = lambda used: None,
    *,
    postcode_column: str = "prefix",
    area_column: str = "code",
) -> int:
    """Store every postcode of a file, or beginning of one, with its area; the last word about a postcode holds.

    Batches are units of work of their own, so it may be stopped and started again: what is here already is passed over
    quickly. `report` is told of lines that cannot be used, `further` of bytes. Returns how many lines were used. Raises
    `Unreadable` where it is no table, or has not these columns.
    """
    query = select(Place.code, Place.id).where(Place.kind == "constituency")
    places = {row.code: row.id for row in db.session.execute(query)}
    stored, batch = 0, dict[str, int]()
    for number, (postcode, code) in csv_file.rows(path, (postcode_column, area_column), 2, further):
        prefix, place_id = compact(postcode), places.get(code)
        if place_id is None:
            report(number, _unknown(code))
        elif not prefix.isalnum() or not prefix.isascii() or len(prefix) > LONGEST_PREFIX:
            report(number, f"“{prefix[:40]}” is not the beginning of a postcode")
        else:
            batch[prefix] = place_id
            stored += 1
        if len(batch) == BATCH:
            _store(batch)
            batch = {}
    _store(batch)
    return stored


def _unknown(code: str) -> str:
    return f"no area has the code “{code[:40]}”; load the places first" if code else "it names no area"


@transactional
def _store(batch: dict[str, int]) -> None:
    if batch:
        store_pairs(Postcode.__tablename__, "prefix", "place_id", batch, db.session)
