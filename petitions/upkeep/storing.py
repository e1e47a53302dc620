"""Rows of a backup into a table, the fastest way that each database has: `COPY` on PostgreSQL, which takes the lines as they stand in
the file; one prepared INSERT on SQLite.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Integer, LargeBinary, Table
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from petitions.database import UTCDateTime
from petitions.upkeep.backup_file import NOTHING, Damaged

Way = Callable[[str], Any]
#: How long a moment is that is written with all its microseconds, as nearly all are: it only loses its zone.
WHOLE = len("2026-06-01 12:30:00.000000+00")
#: Every other character that stands behind a backslash stands for itself.
ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def store(
    table: Table, columns: Sequence[str], portions: Iterable[list[bytes]], connection: Connection
) -> int:
    """Store lines with the values of `columns`, many at a time. Returns how many. Raises `Damaged` where one does not fit."""
    quote = connection.dialect.identifier_preparer.quote
    into = f"{quote(table.name)} ({', '.join(map(quote, columns))})"
    try:
        if connection.dialect.name == "sqlite":
            return _insert(into, [_way(table.c[name].type) for name in columns], portions, connection)
        return _copy(into, portions, connection)
    except (ValueError, TypeError, KeyError, DataError, IntegrityError) as wrong:
        raise Damaged(f"a row of {table.name} cannot be read.") from wrong


def _insert(into: str, ways: list[Way], portions: Iterable[list[bytes]], connection: Connection) -> int:
    statement = f"INSERT INTO {into} VALUES ({', '.join('?' * len(ways))})"  # noqa: S608 - names of our own tables
    number = 0
    for lines in filter(None, portions):
        connection.exec_driver_sql(statement, [_values(line, ways) for line in lines])
        number += len(lines)
    return number


def _values(line: bytes, ways: list[Way]) -> tuple[Any, ...]:
    values = line[:-1].decode().split("\t")
    return tuple(None if value == NOTHING else way(value) for value, way in zip(values, ways, strict=True))


def _copy(into: str, portions: Iterable[list[bytes]], connection: Connection) -> int:
    raw: Any = connection.connection.dbapi_connection
    statement, error, number = f"COPY {into} FROM STDIN (ENCODING 'UTF8')", raw_error(connection), 0
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as stream:
            for lines in portions:
                stream.write(b"".join(lines))
                number += len(lines)
    except error as problem:
        raise DBAPIError.instance(statement, None, problem, error, dialect=connection.dialect) from problem
    return number


def raw_error(connection: Connection) -> type[Exception]:
    """What the driver raises."""
    found: type[Exception] = connection.dialect.loaded_dbapi.Error
    return found


def _bytes(value: str) -> bytes:
    return bytes.fromhex(value.removeprefix(r"\\x"))


def _moment(value: str) -> str:
    """As SQLite keeps moments: in UTC, without saying so, always with microseconds."""
    moment = datetime.fromisoformat(value)
    if len(value) == WHOLE and value.endswith("+00"):
        return value[:-3]
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _day(value: str) -> str:
    return date.fromisoformat(value).isoformat()


def _text(value: str) -> str:
    if "\\" not in value:
        return value
    return re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), value)


#: What SQLite is given, by the kind of the column.
SQLITE: tuple[tuple[type[Any], Way], ...] = (
    (LargeBinary, _bytes),
    (UTCDateTime, _moment),
    (Boolean, {"t": 1, "f": 0}.__getitem__),
    (Integer, int),
    (Date, _day),
    (object, _text),
)


def _way(kind: Any) -> Way:
    return next(way for type_, way in SQLITE if isinstance(kind, type_))
