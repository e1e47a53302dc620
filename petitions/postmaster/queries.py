"""What waits, what went wrong and how far the mailings are. No address is read here, so none can be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, load_only

from petitions import clock
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Mail, Mailing, MailServer, Petition
from petitions.models.mail import BOUNCED, FAILED, PARKED, QUEUED
from petitions.paging import Page, page_of

#: States of a mail that did not arrive.
TROUBLES = (FAILED, PARKED, BOUNCED)
PER_PAGE = 50
MAILINGS_SHOWN = 50
#: A confirm link that waits longer than this is late: somebody sits before an empty mailbox.
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Waiting:
    """Mails of one kind that wait to leave."""

    kind: str
    number: int
    oldest: datetime


@dataclass(frozen=True)
class Queue:
    """What waits, by kind; the longest waiting first."""

    kinds: list[Waiting]
    oldest_confirmation: datetime | None

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(waiting.number for waiting in self.kinds)

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest waits."""
        return min((waiting.oldest for waiting in self.kinds), default=None)

    @property
    def is_late(self) -> bool:
        """Whether people wait for their confirm links."""
        return self.oldest_confirmation is not None and clock.now() - self.oldest_confirmation > PATIENCE


@dataclass(frozen=True)
class Progress:
    """A mailing, and how far it is."""

    mailing: Mailing
    waiting: int
    """In the outbox, and not gone yet."""


def queue() -> Queue:
    """What waits to leave now; what is not due before a later day is not waiting."""
    oldest = func.min(Mail.created_at)
    rows = db.session.execute(
        select(Mail.kind, func.count(), oldest)
        .where(Mail.state == QUEUED, or_(Mail.due_at <= clock.now(), Mail.attempts > 0))
        .group_by(Mail.kind)
        .order_by(oldest)
    )
    confirmation = select(oldest).where(Mail.state == QUEUED, Mail.priority == outbox.CONFIRMATION)
    return Queue([Waiting(*row) for row in rows], db.session.execute(confirmation).scalar_one())


def server() -> MailServer | None:
    """The mail server, while it takes no mail."""
    return db.session.execute(select(MailServer)).scalar_one_or_none()


def counts() -> dict[str, int]:
    """How many mails are in each state of trouble."""
    rows = db.session.execute(
        select(Mail.state, func.count()).where(Mail.state.in_(TROUBLES)).group_by(Mail.state)
    )
    found = dict(rows.all())
    return {state: found.get(state, 0) for state in TROUBLES}


def troubles(*, state: str | None, number: int, url: Callable[[int], str]) -> Page[Mail]:
    """Mails that did not arrive, the newest first."""
    query = (
        select(Mail)
        .where(Mail.state.in_([state] if state else TROUBLES))
        .order_by(Mail.finished_at.desc(), Mail.id.desc())
        .options(
            load_only(
                Mail.kind, Mail.state, Mail.attempts, Mail.finished_at, Mail.last_error, Mail.petition_id
            )
        )
    )
    return page_of(query, number=number, per_page=PER_PAGE, url=url)


def mailings() -> Sequence[Progress]:
    """The newest mailings and how far each is; those that run first."""
    rows = (
        db.session.execute(
            select(Mailing)
            .order_by(Mailing.finished_at.is_not(None), Mailing.id.desc())
            .limit(MAILINGS_SHOWN)
            .options(joinedload(Mailing.petition).load_only(Petition.action))
        )
        .scalars()
        .all()
    )
    counted = (
        select(Mail.mailing_id, func.count())
        .where(Mail.state == QUEUED, Mail.mailing_id.in_([mailing.id for mailing in rows]))
        .group_by(Mail.mailing_id)
    )
    waiting = dict(db.session.execute(counted).all())
    return [Progress(mailing, waiting.get(mailing.id, 0)) for mailing in rows]
