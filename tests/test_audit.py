"""The history cannot be altered unseen, and the database itself refuses to alter it."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from petitions import audit
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import AuditEntry
from tests import build

TRIGGERS = ("audit_entries_refuse_update", "audit_entries_refuse_delete")


@transactional
def write(action: str, **details: object) -> AuditEntry:
    """One line in a unit of work of its own."""
    return audit.record(action, **details)  # type: ignore[arg-type]


@pytest.fixture
def three_lines(app: Flask) -> list[AuditEntry]:
    """A chain of three."""
    return [
        write("first", reason="because"),
        write("second", before={"a": 1}),
        write("third", at=datetime(2026, 1, 1, tzinfo=UTC)),
    ]


def tamper(statement: str) -> None:
    """Change the table the way a thief with the database's own rights would: the triggers out of the way."""
    db.session.rollback()  # its open reading would keep the table from being altered
    with db.engine.begin() as connection:
        for trigger in TRIGGERS:
            on = " ON audit_entries" if db.engine.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{on}"))
        connection.execute(text(statement))


@pytest.fixture(autouse=True)
def _triggers_back(app: Flask):  # type: ignore[no-untyped-def]
    yield
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            for trigger in TRIGGERS:
                operation = trigger.rpartition("_")[2].upper()
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger} ON audit_entries"))
                connection.execute(
                    text(
                        f"CREATE TRIGGER {trigger} BEFORE {operation} ON audit_entries "
                        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                    )
                )


def test_an_untouched_history_is_whole(three_lines: list[AuditEntry]) -> None:
    assert [line.id for line in three_lines] == [1, 2, 3]
    assert list(audit.verify()) == []


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_it(three_lines: list[AuditEntry], statement: str) -> None:
    with pytest.raises(DBAPIError, match="may not be changed"), db.engine.begin() as connection:
        connection.execute(text(statement))
    assert list(audit.verify()) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_entries SET action = 'x' WHERE id = 2", "line 2 was altered"),
        ("DELETE FROM audit_entries WHERE id = 2", "line 2 is missing"),
        ("DELETE FROM audit_entries WHERE id = 3", "the end of the chain is not where it should be"),
        ("UPDATE audit_entries SET at = '2026-01-02 00:00:00+00:00' WHERE id = 3", "line 3 was altered"),
    ],
)
def test_a_thief_who_changes_it_is_found_out(
    three_lines: list[AuditEntry], statement: str, found: str
) -> None:
    tamper(statement)
    assert found in list(audit.verify())


def test_a_line_tells_who_did_it(app: Flask) -> None:
    moderator = build.staff("moderator")
    assert write("published", by=moderator).actor == "staff"
    assert write("withdrawn", actor=audit.PETITIONER).actor == "petitioner"
    assert write("closed").actor == "system"


def test_a_line_falls_with_the_transaction_it_tells_of(app: Flask) -> None:
    @transactional
    def fails() -> None:
        audit.record("never")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert write("after").id == 1
    assert list(audit.verify()) == []


def test_the_command_says_whether_it_is_whole(app: Flask, three_lines: list[AuditEntry]) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    tamper("UPDATE audit_entries SET action = 'x' WHERE id = 1")
    outcome = runner.invoke(args=["audit", "verify"])
    assert outcome.exit_code == 1
    assert "line 1 was altered" in outcome.output
