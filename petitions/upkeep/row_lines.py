"""Rows as the lines of a backup, the way that each database is fastest at: PostgreSQL's COPY writes them so, and SQLite puts each
together in one expression. No value passes through Python by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, Enum, Integer, LargeBinary, Table

from petitions.database import UTCDateTime
from petitions.upkeep.backup_file import NOTHING

#: Rows held in memory at once.
AT_ONCE = 1000
#: COPY writes moments in the zone of its connection.
AS_WRITTEN = """SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true),
set_config('bytea_output', 'hex', true)"""
TEXT = r"replace(replace(replace(replace({0}, '\', '\\'), char(10), '\n'), char(13), '\r'), char(9), '\t')"
#: SQLite's expression for a column that has a value, by its kind; any other is text. It keeps moments as text without their zone,
#: unless somebody else's hand wrote them.
SQLITE: tuple[tuple[type[Any] | tuple[type[Any], ...], str], ...] = (
    (LargeBinary, r"'\\x' || hex({0})"),
    (UTCDateTime, "{0} || CASE WHEN substr({0}, -6, 1) IN ('+', '-') THEN '' ELSE '+00' END"),
    (Boolean, "substr('ft', {0} + 1, 1)"),
    ((Integer, Date, Enum), "{0}"),
    (object, TEXT),
)


def portions(table: Table, connection: Connection) -> Iterator[list[bytes]]:
    """All rows in the order of their key, many at a time."""
    raw: Any = connection.connection.dbapi_connection
    quote = connection.dialect.identifier_preparer.quote
    rows = f"FROM {quote(table.name)} ORDER BY {', '.join(quote(each.name) for each in table.primary_key)}"
    if connection.dialect.name == "sqlite":
        marks = "\t".join(["%s"] * len(table.columns))
        columns = ", ".join(_written(each, quote(each.name)) for each in table.columns)
        # Half again as fast as `||` between them. It ends a text where a NUL stands, which PostgreSQL has in none, and no form lets in.
        lines = raw.execute(f"SELECT CAST(printf('{marks}\n', {columns}) AS BLOB) {rows}")
        while portion := lines.fetchmany(AT_ONCE):
            yield [line for (line,) in portion]
        return
    connection.exec_driver_sql(AS_WRITTEN)
    columns = ", ".join(quote(each.name) for each in table.columns)
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY (SELECT {columns} {rows}) TO STDOUT (ENCODING 'UTF8')") as copy,
    ):
        lines = iter(copy)
        while portion := list(islice(lines, AT_ONCE)):
            yield portion


def _written(column: Column[Any], name: str) -> str:
    way = next(way for kind, way in SQLITE if isinstance(column.type, kind)).format(name)
    return f"CASE WHEN {name} IS NULL THEN '{NOTHING}' ELSE {way} END" if column.nullable else way
