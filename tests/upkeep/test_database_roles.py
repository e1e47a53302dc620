"""On PostgreSQL the role of the running site adds to the permanent history and cannot change it; all else works."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import ProgrammingError

from petitions.extensions import db
from petitions.models import AuditEntry
from tests import build
from tests.databases import Database, libpq
from tests.staff_visitor import StaffVisitor

ROLE, PASSWORD = "petitions_web_of_tests", "made up for a test"


@pytest.fixture
def role(database: Database) -> Iterator[str]:
    """A role that may nothing yet."""
    with psycopg.connect(libpq(database.url), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'".encode())
    yield ROLE
    with psycopg.connect(libpq(database.url), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [ROLE]
        )
        connection.execute(f"DROP OWNED BY {ROLE}".encode())
        connection.execute(f"DROP ROLE {ROLE}".encode())


def connected_as(url: str, role: str) -> str:
    """The same database, reached by another role."""
    return make_url(url).set(username=role, password=PASSWORD).render_as_string(hide_password=False)


@pytest.mark.database("postgresql")
def test_the_site_works_and_its_role_cannot_change_the_history(
    app: Flask, make_app: Callable[..., Flask], database: Database, role: str
) -> None:
    for _ in range(2):
        granted = app.test_cli_runner().invoke(args=["db-roles", role])
        assert granted.exit_code == 0, granted.output
    moderator = build.staff("moderator")
    petition = build.review_petition()
    address, number = moderator.email, petition.id
    db.session.remove()
    site = make_app(database_url=connected_as(database.url, role))
    with site.app_context():
        visitor = StaffVisitor(site)
        assert visitor.sign_in(address).status_code == 303
        refusal = {"text_version": "1", "state": "review", "code": "advert", "explanation": "It sells shoes."}
        assert visitor.post(f"/staff/petitions/{number}/refuse", **refusal).status_code == 303
        build.work()
        assert db.session.execute(select(AuditEntry.action)).scalars().all()[0] == "signed_in"
        db.session.rollback()
        for statement in (
            "UPDATE audit_entries SET action = 'nothing'",
            "DELETE FROM audit_entries",
            "TRUNCATE audit_entries",
            "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
            "DROP TRIGGER audit_entries_refuse_update ON audit_entries",
            "DELETE FROM audit_head",
            "UPDATE alembic_version SET version_num = '0001'",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(ProgrammingError, match=r"denied|must be owner"):
                db.session.execute(text(statement))
            db.session.rollback()
        verified = site.test_cli_runner().invoke(args=["audit", "verify"])
        assert verified.exit_code == 0, verified.output
        assert "The history is whole." in verified.output


@pytest.mark.database("postgresql")
@pytest.mark.parametrize(
    ("name", "says"), [("nobody_of_this_name", "There is no role"), (None, "owns the tables")]
)
def test_a_role_that_cannot_be_held_is_refused(
    app: Flask, database: Database, name: str | None, says: str
) -> None:
    owner = db.session.execute(text("SELECT current_user")).scalar_one()
    result = app.test_cli_runner().invoke(args=["db-roles", name or owner])
    assert result.exit_code != 0
    assert says in result.output


@pytest.mark.database("sqlite")
def test_a_database_without_roles_is_said_so(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["db-roles", "somebody"])
    assert result.exit_code != 0
    assert "Only PostgreSQL" in result.output


def said_by_doctor(site: Flask) -> str:
    """Everything that it finds."""
    with site.app_context():
        return site.test_cli_runner().invoke(args=["doctor"]).output


@pytest.mark.database("postgresql")
def test_the_doctor_names_a_role_that_may_do_too_little(
    app: Flask, make_app: Callable[..., Flask], database: Database, role: str
) -> None:
    site = make_app(database_url=connected_as(database.url, role))
    said = said_by_doctor(site)
    assert "may not do what the site needs: permission denied for table alembic_version" in said
    assert "flask db-roles" in said
    assert app.test_cli_runner().invoke(args=["db-roles", role]).exit_code == 0
    with psycopg.connect(libpq(database.url), autocommit=True) as connection:
        connection.execute(f"REVOKE INSERT ON signatures FROM {role}".encode())
    assert "may not write to signatures: what people send is refused" in said_by_doctor(site)


@pytest.mark.database("postgresql")
def test_a_role_that_may_not_restore_is_told_who_may(
    app: Flask, make_app: Callable[..., Flask], database: Database, role: str, tmp_path: Path
) -> None:
    file = str(tmp_path / "one.backup")
    run = app.test_cli_runner().invoke
    assert run(args=["backup", file]).exit_code == run(args=["db-roles", role]).exit_code == 0
    site = make_app(database_url=connected_as(database.url, role))
    with site.app_context():
        db.engine.dispose()  # the role's connections of another test were cut
        refused = site.test_cli_runner().invoke(args=["restore", file, "--no-ledger"])
    assert refused.exit_code == 1
    assert "Restore as the owner of the tables" in refused.output
