"""Claiming: which mails a worker takes, for how long, and how it gives back what it did not come to.

What waits is taken by priority, then by age. No two workers take one mail; a worker that died holds what it had for the
length of the lease, no longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, or_, select, update

from petitions import clock
from petitions.database import UTCDateTime, transactional
from petitions.extensions import db
from petitions.mail import server
from petitions.models import Mail, Mailing
from petitions.models.mail import QUEUED
from petitions.questions import Question

BATCH = 100
LEASE = timedelta(minutes=5)


class Claimed(NamedTuple):
    """One mail that this worker has."""

    id: int
    priority: int


def _due() -> Any:
    now = bindparam("now", type_=UTCDateTime())
    # Not NOT EXISTS: of that PostgreSQL expects to find next to nothing, and sorts everything that waits for each batch.
    stopped = select(Mailing.id).where(Mailing.stopped_at.is_not(None))
    due = (
        select(Mail.id)
        .where(
            Mail.state == QUEUED,
            Mail.due_at <= now,
            or_(Mail.locked_until.is_(None), Mail.locked_until < now),
            or_(Mail.mailing_id.is_(None), Mail.mailing_id.not_in(stopped)),
        )
        .order_by(Mail.priority, Mail.due_at, Mail.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, of=Mail)
        # Not a plain subquery: PostgreSQL may run one again for each row, and then the limit does not hold.
        .cte("due")
    )
    return (
        update(Mail)
        .where(Mail.id.in_(select(due.c.id)))
        .values(locked_until=bindparam("until", type_=UTCDateTime()))
        .returning(Mail.id, Mail.priority, Mail.due_at)
    )


DUE = Question(_due)


@transactional
def claim() -> list[Claimed]:
    """Take a batch of what is due, most urgent first. Nothing while the mail server is left alone."""
    if server.is_paused():
        return []
    now = clock.now()
    rows = DUE.run(now=now, until=now + LEASE, most=BATCH)
    rows.sort(key=lambda row: (row.priority, row.due_at, row.id))
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
