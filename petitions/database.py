"""The declarative base, the UTC column, and `transactional`: the only place that commits.

SQLite and PostgreSQL run the same code. What differs is here, in `moments.py` and, as far as connections go, in `engines.py`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    Float,
    Integer,
    MetaData,
    String,
    any_,
    bindparam,
    cast,
    func,
    inspect,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

from petitions import changes, failpoints
from petitions.engines import RoutedSession, depth, hurried, reader

P = ParamSpec("P")
R = TypeVar("R")


class Base(DeclarativeBase):
    """What every table is declared on. Constraints get predictable names, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"class_": RoutedSession})


def reading_engine() -> Engine:
    """From where public pages read: see `engines.reader`."""
    return reader(db.engines)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware going in and coming out, UTC in the database. Raises `ValueError` for a naive value."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware moment into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """SQLite keeps text and forgets the zone; it was always UTC."""
        return _read_moment if dialect.name == "sqlite" else _in_utc


def _read_moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(f"{text}+00:00")
    except ValueError:
        # Written by somebody else's hand, with its zone.
        return datetime.fromisoformat(text).astimezone(UTC)


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def choice(choices: type[StrEnum], name: str, *, length: int = 16) -> Enum:
    """The type of a column that holds one of `choices` by its value; a check constraint called `name` refuses any other."""
    return Enum(
        choices,
        native_enum=False,
        length=length,
        create_constraint=True,
        name=name,
        values_callable=lambda each: [member.value for member in each],
    )


def transactional(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function one unit of work: everything it writes is committed together, or nothing is.

    Called inside another unit of work it joins that one. A reading transaction that the request had open is ended
    first, so that what the function reads is true at the moment it writes. Nothing may have been changed outside.

    Failpoints, by the function's name: `before_commit:confirm`, `after_commit:confirm`.
    """

    @functools.wraps(function)
    def unit_of_work(*args: P.args, **kwargs: P.kwargs) -> R:
        if depth.get():
            return function(*args, **kwargs)
        db.session.rollback()
        entered = depth.set(1)
        changes.begin()
        try:
            result = function(*args, **kwargs)
            failpoints.reach(f"before_commit:{function.__name__}")
            db.session.flush()
            if (number := changes.raising()) is not None:
                # The last to be written, so that nobody who holds it waits for anybody else.
                db.session.execute(number)
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            depth.reset(entered)
        failpoints.reach(f"after_commit:{function.__name__}")
        return result

    return unit_of_work


@contextmanager
def need_not_last() -> Iterator[None]:
    """Units of work in this block do not wait until they are on the disk. Everybody sees them at once, and no death of a process
    of ours undoes them; a crash of the database or of its machine may, until the next that does wait: all before it then last.

    Only for what is done again if it was forgotten, and does no harm.
    """
    entered = hurried.set(True)
    try:
        yield
    finally:
        hurried.reset(entered)


@contextmanager
def provisional(connection: Any, *, keep: bool) -> Iterator[None]:
    """Write, and take it all back unless `keep`. So a request that is to store nothing does the work of one that does,
    and the time it takes tells nobody which it was."""
    savepoint = connection.begin_nested()
    try:
        yield
    except BaseException:
        savepoint.rollback()
        raise
    if keep:
        savepoint.commit()
    else:
        savepoint.rollback()


def let_go(_error: BaseException | None = None) -> None:
    """In the end of a request: give the connection back. One that broke meanwhile cannot even be rolled back, which must not
    turn an answer that is ready, and may be true and durable, into an error."""
    try:
        db.session.remove()
    except DBAPIError:
        db.session().invalidate()
        db.session.remove()


def rows_changed(result: Any) -> int:
    """How many rows an UPDATE or DELETE touched: 0 means that somebody else was first."""
    return int(result.rowcount)


def keep_ids_free(table: str, session: Any, *, beyond: int = 0) -> None:
    """After rows were stored with ids of their own: the next id that is handed out is past them all, by `beyond` more.

    SQLite sees to the first by itself, and hands out ids that are past all that ever were only with AUTOINCREMENT.
    """
    if session.get_bind().dialect.name == "postgresql":
        highest = select(func.max(literal_column(f"{table}.id"))).select_from(text(table)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table, "id")
        session.execute(
            select(func.setval(sequence, func.greatest(highest, func.nextval(sequence)) + beyond))
        )
    elif beyond:
        skip = text("UPDATE sqlite_sequence SET seq = seq + :beyond WHERE name = :table")
        session.execute(skip, {"beyond": beyond, "table": table})


def weighed(weights: Mapping[int, float], session: Any) -> Any:
    """Numbers with their weights as a table of a query, with the columns `number` and `weight`: one parameter, however many."""
    given = json.dumps(weights)
    if session.get_bind().dialect.name == "sqlite":
        pairs = func.json_each(given).table_valued("key", "value", name="pairs")
    else:
        pairs = func.json_each_text(cast(literal(given, String), JSON)).table_valued(
            "key", "value", name="pairs"
        )
    return select(
        cast(pairs.c.key, Integer).label("number"), cast(pairs.c.value, Float).label("weight")
    ).subquery("weighed")


def listed(name: str, session: Any, kind: type[Integer] | type[String] = Integer) -> Any:
    """In a query: the values of the parameter `name`, as rows: one parameter, however many. It is given as `json.dumps` of them."""
    given = bindparam(name, type_=String)
    if session.get_bind().dialect.name == "sqlite":
        return select(func.json_each(given).table_valued("value").c.value)
    return select(cast(func.json_array_elements_text(cast(given, JSON)).column_valued("value"), kind))


def is_listed(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str, session: Any
) -> ColumnElement[bool]:
    """In a query: whether a column has one of a few numbers, given as for `listed`.

    Of rows that come from a list PostgreSQL expects a hundred, and reads the whole of a table of some thousands for them.
    """
    numbers = listed(name, session)
    if session.get_bind().dialect.name == "sqlite":
        return column.in_(numbers)
    return column == any_(func.array(numbers.scalar_subquery()))


def insert(table: Any, connection: Any) -> Any:
    """An INSERT that can say `on_conflict_do_nothing` and `on_conflict_do_update`, for the database at hand."""
    from sqlalchemy.dialects import postgresql, sqlite

    name = connection.get_bind().dialect.name
    return sqlite.insert(table) if name == "sqlite" else postgresql.insert(table)


def insert_new(table: Any, connection: Any, **values: Any) -> bool:
    """Insert one row unless it is there already; tells whether it was new, whoever else inserts at that moment."""
    key = inspect(table).primary_key[0]
    statement = insert(table, connection).values(**values).on_conflict_do_nothing().returning(key)
    return connection.execute(statement).first() is not None


def store_pairs(table: str, key: str, value: str, pairs: Mapping[str, int], session: Any) -> None:
    """Store thousands of rows of two columns at once, the fastest way that each database has; a row whose key is there gets
    the new value, and one that has it already costs no writing."""
    changed = f"DO UPDATE SET {value} = excluded.{value} WHERE {table}.{value} <> excluded.{value}"
    into, rows = f"INSERT INTO {table} ({key}, {value})", sorted(pairs.items())
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"{into} VALUES (?, ?) ON CONFLICT ({key}) {changed}", rows)
        return
    given = "SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:numbers AS integer[]))"
    keys, numbers = [row[0] for row in rows], [row[1] for row in rows]
    connection.execute(
        text(f"{into} {given} ON CONFLICT ({key}) {changed}"), {"keys": keys, "numbers": numbers}
    )
