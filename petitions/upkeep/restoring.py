"""`flask restore`: a backup into an empty database, in one transaction.

Nobody sees a row of it before everybody who was erased since is erased again, what is kept too long is removed, and
everything that must be true is. Mails and mailings stand still until staff say otherwise: they may have gone out. So may have
what alerts had found, which is not told any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import IO

from sqlalchemy import Table, delete, select, update

from petitions import audit, clock, erasures, invariants
from petitions.database import keep_ids_free, transactional
from petitions.erasures import Erasure
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Alert, AlertMatch, AuditEntry, AuditHead, Petition, StaffSession
from petitions.search_index import indexing
from petitions.upkeep import backing_up, bare_tables, first_format, purging, storing
from petitions.upkeep.backup_file import FIRST_VERSION, Damaged, Head, Header, Portion, Reader

#: What is wrong is named up to so many times.
NAMED = 5
#: Numbers that are not handed out again: rows made after the backup are lost, but links with their numbers were mailed.
NUMBERS_SKIPPED = {"signatures": 1_000_000, "mails": 1_000_000, "alerts": 1_000_000, "petitions": 1_000}


class Refused(Exception):
    """Nothing was restored. The message is a sentence that says why, and what to do."""


@dataclass(frozen=True)
class Restored:
    """What came back."""

    rows: int
    erased_again: int
    parked: int
    """Mails that were still to be sent."""


def restore(
    file: IO[bytes], found: list[Erasure], further: Callable[[int], None] = lambda used: None
) -> Restored:
    """Bring a backup back. `found`: the erasures to repeat; `further` is told of the file's bytes as they are used.

    Raises `Damaged` or `Refused`, and leaves the database as it was.
    """
    reader = Reader(file)
    header = reader.check()
    if len(found) < header["erasures"]:
        raise Refused(
            f"The erasure ledger has {len(found)} lines and had {header['erasures']} when the backup was made:"
            " people would be back who were erased. Name the right one with --ledger."
        )
    return _restore(reader, header, found, further)


@transactional
def _restore(
    reader: Reader, header: Header, found: list[Erasure], further: Callable[[int], None]
) -> Restored:
    _refuse_a_used_database(header)
    tables = {table.name: table for table in backing_up.tables()}
    _empty(tables)
    with bare_tables.bare(db.session.connection(), tables):
        rows = _fill(tables, reader.portions(further), header["version"])
    for name, table in tables.items():
        if "id" in table.columns:
            keep_ids_free(name, db.session, beyond=NUMBERS_SKIPPED.get(name, 0))
    while indexing.fill() == indexing.AT_ONCE:
        pass
    parked = outbox.stand_still("restored from a backup; try again or cancel at /staff/mail")
    _forget_news()
    db.session.execute(
        update(StaffSession).where(StaffSession.ended_at.is_(None)).values(ended_at=clock.now())
    )
    erased_again = erasures.replay(found)
    purging.purge()
    audit.record(
        "backup_restored", made_at=header["made_at"], rows=rows, erased_again=erased_again, parked=parked
    )
    _prove()
    return Restored(rows, erased_again, parked)


def _forget_news() -> None:
    """Alerts begin anew: what happened up to the backup was told then or after it, by mails that are lost here."""
    mails = select(Alert.mails).where(Alert.id == AlertMatch.alert_id).scalar_subquery()
    untold = update(AlertMatch).where(AlertMatch.told_at.is_(None))
    db.session.execute(untold.values(told_at=clock.now(), told_in=mails))
    head = select(AuditHead.last_id).where(AuditHead.id == 1).scalar_subquery()
    db.session.execute(update(Alert).values(seen_entry=head))


def _refuse_a_used_database(header: Header) -> None:
    revision = backing_up.revision(db.session.connection())
    if revision is None:
        raise Refused(f"This database has no tables yet. Run flask db upgrade {header['revision']} first.")
    if revision != header["revision"]:
        raise Refused(
            f"The backup is of migration {header['revision']}, this database is at {revision}."
            f" Run flask db upgrade {header['revision']} on an empty database with the version that made the backup."
        )
    for model in (Petition, AuditEntry):
        if db.session.execute(select(model.id).limit(1)).first():
            raise Refused(
                "This database holds petitions or a history, which may not be overwritten. Make a new one, name it in"
                " DATABASE_URL, run flask db upgrade, and restore there."
            )


def _empty(tables: dict[str, Table]) -> None:
    """Remove what the migrations put in; the backup has its own."""
    for table in reversed(tables.values()):
        db.session.execute(delete(table))


def _fill(tables: dict[str, Table], portions: Iterator[Portion], version: int) -> int:
    number = 0
    for head, its in groupby(portions, key=attrgetter("head")):
        table = _table(tables, head)
        lines: Iterable[list[bytes]] = (portion.lines for portion in its)
        if version == FIRST_VERSION:
            lines = first_format.turned(lines, table, head.columns)
        number += storing.store(table, head.columns, lines, db.session.connection())
    return number


def _table(tables: dict[str, Table], head: Head) -> Table:
    table = tables.get(head.table)
    if table is None or {*head.columns} != {*table.columns.keys()}:
        raise Damaged(f"This backup has a table that does not belong here: {head.table}.")
    return table


def _prove() -> None:
    """Everything that must be true is, or nothing comes back."""
    db.session.flush()
    wrong = list(islice(invariants.broken(), NAMED))
    if wrong:
        raise Refused("What the backup holds is not whole: " + "; ".join(wrong) + ".")


def erasures_in(ledgers: list[Path]) -> list[Erasure]:
    """The lines of several ledgers together. Raises `erasures.LedgerUnreadable`."""
    return [line for ledger in ledgers for line in erasures.read(ledger)]
