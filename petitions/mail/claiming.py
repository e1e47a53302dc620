"""Claiming: which mails a worker takes, for how long, and how it gives back what it did not come to.

What waits is taken by priority, then by age. No two workers take one mail; a worker that died holds what it had for the
length of the lease, no longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import exists, or_, select, update

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import server
from petitions.models import Mail, Mailing
from petitions.models.mail import QUEUED

BATCH = 100
LEASE = timedelta(minutes=5)


class Claimed(NamedTuple):
    """One mail that this worker has."""

    id: int
    priority: int


@transactional
def claim() -> list[Claimed]:
    """Take a batch of what is due, most urgent first. Nothing while the mail server is left alone."""
    if server.is_paused():
        return []
    now = clock.now()
    stopped = exists().where(Mailing.id == Mail.mailing_id, Mailing.stopped_at.is_not(None))
    due = (
        select(Mail.id)
        .where(
            Mail.state == QUEUED,
            Mail.due_at <= now,
            or_(Mail.locked_until.is_(None), Mail.locked_until < now),
            ~stopped,
        )
        .order_by(Mail.priority, Mail.due_at, Mail.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Mail)
        # Not a plain subquery: PostgreSQL may run one again for each row, and then the limit does not hold.
        .cte("due")
    )
    take = (
        update(Mail)
        .where(Mail.id.in_(select(due.c.id)))
        .values(locked_until=now + LEASE)
        .returning(Mail.id, Mail.priority, Mail.due_at)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(db.session.execute(take), key=lambda row: (row.priority, row.due_at, row.id))
    return [Claimed(row.id, row.priority) for row in rows]


@transactional
def release(mails: Iterable[Claimed]) -> None:
    """Give back mails that were not tried; it costs them nothing."""
    db.session.execute(
        update(Mail)
        .where(Mail.id.in_([mail.id for mail in mails]), Mail.state == QUEUED)
        .values(locked_until=None)
        .execution_options(synchronize_session=False)
    )
