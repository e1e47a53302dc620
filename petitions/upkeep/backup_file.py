"""The backup file: gzip of JSON lines that either database can be restored from.

    {"format": "petitions-backup", "version": 1, "made_at": …, "revision": "0003", "erasures": 12}
    {"table": "petitions", "columns": ["id", "state", …]}
    [1, "open", …]                                             a row; moments in ISO 8601, bytes in base64
    …
    {"rows": {"petitions": 1, …}, "sha256": …}                 over every byte before this line

Sealed values stand in it as they are in the database; the keys do not.
"""

from __future__ import annotations

import binascii
import hashlib
import io
import json
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import Enum
from gzip import GzipFile
from pathlib import Path
from typing import IO, Any

FORMAT = "petitions-backup"
VERSION = 1
#: How the line of a row begins.
ROW = b"["

Header = dict[str, Any]


class Damaged(Exception):
    """The file is no backup, was altered, or is cut off. The message is a sentence about it."""


#: Most of a backup is sealed or hashed, which nothing makes smaller: more effort costs time and saves little.
EFFORT = 2


def stored_value(value: Any) -> Any:
    """A column's value as JSON has it, where JSON has not the same. Raises `TypeError` for one that it cannot have."""
    if isinstance(value, bytes):
        return binascii.b2a_base64(value, newline=False).decode()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a backup cannot hold a {type(value).__name__}")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=stored_value)


class Writer:
    """Writes one file, table after table."""

    def __init__(self, stream: GzipFile, header: Header) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.rows: Counter[str] = Counter()
        self._table = ""
        self._line({"format": FORMAT, "version": VERSION, **header})

    def table(self, name: str, columns: list[str]) -> None:
        """Begin a table."""
        self._table = name
        self.rows[name] = 0
        self._line({"table": name, "columns": columns})

    def row(self, values: list[Any]) -> None:
        """Add a row to the table begun last."""
        self.rows[self._table] += 1
        self._line(values)

    def finish(self) -> None:
        """Write the last line: what must be in the file, and its hash."""
        self._line({"rows": self.rows, "sha256": self._digest.hexdigest()})

    def _line(self, content: Any) -> None:
        line = _ENCODER.encode(content).encode() + b"\n"
        self._digest.update(line)
        self._stream.write(line)


@contextmanager
def writing(path: Path, header: Header) -> Iterator[Writer]:
    """A writer whose file appears under its name when it is whole and on the disk, readable by its owner alone."""
    descriptor, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with GzipFile(fileobj=file, mode="wb", filename="", compresslevel=EFFORT) as stream:
                writer = Writer(stream, header)
                yield writer
                writer.finish()
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        os.unlink(partial)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Reader:
    """Reads one file from its beginning, as often as asked; `check` tells whether it may be believed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def check(self) -> Header:
        """Read it through. Returns its first line. Raises `Damaged`."""
        for _ in self._proved(lambda used: None):
            pass
        return self.header

    @property
    def header(self) -> Header:
        """The first line. Raises `Damaged` where the file is no backup, or one of a later version of the service."""
        line = next(self._raw(), b"")
        header = _parsed(line)
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            raise Damaged("This is no backup of this service.")
        if header.get("version") != VERSION:
            raise Damaged("This backup was made by another version of the service. Restore it with that one.")
        return header

    def lines(self, further: Callable[[int], None] = lambda used: None) -> Iterator[Any]:
        """Every line between the first and the last, parsed. `further` is told of the file's bytes as they are used.

        Raises `Damaged` at the end where the file is not what was written: nothing may be kept then.
        """
        return map(_parsed, self._proved(further))

    def _proved(self, further: Callable[[int], None]) -> Iterator[bytes]:
        """The lines as they stand. Those of rows are counted, and the hash speaks for what is in them."""
        digest, rows, table, last, used = hashlib.sha256(), Counter[str](), "", None, 0
        for number, line in enumerate(self._raw()):
            if last is not None:
                raise Damaged("This backup was altered: something stands after its end.")
            if line.startswith(ROW):
                rows[table] += 1
            else:
                content = _parsed(line)
                if isinstance(content, dict) and "sha256" in content:
                    last = content
                    continue
                if isinstance(content, dict) and "table" in content:
                    table = content["table"]
                    rows[table] += 0
            digest.update(line)
            if number:
                yield line
            position = self._file.tell()
            further(position - used)
            used = position
        if last is None:
            raise Damaged("This backup is cut off: its end is missing.")
        if (last.get("sha256"), last.get("rows")) != (digest.hexdigest(), dict(rows)):
            raise Damaged("This backup was altered since it was made.")

    def _raw(self) -> Iterator[bytes]:
        self._file.seek(0)
        try:
            with GzipFile(fileobj=self._file, mode="rb") as stream, io.BufferedReader(stream) as lines:
                yield from lines
        except EOFError as cut:
            raise Damaged("This backup is cut off: its end is missing.") from cut
        except (OSError, zlib.error) as wrong:
            raise Damaged("This file is damaged, or no backup of this service.") from wrong


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError as wrong:
        raise Damaged("This backup was altered since it was made.") from wrong
