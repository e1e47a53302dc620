"""Brings postcodes into the database from a CSV file with the columns `prefix` and `code`."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import select

from petitions.database import insert, transactional
from petitions.extensions import db
from petitions.models import Place, Postcode
from petitions.places.hexjson import Unreadable
from petitions.places.postcodes import compact

BATCH = 1000
LONGEST_PREFIX = 10

Report = Callable[[int, str], None]


def load(path: Path, report: Report, further: Callable[[int], None] = lambda used: None) -> int:
    """Store every postcode of a file, or beginning of one, with its area; the last word about a prefix holds.

    Batches are units of work of their own, so it may be stopped and started again. `report` is told of lines that cannot
    be used, `further` of bytes. Returns how many were stored. Raises `Unreadable` where it is not such a file.
    """
    places = {row.code: row.id for row in db.session.execute(select(Place.code, Place.id))}
    stored, batch = 0, dict[str, int]()
    for number, prefix, code in _rows(path, further):
        if not prefix.isalnum() or not prefix.isascii() or len(prefix) > LONGEST_PREFIX:
            report(number, f"“{prefix[:40]}” is not the beginning of a postcode")
        elif code not in places:
            report(number, f"no place has the code “{code[:40]}”; load the places first")
        else:
            batch[prefix] = places[code]
            stored += 1
        if len(batch) == BATCH:
            _store(batch)
            batch = {}
    _store(batch)
    return stored


def _rows(path: Path, further: Callable[[int], None]) -> Iterator[tuple[int, str, str]]:
    with path.open("rb") as file:

        def lines() -> Iterator[str]:
            for line in file:
                further(len(line))
                yield line.decode("utf-8-sig")

        reader = csv.DictReader(lines())
        try:
            if not {"prefix", "code"} <= set(reader.fieldnames or []):
                raise Unreadable(f"{path.name} needs the columns “prefix” and “code” in its first line.")
            for row in reader:
                yield reader.line_num, compact((row["prefix"] or "").strip()), (row["code"] or "").strip()
        except (UnicodeDecodeError, csv.Error):
            raise Unreadable(f"{path.name} is not a CSV file in UTF-8.") from None


@transactional
def _store(batch: dict[str, int]) -> None:
    if not batch:
        return
    statement = insert(Postcode, db.session)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["prefix"], set_={"place_id": statement.excluded.place_id}
        ),
        [{"prefix": prefix, "place_id": place_id} for prefix, place_id in sorted(batch.items())],
    )
