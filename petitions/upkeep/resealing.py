"""A new key takes over: every sealed value of every table is opened and sealed again under the newest of `DATA_KEYS`.

In batches, each a unit of work of its own, so a run that was killed goes on where it stopped. A value is replaced only
where it is still the one that was opened: whatever the site writes meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, and_, func, or_, select, update

from petitions import secrecy
from petitions.database import rows_changed, transactional
from petitions.extensions import db, settings
from petitions.secrecy import CannotOpen, SealedColumn

BATCH = 500


@dataclass
class Resealing:
    """One run over all tables."""

    resealed: int = 0
    """Values."""
    unopened: list[str] = field(default_factory=list)
    """Which rows hold a value that none of the keys opens, as `signatures.email of 81`."""

    def run(self, further: Callable[[int], None] = lambda rows: None) -> None:
        """Seal again whatever another key sealed. `further` is told of rows as they are done."""
        for table, columns in _by_table():
            last = 0
            while (after := self._batch(table, columns, last, further)) is not None:
                last = after

    @transactional
    def _batch(
        self, table: Table, columns: list[SealedColumn], last: int, further: Callable[[int], None]
    ) -> int | None:
        """Do the next rows after the number `last`. Returns the number of the last one, none at the end."""
        number = _number(table)
        waiting = (
            select(number.label("number"), table.c.row_key, *(table.c[each.column] for each in columns))
            .where(number > last, _not_newest(table, columns))
            .order_by(number)
            .limit(BATCH)
        )
        rows = db.session.execute(waiting).mappings().all()
        for row in rows:
            for each in columns:
                self._value(table, each, row)
        further(len(rows))
        return int(rows[-1]["number"]) if rows else None

    def _value(self, table: Table, each: SealedColumn, row: Any) -> None:
        old = row[each.column]
        if old is None or secrecy.key_id_of(old) == settings().data_keys[0].id:
            return
        context = each.context + row["row_key"]
        try:
            new = secrecy.seal(secrecy.open_sealed(old, context), context)
        except CannotOpen:
            self.unopened.append(f"{each.label} of {row['number']}")
            return
        unchanged = {column.name: column for column in table.columns if column.onupdate is not None}
        replaced = (
            update(table)
            .where(_number(table) == row["number"], table.c[each.column] == old)
            .values({each.column: new, **unchanged})
        )
        self.resealed += rows_changed(db.session.execute(replaced))


def _number(table: Table) -> Any:
    """The one column that numbers the rows of a table with sealed values."""
    (column,) = table.primary_key.columns
    return column


def waiting() -> int:
    """How many rows hold a value that the newest key did not seal."""
    return sum(
        db.session.execute(
            select(func.count()).select_from(table).where(_not_newest(table, columns))
        ).scalar_one()
        for table, columns in _by_table()
    )


def values_by_key() -> dict[str | None, int]:
    """How many values each of `DATA_KEYS` sealed, newest key first; under `None` those of keys that are not there."""
    found: dict[str | None, int] = {key.id: 0 for key in settings().data_keys}
    found[None] = 0
    for table, columns in _by_table():
        for each in columns:
            column = table.c[each.column]
            query = select(
                func.count(column),
                *(func.count(column).filter(_sealed_by(column, key.id)) for key in settings().data_keys),
            )
            total, *numbers = db.session.execute(query).one()
            for key, number in zip(settings().data_keys, numbers, strict=True):
                found[key.id] += number
            found[None] += total - sum(numbers)
    return found


def _by_table() -> Iterator[tuple[Table, list[SealedColumn]]]:
    columns = secrecy.sealed_columns()
    for table in dict.fromkeys(each.table for each in columns):
        yield table, [each for each in columns if each.table is table]


def _sealed_by(column: Any, key_id: str) -> Any:
    prefix = key_id.encode() + secrecy.SEPARATOR
    return func.substr(column, 1, len(prefix)) == prefix


def _not_newest(table: Table, columns: list[SealedColumn]) -> Any:
    newest = settings().data_keys[0].id
    return or_(
        *(
            and_(table.c[each.column].is_not(None), ~_sealed_by(table.c[each.column], newest))
            for each in columns
        )
    )
