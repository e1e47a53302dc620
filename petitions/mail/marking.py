"""Writing down what became of a mail. It is marked sent only after the mail server took it, never before.

Somebody else may have come first: a worker whose lease was over, staff who cancelled it, a report that it came back. What
they wrote stands, but for one thing: what was taken is sent.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from petitions import clock, failpoints
from petitions.database import UTCDateTime, is_listed, need_not_last, transactional
from petitions.extensions import db
from petitions.models import Mail, Signature
from petitions.models.mail import CANCELLED, FAILED, PARKED, QUEUED, SENT
from petitions.questions import Question

#: Seconds before the next try: they double from the first to the longest.
FIRST_DELAY = 10.0
LONGEST_DELAY = 3600.0
#: With these delays the last try is at least 72 hours after the first (RFC 5321, 4.5.4.1 asks for four to five days of
#: a relay; the relay behind us does that). Time in which the mail server was away is not counted.
MOST_ATTEMPTS = 81
#: A message that cannot be written so often never will be.
MOST_BROKEN = 5
#: So many mails at most are taken and not marked so.
MOST_UNMARKED = 10
#: Times as long as marking took, nothing is marked again.
REST = 9

log = logging.getLogger(__name__)


def shortest_delay(attempts: int) -> float:
    """Seconds that a mail waits at least after so many tries."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(attempts - 1, 20))


class Taken:
    """What the mail server took and is not written down yet.

    Writing down takes longer than handing over, so it takes a tenth of the time at most: a slow server's mails are written
    down one by one, a quick one's a few together. A worker that is killed in between sends so many again, never more than
    `MOST_UNMARKED`. It does not wait for the disk: should the database crash, what was sent since the batch was claimed goes
    again, with the same Message-ID and link.
    """

    def __init__(self) -> None:
        self._links: dict[int, int | None] = {}
        self._not_before = 0.0

    def add(self, mail_id: int, *, link_of: int | None) -> None:
        """One more was taken. `link_of` is the signature whose confirm link it carries."""
        self._links[mail_id] = link_of
        if len(self._links) >= MOST_UNMARKED or monotonic() >= self._not_before:
            self.write_down()

    def write_down(self) -> None:
        """Mark them as sent."""
        # Not kept for another try: what has failed would only fail again, over what it failed of.
        links, self._links = self._links, {}
        if links:
            begun = monotonic()
            with need_not_last():
                accepted(links)
            ended = monotonic()
            self._not_before = ended + (ended - begun) * REST
            failpoints.reach("mail:marked")


@transactional
def accepted(links: Mapping[int, int | None]) -> None:
    """The mail server took these mails, each with the signature whose confirm link it carries: the link's life starts now.

    An address from which mail came back gets another chance with a link that somebody asked for anew: if that comes back
    too, it is marked again.
    """
    now = clock.now()
    signatures = sorted(signature_id for signature_id in links.values() if signature_id is not None)
    if signatures:
        # The signatures before the mails, in the order in which erasing locks them.
        LINKS_SENT.run(ids=json.dumps(signatures), now=now)
    MAILS_SENT.run(ids=json.dumps(sorted(links)), now=now)


def _links_sent() -> Any:
    # Locked in order, so that nobody who holds one of them waits for another.
    ordered = (
        select(Signature.id)
        .where(is_listed(Signature.id, "ids", db.session))
        .order_by(Signature.id)
        .with_for_update(key_share=True)
        .cte("ordered")
    )
    return (
        update(Signature)
        .where(is_listed(Signature.id, "ids", db.session), Signature.id.in_(select(ordered.c.id)))
        .values(link_sent_at=bindparam("now", type_=UTCDateTime()), undeliverable_at=None)
    )


def _mails_sent() -> Any:
    return (
        update(Mail)
        .where(is_listed(Mail.id, "ids", db.session), or_(Mail.state == QUEUED, Mail.state == CANCELLED))
        .values(
            state=SENT,
            finished_at=bindparam("now", type_=UTCDateTime()),
            last_error=None,
            locked_until=None,
            attempts=Mail.attempts + 1,
        )
    )


LINKS_SENT = Question(_links_sent)
MAILS_SENT = Question(_mails_sent)


@transactional
def cancelled(mail_id: int) -> None:
    """Nobody is to get it any more."""
    _end(mail_id, CANCELLED, tried=False)


@transactional
def failed(mail_id: int, error: str, *, undeliverable: int | None = None) -> None:
    """It was refused for good. `undeliverable` is the signature whose address does not exist: no more news goes there."""
    if undeliverable is not None:
        db.session.execute(
            update(Signature)
            .where(Signature.id == undeliverable)
            .values(undeliverable_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    _end(mail_id, FAILED, error=error)


@transactional
def postponed(mail_id: int, error: str) -> None:
    """It was not taken this time. It is tried again later, and given up aloud in the end."""
    mail = _locked(mail_id)
    if mail is not None:
        _again(mail, error, MOST_ATTEMPTS, FAILED)


@transactional
def broken(mail_id: int, error: str) -> None:
    """It cannot be written. It is tried again a few times, then parked where staff see it."""
    mail = _locked(mail_id)
    if mail is not None:
        _again(mail, error, MOST_BROKEN, PARKED)


def _locked(mail_id: int) -> Mail | None:
    wanted = select(Mail).where(Mail.id == mail_id, Mail.state == QUEUED).with_for_update()
    return db.session.execute(wanted).scalar_one_or_none()


def _again(mail: Mail, error: str, most: int, end: str) -> None:
    mail.attempts += 1
    mail.last_error, mail.locked_until = error, None
    if mail.attempts >= most:
        mail.state, mail.finished_at = end, clock.now()
        log.error("mail %s (%s) is %s after %s tries: %s", mail.id, mail.kind, end, mail.attempts, error)
        return
    # Jitter only lengthens: many mails that were refused together do not come back together.
    delay = shortest_delay(mail.attempts) * random.uniform(1.0, 1.3)  # noqa: S311
    mail.due_at = clock.now() + timedelta(seconds=delay)


def _end(mail_id: int, state: str, *, error: str | None = None, tried: bool = True) -> None:
    db.session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.state == QUEUED)
        .values(
            state=state,
            finished_at=clock.now(),
            last_error=error,
            locked_until=None,
            attempts=Mail.attempts + (1 if tried else 0),
        )
        .execution_options(synchronize_session=False)
    )
