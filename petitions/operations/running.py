"""What `flask doctor` asks the database: is it safe, is the work done, is there a backup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, text

from petitions import clock, work_totals
from petitions.extensions import db
from petitions.models import WorkerHeartbeat
from petitions.operations import probing, queries, readiness
from petitions.operations.finding import Finding, advice, wrong
from petitions.operations.readiness import in_words

#: A night's backup, and two hours for whoever was late (threat model, T116).
OLDEST_BACKUP = timedelta(hours=26)
OLDEST_PROOF = timedelta(days=8)
#: Clocks of two machines that keep time differ by less, in seconds.
CLOCKS_DIFFER = 5
#: PostgreSQL's settings without which an acknowledged signature may be lost.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
#: SQLite: 2 is FULL.
SYNCHRONOUS_FULL = 2
#: The tables to which rows are added; the end of the history's chain only moves.
_WRITTEN = sorted(set(db.metadata.tables) - {"audit_head"})
_UNWRITABLE = text(
    "SELECT name FROM unnest(CAST(:tables AS text[])) name WHERE NOT has_table_privilege(name, 'INSERT')"
)


def schema() -> Iterator[Finding]:
    """Whether the database is at the migration of this program, and each step was finished."""
    with probing.connection() as connection:
        unfinished = queries.unfinished_indexes(connection)
        yield from (wrong(sentence) for sentence in readiness.migration_problems(connection))
    if unfinished:
        yield wrong(
            f"The building of an index was broken off: {', '.join(unfinished)}. If no migration runs at this moment: DROP INDEX"
            f" CONCURRENTLY {unfinished[0]}; in psql, then flask db upgrade."
        )


def durability() -> Iterator[Finding]:
    """Whether what was acknowledged survives a power cut."""
    with probing.connection() as connection:
        if connection.dialect.name == "postgresql":
            for name in DURABLE:
                if connection.execute(text(f"SHOW {name}")).scalar_one() == "off":
                    yield wrong(
                        f"PostgreSQL runs with {name} = off: a power cut loses signatures that were acknowledged. Set it to on."
                    )
        elif _pragma(connection, "synchronous") < SYNCHRONOUS_FULL:
            yield wrong(
                "SQLite does not wait for the disk: a power cut loses signatures that were acknowledged."
            )


def _pragma(connection: Connection, name: str) -> Any:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def one_machine() -> Iterator[Finding]:
    """SQLite serves one machine."""
    if db.engine.dialect.name != "sqlite":
        return
    with probing.connection() as connection:
        names = connection.execute(select(WorkerHeartbeat.name)).scalars()
        machines = {name.rpartition(":")[0] for name in names}
    if len(machines) > 1:
        yield wrong(
            f"Workers of {len(machines)} machines use one SQLite file, which it does not survive. Move to PostgreSQL: flask"
            " backup, then flask restore there."
        )


def rights() -> Iterator[Finding]:
    """Whether the running site may do its work, and could change the permanent history."""
    if db.engine.dialect.name != "postgresql":
        return
    with probing.connection() as connection:
        unwritable = connection.execute(_UNWRITABLE, {"tables": _WRITTEN}).scalars().all()
        if unwritable:
            yield wrong(
                f"The role of DATABASE_URL may not write to {', '.join(unwritable)}: what people send is refused. As the owner of"
                " the tables: flask db-roles ROLE"
            )
        asked = text(
            "SELECT has_table_privilege('audit_entries', 'UPDATE') OR has_table_privilege('audit_entries', 'DELETE')"
        )
        if connection.execute(asked).scalar_one():
            yield advice(
                "The role of DATABASE_URL may change the permanent history. Let the web and worker processes use another one:"
                " flask db-roles"
            )


def clocks() -> Iterator[Finding]:
    """Whether this machine and the database's agree on the time, by which deadlines are decided."""
    if db.engine.dialect.name != "postgresql":
        return
    with probing.connection() as connection:
        theirs: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    apart = abs((theirs.astimezone(UTC) - clock.now()).total_seconds())
    if apart > CLOCKS_DIFFER:
        yield wrong(
            f"This machine's clock and the database's differ by {in_words(timedelta(seconds=apart))}: links and deadlines end at"
            " the wrong time. Let both keep time by NTP."
        )


def work() -> Iterator[Finding]:
    """Whether signatures are counted, mail leaves and tasks succeed."""
    with probing.connection() as connection:
        for check in (readiness.worker_problems, readiness.mail_problems):
            yield from (wrong(sentence) for sentence in check(connection))
        failing = [name for name, _, _, failed in queries.tasks(connection) if failed]
        troubled = queries.in_trouble(connection)["parked"]
    if failing:
        yield wrong(
            f"These tasks failed when they last ran: {', '.join(failing)}. The worker's log says why."
        )
    if troubled:
        yield advice(f"{troubled} mails are parked and wait for somebody to decide. See /staff/mail.")


def backups() -> Iterator[Finding]:
    """Whether there is a backup of last night, and the data was proved lately."""
    with probing.connection() as connection:
        kept = queries.totals(connection)
    age = _since(kept.get(work_totals.BACKED_UP_AT))
    if age is None:
        yield wrong("No backup was ever made. Every night: flask backup FILE")
    elif age > OLDEST_BACKUP:
        yield wrong(f"The last backup is {in_words(age)} old. Every night: flask backup FILE")
    proved = _since(kept.get(work_totals.VERIFIED_AT))
    if proved is None or proved > OLDEST_PROOF:
        yield advice("Nobody has proved the data for a week. Run: flask audit verify")
    elif number := kept.get(work_totals.VERIFIED_BROKEN):
        yield wrong(
            f"flask audit verify found {number} things that are not true. Run it again and read what it names."
        )


def _since(unix_time: int | None) -> timedelta | None:
    return None if unix_time is None else clock.now() - datetime.fromtimestamp(unix_time, UTC)
