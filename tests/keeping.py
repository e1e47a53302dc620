"""Keeps what took long to make in the database of the tests, for the next test that wants the same."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import fields
from itertools import count
from typing import TypeVar, cast

from petitions import clock
from petitions.extensions import db, settings
from petitions.models import Petition, Staff
from tests.databases import Database

T = TypeVar("T")

#: Where an application's data lies changes nothing in it.
ELSEWHERE = {"database_url", "erasure_ledger", "dump_folder"}
#: How many are kept for each database.
KEPT = 10

_numbers = count(1)


class Keeping:
    """What one database keeps, by who made it, under which settings, and when."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._kept: dict[tuple[object, ...], tuple[str, object]] = {}

    def kept_or_made(self, make: Callable[[], T]) -> T:
        """What `make` puts into an empty database, and returns."""
        site = settings()
        # Another day is another world: it has dates in it. Where the clock stands still, it does at one moment.
        now = clock.now() if clock._fixed else clock.today(site.timezone)
        own = (str(getattr(site, each.name)) for each in fields(site) if each.name not in ELSEWHERE)
        key = (make, now, *own)
        if key in self._kept:
            # What was wanted last is forgotten last.
            name, found = self._kept[key] = self._kept.pop(key)
            db.session.rollback()
            self.database.bring_back(name)
            return cast(T, copy.deepcopy(found))
        found, name = make(), f"kept_{next(_numbers)}"
        db.session.rollback()
        self.database.keep(name)
        self._kept[key] = name, copy.deepcopy(found)
        if len(self._kept) > KEPT:
            oldest, _ = self._kept.pop(next(iter(self._kept)))
            self.database.forget(oldest)
        return found


_of: dict[str, Keeping] = {}


def register(database: Database) -> None:
    """Let the tests on this database have what others made there."""
    _of.setdefault(database.url, Keeping(database))


def kept_or_made(make: Callable[[], T]) -> T:
    """What `make` puts into an empty database, and returns: made now, or brought back from an earlier test."""
    keeping = _of.get(db.engine.url.render_as_string(hide_password=False))
    if keeping is None or _holds_something():
        return make()
    return keeping.kept_or_made(make)


def _holds_something() -> bool:
    return bool(db.session.query(Petition.id).first() or db.session.query(Staff.id).first())
