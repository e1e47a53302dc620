"""Tables without their indexes and foreign keys for as long as rows are stored by the million: on PostgreSQL each is built or proved
once, at the end, in a fraction of the time that keeping it true row by row takes.

All in the caller's transaction: where anything goes wrong they are as they were, and nobody else ever saw them bare. It needs
the owner of the tables; for any other role they stay as they are. SQLite cannot take a foreign key off, and stays too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

FOREIGN_KEYS = """
SELECT conname AS name, conrelid::regclass::text AS "table", pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(:tables) ORDER BY 2, 1
"""
INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index WHERE indrelid::regclass::text = ANY(:tables)
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f') ORDER BY 1
"""
IS_OWNER = """
SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(:tables)
"""


@contextmanager
def bare(connection: Connection, tables: Iterable[str]) -> Iterator[None]:
    """Take indexes and foreign keys off for the length of the block."""
    named = {"tables": list(tables)}
    if connection.dialect.name != "postgresql" or not connection.execute(text(IS_OWNER), named).scalar_one():
        yield
        return
    keys = connection.execute(text(FOREIGN_KEYS), named).all()
    indexes = connection.execute(text(INDEXES), named).all()
    for key in keys:
        connection.exec_driver_sql(f'ALTER TABLE {key.table} DROP CONSTRAINT "{key.name}"')
    for index in indexes:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    yield
    for index in indexes:
        connection.exec_driver_sql(index.definition)
    for key in keys:
        connection.exec_driver_sql(f'ALTER TABLE {key.table} ADD CONSTRAINT "{key.name}" {key.definition}')
    # The next questions are asked of tables that are new to the database.
    connection.exec_driver_sql("ANALYZE")
