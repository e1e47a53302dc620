"""Runs the migrations over the application's own engine, each in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

import petitions.models  # noqa: F401  (declares every table)
from petitions.database import Base, UTCDateTime

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


def run() -> None:
    """Migrate."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, keys_unchecked(connection):
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


run()
