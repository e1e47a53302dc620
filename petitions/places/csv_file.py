"""Reads tables that others made: comma, semicolon, tab or bar between the cells, plain or gzip, in whatever encoding.

Line by line, so that a file of millions of lines takes no more memory than a small one.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from petitions.places.hexjson import Unreadable

DELIMITERS = ",;\t|"
GZIP = b"\x1f\x8b"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
#: The longest cell that is read: what is longer is no cell but a quote that was never closed.
LONGEST_CELL = 100_000
#: Lines between two reports of how far it is.
AT_ONCE = 5000


def rows(
    path: Path, wanted: Sequence[str], needed: int, further: Callable[[int], None] = lambda used: None
) -> Iterator[tuple[int, list[str]]]:
    """Each line's number and its cells in the order of `wanted`, trimmed; what a line or the file lacks is empty.

    The first `needed` of the columns must be there, found by their names in the first line, in capitals or not.
    `further` is told of bytes. Raises `Unreadable`.
    """
    with path.open("rb") as raw:
        text = io.TextIOWrapper(_unpacked(raw), encoding=_encoding(path), errors="replace", newline="")
        try:
            yield from _cells(path, text, list(wanted), needed, _Progress(raw, further))
        except (csv.Error, EOFError, OSError, UnicodeError):
            raise Unreadable(f"{path.name} is not a whole table (CSV, plain or gzip).") from None


class _Progress:
    """Tells how many bytes were read since it told last."""

    def __init__(self, raw: BinaryIO, further: Callable[[int], None]) -> None:
        self._raw, self._further, self._told = raw, further, 0

    def tell(self) -> None:
        at = self._raw.tell()
        self._further(at - self._told)
        self._told = at


def _unpacked(raw: BinaryIO) -> BinaryIO:
    packed = raw.read(2) == GZIP
    raw.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw


def _encoding(path: Path) -> str:
    """UTF-8, or UTF-16 where the file says so. In any other the letters that matter are those of ASCII."""
    with path.open("rb") as raw:
        return "utf-16" if _unpacked(raw).read(2) in UTF_16 else "utf-8-sig"


def _cells(
    path: Path, text: io.TextIOWrapper, wanted: list[str], needed: int, progress: _Progress
) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    first = text.readline()
    delimiter = max(DELIMITERS, key=first.count)
    names = [name.strip().casefold() for name in next(csv.reader([first], delimiter=delimiter), [])]
    missing = [name for name in wanted[:needed] if name.casefold() not in names]
    if missing:
        listed = ", ".join(f"“{name}”" for name in missing)
        raise Unreadable(f"{path.name} needs the columns {listed} in its first line.")
    at = [names.index(name.casefold()) if name.casefold() in names else len(names) for name in wanted]
    furthest = max(at)
    reader = csv.reader(text, delimiter=delimiter)
    for row in reader:
        if len(row) <= furthest:
            row += [""] * (furthest + 1 - len(row))
        yield reader.line_num + 1, [row[index].strip() for index in at]
        if not reader.line_num % AT_ONCE:
            progress.tell()
    progress.tell()
