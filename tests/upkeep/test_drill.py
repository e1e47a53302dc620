"""The drill of `make drill`, small: a site comes back whole in a new database, without those who were erased, and mails nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bench import drill
from petitions import erasures
from petitions.extensions import db
from petitions.upkeep import backing_up, bare_tables

QUERIES = (bare_tables.FOREIGN_KEYS, bare_tables.INDEXES)
Fresh = Callable[[str], Flask]


def test_what_was_destroyed_comes_back_whole(fresh: Fresh, database_kind: str, tmp_path: Path) -> None:
    found = drill.drill(fresh, database_kind, tmp_path, signatures=3_000, petitions=30, erased=20)
    assert found.is_good
    assert (found.signatures, found.erased, found.waited) == (3_000, 20, drill.WAITING)
    assert found.rows > found.signatures
    assert "  erased since     20, of them back: 0" in drill.lines(found)


@pytest.mark.database("postgresql")
def test_tables_get_back_every_index_and_foreign_key(app: Flask) -> None:
    tables = [table.name for table in backing_up.tables()]
    connection = db.session.connection()

    def built() -> list[tuple[str, ...]]:
        found = [connection.execute(text(asked), {"tables": tables}).all() for asked in QUERIES]
        # PostgreSQL writes the condition of a part index down in other words the second time.
        return [(*row[:-1], row[-1].partition(" WHERE ")[0]) for rows in found for row in rows]

    before = built()
    assert len(before) > 100
    with bare_tables.bare(connection, tables):
        assert built() == []
    assert built() == before
    with pytest.raises(IntegrityError), bare_tables.bare(connection, tables):
        connection.execute(text("INSERT INTO petition_tags (petition_id, tag_id) VALUES (1, 1)"))
    db.session.rollback()


@pytest.mark.database("sqlite")
def test_a_restore_that_brings_the_erased_back_is_caught(
    fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasures, "replay", lambda found: 0)
    found = drill.drill(fresh, "sqlite", tmp_path, signatures=300, petitions=5, erased=3)
    assert (found.erased_and_back, found.is_good) == (3, False)
