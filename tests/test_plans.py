"""Nobody who signs, confirms or is counted makes the database read through all signatures of a petition, or all of its table.

By SQLite's own plans, before it has measured its tables: a new site grows within a night. What PostgreSQL does among millions
of rows, `make bench PART=growth` shows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from petitions.counts import counting
from petitions.extensions import db
from petitions.signing import actions
from petitions.upkeep.measuring_tables import measure_tables
from petitions.worker import loop
from tests import build
from tests.client import PageCheckingClient
from tests.signing.journey import confirm_path, sign

pytestmark = pytest.mark.database("sqlite")
#: The indexes by which one petition's signatures lie side by side, in some order or other.
READS_THEM_ALL = (
    "SCAN signatures",
    "ix_signatures_petition_id_id (petition_id=?)",
    "ix_signatures_petition_domain (petition_id=?)",
    "ix_signatures_petition_network (petition_id=?)",
    "ix_signatures_petition_counted_at (petition_id=?)",
    "sqlite_autoindex_signatures_1 (petition_id=?)",
)


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Every statement of the block, with what went with it."""
    told: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        told.append((statement, parameters))

    for engine in db.engines.values():
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        for engine in db.engines.values():
            event.remove(engine, "before_cursor_execute", note)


def plans(statements: list[tuple[str, Any]]) -> dict[str, list[str]]:
    """How SQLite carries each of them out that looks for something."""
    looking = [each for each in statements if each[0].startswith(("SELECT", "UPDATE", "DELETE", "WITH"))]
    with db.engine.connect() as connection:
        return {
            statement: [
                row.detail
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters))
            ]
            for statement, parameters in looking
        }


def test_signing_confirming_and_counting_find_their_rows(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    with asked() as statements:
        sign(client, petition, email="ada@example.org")
        actions.send_new_link(signature_id=2)
        while loop.step():
            pass
        assert client.post(confirm_path("ada@example.org"), data={"answer": "yes"}).status_code == 303
        counting.sweep()
    found = plans(statements)
    assert any("FROM signatures" in statement for statement in found)
    for statement, steps in found.items():
        wrong = [step for step in steps if any(each in step for each in READS_THEM_ALL)]
        assert not wrong, f"{wrong} in {statement}"


def test_sqlite_learns_how_large_its_tables_are(app: Flask) -> None:
    build.open_petition(count=3)
    measure_tables()
    known = db.session.execute(text("SELECT DISTINCT tbl FROM sqlite_stat1")).scalars().all()
    assert "signatures" in known
