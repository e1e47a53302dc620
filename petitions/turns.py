"""Turns: who works on the same thing in a transaction waits for whoever is at it already, though there is no row to lock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select, type_coerce


def take_turns(connection: Any, key: bytes) -> None:
    """Wait until no other transaction is at work that named the same `key` (8 bytes or more; the first 8 count).

    On SQLite those who write take turns anyway.
    """
    if connection.get_bind().dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(number_of_turn(key))))


def number_of_turn(key: bytes) -> int:
    """The number under which those who named `key` wait for each other."""
    return int.from_bytes(key[:8], signed=True)


def turn(name: str, connection: Any) -> ColumnElement[Any]:
    """In a question: takes a turn as `take_turns` does. `number_of_turn` is given as the parameter `name`.

    What the same question reads may be of the moment before its turn came.
    """
    number = bindparam(name, type_=BigInteger)
    is_postgresql = connection.get_bind().dialect.name == "postgresql"
    return func.pg_advisory_xact_lock(number) if is_postgresql else type_coerce(number, BigInteger)
