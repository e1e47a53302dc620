"""Keeps what took long to make in an SQLite database, for the next test that wants the same."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable
from dataclasses import fields
from typing import TypeVar, cast

from petitions import clock
from petitions.extensions import db, settings
from petitions.models import Petition, Staff

T = TypeVar("T")

#: Where an application's data lies changes nothing in it.
ELSEWHERE = {"database_url", "erasure_ledger"}
#: How many are kept, in memory.
KEPT = 8

_kept: dict[tuple[object, ...], tuple[sqlite3.Connection, object]] = {}


def kept_or_made(make: Callable[[], T]) -> T:
    """What `make` puts into an empty database, and returns. Where the clock stands still it is made each time."""
    file = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not file or clock._fixed or _holds_something():
        return make()
    site = settings()
    # Another day is another world: it has dates in it.
    key = (
        make,
        clock.today(site.timezone),
        *(str(getattr(site, each.name)) for each in fields(site) if each.name not in ELSEWHERE),
    )
    db.session.rollback()
    if key in _kept:
        kept, found = _kept[key]
        _copy(kept, file)
    else:
        found = make()
        db.session.rollback()
        kept = sqlite3.connect(":memory:")
        with sqlite3.connect(file) as made:
            made.backup(kept)
        made.close()
        if len(_kept) >= KEPT:
            oldest, _ = _kept.pop(next(iter(_kept)))
            oldest.close()
        _kept[key] = kept, found
    return cast(T, copy.deepcopy(found))


def _copy(kept: sqlite3.Connection, file: str) -> None:
    there = sqlite3.connect(file)
    kept.backup(there)
    there.close()


def _holds_something() -> bool:
    return bool(db.session.query(Petition.id).first() or db.session.query(Staff.id).first())
