"""Rows as backups had them in the first version of the file, a list of JSON each, turned into the lines of today's."""

from __future__ import annotations

import binascii
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import JSON, Boolean, LargeBinary, Table

from petitions.upkeep.backup_file import NOTHING

#: What ends a value or a line, or begins an escape there.
_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def turned(portions: Iterable[list[bytes]], table: Table, columns: Iterable[str]) -> Iterator[list[bytes]]:
    """Rows of `columns`, many at a time. Raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` for what is no such row."""
    ways = [_way(table.c[name].type) for name in columns]
    for rows in portions:
        yield [_line(json.loads(row), ways) for row in rows]


def _line(row: list[Any], ways: list[Callable[[Any], str]]) -> bytes:
    values = (NOTHING if value is None else way(value) for value, way in zip(row, ways, strict=True))
    return ("\t".join(values) + "\n").encode()


def _way(kind: Any) -> Callable[[Any], str]:
    return next(way for type_, way in WAYS if isinstance(kind, type_))


def _text(value: Any) -> str:
    return str(value).translate(_ESCAPED)


#: What a value becomes, by the kind of its column.
WAYS: tuple[tuple[type[Any], Callable[[Any], str]], ...] = (
    (LargeBinary, lambda value: r"\\x" + binascii.a2b_base64(value).hex()),
    (JSON, lambda value: _text(json.dumps(value, ensure_ascii=False))),
    (Boolean, {True: "t", False: "f"}.__getitem__),
    (object, _text),
)
