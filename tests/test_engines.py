"""From where pages read: public ones in autocommit, from connections that cannot write; everything else as it was."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from petitions import create_app, engines
from petitions.database import transactional
from petitions.extensions import db
from tests import build
from tests.browsing.pages import count_queries
from tests.client import PageCheckingClient
from tests.databases import release
from tests.settings import make_settings


def test_a_public_page_begins_no_transaction_and_ends_none(client: PageCheckingClient, app: Flask) -> None:
    number = build.open_petition().id
    is_open: list[bool] = []

    def look(connection: Any, *_: object) -> None:
        driver = connection.connection.driver_connection
        is_open.append(
            bool(driver.info.transaction_status) if hasattr(driver, "info") else driver.in_transaction
        )

    for engine in db.engines.values():
        db.event.listen(engine, "after_cursor_execute", look)
    assert client.get(f"/petitions/{number}").status_code == 200
    assert is_open
    assert not any(is_open)


def test_what_was_committed_is_on_the_very_next_page(client: PageCheckingClient) -> None:
    assert client.get("/petitions").text.count("petition-item") == 0
    build.open_petition()
    assert client.get("/petitions").text.count("petition-item") == 1


def test_the_engine_for_reading_writes_nothing(app: Flask) -> None:
    with app.test_request_context("/petitions"), pytest.raises(DBAPIError):
        db.session.execute(text("DELETE FROM topics"))


def test_staff_pages_posts_and_figures_use_the_engine_that_writes(app: Flask) -> None:
    for path, method in (
        ("/staff/queue", "GET"),
        ("/metrics", "GET"),
        ("/petitions/1/signatures/new", "POST"),
    ):
        with app.test_request_context(path, method=method):
            assert db.session.get_bind() is db.engine
    with app.test_request_context("/petitions"):
        assert db.session.get_bind() is engines.reader(db.engines)


@pytest.mark.database("postgresql")
def test_a_connection_that_the_server_closed_while_it_lay_idle_is_replaced(
    client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IDLE", 0.0)
    number = build.open_petition().id
    assert client.get(f"/petitions/{number}").status_code == 200
    db.session.remove()
    with engines.reader(db.engines).connect() as reading:
        number_of_server = reading.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with db.engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number_of_server})
    with count_queries() as statements:
        assert client.get(f"/petitions/{number}").status_code == 200
    assert statements


@transactional
def write() -> int:
    """A unit of work; returns how patient its connection is in all else, in milliseconds."""
    return int(db.session.execute(text("PRAGMA busy_timeout")).scalar_one())


@contextmanager
def somebody_writes() -> Iterator[sqlite3.Connection]:
    """Another process that has the lock."""
    with closing(sqlite3.connect(db.engine.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.mark.database("sqlite")
def test_who_has_waited_long_to_write_looks_as_often_as_who_came_last(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look gives the same chance: with SQLite's own growing pauses some waited thirty times as long as others."""
    pauses: list[float] = []
    with somebody_writes() as other:

        def wait(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 200:
                other.execute("ROLLBACK")

        monkeypatch.setattr(engines, "sleep", wait)
        write()
    assert len(pauses) == 200
    assert max(pauses) <= 0.003


@pytest.mark.database("sqlite")
def test_who_waits_to_write_gives_up_in_the_end_and_can_try_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with somebody_writes():
        monkeypatch.setattr(engines, "SQLITE_BUSY_MILLISECONDS", 20)
        with pytest.raises(OperationalError, match="locked"):
            write()
        monkeypatch.undo()
    assert write() == engines.SQLITE_BUSY_MILLISECONDS


def test_a_database_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = create_app(make_settings(database_url="sqlite:///:memory:"))
    with app.app_context():
        db.session.execute(text("CREATE TABLE kept (number INTEGER)"))
        db.session.commit()
        assert db.session.execute(text("SELECT count(*) FROM kept")).scalar_one() == 0
        release(app)
    assert list(tmp_path.iterdir()) == []
