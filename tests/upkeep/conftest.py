"""A second, empty database of either kind, to restore into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from petitions import create_app
from tests.applications import equip
from tests.databases import PostgresqlDatabase, SqliteDatabase, drop, release
from tests.settings import make_settings


@pytest.fixture(scope="session")
def second_postgresql(postgresql: str, worker_id: str) -> Iterator[PostgresqlDatabase]:
    """Another PostgreSQL database of this test process."""
    name = f"petitions_second_{worker_id}"
    database = PostgresqlDatabase(postgresql, name)
    yield database
    database.close()
    drop(postgresql, name)


@pytest.fixture
def fresh(
    ledger: Path, own_folder: Path, sqlite_database: SqliteDatabase, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Flask]]:
    """`fresh("postgresql")`: an application on a database with nothing but what the migrations put in, same ledger."""
    made: list[Flask] = []

    def make(kind: str) -> Flask:
        if kind == "sqlite":
            file = own_folder / f"fresh{len(made)}.db"
            sqlite_database.copy_to(file)
            url = f"sqlite:///{file}"
        else:
            database: PostgresqlDatabase = request.getfixturevalue("second_postgresql")
            database.reset()
            url = database.url
        app = create_app(make_settings(database_url=url, erasure_ledger=ledger))
        equip(app)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            release(app)
