"""Tables without their indexes, and on PostgreSQL without their foreign keys, for as long as rows are stored by the million: each is
built or proved once, at the end, in a fraction of the time that keeping it true row by row takes.

All in the caller's transaction: where anything goes wrong they are as they were, and nobody else ever saw them bare. On PostgreSQL
it needs the owner of the tables; for any other role they stay as they are. SQLite cannot take a foreign key off.
"""

from __future__ import annotations

import json
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
INDEXES_OF_SQLITE = """
SELECT name, sql AS definition FROM sqlite_master
WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(:tables)) ORDER BY name
"""
IS_OWNER = """
SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(:tables)
"""


@contextmanager
def bare(connection: Connection, tables: Iterable[str]) -> Iterator[None]:
    """Take indexes and foreign keys off for the length of the block."""
    if connection.dialect.name == "sqlite":
        with _without(connection, INDEXES_OF_SQLITE, json.dumps([*tables])):
            yield
        return
    named = [*tables]
    if not connection.execute(text(IS_OWNER), {"tables": named}).scalar_one():
        yield
        return
    keys = connection.execute(text(FOREIGN_KEYS), {"tables": named}).all()
    for key in keys:
        connection.exec_driver_sql(f'ALTER TABLE {key.table} DROP CONSTRAINT "{key.name}"')
    with _without(connection, INDEXES, named):
        yield
    for key in keys:
        connection.exec_driver_sql(f'ALTER TABLE {key.table} ADD CONSTRAINT "{key.name}" {key.definition}')
    # The next questions are asked of tables that are new to the database.
    connection.exec_driver_sql("ANALYZE")


@contextmanager
def _without(connection: Connection, query: str, tables: str | list[str]) -> Iterator[None]:
    """Take off the indexes that are no constraint's."""
    indexes = connection.execute(text(query), {"tables": tables}).all()
    for index in indexes:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    yield
    for index in indexes:
        connection.exec_driver_sql(index.definition)
