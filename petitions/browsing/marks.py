"""A place in an ordered list, written into an address: what the row there is ordered by, so that the list goes on from it
wherever the row is by then, and though it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, UnaryExpression, and_, false, or_
from sqlalchemy.sql import operators

from petitions.addresses import HIGHEST
from petitions.database import UTCDateTime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PARTED = "~"
#: What stands for nothing: a petition without a date.
NOTHING = "-"

Keys = Sequence[UnaryExpression[Any]]


class Unreadable(ValueError):
    """A mark that no list of ours wrote."""


def write(values: Sequence[Any]) -> str:
    """The mark of a row, from the values of its keys."""
    return PARTED.join(NOTHING if value is None else str(_number(value)) for value in values)


def read(mark: str, keys: Keys) -> list[Any]:
    """The values of a mark, each of the type of its key. Raises `Unreadable`."""
    parts = mark.split(PARTED)
    if len(parts) != len(keys) or len(mark) > 200:
        raise Unreadable
    return [_value(part, column(key).type) for part, key in zip(parts, keys, strict=True)]


def beyond(keys: Keys, values: Sequence[Any]) -> ColumnElement[bool]:
    """Whether a row comes after the one with these values."""
    condition: ColumnElement[bool] = false()
    for key, value in reversed(list(zip(keys, values, strict=True))):
        condition = or_(
            _after(key, value),
            and_(column(key).is_(None) if value is None else column(key) == value, condition),
        )
    return condition


def _after(key: UnaryExpression[Any], value: Any) -> ColumnElement[bool]:
    ordered, last = column(key), _nothing_last(key)
    if value is None:
        return false() if last else ordered.is_not(None)
    further = ordered < value if _is_falling(key) else ordered > value
    return or_(further, ordered.is_(None)) if last else further


def backwards(keys: Keys) -> list[UnaryExpression[Any]]:
    """The keys of the same order from its end."""
    turned = []
    for key in keys:
        other = column(key).asc() if _is_falling(key) else column(key).desc()
        turned.append(other.nulls_first() if _nothing_last(key) else other)
    return turned


def column(key: UnaryExpression[Any]) -> ColumnElement[Any]:
    """What a key orders by."""
    inner: Any = key
    while isinstance(inner, UnaryExpression) and inner.modifier is not None:
        inner = inner.element
    return inner  # type: ignore[no-any-return]


def _modifiers(key: Any) -> set[Any]:
    found = set()
    while isinstance(key, UnaryExpression) and key.modifier is not None:
        found.add(key.modifier)
        key = key.element
    return found


def _is_falling(key: UnaryExpression[Any]) -> bool:
    return operators.desc_op in _modifiers(key)


def _nothing_last(key: UnaryExpression[Any]) -> bool:
    return operators.nulls_last_op in _modifiers(key)


def _number(value: Any) -> int:
    if isinstance(value, datetime):
        return (value - EPOCH) // MICROSECOND
    return value.toordinal() if isinstance(value, date) else int(value)


def _value(text: str, kind: Any) -> Any:
    if text == NOTHING:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 17):
        raise Unreadable
    number = int(text)
    try:
        if isinstance(kind, UTCDateTime):
            return EPOCH + number * MICROSECOND
        if isinstance(kind, Date):
            return date.fromordinal(number)
    except (OverflowError, ValueError) as error:
        raise Unreadable from error
    if abs(number) > HIGHEST:
        raise Unreadable
    return number
