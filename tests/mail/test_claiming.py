"""However much waits, a batch is taken from its front, what is most urgent, and marked, without a look at the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import claiming, delivery, marking, outbox, transport
from petitions.models import Signature
from tests import build
from tests.mail.outboxes import forget_mails, queue, queue_many, run_until_quiet, waiting_signature
from tests.smtp import SmtpServer

WAITING = 4_000


@transactional
def a_long_queue() -> None:
    """Thousands of news, and three confirmations that came last."""
    petition = build.open_petition()
    signer = build.signature(petition, wants_updates=True)
    forget_mails()
    queue_many([signer], "other_business", outbox.BULK, 0, WAITING)
    queue_many([signer], "confirm_signature", outbox.CONFIRMATION, WAITING, 3)


Asked = list[tuple[str, Any]]


@contextmanager
def noting(found: Asked) -> Iterator[None]:
    """Note what the database is asked where something is written."""

    def listen(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_more: Any) -> None:
        if sql.startswith(("UPDATE", "WITH")):
            found.append((sql, tuple(parameters) if isinstance(parameters, list) else parameters))

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)


def measure() -> None:
    """Let the database know how large its tables are, as it does by itself after a while."""
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def plan_of(connection: Connection, sql: str, given: Any) -> dict[str, Any]:
    """How PostgreSQL carries a statement out."""
    found = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", given).scalar_one()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def rows_looked_at(plan: dict[str, Any]) -> Iterator[int]:
    """The rows that each step of a plan of PostgreSQL went through."""
    yield (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    for step in plan.get("Plans", ()):
        yield from rows_looked_at(step)


def test_confirmations_come_first_and_what_else_waits_is_not_looked_at(app: Flask) -> None:
    a_long_queue()
    measure()
    found: Asked = []
    with noting(found):
        claimed = claiming.claim()
    assert [mail.priority for mail in claimed][:4] == [outbox.CONFIRMATION] * 3 + [outbox.BULK]
    ((sql, given),) = found
    db.session.rollback()
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
            assert any("ix_mails_due" in step for step in plan)
            assert not any("ORDER BY" in step for step in plan), "nothing is sorted"
        else:
            (due,) = (
                step
                for step in plan_of(connection, sql, given)["Plans"]
                if step.get("Subplan Name") == "CTE due"
            )
            assert max(rows_looked_at(due)) < WAITING / 10
        connection.rollback()


@pytest.mark.database("postgresql")
def test_a_few_are_marked_without_a_look_at_all_there_are(app: Flask) -> None:
    a_long_queue()
    signers = [each.id for each in db.session.execute(db.select(Signature)).scalars()]
    measure()
    found: Asked = []
    with noting(found):
        marking.accepted({number + 1: signers[0] for number in range(10)})
    assert len(found) == 2, "the links and the mails"
    with db.engine.connect() as connection:
        for sql, given in found:
            assert max(rows_looked_at(plan_of(connection, sql, given))) <= 100, sql
        connection.rollback()


@pytest.mark.database("postgresql")
def test_nothing_is_rolled_back_while_confirmations_leave(app: Flask, smtp: SmtpServer) -> None:
    """The driver forgets every statement that it has prepared when it is told to."""
    signature = waiting_signature()
    for number in range(3):
        queue(signature, number)
    db.session.rollback()
    rolled_back: list[object] = []

    def note(connection: object) -> None:
        rolled_back.append(connection)

    event.listen(db.engine, "rollback", note)
    run_until_quiet()
    event.remove(db.engine, "rollback", note)
    assert len(smtp.messages) == 3
    assert rolled_back == []


def test_no_transaction_stays_open_over_the_conversation_with_the_mail_server(
    app: Flask, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be long, and what is open meanwhile keeps the database from clearing up."""
    signature = waiting_signature()
    for number in range(3):
        queue(signature, number)
    db.session.rollback()
    open_while_sending: list[bool] = []
    send = transport.SafeConnection.send

    def look_and_send(self: transport.SafeConnection, *given: Any) -> None:
        open_while_sending.append(db.session().in_transaction())
        send(self, *given)

    monkeypatch.setattr(transport.SafeConnection, "send", look_and_send)
    delivery.deliver()
    assert open_while_sending == [False, False, False]
