"""`flask backup`: every table as it was at one moment, written while the site runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, func, select

from petitions import clock, erasures
from petitions.database import Base
from petitions.extensions import db, settings
from petitions.upkeep import backup_file, row_lines

#: Not worth keeping, and better not kept: mails captured while developing, the turns of the workers' own tasks and what they say
#: of themselves, the number of changes, and what workers make again from the petitions: the search's words, the lists of
#: similar petitions and those of what rises.
LEFT_OUT = {
    "captured_mails",
    "known_words",
    "periodic_tasks",
    "public_changes",
    "rising_ranks",
    "search_terms",
    "search_texts",
    "similar_petitions",
    "work_totals",
    "worker_heartbeats",
}


def tables() -> list[Table]:
    """What a backup holds, each table after those that it names."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def revision(connection: Connection) -> str | None:
    """The migration that the database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def rows() -> int:
    """About how many rows there are to write."""
    return sum(db.session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables())


def back_up(path: Path, further: Callable[[int], None] = lambda rows: None) -> int:
    """Write everything into `path`. `further` is told of rows as they are written. Returns how many there are.

    Raises `OSError` where the file cannot be written, `erasures.LedgerUnreadable` where the ledger cannot be read.
    """
    engine = db.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection:
        header = {
            "made_at": clock.now().isoformat(),
            "revision": revision(connection),
            "erasures": _erasures_so_far(),
        }
        with backup_file.writing(path, header) as writer:
            for table in tables():
                _write(connection, table, writer, further)
    return writer.rows.total()


def _erasures_so_far() -> int:
    """How many erasures the ledger tells of: whoever restores must bring a ledger that has them."""
    ledger = Path(settings().erasure_ledger)
    return len(erasures.read(ledger)) if ledger.exists() else 0


def _write(
    connection: Connection, table: Table, writer: backup_file.Writer, further: Callable[[int], None]
) -> None:
    with writer.table(table.name, table.columns.keys()) as add:
        for lines in row_lines.portions(table, connection):
            add(lines)
            further(len(lines))
