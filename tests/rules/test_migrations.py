"""The migrations build exactly what the models say, on both databases, and run down and up again with rows in the tables."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from petitions import audit
from petitions.database import Base
from petitions.demo.load import load
from petitions.extensions import db
from tests.databases import MIGRATIONS, release

BY_HAND = (
    "petition_search",
    "search_document",
    "search_title",
    "ix_petitions_search",
    "ix_search_texts_search",
)


def include_name(name: str | None, _kind: str, _parents: object) -> bool:
    """The search's tables have no model."""
    return name is None or not name.startswith(BY_HAND)


def test_the_migrations_build_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "include_name": include_name, "target_metadata": Base.metadata},
        )
        assert compare_metadata(context, Base.metadata) == []


def tables() -> set[str]:
    """The tables that there are now."""
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names()) & set(Base.metadata.tables)


def count_rows(names: set[str]) -> dict[str, int]:
    """How many rows each of these tables has."""
    with db.engine.connect() as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


def decisions() -> list[tuple[Any, ...]]:
    """What moderators decided, with the days it took."""
    columns = "petition_id, kind, code, working_days, staff_id"
    with db.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT {columns} FROM moderation_decisions ORDER BY 1, 2"))
        return [tuple(row) for row in rows]


def test_every_migration_runs_down_and_up_with_rows(app: Flask) -> None:
    load()
    rows, decided = count_rows(tables()), decisions()
    assert decided
    with db.engine.connect() as connection:
        # Before the last step a threshold had one duty: later rounds go with it.
        again = connection.execute(text("SELECT count(*) FROM duties WHERE round > 1")).scalar_one()
    assert again > 0
    rows["duties"] -= again
    assert min(rows["petitions"], rows["signatures"], rows["audit_entries"]) > 0
    db.session.remove()
    downgrade(directory=str(MIGRATIONS), revision="0001")
    first = tables()
    upgrade(directory=str(MIGRATIONS))
    # What came with a later step goes with it; everything else is as it was.
    assert count_rows(first) == {name: rows[name] for name in first}
    # Made from the lines of the history.
    assert decisions() == decided
    assert list(audit.verify()) == []


def test_the_last_step_down_leaves_nothing(empty_database_url: str) -> None:
    from petitions import create_app
    from tests.settings import make_settings

    app = create_app(make_settings(database_url=empty_database_url))
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        downgrade(directory=str(MIGRATIONS), revision="base")
        left: list[Any] = [name for name in inspect(db.engine).get_table_names() if name != "alembic_version"]
        release(app)
    assert left == []
