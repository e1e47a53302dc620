"""What is backed up comes back whole, on either database, and nobody with it who was erased since."""

from __future__ import annotations

import contextvars
import gzip
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import OperationalError

from petitions import audit, clock, erasures, failpoints
from petitions.database import Base, transactional
from petitions.demo.load import load
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.mail import outbox
from petitions.models import (
    AlertMatch,
    AuditEntry,
    Mail,
    Mailing,
    Petition,
    Signature,
    SignatureState,
    StaffSession,
)
from petitions.models.mail import PARKED, QUEUED
from petitions.signing import own_signature
from petitions.upkeep import backing_up, backup_file, purging, restoring
from tests import build, invariants
from tests.databases import KINDS

Fresh = Callable[[str], Flask]


def run(app: Flask, *arguments: str | Path) -> Result:
    """A command of the service."""
    return app.test_cli_runner().invoke(args=[str(each) for each in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "petitions.backup"


def backed_up(app: Flask, file: Path) -> Path:
    """A backup of the database as it is."""
    db.session.rollback()
    result = run(app, "backup", file)
    assert result.exit_code == 0, result.output
    return file


def content() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that a backup holds."""
    db.session.rollback()
    found = {}
    for table in backing_up.tables():
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns))
        found[table.name] = [tuple(row) for row in rows]
    db.session.rollback()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_everything_comes_back_on_either_database(app: Flask, fresh: Fresh, file: Path, kind: str) -> None:
    load()
    purging.purge()
    before = content()
    assert len([name for name, rows in before.items() if rows]) > 20
    backed_up(app, file)
    restored = fresh(kind)
    with restored.app_context():
        result = run(restored, "restore", file, "--no-ledger")
        assert result.exit_code == 0, result.output
        after = content()
        line = after["audit_entries"].pop()
        assert line[4] == "backup_restored"
        # The history has one line more, and a mail that waited is parked.
        assert {name for name in before if before[name] != after[name]} == {"audit_head", "mails"}
        assert list(audit.verify()) == []
        petition = db.session.execute(select(Petition).where(Petition.state == State.OPEN)).scalars().first()
        assert petition is not None
        client = restored.test_client()
        assert client.get(f"/petitions/{petition.id}").status_code == 200
        word = max(petition.action.split(), key=len)
        found = client.get("/petitions", query_string={"q": word}).text
        assert petition.action in re.sub("</?mark>", "", found)


#: What ends a value, a row or a table in the file, or begins an escape there.
ODD = "\\N \t\\t\n\\.\n\\\\x41\r\\\\\b\f\v {[\"'%s\x7f Zoë 🗳 \\"


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_is_too_odd_to_come_back_as_it_was(app: Flask, fresh: Fresh, file: Path, kind: str) -> None:
    moments = [datetime(2026, 6, 1, 12, 30, tzinfo=UTC), datetime(2026, 6, 1, 0, 0, 0, 120_000, tzinfo=UTC)]
    petition = build.open_petition()
    build.change(petition, closed_early_reason=ODD)
    odd = {"held_reason": "\\N", "signals": [ODD, None, True, 1.5], "domain_hash": b""}
    build.change(build.signature(petition), created_at=moments[0], link_sent_at=moments[1], **odd)
    backed_up(app, file)
    before = content()
    restored = fresh(kind)
    with restored.app_context():
        result = run(restored, "restore", file, "--no-ledger")
        assert result.exit_code == 0, result.output
        after = content()
    assert (after["petitions"], after["signatures"]) == (before["petitions"], before["signatures"])


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("kind", KINDS)
def test_a_moment_that_somebody_wrote_with_its_zone_comes_back_as_that_moment(
    app: Flask, fresh: Fresh, file: Path, kind: str
) -> None:
    signature_id = build.signature(build.open_petition()).id
    db.session.execute(text("UPDATE signatures SET link_sent_at = '2026-06-01 14:30:00+02:00'"))
    db.session.commit()
    backed_up(app, file)
    restored = fresh(kind)
    with restored.app_context():
        assert run(restored, "restore", file, "--no-ledger").exit_code == 0
        back = db.session.get_one(Signature, signature_id)
        assert back.link_sent_at == datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


def test_numbers_whose_links_were_mailed_are_not_handed_out_again(
    app: Flask, fresh: Fresh, file: Path, database_kind: str
) -> None:
    petition = build.open_petition()
    petition_id, highest = petition.id, build.signature(petition).id
    backed_up(app, file)
    lost = build.signature(petition).id
    restored = fresh(database_kind)
    with restored.app_context():
        assert run(restored, "restore", file, "--no-ledger").exit_code == 0
        back = db.session.get_one(Petition, petition_id)
        assert build.signature(back).id > lost + 1000 > highest
        assert build.open_petition().id > petition_id + 500


def test_the_restored_tables_have_every_index_and_foreign_key(
    app: Flask, fresh: Fresh, file: Path, database_kind: str
) -> None:
    build.signature(build.open_petition())
    backed_up(app, file)
    restored = fresh(database_kind)
    with restored.app_context():
        before = indexes_and_keys()
        assert len(before) > 100
        assert run(restored, "restore", file, "--no-ledger").exit_code == 0
        assert indexes_and_keys() == before


def indexes_and_keys() -> list[tuple[Any, ...]]:
    """In the database, however they are ordered there. PostgreSQL says the condition of an index in other words each time."""
    inspector = inspect(db.engine)
    indexes = [each for those in inspector.get_multi_indexes().values() for each in those]
    keys = [each for those in inspector.get_multi_foreign_keys().values() for each in those]
    return sorted(
        [
            (str(each["name"]), each["column_names"], each["unique"], len(each["dialect_options"]))
            for each in indexes
        ]
        + [(str(each["name"]), each["constrained_columns"], each["referred_table"]) for each in keys]
    )


def test_nobody_is_back_who_was_erased_since(
    app: Flask, fresh: Fresh, file: Path, database_kind: str
) -> None:
    petition = build.open_petition()
    kept, erased = build.signature(petition, name="Ada Kept"), build.signature(petition, name="Zoë Erased")
    kept_id, erased_id, petition_id = kept.id, erased.id, petition.id
    backed_up(app, file)
    own_signature.erase(signature_id=erased_id)
    restored = fresh(database_kind)
    with restored.app_context():
        result = run(restored, "restore", file)
        assert "1 signatures erased again" in result.output
        assert list(erased_people_who_are_back(restored)) == []
        assert db.session.get_one(Signature, kept_id).name == "Ada Kept"
        assert db.session.get_one(Signature, erased_id).state is SignatureState.WITHDRAWN
        assert db.session.get_one(Petition, petition_id).signature_count == 2
        invariants.check()


def erased_people_who_are_back(app: Flask) -> list[int]:
    """The check on a restored system: signatures that the ledger says are erased and that hold somebody's data."""
    ledger = Path(app.extensions["settings"].erasure_ledger)
    db.session.rollback()
    rows = [db.session.get(Signature, line.signature) for line in erasures.read(ledger)]
    return [row.id for row in rows if row is not None and row.email_sealed is not None]


def test_a_restore_without_the_replay_is_caught(
    app: Flask, fresh: Fresh, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = build.signature(build.open_petition())
    backed_up(app, file)
    own_signature.erase(signature_id=signature.id)
    monkeypatch.setattr(erasures, "replay", lambda found: 0)
    restored = fresh("sqlite")
    with restored.app_context():
        assert run(restored, "restore", file).exit_code == 0
        assert erased_people_who_are_back(restored)


@pytest.mark.parametrize("point", ["before_commit:_restore", "before_replay"])
def test_nobody_sees_anything_of_a_restore_that_was_stopped(
    app: Flask, fresh: Fresh, file: Path, database_kind: str, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    build.signature(build.open_petition())
    backed_up(app, file)
    restored = fresh(database_kind)
    seen: list[int] = []

    def look() -> None:
        with restored.app_context():
            if database_kind == "postgresql":
                # The tables are locked while they are filled: whoever looks waits, and is shown nothing.
                db.session.execute(text("SET LOCAL lock_timeout = 200"))
            try:
                seen.append(len(db.session.execute(select(Petition.id)).all()))
            except OperationalError:
                seen.append(0)
            db.session.remove()

    def stop(*_: object) -> None:
        # Somebody else, outside this unit of work.
        contextvars.Context().run(look)
        raise failpoints.Broken(point)

    if point == "before_replay":
        monkeypatch.setattr(erasures, "replay", stop)
    else:
        monkeypatch.setattr(failpoints, "reach", lambda passed: stop() if passed == point else None)
    with restored.app_context(), file.open("rb") as stream, suppress(failpoints.Broken):
        restoring.restore(stream, [])
    monkeypatch.undo()
    assert seen == [0]
    with restored.app_context():
        assert db.session.execute(select(Petition.id)).all() == []
        assert run(restored, "restore", file, "--no-ledger").exit_code == 0


def test_what_waited_to_be_sent_waits_for_staff(app: Flask, fresh: Fresh, file: Path) -> None:
    petition = build.open_petition()
    staff_session = StaffSession(staff_id=build.staff().id, token_hash=bytes(32))
    _wait(build.signature(petition), petition, staff_session)
    backed_up(app, file)
    restored = fresh("sqlite")
    with restored.app_context():
        assert "1 mails were still to be sent" in run(restored, "restore", file, "--no-ledger").output
        build.work()
        mail = db.session.execute(select(Mail).where(Mail.kind == "already_signed")).scalar_one()
        assert (mail.state, mail.last_error) == (
            PARKED,
            "restored from a backup; try again or cancel at /staff/mail",
        )
        assert build.captured() == []
        assert db.session.execute(select(Mailing)).scalar_one().stopped_at is not None
        assert db.session.execute(select(StaffSession)).scalar_one().ended_at is not None
        assert not db.session.execute(select(Mail.id).where(Mail.state == QUEUED)).all()


def test_an_alert_tells_nothing_again_that_it_may_have_told_after_the_backup(
    app: Flask, fresh: Fresh, file: Path
) -> None:
    found, missed = build.open_petition(), build.open_petition()
    _found_and_missed(found, missed)
    backed_up(app, file)
    restored = fresh("sqlite")
    with restored.app_context():
        assert run(restored, "restore", file, "--no-ledger").exit_code == 0
        build.work()
        assert db.session.execute(select(Mail).where(Mail.kind == "alert_news")).all() == []
        assert db.session.execute(select(AlertMatch)).scalar_one().told_at is not None


@transactional
def _found_and_missed(found: Petition, missed: Petition) -> None:
    """One thing that an alert has found and not told, and one in the history that it has not looked at."""
    alert = build.alert()
    db.session.add(AlertMatch(alert_id=alert.id, news="published", petition_id=found.id, entry=0))
    audit.record("published", petition=missed)


@transactional
def _wait(signature: Signature, petition: Petition, *rows: Any) -> None:
    db.session.add_all(rows)
    outbox.queue("already_signed", key="1", signature=signature)
    outbox.queue_mailing("petition_closed", key="news", petition=petition, audience="updates")


def test_what_is_kept_too_long_does_not_come_back(app: Flask, fresh: Fresh, file: Path) -> None:
    pending = build.signature(build.open_petition(), state="pending").id
    backed_up(app, file)
    restored = fresh("sqlite")
    with restored.app_context(), clock.fixed(clock.now() + timedelta(days=8)):
        assert run(restored, "restore", file, "--no-ledger").exit_code == 0
        assert db.session.get(Signature, pending) is None


def test_a_backup_is_one_moment_whatever_happens_meanwhile(
    app: Flask, fresh: Fresh, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = build.open_petition()
    build.signature(petition)
    writing, happened = backing_up._write, []

    def write(connection: Any, table: Any, writer: Any, further: Any) -> None:
        writing(connection, table, writer, further)
        if table.name == "petitions" and not happened:
            happened.append(build.signature(petition).id)

    monkeypatch.setattr(backing_up, "_write", write)
    backed_up(app, file)
    assert happened
    restored = fresh("sqlite")
    with restored.app_context():
        assert run(restored, "restore", file, "--no-ledger").exit_code == 0
        assert db.session.get(Signature, happened[0]) is None
        assert db.session.execute(select(Petition.signature_count)).scalars().all() == [2]
        invariants.check()


def test_the_file_is_its_owners_alone_and_holds_nothing_in_clear(app: Flask, file: Path) -> None:
    build.signature(build.open_petition(), name="Zoë Canary", email="canary@example.org", postcode="ZZ9 9ZZ")
    backed_up(app, file)
    assert file.stat().st_mode & 0o777 == 0o600
    text = gzip.decompress(file.read_bytes())
    assert not [word for word in (b"anary", b"ZZ9", b"capture://") if word in text]
    assert [each.name for each in file.parent.iterdir() if each.name.startswith(".")] == []


def test_a_backup_that_fails_leaves_the_one_before(
    app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backed_up(app, file).read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backing_up, "_write", fail)
    result = run(app, "backup", file)
    assert result.exit_code == 1
    assert "cannot be written: No space left on device." in result.output
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir() if each.name.startswith(".")] == []


def rewritten(file: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Change the lines of a backup."""
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    file.write_bytes(gzip.compress("".join(f"{line}\n" for line in change(lines)).encode()))


ALTERED: dict[str, Callable[[list[str]], list[str]]] = {
    "a value": lambda lines: [line.replace("Priya", "Prima").replace("library", "Library") for line in lines],
    "a row too few": lambda lines: [*lines[:3], *lines[4:]],
    "a row too many": lambda lines: [*lines[:4], *lines[3:]],
    "no end": lambda lines: lines[:-1],
    "more after the end": lambda lines: [*lines, "[1]"],
    "another format": lambda lines: ['{"format": "x"}', *lines[1:]],
    "another version": lambda lines: [lines[0].replace('"version":2', '"version":3'), *lines[1:]],
    "no JSON": lambda lines: ["hello", *lines],
    "nothing": lambda lines: [],
}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("what", [*ALTERED, "a byte", "half of it", "plain text"])
def test_an_altered_file_is_refused_before_anything_is_written(
    app: Flask, fresh: Fresh, file: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.open_petition()
    backed_up(app, file)
    whole = file.read_bytes()
    if what in ALTERED:
        rewritten(file, ALTERED[what])
    else:
        middle = len(whole) // 2
        spoiled = {
            "a byte": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "half of it": whole[:middle],
            "plain text": b"a plain text",
        }
        file.write_bytes(spoiled[what])
    monkeypatch.setattr(restoring, "_restore", None)
    restored = fresh("sqlite")
    with restored.app_context():
        result = run(restored, "restore", file, "--no-ledger")
    assert result.exit_code == 1
    assert result.output.rstrip().endswith("Nothing was restored.")
    assert "Traceback" not in result.output


Content = dict[backup_file.Head, list[bytes]]


def sealed_again(file: Path, change: Callable[[dict[str, Any], Content], None]) -> None:
    """A backup that was made of other things: whole in itself."""
    content: Content = {}
    with file.open("rb") as stream:
        header = backup_file.Reader(stream).header
        for portion in backup_file.Reader(stream).portions():
            content.setdefault(portion.head, []).extend(portion.lines)
    change(header, content)
    with backup_file.writing(file, header) as writer:
        for head, lines in content.items():
            with writer.table(head.table, list(head.columns)) as add:
                add(lines)


def _rows(content: Content, table: str) -> list[bytes]:
    return next(lines for head, lines in content.items() if head.table == table)


def _other_revision(header: dict[str, Any], _content: Content) -> None:
    header["revision"] = "0001"


def _unknown_table(_header: dict[str, Any], content: Content) -> None:
    content[backup_file.Head("passwords", ("id",))] = []


def _spoil(content: Content, column: str, value: bytes) -> None:
    head = next(head for head in content if head.table == "petitions")
    values = content[head][0].split(b"\t")
    values[head.columns.index(column)] = value
    content[head][0] = b"\t".join(values)


def _bad_moment(_header: dict[str, Any], content: Content) -> None:
    _spoil(content, "created_at", b"some day")


def _no_number(_header: dict[str, Any], content: Content) -> None:
    _spoil(content, "signature_count", b"many")


def _no_state(_header: dict[str, Any], content: Content) -> None:
    _spoil(content, "state", b"forgotten")


def _value_too_few(_header: dict[str, Any], content: Content) -> None:
    rows = _rows(content, "petitions")
    rows[0] = rows[0].partition(b"\t")[2]


def _history_with_a_gap(_header: dict[str, Any], content: Content) -> None:
    del _rows(content, "audit_entries")[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_other_revision, "is of migration 0001"),
        (_unknown_table, "a table that does not belong here: passwords"),
        (_bad_moment, "a row of petitions cannot be read"),
        (_no_number, "a row of petitions cannot be read"),
        (_no_state, "a row of petitions cannot be read"),
        (_value_too_few, "a row of petitions cannot be read"),
        (_history_with_a_gap, "not whole: "),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_stays(
    app: Flask,
    fresh: Fresh,
    file: Path,
    database_kind: str,
    change: Callable[[dict[str, Any], Content], None],
    said: str,
) -> None:
    signature = build.signature(build.open_petition())
    own_signature.withdraw(signature_id=signature.id)
    backed_up(app, file)
    sealed_again(file, change)
    restored = fresh(database_kind)
    with restored.app_context():
        before = content()
        result = run(restored, "restore", file, "--no-ledger")
        assert result.exit_code == 1
        assert said in result.output
        assert content() == before


def test_a_database_in_use_is_left_alone(app: Flask, file: Path) -> None:
    petition = build.open_petition()
    backed_up(app, file)
    build.change(petition, action="Changed since")
    result = run(app, "restore", file, "--no-ledger")
    assert result.exit_code == 1
    assert "Make a new one" in result.output
    assert db.session.get_one(Petition, petition.id).action == "Changed since"


def test_a_lost_ledger_is_asked_for(app: Flask, fresh: Fresh, file: Path, ledger: Path) -> None:
    petition = build.open_petition()
    before, after = build.signatures(petition, 2)
    own_signature.erase(signature_id=before.id)
    backed_up(app, file)
    own_signature.erase(signature_id=after.id)
    moved = ledger.rename(ledger.with_name("moved.ledger"))
    restored = fresh("sqlite")
    with restored.app_context():
        assert "name it with --ledger" in run(restored, "restore", file).output
        assert "had 1 when the backup was made" in run(restored, "restore", file, "--no-ledger").output
        result = run(restored, "restore", file, "--ledger", moved)
        assert "1 signatures erased again" in result.output


def test_every_table_is_backed_up_unless_it_is_left_out_by_name(app: Flask) -> None:
    assert {table.name for table in backing_up.tables()} | backing_up.LEFT_OUT == set(Base.metadata.tables)


def test_a_backup_with_a_count_that_is_wrong_does_not_come_back(app: Flask, fresh: Fresh, file: Path) -> None:
    petition = build.open_petition()
    petition_id = petition.id
    build.change(petition, signature_count=7)
    backed_up(app, file)
    restored = fresh("sqlite")
    with restored.app_context():
        result = run(restored, "restore", file, "--no-ledger")
        assert result.exit_code == 1
        assert f"petition {petition_id} says 7, its rows say 1" in result.output
        assert "Nothing was restored." in result.output
        assert db.session.execute(select(Petition)).first() is None


def test_the_history_tells_of_the_restore(app: Flask, fresh: Fresh, file: Path) -> None:
    build.open_petition(supporters=2)
    backed_up(app, file)
    restored = fresh("sqlite")
    with restored.app_context():
        assert run(restored, "restore", file, "--no-ledger").exit_code == 0
        last = db.session.execute(select(AuditEntry).order_by(AuditEntry.id.desc())).scalars().first()
        assert last is not None
        assert (last.action, last.details["erased_again"]) == ("backup_restored", 0)


@pytest.mark.database("sqlite")
def test_a_database_without_tables_is_told_what_it_lacks(
    app: Flask, file: Path, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    backed_up(app, file)
    empty = make_app(database_url=f"sqlite:///{tmp_path}/empty.db")
    with empty.app_context():
        refused = run(empty, "restore", file, "--no-ledger")
    assert refused.exit_code == 1
    assert "has no tables yet. Run flask db upgrade" in refused.output
