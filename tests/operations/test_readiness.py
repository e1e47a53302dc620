"""/healthz says that a process lives; /readyz says whether the site keeps its promises, and to operators why it does not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox, server
from petitions.models import Signature, WorkerHeartbeat
from petitions.operations import disks, heartbeats, probing, readiness
from tests import build
from tests.client import PageCheckingClient
from tests.databases import Database


@pytest.fixture
def ready(app: Flask) -> Flask:
    """A site with a worker."""
    heartbeats.Pulse().beat()
    return app


def ask(client: PageCheckingClient, path: str = "/readyz", **environ: str) -> tuple[int, dict[str, Any]]:
    """What a machine is told."""
    response = client.get(path, environ_overrides=environ)
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, response.get_json()


def sentences(client: PageCheckingClient) -> dict[str, str]:
    """Why the site is not ready, by the check that found it."""
    status, told = ask(client)
    assert status == 503
    assert told["ready"] is False
    return {each["check"]: each["sentence"] for each in told["reasons"]}


def test_alive_is_never_answered_from_a_copy(client: PageCheckingClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_site_with_a_worker_and_nothing_late_is_ready(ready: Flask, client: PageCheckingClient) -> None:
    build.signature(build.open_petition(), state="pending")
    assert ask(client) == (200, {"ready": True, "reasons": []})


def test_without_a_worker_it_is_not_ready_but_answers_pages(app: Flask, client: PageCheckingClient) -> None:
    assert "Start: flask worker" in sentences(client)["worker"]
    assert ask(client, "/readyz?for=pages") == (200, {"ready": True, "reasons": []})


def test_a_worker_that_fell_silent_or_is_stuck_is_told_of(ready: Flask, client: PageCheckingClient) -> None:
    with clock.fixed(clock.now() + timedelta(minutes=3)):
        assert "heard of for 3 minutes" in sentences(client)["worker"]
    pulse = heartbeats.Pulse()
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        pulse.beat()
        assert "come to the end of its work for 11 minutes" in sentences(client)["worker"]
        pulse.stepped()
        pulse.beat()
        assert ask(client)[0] == 200


def test_a_worker_that_ends_in_order_leaves_no_row(app: Flask) -> None:
    pulse = heartbeats.Pulse()
    pulse.beat()
    pulse.beat()
    assert db.session.query(WorkerHeartbeat).count() == 1
    pulse.stop()
    assert db.session.query(WorkerHeartbeat).count() == 0


def test_a_mail_that_somebody_waits_for_is_late_after_minutes_and_news_to_many_are_not(
    ready: Flask, client: PageCheckingClient
) -> None:
    signature_id = build.signature(build.open_petition(), state="pending").id
    _queue(signature_id, "news", outbox.BULK)
    soon = clock.now() + timedelta(minutes=7, seconds=30)
    with clock.fixed(soon):
        heartbeats.Pulse().beat()
        assert ask(client)[0] == 200
    _queue(signature_id, "confirm", outbox.CONFIRMATION)
    server.away("refused")
    with clock.fixed(soon):
        told = sentences(client)
    assert told["mail"].startswith("The oldest mail has been due for 7 minutes.")
    assert "mail server has taken no mail for 7 minutes" in told["mail"]


@transactional
def _queue(signature_id: int, key: str, priority: int) -> None:
    signature = db.session.get_one(Signature, signature_id)
    outbox.queue("already_signed", key=key, signature=signature, priority=priority)


def test_a_database_that_waits_for_a_migration_is_not_ready_and_one_that_is_ahead_is(
    ready: Flask, client: PageCheckingClient
) -> None:
    for revision, status in (("0001", 503), ("9999", 200)):
        _stand_at(revision)
        assert ask(client, "/readyz?for=pages")[0] == status
        if status == 503:
            assert "Run: flask db upgrade" in sentences(client)["migrations"]
    _stand_at(readiness.revisions()[0])


@transactional
def _stand_at(revision: str) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_a_disk_that_is_nearly_full_is_named(
    ready: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = disks.Disk("ledger", Path("/somewhere/secret"), 5 * disks.MEBIBYTE, 10 * disks.MEBIBYTE)
    monkeypatch.setattr(disks, "disks", lambda: [small])
    assert sentences(client) == {"disk": "The disk of the ledger folder has 5 MiB left; it needs 256 MiB."}


def test_the_folders_that_are_looked_at_are_those_of_the_settings(app: Flask, database_kind: str) -> None:
    named = {disk.use for disk in disks.disks()}
    assert named == ({"database"} if database_kind == "sqlite" else set()) | {"dumps", "ledger"}
    assert all(0 < disk.free <= disk.size for disk in disks.disks())


def test_a_stranger_is_told_yes_or_no_and_nothing_else(app: Flask, client: PageCheckingClient) -> None:
    assert ask(client, REMOTE_ADDR="203.0.113.9") == (503, {"ready": False})


def test_it_asks_as_a_load_balancer_does_by_number(
    app: Flask, client: PageCheckingClient, database: Database
) -> None:
    for path in ("/healthz", "/readyz?for=pages"):
        assert client.get(path, headers={"Host": "10.0.0.3:8000"}).status_code == 200
    assert client.get("/help", headers={"Host": "10.0.0.3:8000"}).status_code == 400


@pytest.fixture
def lost(make_app: Any) -> Iterator[PageCheckingClient]:
    """A site whose database answers nothing: it takes connections and stays silent."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = make_app(database_url=f"postgresql://nobody:secret@127.0.0.1:{silent.getsockname()[1]}/nothing")
        yield app.test_client()


@pytest.mark.database("sqlite")
def test_a_database_that_stays_silent_is_told_of_within_seconds(lost: PageCheckingClient) -> None:
    begun = time.monotonic()
    assert sentences(lost)["database"].startswith("The database does not answer: ")
    response = lost.get("/metrics")
    assert "petitions_database_up 0.0" in response.text
    assert time.monotonic() - begun < 3 * probing.PATIENCE + 1
    assert lost.get("/healthz").status_code == 200


def test_a_database_without_tables_is_told_to_be_empty(app: Flask) -> None:
    with db.engine.connect() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        said = list(readiness.migration_problems(connection))
        connection.rollback()
    assert said == ["The database is empty. Run: flask db upgrade"]
