"""What `flask doctor` asks of the replica, where one is set: may public pages be read from it, or is it there in vain."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic, sleep

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from petitions.engines import REPLICA
from petitions.extensions import db, settings
from petitions.operations import probing
from petitions.operations.finding import Finding, wrong
from petitions.replica import REPLAYED, WRITTEN

#: Which database this is: a replica has its primary's number, and databases by the same names.
_WHICH = text("SELECT system_identifier || ' ' || current_database() FROM pg_control_system()")
#: How often it is asked how far it is, in seconds.
EVERY = 0.2
IN_VAIN = "Until then public pages are read from the database itself."


def replica() -> Iterator[Finding]:
    """Whether it answers, is a replica of this very database, and keeps up with it."""
    if not settings().database_replica_url:
        return
    with probing.connection() as primary:
        written, which = primary.execute(WRITTEN).scalar_one(), primary.execute(_WHICH).scalar_one()
    try:
        with db.engines[REPLICA].connect() as connection:
            yield from _problems(connection, written, which)
    except DBAPIError as problem:
        yield wrong(
            f"The replica cannot be asked: {probing.why(problem)}. Start it, or check DATABASE_REPLICA_URL. {IN_VAIN}"
        )


def _problems(connection: Connection, written: int, which: str) -> Iterator[Finding]:
    if connection.execute(REPLAYED).scalar_one() is None:
        yield wrong(
            f"DATABASE_REPLICA_URL leads to a server that follows no other. Make it a streaming replica again. {IN_VAIN}"
        )
    elif connection.execute(_WHICH).scalar_one() != which:
        yield wrong(
            "DATABASE_REPLICA_URL leads to a replica of another database: the public would read what is not here."
            " Take the line out at once, then name the right one."
        )
    elif not _keeps_up(connection, written):
        yield wrong(
            f"The replica is more than {settings().database_replica_lag:g} seconds behind (DATABASE_REPLICA_LAG). See its log and"
            f" pg_stat_replication. {IN_VAIN}"
        )


def _keeps_up(connection: Connection, written: int) -> bool:
    """Whether it gets, in the time that it has, where the database itself was a moment ago."""
    end = monotonic() + settings().database_replica_lag
    while connection.execute(REPLAYED).scalar_one() < written:
        if monotonic() > end:
            return False
        sleep(EVERY)
    return True
