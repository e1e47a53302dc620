"""What the database tells of the site's health: few rows of small indexes, however large the site is. No personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from petitions import clock
from petitions.mail import outbox
from petitions.models import (
    Mail,
    Mailing,
    MailServer,
    PeriodicTask,
    Signature,
    SignatureState,
    WorkerHeartbeat,
    WorkTotal,
)
from petitions.models.mail import BOUNCED, FAILED, PARKED, QUEUED

#: More rows than this are not looked at: "so many or more" is all that anybody needs to know then.
MOST_MAILS = 50_000
MOST_SIGNATURES = 10_000
#: News to many may take hours, as they should; nobody waits for them.
SOMEBODY_WAITS_FOR = (outbox.CONFIRMATION, outbox.NEWS)
#: Mails that staff should look at.
IN_TROUBLE = (FAILED, PARKED, BOUNCED)


@dataclass(frozen=True)
class Waiting:
    """The mails of one kind that wait in the outbox."""

    kind: str
    number: int
    oldest_due_at: datetime


def oldest_due(connection: Connection) -> datetime | None:
    """Since when the oldest mail is due that somebody waits for."""
    found = [
        connection.execute(
            select(Mail.due_at)
            .where(Mail.state == QUEUED, Mail.priority == priority, Mail.due_at <= clock.now())
            .order_by(Mail.due_at)
            .limit(1)
        ).scalar_one_or_none()
        for priority in SOMEBODY_WAITS_FOR
    ]
    return min((moment for moment in found if moment is not None), default=None)


def waiting(connection: Connection) -> list[Waiting]:
    """The outbox by kind of message, without mailings that staff stopped."""
    first = (
        select(Mail.kind, Mail.due_at, Mail.mailing_id)
        .where(Mail.state == QUEUED)
        .order_by(Mail.priority, Mail.due_at)
        .limit(MOST_MAILS)
        .subquery()
    )
    rows = connection.execute(
        select(first.c.kind, func.count(), func.min(first.c.due_at))
        .outerjoin(Mailing, Mailing.id == first.c.mailing_id)
        .where(Mailing.stopped_at.is_(None))
        .group_by(first.c.kind)
        .order_by(first.c.kind)
    )
    return [Waiting(*row) for row in rows]


def in_trouble(connection: Connection) -> dict[str, int]:
    """How many mails were given up, by what became of them."""
    return {state: _at_most(connection, Mail.state == state, MOST_MAILS) for state in IN_TROUBLE}


def held(connection: Connection) -> int:
    """How many signatures staff are to look at before they count."""
    return _at_most(connection, Signature.state == SignatureState.HELD, MOST_MAILS)


def _at_most(connection: Connection, condition: Any, most: int) -> int:
    rows = select(condition.left).where(condition).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(rows)).scalar_one()


def uncounted(connection: Connection) -> tuple[int, datetime | None]:
    """How many confirmed signatures wait for the sweep, and since when the oldest of them."""
    rows = (
        select(Signature.validated_at)
        .where(Signature.state == SignatureState.VALIDATED, Signature.counted_at.is_(None))
        .limit(MOST_SIGNATURES)
        .subquery()
    )
    number, oldest = connection.execute(select(func.count(), func.min(rows.c.validated_at))).one()
    return number, oldest


def heartbeats(connection: Connection) -> list[tuple[datetime, datetime]]:
    """When each worker last said that it lives, and when it last came to the end of a step."""
    rows = connection.execute(select(WorkerHeartbeat.beat_at, WorkerHeartbeat.stepped_at))
    return [(row.beat_at, row.stepped_at) for row in rows]


def tasks(connection: Connection) -> list[tuple[str, datetime | None, datetime, bool]]:
    """The periodic tasks: name, when it last ran, when it is due, whether it failed then."""
    columns = (PeriodicTask.name, PeriodicTask.last_run_at, PeriodicTask.next_run_at, PeriodicTask.last_error)
    rows = connection.execute(select(*columns).order_by(PeriodicTask.name))
    return [(name, ran_at, due_at, error is not None) for name, ran_at, due_at, error in rows]


def mail_server_away(connection: Connection) -> datetime | None:
    """Since when the mail server takes no mail; none while it does."""
    return connection.execute(select(MailServer.away_since)).scalar_one_or_none()


def totals(connection: Connection) -> dict[str, int]:
    """What `petitions.work_totals` keeps."""
    rows = connection.execute(select(WorkTotal.name, WorkTotal.number))
    return dict(iter(rows.all()))


def unfinished_indexes(connection: Connection) -> list[str]:
    """Indexes that PostgreSQL began to build beside the running site and did not finish: nothing reads them, all pay for them."""
    if connection.dialect.name != "postgresql":
        return []
    asked = text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1")
    return list(connection.execute(asked).scalars())
