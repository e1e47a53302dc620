"""A statement of the busiest pages and verbs: put into the database's words once, and given to the driver as it is.

SQLAlchemy builds a statement, its key and its result anew for each execution, which takes longer than the answer. Here the
same statement, written with SQLAlchemy as any other, is translated once for each kind of database. Figures: docs/performance.md.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from sqlalchemy import BindParameter, LargeBinary
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql import visitors

from petitions.database import db, reading_engine
from petitions.engines import depth

Processor = Callable[[Any], Any] | None
#: So many values are asked for at once: a list with fewer is filled up.
LENGTHS = (1, 5, 25, 50)
#: The driver takes statements of more values apart anew each time.
LONGEST = LENGTHS[-1]


class _Form:
    """The statement in the words of one kind of database."""

    def __init__(
        self, statement: Any, dialect: Dialect, kinds_of_row: tuple[type, ...], lengths: dict[str, int]
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        words = _listing(statement, dialect, binds, lengths) if compiled.post_compile_params else compiled
        self.sql: str = words.string
        self.order: list[str] | None = words.positiontup
        self.lengths = lengths
        binds = {name: bind for name, bind in binds.items() if name not in lengths}
        # What the models fill in by themselves.
        filled = [*compiled.insert_prefetch, *compiled.update_prefetch]
        self.filled = {
            column.key: (column.default if column in compiled.insert_prefetch else column.onupdate)
            for column in filled
        }
        turns = {name: _turn(bind.type, dialect) for name, bind in binds.items()}
        fixed = [name for name, bind in binds.items() if not bind.required and name not in self.filled]
        self.asked = {name: binds[name].callable for name in fixed if binds[name].callable}
        self.fixed: dict[str, Any] = {}
        for name in fixed:
            turn, value = turns[name], binds[name].value
            if binds[name].expanding:
                self.fixed |= _spread(name, [_turned(turn, each) for each in value])
            elif name not in self.asked:
                self.fixed[name] = _turned(turn, value)
        self.given = [
            (name, turn) for name, turn in turns.items() if (turn and name not in fixed) or name in self.asked
        ]
        columns = statement.exported_columns
        kinds = [column.type.dialect_impl(dialect) for column in columns]
        self.got = [kind.result_processor(dialect, None) for kind in kinds]
        names = namedtuple("row", [column.key for column in columns])  # type: ignore[misc]
        self.make = type("row", (*kinds_of_row, names), {"__slots__": ()})._make  # type: ignore[attr-defined]

    def parameters(self, given: dict[str, Any]) -> Any:
        """What goes with the words, as the driver wants it."""
        for name, default in self.filled.items():
            if name not in given:
                given[name] = default.arg(None) if default.is_callable else default.arg
        values = {**self.fixed, **given}
        for name, length in self.lengths.items():
            several = values.pop(name)
            values |= _spread(name, [*several, *several[-1:] * (length - len(several))])
        for name, ask in self.asked.items():
            values[name] = ask()
        for name, turn in self.given:
            values[name] = _turned(turn, values[name])
        return values if self.order is None else [values[name] for name in self.order]

    def read(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """Rows with names, each value as the models have it."""
        # Column by column: a history has a thousand rows.
        columns = zip(*rows, strict=True)
        read = [each if turn is None else map(turn, each) for turn, each in zip(self.got, columns)]  # noqa: B905 - no rows, no columns
        return list(map(self.make, zip(*read, strict=True)))


def _listing(statement: Any, dialect: Dialect, binds: dict[str, Any], lengths: dict[str, int]) -> Any:
    """A statement in words that have a place for each value of a list."""
    required = [name for name, bind in binds.items() if bind.required]
    statement = statement.params(
        {name: [None] * lengths[name] if name in lengths else None for name in required}
    )
    return statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})


def _lists_of(statement: Any) -> list[str]:
    """The parameters of a statement that are lists."""
    binds = (each for each in visitors.iterate(statement) if isinstance(each, BindParameter))
    return list(dict.fromkeys(each.key for each in binds if each.expanding and each.required))


def _spread(name: str, several: list[Any]) -> dict[str, Any]:
    """A list of parameters one by one, as SQLAlchemy calls them."""
    return {f"{name}_{place}": value for place, value in enumerate(several, start=1)}


def _filled_up(values: list[Any]) -> int:
    """How many values are asked for instead of these."""
    return next((length for length in LENGTHS if len(values) <= length), len(values))


def _turn(kind: Any, dialect: Dialect) -> Processor:
    """What makes of a value what the driver is given. Both drivers take bytes as they are."""
    return None if isinstance(kind, LargeBinary) else kind.dialect_impl(dialect).bind_processor(dialect)


def _turned(turn: Processor, value: Any) -> Any:
    return value if turn is None else turn(value)


class Question:
    """One statement, asked from where public pages read. `write` returns it; what changes are its `bindparam`s.

    Its rows are named tuples, and of the classes `like` too (without state of their own: only properties). The columns need
    names of their own. A list of numbers or bytes (`IN` over a `bindparam` that is `expanding`) may not be empty; it is filled up to
    the next of `LENGTHS` with its last, so that few statements are needed.
    """

    def __init__(self, write: Callable[[], Any], *like: type) -> None:
        self._write = write
        self._like = like
        self._forms: dict[tuple[Any, ...], _Form] = {}
        self._lists: list[str] | None = None

    def rows(self, **given: Any) -> list[Any]:
        """All rows, with `given` for the parameters."""
        engine = reading_engine()
        form = self._form(engine.dialect, given)
        return form.read(_fetch(engine, form.sql, form.parameters(given)))

    def run(self, **given: Any) -> list[Any]:
        """The same in the unit of work at hand, for verbs; may write, and returns what it says that it returns.

        Outside of one nothing is written, and nothing needs to be begun and ended for a question.
        """
        if not depth.get():
            return self.rows(**given)
        session: Any = db.session()
        # As any other statement would: what was changed in objects is written first.
        session.flush()
        connection = session.at_hand()
        form = self._form(connection.dialect, given)
        answer = _fetch_within(connection, form.sql, form.parameters(given), answers=bool(form.got))
        return form.read(answer)

    def first(self, **given: Any) -> Any:
        """The first row of `run`; nothing where there is none."""
        return next(iter(self.run(**given)), None)

    def _form(self, dialect: Dialect, given: dict[str, Any]) -> _Form:
        if self._lists is None:
            self._lists = _lists_of(self._write())
        lengths = {name: _filled_up(given[name]) for name in self._lists}
        key = (dialect.name, *lengths.values())
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _Form(self._write(), dialect, self._like, lengths)
        return form

    def row(self, **given: Any) -> Any:
        """The first row; nothing where there is none."""
        return next(iter(self.rows(**given)), None)


def _fetch(engine: Engine, sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    """What the driver returns. Where it fails, once more by SQLAlchemy: on a fresh connection, or with an error of its kind.

    So too where somebody listens to what is asked.
    """
    if not engine.dispatch.before_cursor_execute:
        # Without a connection the driver's own error would come, which nobody expects.
        with suppress(engine.dialect.loaded_dbapi.Error):
            return _fetch_directly(engine, sql, parameters)
    with engine.connect() as slow:
        given = tuple(parameters) if isinstance(parameters, list) else parameters
        return [tuple(row) for row in slow.exec_driver_sql(sql, given)]


def _fetch_directly(engine: Engine, sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    connection = engine.raw_connection()
    try:
        return _answer(connection, sql, parameters, answers=True)
    except engine.dialect.loaded_dbapi.Error as error:
        if engine.dialect.is_disconnect(error, connection.dbapi_connection, None):
            # The others in the pool broke with it: none of them is to be taken for the second try.
            engine.dispose()
        connection.invalidate(error)
        raise
    finally:
        connection.close()


def _fetch_within(
    connection: Connection, sql: str, parameters: Any, *, answers: bool = False
) -> list[tuple[Any, ...]]:
    """What the driver returns in the transaction at hand. Raises what SQLAlchemy would: nothing can be asked a second time."""
    for listen in connection.engine.dispatch.before_cursor_execute:
        listen(connection, None, sql, parameters, None, False)
    raw = connection.connection
    try:
        return _answer(raw, sql, parameters, answers=answers)
    except connection.dialect.loaded_dbapi.Error as error:
        is_lost = connection.dialect.is_disconnect(error, raw.dbapi_connection, None)
        if is_lost:
            connection.engine.dispose()
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql, None, error, connection.dialect.loaded_dbapi.Error,
            hide_parameters=True, connection_invalidated=is_lost, dialect=connection.dialect,
        ) from error  # fmt: skip


def _answer(
    connection: PoolProxiedConnection, sql: str, parameters: Any, *, answers: bool
) -> list[tuple[Any, ...]]:
    # Kept with the connection: a new one learns anew each time how values of each kind are read.
    cursor: Any = connection.info.get("cursor")
    if cursor is None:
        cursor = connection.info["cursor"] = connection.cursor()
    try:
        cursor.execute(sql, parameters)
        # Not by asking the cursor for its columns: it describes each of them anew.
        return cursor.fetchall() if answers else []
    except BaseException:
        # One that has failed may hold on to its statement, and SQLite's file with it.
        connection.info.pop("cursor", None)
        cursor.close()
        raise


@contextmanager
def provisional(*, keep: bool) -> Iterator[None]:
    """As `database.provisional`, for what is written by questions alone."""
    connection = cast(Any, db.session()).at_hand()
    _fetch_within(connection, "SAVEPOINT provisional", ())
    try:
        yield
    except BaseException:
        # Where even this cannot be done, what went wrong first is what matters.
        with suppress(SQLAlchemyError):
            _fetch_within(connection, _TAKE_BACK, ())
        raise
    _fetch_within(connection, "RELEASE SAVEPOINT provisional" if keep else _TAKE_BACK, ())


_TAKE_BACK = "ROLLBACK TO SAVEPOINT provisional"
