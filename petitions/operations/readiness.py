"""Whether the site can do what it promises at this moment, and if not, why not, in sentences.

Two questions are asked of it. Can this process answer pages: the database answers and is at the right migration. And does the
whole service keep its promises: signatures are counted, mail leaves, there is room. A load balancer asks the first, for a mail
server that is down is no reason to show nobody a page; whoever watches the site asks both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from petitions import clock, replica
from petitions.operations import disks, probing, queries

#: Silent for so long, a worker is taken for dead. Six beats.
LONGEST_SILENCE = timedelta(minutes=1)
#: A step may last some minutes: a batch of mail to a slow server.
LONGEST_STEP = timedelta(minutes=10)
#: A mail that somebody waits for leaves within seconds. The threat model's T102 asks for an alarm at five minutes.
LONGEST_WAIT = timedelta(minutes=5)

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


@dataclass(frozen=True)
class Reason:
    """One thing that is not as it must be."""

    check: str
    sentence: str


def reasons(*, pages_only: bool = False) -> list[Reason]:
    """Everything that is not as it must be; none: ready. Waits for nothing longer than a few seconds."""
    found: list[Reason] = []
    try:
        with probing.connection() as connection:
            for name, check in (CHECKS_OF_PAGES if pages_only else CHECKS_OF_PAGES | CHECKS_OF_WORK).items():
                found += (Reason(name, sentence) for sentence in check(connection))
    except DBAPIError as problem:
        if pages_only and replica.answers():
            # A load balancer that turned everybody away would undo what the replica is for.
            return []
        found.append(Reason("database", f"The database does not answer: {probing.why(problem)}."))
    if not pages_only:
        found += (Reason("disk", sentence) for sentence in disk_problems())
    return found


@cache
def revisions() -> tuple[str, frozenset[str]]:
    """The newest migration that this program knows, and all of them."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    return str(scripts.get_current_head()), frozenset(each.revision for each in scripts.walk_revisions())


def migration_problems(connection: Connection) -> Iterator[str]:
    """A database that is behind. One that is ahead is well: a process of the version before goes on until it is replaced."""
    head, known = revisions()
    present = MigrationContext.configure(connection).get_current_revision()
    if present is None:
        yield "The database is empty. Run: flask db upgrade"
    elif present != head and present in known:
        yield f"The database is at migration {present} and the program needs {head}. Run: flask db upgrade"


def worker_problems(connection: Connection) -> Iterator[str]:
    """No worker, or only such that do not get on."""
    now, beats = clock.now(), queries.heartbeats(connection)
    alive = [(beat, step) for beat, step in beats if now - beat <= LONGEST_SILENCE]
    if not alive:
        last = max((beat for beat, _ in beats), default=None)
        since = f" for {in_words(now - last)}" if last else ""
        yield f"No worker has been heard of{since}: nothing is counted and no mail leaves. Start: flask worker"
    elif now - max(step for _, step in alive) > LONGEST_STEP:
        waited = in_words(now - max(step for _, step in alive))
        yield f"The worker lives, but has not come to the end of its work for {waited}. Look at its log; start it anew."


def mail_problems(connection: Connection) -> Iterator[str]:
    """A mail that somebody waits for has waited too long."""
    oldest = queries.oldest_due(connection)
    if oldest is not None and clock.now() - oldest > LONGEST_WAIT:
        yield f"The oldest mail has been due for {in_words(clock.now() - oldest)}. {_why(queries.mail_server_away(connection))}"


def _why(away_since: datetime | None) -> str:
    if away_since is None:
        return "See /staff/mail."
    return f"The mail server has taken no mail for {in_words(clock.now() - away_since)}; see /staff/mail."


def disk_problems() -> Iterator[str]:
    """A disk that is nearly full."""
    for disk in disks.disks():
        if disk.free < disks.LEAST_FREE:
            left, least = disk.free // disks.MEBIBYTE, disks.LEAST_FREE // disks.MEBIBYTE
            yield f"The disk of the {disk.use} folder has {left} MiB left; it needs {least} MiB."


def in_words(length: timedelta) -> str:
    """A length of time for an operator: `40 seconds`, `7 minutes`, `5 hours`, `3 days`."""
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}s"
    return f"{seconds} seconds"


Check = Callable[[Connection], Iterator[str]]
CHECKS_OF_PAGES: dict[str, Check] = {"migrations": migration_problems}
CHECKS_OF_WORK: dict[str, Check] = {"worker": worker_problems, "mail": mail_problems}
