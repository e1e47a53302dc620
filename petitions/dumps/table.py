"""A table of the nightly files: its columns with what they mean, and its rows as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString

Rows = Iterator[Sequence[object]]


class Kind(StrEnum):
    """What stands in a column."""

    NUMBER = "number"
    TEXT = "text"
    MOMENT = "moment"
    """2016-01-31T12:00:00.000Z, UTC."""
    DAY = "day"
    """2016-01-31, in the site's zone."""
    CODE = "code"
    """One of a few fixed words."""
    ADDRESS = "address"
    LIST = "list"
    """Several, with a semicolon between; a list in JSON."""


@dataclass(frozen=True)
class Column:
    """One column: its name for ever, what stands in it, and what that means."""

    name: str
    kind: Kind
    meaning: LazyString


@dataclass(frozen=True)
class Table:
    """One table: `rows` gives a value for each column, in their order, and holds little in memory at a time."""

    name: str
    title: LazyString
    what: LazyString
    columns: tuple[Column, ...]
    rows: Callable[[], Rows]
