"""However much waits, a batch is taken from its front: what is most urgent, without a look at the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import event

from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import claiming, outbox
from tests import build
from tests.mail.outboxes import forget_mails, queue_many

WAITING = 4_000


@transactional
def a_long_queue() -> None:
    """Thousands of news, and three confirmations that came last."""
    petition = build.open_petition()
    signer = build.signature(petition, wants_updates=True)
    forget_mails()
    queue_many([signer], "other_business", outbox.BULK, 0, WAITING)
    queue_many([signer], "confirm_signature", outbox.CONFIRMATION, WAITING, 3)


def asked() -> list[tuple[str, Any]]:
    """What `claim` asks the database."""
    found: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_more: Any) -> None:
        found.append((sql, parameters))

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        claimed = claiming.claim()
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert [mail.priority for mail in claimed][:4] == [outbox.CONFIRMATION] * 3 + [outbox.BULK]
    return [(sql, parameters) for sql, parameters in found if sql.startswith(("UPDATE mails", "WITH due"))]


def rows_looked_at(plan: dict[str, Any]) -> Iterator[int]:
    """The rows that each step of a plan of PostgreSQL went through."""
    yield (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    for step in plan.get("Plans", ()):
        yield from rows_looked_at(step)


def test_confirmations_come_first_and_what_else_waits_is_not_looked_at(app: Flask) -> None:
    a_long_queue()
    with db.engine.connect() as connection:
        # As the database does by itself after a while.
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    ((sql, parameters),) = asked()
    db.session.rollback()
    given = tuple(parameters) if isinstance(parameters, list) else parameters
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
            assert any("ix_mails_due" in step for step in plan)
            assert not any("ORDER BY" in step for step in plan), "nothing is sorted"
        else:
            found = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", given).scalar_one()
            plan = json.loads(found) if isinstance(found, str) else found
            (due,) = (step for step in plan[0]["Plan"]["Plans"] if step.get("Subplan Name") == "CTE due")
            assert max(rows_looked_at(due)) < WAITING / 10
        connection.rollback()
