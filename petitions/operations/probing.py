"""Asking the database how it is without waiting long: whoever asks wants to hear soon that it does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from petitions.extensions import db

#: Seconds to wait for a connection, and for each answer.
PATIENCE = 2


@contextmanager
def connection() -> Iterator[Connection]:
    """A connection that only reads. Raises `sqlalchemy.exc.DBAPIError` where the database does not answer in time.

    On PostgreSQL one of its own: those of the pool may all be stuck. A reader of SQLite waits for nobody.
    """
    if db.engine.dialect.name != "postgresql":
        with db.engine.connect() as found:
            yield found
        return
    patience = {"connect_timeout": PATIENCE, "tcp_user_timeout": PATIENCE * 1000}
    engine = create_engine(db.engine.url, poolclass=NullPool, connect_args=patience, hide_parameters=True)
    with engine.connect() as found:
        found.execute(text(f"SET LOCAL statement_timeout = {PATIENCE * 1000}"))
        found.execute(text("SET TRANSACTION READ ONLY"))
        yield found


def why(problem: DBAPIError) -> str:
    """Why a database does not answer, for operators: the first line of what its driver says, without the statement."""
    lines = str(problem.orig).splitlines()
    return lines[0].rstrip(". ") if lines else type(problem.orig).__name__
