"""How figures are written for programs and tables of others, and what stands beside the data, the same in every document."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from petitions.extensions import settings

#: A cell that begins so is taken for a formula by programs that open tables.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def register(app: Flask) -> None:
    """Write JSON as the UK's API does: keys in the order of the document, every script as it is, UTF-8."""
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.sort_keys = False
    app.json.ensure_ascii = False
    app.json.mimetype = "application/json; charset=utf-8"


def moment(value: datetime) -> str:
    """2016-01-31T12:00:00.000Z: how the API writes a moment."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_or_none(value: datetime | None) -> str | None:
    """As `moment`, where there is one."""
    return moment(value) if value is not None else None


def day_or_none(value: date | None) -> str | None:
    """2016-01-31, where there is one."""
    return value.isoformat() if value is not None else None


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV (RFC 4180). Words that a program would take for a formula get an apostrophe before them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(cells(row))
    return text.getvalue()


def quoted_line(quoted: Sequence[object], plain: Sequence[object]) -> str:
    """A line of the UK's CSVs: the first cells always in quotes, the others (numbers) as they are.

    What a program would take for the beginning of a formula becomes its percent sign and number, as there: `%3D1+1`.
    """
    cells = [f'"{_percent_first(str(value)).replace(chr(34), chr(34) * 2)}"' for value in quoted]
    return ",".join([*cells, *map(str, plain)]) + "\r\n"


def _percent_first(text: str) -> str:
    return f"%{ord(text[0]):02X}{text[1:]}" if text.startswith(_FORMULA) else text


def cells(row: Sequence[object]) -> list[object]:
    """A row as a table takes it: words that a program would take for a formula get an apostrophe before them."""
    return [_cell(value) for value in row]


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def licence() -> dict[str, str]:
    """Under which licence others may use the data, for programs."""
    return {"name": settings().data_licence, "url": settings().data_licence_url}


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
