"""Runs the migrations over the application's own engine, each in one transaction.

On PostgreSQL a migration that has to wait for a lock makes everybody else wait behind it. So it waits for seconds only, gives
up, lets the site go on, and tries again a few times (docs/decisions/migrations-while-the-site-runs.md).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import click
from alembic import context
from flask import current_app
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

import petitions.models  # noqa: F401  (declares every table)
from petitions.database import Base, UTCDateTime
from petitions.operations.queries import unfinished_indexes

#: What migrations 0002 and 0009 make by hand, for the search; no model stands behind these names.
BY_HAND = (
    "petition_search",
    "search_document",
    "search_title",
    "ix_petitions_search",
    "ix_search_texts_search",
)


def include_name(name: str | None, _kind: str, _parents: object) -> bool:
    """Leave what the search needs, made by hand, out of comparisons with the models."""
    return name is None or not name.startswith(BY_HAND)


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """A moment is a plain column of its database in a migration: migrations must not import code that may change."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


@contextmanager
def keys_unchecked(connection: Connection) -> Iterator[None]:
    """On SQLite, where a table is changed by putting another in its place: dropping the old one must not take along the
    rows that point to it. All are checked in the end (https://sqlite.org/lang_altertable.html#otheralter)."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    yield
    broken = cursor.execute("PRAGMA foreign_key_check").fetchall()
    cursor.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise RuntimeError(f"rows that point to nothing, of the tables {sorted({row[0] for row in broken})}")


#: Seconds that a migration waits for a lock; `-x lock_seconds=…` says otherwise.
LOCK_SECONDS = 2.0
TRIES = 4
PAUSE = 1.0
#: PostgreSQL's name for "no lock within that time".
LOCK_NOT_AVAILABLE = "55P03"
GAVE_UP = (
    "The migration gave up: {tries} times it waited {seconds:g} seconds for a lock that somebody holds. Nothing of this step was"
    " changed and the site goes on. Look for a long transaction (pg_stat_activity, the oldest xact_start), let it end, and run"
    " flask db upgrade again."
)
#: PostgreSQL's name for "this is there already".
DUPLICATE = "42P07"
BROKEN_OFF = (
    "The migration cannot go on: an index was begun before and broken off. In psql: DROP INDEX CONCURRENTLY {name}; then run"
    " flask db upgrade again."
)


def wait_shortly(connection: Connection, seconds: float) -> None:
    """Let every transaction give up that waits longer for a lock. What runs outside of one, an index that is built
    `CONCURRENTLY`, keeps nobody waiting and may wait itself."""
    if connection.dialect.name != "postgresql":
        return

    @event.listens_for(connection, "begin")
    def limit(begun: Connection) -> None:
        begun.exec_driver_sql(f"SET LOCAL lock_timeout = {int(seconds * 1000)}")


def migrate(lock_seconds: float) -> None:
    """Run what is to be run."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, keys_unchecked(connection):
        wait_shortly(connection, lock_seconds)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=include_name,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


def unfinished() -> list[str]:
    """Indexes that an earlier try left behind."""
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        return unfinished_indexes(connection)


def run() -> None:
    """Migrate. Steps that are done stay done when a later one gives up."""
    asked = context.get_x_argument(as_dictionary=True).get("lock_seconds")
    lock_seconds = float(str(asked)) if asked else LOCK_SECONDS
    for left in reversed(range(TRIES)):
        try:
            migrate(lock_seconds)
            return
        except DBAPIError as problem:
            state = getattr(problem.orig, "sqlstate", None)
            if state == DUPLICATE and (names := unfinished()):
                raise click.ClickException(BROKEN_OFF.format(name=names[0])) from None
            if state != LOCK_NOT_AVAILABLE:
                raise
            if not left:
                raise click.ClickException(GAVE_UP.format(tries=TRIES, seconds=lock_seconds)) from None
        time.sleep(PAUSE * lock_seconds / LOCK_SECONDS)


run()
