"""What is always true of the stored data, asked of the database itself: `flask audit verify`, and every fault test.

Each `Invariant` is a query that returns no rows while it is true. Those that are not `at_rest_only` are true at every
committed moment, so that a running site can be asked at any time; read them in one `snapshot`, or inside a unit of
work, before it is committed. What they say of history they say of what happened here: imported petitions brought their
own, and mails are kept for a while only. The chain of the history is walked by `audit.verify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from petitions import audit
from petitions.extensions import db
from petitions.invariants import (
    alerts,
    answers,
    counts,
    duties,
    history,
    keeping,
    mails,
    scrutiny,
    signatures,
    tables,
    thresholds,
)
from petitions.invariants.invariant import Invariant

__all__ = ["INVARIANTS", "Invariant", "applying", "broken", "snapshot"]

INVARIANTS: tuple[Invariant, ...] = tuple(
    each
    for module in (
        counts,
        signatures,
        thresholds,
        duties,
        answers,
        mails,
        alerts,
        scrutiny,
        history,
        keeping,
        tables,
    )
    for each in vars(module).values()
    if isinstance(each, Invariant)
)


@contextmanager
def snapshot() -> Iterator[None]:
    """One moment of the database, so that what is read first and what is read last belong together."""
    db.session.rollback()
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.connection(
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
    try:
        yield
    finally:
        db.session.rollback()


def applying(*, at_rest: bool) -> list[Invariant]:
    """The invariants that must be true now; with `at_rest` also those that wait for the workers to be idle."""
    return [each for each in INVARIANTS if at_rest or not each.at_rest_only]


def broken(*, at_rest: bool = False) -> Iterator[str]:
    """One sentence for everything that is not true, the chain of the history included; reads in the present transaction."""
    for each in applying(at_rest=at_rest):
        yield from (f"{each.name}: {sentence}" for sentence in each.broken())
    yield from (f"the history: {sentence}" for sentence in audit.verify())
