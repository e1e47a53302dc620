"""`flask doctor` says in sentences what is wrong with an installation, and each of its checks can fail."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from petitions import clock, erasures, work_totals
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import transport
from petitions.models import PeriodicTask, WorkerHeartbeat
from petitions.operations import cli, disks, heartbeats, installed, running, sealing
from petitions.operations.finding import Check
from tests import build
from tests.settings import key

GOOD = {
    "app_env": "production",
    "base_url": "https://petitions.example",
    "mail_url": "smtp://127.0.0.1:1",
    "mail_default_sender": "petitions@petitions.example",
    "trusted_proxies": 1,
    "ratelimit_enabled": "yes",
}

Make = Callable[..., Flask]


def said(check: Check) -> str:
    """Everything that a check says."""
    return "\n".join(f"{each.weight}: {each.sentence}" for each in check())


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("check", "settings", "sentence"),
    [
        (installed.mode, {"app_env": "development"}, "APP_ENV is development"),
        (installed.mode, {"app_env": "test", "base_url": "http://x.example"}, "BASE_URL begins with http://"),
        (installed.mode, {"app_env": "test", "second_factor": "off"}, "SECOND_FACTOR is off"),
        (installed.proxies, {"trusted_proxies": 0}, "TRUSTED_PROXIES is 0"),
        (installed.proxies, {"ratelimit_enabled": "no"}, "RATELIMIT_ENABLED is no"),
        (installed.proxies, {}, "advice: REDIS_URL is not set"),
        (installed.shared_limits, {"redis_url": "redis://127.0.0.1:1"}, "Redis cannot be asked: Error 111"),
        (
            installed.encryption,
            {"database_url": "postgresql+psycopg://petitions:word@db.example/petitions"},
            "advice: DATABASE_URL leads to another machine without sslmode=verify-full",
        ),
        (installed.encryption, {"redis_url": "redis://cache.example"}, "advice: REDIS_URL leads to another"),
        (installed.mail, {"mail_default_sender": "a@example.org"}, "MAIL_DEFAULT_SENDER is of example.org"),
        (installed.mail, {"app_env": "test", "mail_url": "capture://"}, "no mail leaves"),
        (installed.mail, {"mail_tls": "offered"}, "advice: MAIL_TLS is offered"),
        (installed.mail, {}, "Nothing listens at the port of MAIL_URL"),
        (
            installed.mail,
            {"mail_url": "smtp://nowhere.invalid"},
            "There is no server of the name in MAIL_URL",
        ),
        (installed.fonts, {"languages": "en,ka"}, "no letters for the language ka"),
        (
            sealing.keys,
            {"data_keys": f"t2:{key('e')},t1:{key('d')}"},
            "advice: DATA_KEYS names more than one",
        ),
    ],
)
def test_a_setting_that_is_wrong_is_named(
    make_app: Make, check: Check, settings: dict[str, Any], sentence: str
) -> None:
    with make_app(**(GOOD | settings)).app_context():
        assert sentence in said(check)


@pytest.mark.database("sqlite")
def test_good_settings_are_well(make_app: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(transport, "connection", lambda: open(os.devnull))  # noqa: SIM115 - anything that can be entered
    with make_app(**GOOD).app_context():
        for name, check in cli.HERE.items():
            assert said(check) == "", name


@pytest.mark.database("sqlite")
def test_debugging_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "debug", True)
    assert "Debugging is on" in said(installed.mode)


@pytest.mark.database("sqlite")
def test_files_that_cannot_be_used_are_named(
    app: Flask, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert said(installed.files) == ""
    ledger.write_text("no ledger\n")
    assert "people would be back who were erased" in said(installed.files)
    ledger.unlink()
    monkeypatch.setattr(disks, "may_write", lambda folder: False)
    assert "nobody can be erased" in said(installed.files)
    assert "/data stays empty" in said(installed.files)
    monkeypatch.setattr(disks, "LEAST_FREE", 10**18)
    assert "The disk of the ledger folder has" in said(installed.files)
    ledger.write_text("")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "cannot be written: nobody can be erased" in said(installed.files)
    assert erasures.read(ledger) == []
    assert "nobody can sign" in said(installed.files)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "advice: This is run by root" in said(installed.files)


def test_a_database_that_is_not_safe_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if _is_sqlite():
        assert said(running.durability) == ""
        monkeypatch.setattr(running, "_pragma", lambda connection, name: 1)
        assert "SQLite does not wait for the disk" in said(running.durability)
    else:
        monkeypatch.setattr(running, "DURABLE", ("fsync", "row_security", "jit_debugging_support"))
        assert "jit_debugging_support = off" in said(running.durability)


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def test_two_machines_on_one_file_or_a_role_that_may_do_too_much_are_named(app: Flask) -> None:
    _workers("web-1:4", "web-2:4")
    assert ("Workers of 2 machines" in said(running.one_machine)) is _is_sqlite()
    assert ("may change the permanent history" in said(running.rights)) is not _is_sqlite()


@transactional
def _workers(*names: str) -> None:
    now = clock.now()
    for name in names:
        db.session.add(WorkerHeartbeat(name=name, started_at=now, beat_at=now, stepped_at=now))


@pytest.mark.database("postgresql")
def test_a_clock_that_is_wrong_is_named(app: Flask) -> None:
    assert said(running.clocks) == ""
    with clock.fixed(clock.now() + timedelta(minutes=9, seconds=30)):
        assert "differ by 9 minutes" in said(running.clocks)


def test_work_that_stands_still_is_named(app: Flask) -> None:
    assert "Start: flask worker" in said(running.work)
    heartbeats.Pulse().beat()
    assert said(running.work) == ""
    _fail("dump")
    assert "These tasks failed when they last ran: dump." in said(running.work)


@transactional
def _fail(name: str) -> None:
    db.session.add(PeriodicTask(name=name, next_run_at=clock.now(), last_error="ValueError"))


def test_an_old_backup_and_a_broken_proof_are_named(app: Flask, tmp_path: Path) -> None:
    assert "No backup was ever made" in said(running.backups)
    assert "flask audit verify" in said(running.backups)
    run = app.test_cli_runner().invoke
    assert run(args=["backup", str(tmp_path / "one.backup")]).exit_code == 0
    assert run(args=["audit", "verify"]).exit_code == 0
    assert said(running.backups) == ""
    with clock.fixed(clock.now() + timedelta(days=3)):
        assert "The last backup is 3 days old" in said(running.backups)
    work_totals.note(work_totals.VERIFIED_BROKEN, 4)
    assert "found 4 things that are not true" in said(running.backups)


def test_a_key_that_is_not_there_is_named(make_app: Make) -> None:
    with make_app().app_context():
        petition = build.open_petition()
        for _ in range(sealing.TOO_FEW):
            build.signature(petition)
        assert said(sealing.keys) == said(sealing.hashes) == ""
    with make_app(data_keys=f"t9:{key('e')}").app_context():
        assert "sealed by keys that DATA_KEYS does not name: t1." in said(sealing.keys)
        assert said(sealing.hashes) == ""


def test_keys_that_are_not_those_of_before_are_named(make_app: Make) -> None:
    with make_app().app_context():
        petition = build.open_petition()
        for _ in range(sealing.TOO_FEW):
            build.signature(petition)
    with make_app(data_keys=f"t1:{key('e')}").app_context():
        assert "were sealed by a key t1, and the t1 in DATA_KEYS does not" in said(sealing.keys)
    with make_app(hash_key=key("x")).app_context():
        assert "HASH_KEY is not the one" in said(sealing.hashes)
        assert said(sealing.keys) == ""


@transactional
def _stand_at(revision: str) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_the_command_names_everything_and_says_by_its_status_whether_anything_is_wrong(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    for name in (*cli.HERE, *cli.IN_THE_DATABASE):
        assert f"{name}:" in result.output
    monkeypatch.setattr(cli, "HERE", {"fonts": installed.fonts})
    monkeypatch.setattr(cli, "IN_THE_DATABASE", {"migrations": running.schema})
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert (result.exit_code, "0 wrong, 0 to think about" in result.output) == (0, True)
    _stand_at("0001")
    try:
        result = app.test_cli_runner().invoke(args=["doctor"])
        assert (result.exit_code, "Run: flask db upgrade" in result.output) == (1, True)
    finally:
        from petitions.operations.readiness import revisions

        _stand_at(revisions()[0])


@pytest.mark.database("sqlite")
def test_a_database_that_is_away_is_said_once(make_app: Make) -> None:
    app = make_app(database_url="postgresql://nobody:secret@127.0.0.1:1/nothing")
    output = app.test_cli_runner().invoke(args=["doctor"]).output
    assert output.count("The database cannot be asked") == 1
    assert "Connection refused" in output
    assert "secret" not in output
