r"""The backup file: gzip of lines that either database can be restored from.

    {"format": "petitions-backup", "version": 2, "made_at": …, "revision": "0003", "erasures": 12}
    {"table": "petitions", "columns": ["id", "state", …]}
    1	open	…           a row as PostgreSQL's COPY writes it: tabs between, \N for nothing, moments in UTC, bytes in hex after \\x
    …
    \.                  the table's end
    …
    {"rows": {"petitions": 1, …}, "sha256": …}                 over every byte before this line

Sealed values stand in it as they are in the database; the keys do not. Version 1 had rows of JSON (`first_format`).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import GzipFile
from itertools import takewhile
from pathlib import Path
from typing import IO, Any

FORMAT = "petitions-backup"
VERSION, FIRST_VERSION = 2, 1
#: What stands in a row for a column without a value, and on the line after a table's last row.
NOTHING, END = r"\N", b"\\.\n"
#: How the line of a row began in the first version.
FIRST_ROW = b"["
#: Most of a backup is sealed or hashed, which nothing makes smaller: more effort costs time and saves little.
EFFORT = 1
#: Bytes that are read at once, about.
AT_ONCE = 256 * 1024

Header = dict[str, Any]

ALTERED = "This backup was altered since it was made."
CUT_OFF = "This backup is cut off, or something stands after its end."


class Damaged(Exception):
    """The file is no backup, was altered, or is cut off. The message is a sentence about it."""


@dataclass(frozen=True)
class Head:
    """How a table begins."""

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Portion:
    """Some rows of a table, as their lines stand in the file. A table without rows has one that is empty."""

    head: Head
    lines: list[bytes]


class Writer:
    """Writes one file, table after table."""

    def __init__(self, stream: GzipFile, header: Header) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.rows: Counter[str] = Counter()
        self._put(_line({"format": FORMAT, "version": VERSION, **header}))

    @contextmanager
    def table(self, name: str, columns: list[str]) -> Iterator[Callable[[list[bytes]], None]]:
        """Write a table. Gives what adds rows to it, each a line."""
        self._put(_line({"table": name, "columns": columns}))
        self.rows[name] = 0

        def add(lines: list[bytes]) -> None:
            self._put(b"".join(lines))
            self.rows[name] += len(lines)

        yield add
        self._put(END)

    def finish(self) -> None:
        """Write the last line: what must be in the file, and its hash."""
        self._put(_line({"rows": self.rows, "sha256": self._digest.hexdigest()}))

    def _put(self, content: bytes) -> None:
        self._digest.update(content)
        self._stream.write(content)


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


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
        for _ in self.portions():
            pass
        return self.header

    @property
    def header(self) -> Header:
        """The first line. Raises `Damaged` where the file is no backup, or one of a later version of the service."""
        header = _said(next(self._blocks(), [b""])[0])
        if header.get("format") != FORMAT:
            raise Damaged("This is no backup of this service.")
        if header.get("version") not in {VERSION, FIRST_VERSION}:
            raise Damaged("This backup was made by another version of the service. Restore it with that one.")
        return header

    def portions(self, further: Callable[[int], None] = lambda used: None) -> Iterator[Portion]:
        """All rows, table after table. `further` is told of the file's bytes as they are used.

        Raises `Damaged` at the end where the file is not what was written: nothing may be kept then.
        """
        rows_in = _rows_in_first_version if self.header["version"] == FIRST_VERSION else _rows_in
        rows, head = Counter[str](), None
        for lines in self._proved(rows, further):
            while lines:
                if head is None:
                    head, lines = _head(lines[0]), lines[1:]
                its_rows, lines, is_over = rows_in(lines)
                rows[head.table] += len(its_rows)
                yield Portion(head, its_rows)
                if is_over:
                    head = None

    def _proved(self, rows: Counter[str], further: Callable[[int], None]) -> Iterator[list[bytes]]:
        """The lines between the first and the last, many at once. In the end `rows` must be what the last one says."""
        digest, kept, used = hashlib.sha256(), list[bytes](), 0
        for number, block in enumerate(self._blocks()):
            *lines, last = [*kept, *block]
            kept = [last]
            digest.update(b"".join(lines))
            yield lines if number else lines[1:]
            position = self._file.tell()
            further(position - used)
            used = position
        end = _said(*kept)
        if "sha256" not in end:
            raise Damaged(CUT_OFF)
        if (end["sha256"], end.get("rows")) != (digest.hexdigest(), dict(rows)):
            raise Damaged(ALTERED)

    def _blocks(self) -> Iterator[list[bytes]]:
        self._file.seek(0)
        try:
            with (
                GzipFile(fileobj=self._file, mode="rb") as stream,
                io.BufferedReader(stream, AT_ONCE) as lines,
            ):
                while block := lines.readlines(AT_ONCE):
                    yield block
        except EOFError as cut:
            raise Damaged(CUT_OFF) from cut
        except (OSError, zlib.error) as wrong:
            raise Damaged("This file is damaged, or no backup of this service.") from wrong


def _said(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError as wrong:
        raise Damaged(ALTERED) from wrong
    if not isinstance(said, dict):
        raise Damaged(ALTERED)
    return said


def _head(line: bytes) -> Head:
    said = _said(line)
    try:
        return Head(said["table"], tuple(said["columns"]))
    except KeyError as wrong:
        raise Damaged(ALTERED) from wrong


def _rows_in(lines: list[bytes]) -> tuple[list[bytes], list[bytes], bool]:
    """The rows of the table at hand, what stands after them, and whether they are over."""
    if END not in lines:
        return lines, [], False
    end = lines.index(END)
    return lines[:end], lines[end + 1 :], True


def _rows_in_first_version(lines: list[bytes]) -> tuple[list[bytes], list[bytes], bool]:
    """There a table had no end: whatever was no row began the next."""
    rows = list(takewhile(lambda line: line.startswith(FIRST_ROW), lines))
    return rows, lines[len(rows) :], len(rows) < len(lines)
