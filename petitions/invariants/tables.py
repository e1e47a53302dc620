"""I10: every row keeps the rules of its table. The database refuses others; a restored or repaired one may have some."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Select,
    String,
    Table,
    TextClause,
    and_,
    case,
    cast,
    literal,
    literal_column,
    not_,
    select,
    union_all,
)

from petitions.database import Base
from petitions.invariants.invariant import invariant
from petitions.models import Petition


def _tables() -> list[Table]:
    return sorted(Base.metadata.tables.values(), key=lambda table: table.name)


def _row(table: Table) -> Any:
    """A row's key as text: `12`, `12 response`."""
    row: Any = None
    for number, column in enumerate(table.primary_key):
        row = row.concat(" ").concat(cast(column, String)) if number else cast(column, String)
    return row


@invariant("I10", about=Petition, broken="{table} {row} breaks the rule {rule}")
def rows_keep_the_rules_of_their_table() -> Any:
    """No row is impossible: each state has its time, what is counted is valid, what has ended has left its seat."""
    return union_all(*(_breaking(table, checks) for table in _tables() if (checks := _checks(table))))


def _checks(table: Table) -> list[CheckConstraint]:
    checks = (each for each in table.constraints if isinstance(each, CheckConstraint))
    return sorted(checks, key=lambda each: str(each.name))


def _breaking(table: Table, checks: list[CheckConstraint]) -> Select[*tuple[Any, ...]]:
    # An unknown result keeps a rule, as in the database.
    rule = case(*((not_(_condition(each)), literal(str(each.name), String)) for each in checks))
    return select(
        literal(table.name, String).label("table"), _row(table).label("row"), rule.label("rule")
    ).where(not_(and_(*map(_condition, checks))))


def _condition(check: CheckConstraint) -> ColumnElement[bool]:
    """A rule as a condition that can be negated; most are written as text."""
    rule: Any = check.sqltext
    return literal_column(f"({rule.text})", Boolean()) if isinstance(rule, TextClause) else rule


@invariant("I10", about=Petition, broken="{table} {row} names a row of {parent} that is not there")
def rows_that_are_named_are_there() -> Any:
    """What a row names is there: the petition of a signature, the crossing of a duty."""
    keys = [
        (table, key)
        for table in _tables()
        for key in sorted(table.foreign_key_constraints, key=lambda each: str(each.name))
    ]
    return union_all(*(_orphans(table, key) for table, key in keys))


def _orphans(table: Table, key: ForeignKeyConstraint) -> Select[*tuple[Any, ...]]:
    parent = key.referred_table.alias()
    pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
    return (
        select(
            literal(table.name, String).label("table"),
            _row(table).label("row"),
            literal(key.referred_table.name, String).label("parent"),
        )
        .outerjoin(parent, and_(*(own == other for own, other in pairs)))
        .where(*(own.is_not(None) for own, _ in pairs), pairs[0][1].is_(None))
    )
