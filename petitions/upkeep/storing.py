"""Rows of a backup into a table, the fastest way that each database has: `COPY` on PostgreSQL, one prepared INSERT on SQLite.

The values stand in the file as JSON has them; here they become what the driver wants, without a detour over the models' types.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, LargeBinary, Table
from sqlalchemy.exc import DBAPIError

from petitions.database import UTCDateTime
from petitions.upkeep.backup_file import Damaged

Row = list[Any]
Way = Callable[[Any], Any]
#: What ends a value or a line of COPY's text format, or begins an escape there.
_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
NOTHING = "\\N"
#: Where the fraction of a second begins in a moment that is written in ISO 8601.
_FRACTION = 19


def into(table: Table, columns: Sequence[str], connection: Connection) -> Callable[[list[Row]], None]:
    """What stores rows, given as the file has them, in the order of `columns`. It raises `Damaged` where one does not fit."""
    is_sqlite = connection.dialect.name == "sqlite"
    known = SQLITE if is_sqlite else POSTGRESQL
    ways = [_way(known, table.c[name].type) for name in columns]
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(map(quote, columns))
    name = quote(table.name)
    marks = ", ".join("?" * len(columns))
    store = (
        _inserting(f"INSERT INTO {name} ({names}) VALUES ({marks})", connection)  # noqa: S608 - names of our own tables
        if is_sqlite
        else _copying(f"COPY {name} ({names}) FROM STDIN", connection)
    )

    def store_all(rows: list[Row]) -> None:
        try:
            store([_turned(row, ways) for row in rows])
        except (ValueError, TypeError, KeyError) as wrong:
            raise Damaged(f"a row of {table.name} cannot be read") from wrong

    return store_all


def _turned(row: Row, ways: list[Way | None]) -> Row:
    return [
        value if value is None or way is None else way(value) for value, way in zip(row, ways, strict=True)
    ]


def _inserting(statement: str, connection: Connection) -> Callable[[list[Row]], None]:
    def insert(rows: list[Row]) -> None:
        connection.exec_driver_sql(statement, [tuple(row) for row in rows])

    return insert


def _copying(statement: str, connection: Connection) -> Callable[[list[Row]], None]:
    raw: Any = connection.connection.dbapi_connection

    def copy(rows: list[Row]) -> None:
        lines = ("\t".join(NOTHING if value is None else value for value in row) for row in rows)
        try:
            with raw.cursor() as cursor, cursor.copy(statement) as stream:
                stream.write("".join(f"{line}\n" for line in lines))
        except raw_error(connection) as problem:
            raise DBAPIError.instance(
                statement, None, problem, raw_error(connection), dialect=connection.dialect
            ) from problem

    return copy


def raw_error(connection: Connection) -> type[Exception]:
    """What the driver raises."""
    found: type[Exception] = connection.dialect.loaded_dbapi.Error
    return found


def _bytes(value: str) -> bytes:
    return binascii.a2b_base64(value)


def _moment_of_sqlite(value: str) -> str:
    if len(datetime.fromisoformat(value).isoformat()) < _FRACTION or not value.endswith("+00:00"):
        raise ValueError("not a moment in UTC")
    fraction = value[_FRACTION + 1 : -6] if value[_FRACTION] == "." else ""
    return f"{value[:10]} {value[11:_FRACTION]}.{fraction:0<6}"


def _text(value: Any) -> str:
    return str(value).translate(_ESCAPED)


def _moment(value: str) -> str:
    datetime.fromisoformat(value)
    return value


def _day(value: str) -> str:
    date.fromisoformat(value)
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


#: For each kind of column what a value becomes; any other stays as it is.
SQLITE: dict[type[Any], Way] = {
    UTCDateTime: _moment_of_sqlite,
    Date: _day,
    LargeBinary: _bytes,
    JSON: _json,
    Boolean: {True: 1, False: 0}.__getitem__,
}
POSTGRESQL: dict[type[Any], Way] = {
    UTCDateTime: _moment,
    Date: _day,
    LargeBinary: lambda value: "\\\\x" + _bytes(value).hex(),
    JSON: lambda value: _json(value).translate(_ESCAPED),
    Boolean: {True: "t", False: "f"}.__getitem__,
    object: _text,
}


def _way(known: dict[type[Any], Way], kind: Any) -> Way | None:
    return next((way for type_, way in known.items() if isinstance(kind, type_)), None)
