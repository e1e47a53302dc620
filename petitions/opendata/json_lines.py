"""Files of JSON lines, plain or compressed with gzip, read one line at a time."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from petitions.opendata.fields import Broken, Fields

GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Unreadable(Exception):
    """The file itself is damaged. The message is a sentence that says after which line."""


def numbered_lines(path: Path, further: Callable[[int], None]) -> Iterator[tuple[int, bytes]]:
    """Every line that is not blank, with its number from 1. `further` is told of the file's bytes as they are used.

    Raises `Unreadable` where a compressed file is damaged or ends too early; all lines before that came out.
    """
    with path.open("rb") as file:
        is_compressed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        file.seek(0)
        used = number = 0
        try:
            for number, line in enumerate(gzip.GzipFile(fileobj=file) if is_compressed else file, 1):
                if line.strip():
                    yield number, line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line
                further(file.tell() - used)
                used = file.tell()
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise Unreadable(
                f"{path.name} is damaged or cut short after line {number}; get it anew and start again."
            ) from None


def parse(line: bytes) -> Fields:
    """The object on one line. Raises `Broken`."""
    try:
        return Fields(json.loads(line.decode()))
    except UnicodeDecodeError:
        raise Broken("is not UTF-8") from None
    except json.JSONDecodeError as wrong:
        raise Broken(f"is not JSON: {wrong.msg} at character {wrong.pos + 1}") from None
    except (ValueError, RecursionError):
        # A number of thousands of digits, or thousands of brackets.
        raise Broken("is JSON that is too large or too deep") from None


def last_moment(path: Path, key: str) -> datetime | None:
    """The latest moment that stands under a key anywhere in a file; `None` where there is none that can be read."""
    wanted = re.compile(rb'"' + key.encode() + rb'"\s*:\s*"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)"')
    latest = b""
    with suppress(Unreadable):
        for _, line in numbered_lines(path, lambda used: None):
            latest = max([latest, *wanted.findall(line)])
    try:
        return datetime.fromisoformat(latest.decode()) if latest else None
    except ValueError:
        return None
