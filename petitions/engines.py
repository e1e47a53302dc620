"""The connections: one engine that writes, and one from which public pages read.

On SQLite a unit of work begins with `BEGIN IMMEDIATE`, so that two writers wait for each other instead of failing half way,
and reading never takes the write lock.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from contextvars import ContextVar
from time import monotonic, sleep
from typing import Any

from flask import has_request_context, request
from flask_sqlalchemy.session import Session
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DisconnectionError

from petitions import changes, replica

Engines = Mapping[str | None, Engine]

#: How many units of work are nested at this point: 0 outside any.
depth: ContextVar[int] = ContextVar("unit_of_work_depth", default=0)

#: Whether the units of work that begin now need not be on the disk when they end: see `database.need_not_last`.
hurried: ContextVar[bool] = ContextVar("hurried", default=False)

#: The names of the engines for reading: of the database itself, and of its replica.
READING, REPLICA = "reading", "replica"
#: Where staff and machines look: in transactions of the database itself, and the figures with a limit of time.
NOT_PUBLIC = ("/staff", "/metrics")
SQLITE_BUSY_MILLISECONDS = 15_000
#: Who waits to write looks again after so many seconds, by chance.
BETWEEN_LOOKS = (0.001, 0.003)
#: SQLite's codes say in their last byte what is wrong, before it why.
PRIMARY_CODE = 0xFF
#: A connection to SQLite learns how large tables are when it is opened (`upkeep/measuring_tables.py`): none is older, in seconds.
SQLITE_RECYCLED = 3_600
#: What public pages read lies in memory, where a page out of turn costs little more than the next one; to look for a word in
#: a long text costs much more than to compare numbers; no query takes as long as compiling it would. PostgreSQL's own figures
#: are for turning disks and short values: by them a word that many petitions have is looked for in all texts, not in the index.
PLANNED_FOR = ("random_page_cost = 1.1", "cpu_operator_cost = 0.01", "jit = off")
#: A connection that lay idle for longer, in seconds, is asked whether it is still there before it is used.
IDLE = 2.0


def reader(engines: Engines) -> Engine:
    """From where public pages read, in autocommit: no BEGIN, no ROLLBACK, no lock, and nothing can be written.

    It has connections of its own to the same database, or to its replica, for whoever need not see what they have just done.
    """
    if REPLICA in engines and looks_only() and replica.is_chosen():
        return engines[REPLICA]
    return engines.get(READING) or engines[None]


def looks_only() -> bool:
    """Whether this is a GET of a public page: it writes nothing, and each of its statements may see a moment of its own."""
    return (
        has_request_context()
        and request.method in {"GET", "HEAD"}
        and not request.path.startswith(NOT_PUBLIC)
    )


class RoutedSession(Session):
    """Sends what public pages ask to the engine for reading, and everything else to the one that also writes."""

    _at_hand: Connection | None = None

    def at_hand(self) -> Connection:
        """The connection of the unit of work at hand. `connection` looks for it anew, which takes as long as a short question."""
        if self._at_hand is None or self._at_hand.closed:
            self._at_hand = self.connection()
        return self._at_hand

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **more: Any) -> Any:
        """The engine for one statement."""
        if bind is None and not depth.get() and looks_only():
            return reader(self._db.engines)
        return super().get_bind(mapper=mapper, clause=clause, bind=bind, **more)


def options(url: str) -> dict[str, Any]:
    """How an engine is made, besides its URL. What a failing statement was about to store stays out of the log."""
    always: dict[str, Any] = {"hide_parameters": True}
    return always | {"pool_recycle": SQLITE_RECYCLED} if url.startswith("sqlite") else always


def reading_options(url: str, **further: Any) -> dict[str, Any]:
    """How the engine for reading is made."""
    if not url.startswith("sqlite"):
        further["isolation_level"] = "AUTOCOMMIT"
    return {"url": url, "pool_reset_on_return": None, **options(url), **further}


def prepare(engines: Engines) -> None:
    """Give SQLite its pragmas and its way of beginning, see to it that connections are alive, let readers only read."""
    for name, engine in engines.items():
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            event.listen(engine, "connect", _on_connect)
        else:
            event.listen(engine, "checkin", _on_return)
            event.listen(engine, "checkout", _on_use)
        if name is None:
            changes.watch(engine)
        if name in {READING, REPLICA}:
            event.listen(engine, "connect", _read_only_sqlite if is_sqlite else _read_only)
        elif is_sqlite:
            event.listen(engine, "begin", _on_begin)
        elif name is None:
            event.listen(engine, "begin", _on_begin_on_postgresql)


def _on_connect(connection: Any, _record: object) -> None:
    """Durable (`synchronous=FULL`: an acknowledged signature survives a power cut), readers beside one writer, keys checked."""
    connection.isolation_level = None
    _tell(
        connection,
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        f"PRAGMA busy_timeout={SQLITE_BUSY_MILLISECONDS}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA secure_delete=ON",
    )


def _read_only_sqlite(connection: Any, _record: object) -> None:
    _tell(connection, "PRAGMA query_only=ON")


def _read_only(connection: Any, _record: object) -> None:
    # In this zone, by this name, the driver need not turn moments into another.
    own = ("default_transaction_read_only = on", "TimeZone = 'UTC'", *PLANNED_FOR)
    _tell(connection, *(f"SET {each}" for each in own))


def _tell(connection: Any, *statements: str) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()


def _on_begin_on_postgresql(connection: Connection) -> None:
    if hurried.get():
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def _on_begin(connection: Connection) -> None:
    wanted = "NORMAL" if hurried.get() else "FULL"
    if connection.info.get("synchronous", "FULL") != wanted:
        connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
        connection.info["synchronous"] = wanted
    if depth.get():
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Wait for the lock of the one who writes, and take it.

    SQLite's own waiting looks again after 1, 2, 5, 10 … 100 ms: who has waited longest looks least often, while the lock lies
    free between two looks, and while others come and take it at once. Here all who wait look equally often.
    """
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        if not _took_lock(cursor):
            # Says what is wrong as SQLAlchemy would.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MILLISECONDS}")
        cursor.close()


def _took_lock(cursor: Any) -> bool:
    end = monotonic() + SQLITE_BUSY_MILLISECONDS / 1000
    while monotonic() < end:
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_BUSY:
                return False
            sleep(random.uniform(*BETWEEN_LOOKS))  # noqa: S311 - chance, not a secret
        else:
            return True
    return False


def _on_return(_connection: object, record: Any) -> None:
    record.info["idle_since"] = monotonic()


def _on_use(connection: Any, record: Any, _proxy: object) -> None:
    """Asking before every use would be one more question for every page. A server that was started anew meanwhile shows in
    the first statement; then all its connections are made anew."""
    if monotonic() - record.info.get("idle_since", monotonic()) <= IDLE:
        return
    try:
        _tell(connection, "SELECT 1")
        connection.rollback()
    except Exception as gone:
        raise DisconnectionError from gone
