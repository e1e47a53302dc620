"""What an invariant is: a sentence that is always true, and the query that finds the rows for which it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import func, select

from petitions.database import Base
from petitions.extensions import db

#: Rows that are fetched at once, so that a million broken ones need no more memory than one.
AT_ONCE = 1000
#: A request decides by the clock a moment before it writes the time, and the clocks of two machines differ a little.
TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True)
class Invariant:
    """One thing that is true of the stored data, whatever happened before."""

    number: str
    """Its number in the threat model: I1 to I26."""
    name: str
    statement: str
    """What is true."""
    model: type[Base]
    """The table whose rows are looked at."""
    query: Callable[[], Any]
    """Makes a query for the rows for which it is not true; none, where all is well."""
    sentence: str
    """Names one such row, with the query's columns in braces. Never anything personal."""
    at_rest_only: bool = False
    """True only while the workers have nothing to do; the others are true at every committed moment."""
    of_the_moment: bool = False
    """Its query names the time or a setting, and is written anew each time; the others are written once."""

    def broken(self) -> Iterator[str]:
        """One sentence for each row for which it is not true. Reads in the session's present transaction."""
        engine = db.session.get_bind().dialect.name
        query = _in_parts(self.query) if self.of_the_moment else _written_once(self.query, engine)
        for row in db.session.execute(query):
            yield self.sentence.format(**row._mapping)

    @property
    def about(self) -> str:
        """The name of the table whose rows are looked at."""
        return str(self.model.__tablename__)

    def looked_at(self) -> int:
        """How many rows that table has."""
        return db.session.execute(select(func.count()).select_from(self.model)).scalar_one()


def _in_parts(query: Callable[[], Any]) -> Any:
    return query().execution_options(yield_per=AT_ONCE)


@cache
def _written_once(query: Callable[[], Any], _engine: str) -> Any:
    # To write such a query takes ten times as long as to ask it, and the tests ask all of them after each step.
    return _in_parts(query)


def invariant(
    number: str,
    *,
    about: type[Base],
    broken: str,
    at_rest_only: bool = False,
    of_the_moment: bool = False,
) -> Callable[[Callable[[], Any]], Invariant]:
    """Declare an invariant: the function makes its query, is named as it, and says in its docstring what is true."""

    def declare(query: Callable[[], Any]) -> Invariant:
        statement = " ".join((query.__doc__ or "").split())
        return Invariant(number, query.__name__, statement, about, query, broken, at_rest_only, of_the_moment)

    return declare
