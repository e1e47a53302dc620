"""A database that goes away in the middle of a request is a planned refusal, by whatever name it shows; a bug is not."""

from typing import Any

import pytest
from flask import Flask, request_finished
from sqlalchemy.exc import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    ProgrammingError,
)

from petitions.browsing import views
from petitions.extensions import db
from tests import build
from tests.client import PageCheckingClient

BROKEN = Exception("secret words")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("SELECT 1", {}, BROKEN), 503),
        (InterfaceError("SELECT 1", {}, BROKEN), 503),
        (DatabaseError("SELECT 1", {}, BROKEN, connection_invalidated=True), 503),
        (PendingRollbackError("roll back first"), 503),
        (ProgrammingError("SELECT 1", {}, BROKEN), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_a_database_that_went_away_is_a_planned_refusal(
    app: Flask,
    client: PageCheckingClient,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
) -> None:
    def read() -> None:
        raise error

    monkeypatch.setattr(views, "home_page", read)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    page = client.get("/")
    assert page.status_code == status
    assert ("Retry-After" in page.headers) == (status == 503)
    assert "secret words" not in page.text


def test_a_connection_that_breaks_after_the_answer_leaves_the_answer(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        dialect, path = db.engine.dialect, f"/petitions/{build.open_petition().id}/signatures/new"
    broken: list[Any] = []

    def cannot_roll_back(connection: Any) -> None:
        broken.append(connection)
        raise dialect.loaded_dbapi.OperationalError("the connection is closed")

    def breaks(*_: object, **__: object) -> None:
        monkeypatch.setattr(dialect, "do_rollback", cannot_roll_back)

    with request_finished.connected_to(breaks, app):
        page = client.post(path)
    monkeypatch.undo()
    assert broken
    for connection in broken:
        # Closed later, SQLite would clear away the log of the file that is the next test's by then.
        connection.close()
    assert page.status_code == 422
    assert client.get("/").status_code == 200
