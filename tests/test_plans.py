"""Nobody who signs, confirms or is counted makes the database read through all signatures of a petition, or all of its table.

By SQLite's own plans, before it has measured its tables: a new site grows within a night. What PostgreSQL does among millions
of rows, `make bench PART=growth` shows.
"""

import pytest
from flask import Flask
from sqlalchemy import text

from petitions.counts import counting
from petitions.extensions import db
from petitions.signing import actions
from petitions.upkeep.measuring_tables import measure_tables
from petitions.worker import loop
from tests import build
from tests.browsing.pages import count_queries
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


def plans(statements: list[str]) -> dict[str, list[str]]:
    """How SQLite carries each of them out that looks for something. It chooses without knowing the values."""
    looking = [each for each in statements if each.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))]
    with db.engine.connect() as connection:
        return {
            each: [
                row.detail
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", (None,) * each.count("?"))
            ]
            for each in looking
        }


def test_signing_confirming_and_counting_find_their_rows(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    with count_queries() as statements:
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
