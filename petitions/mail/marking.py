"""Writing down what became of a mail. It is marked sent only after the mail server took it, never before.

Somebody else may have come first: a worker whose lease was over, staff who cancelled it, a report that it came back. What
they wrote stands, but for one thing: what was taken is sent.
"""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Mail, Signature
from petitions.models.mail import CANCELLED, FAILED, PARKED, QUEUED, SENT

#: Seconds before the next try: they double from the first to the longest.
FIRST_DELAY = 10.0
LONGEST_DELAY = 3600.0
#: With these delays the last try is at least 72 hours after the first (RFC 5321, 4.5.4.1 asks for four to five days of
#: a relay; the relay behind us does that). Time in which the mail server was away is not counted.
MOST_ATTEMPTS = 81
#: A message that cannot be written so often never will be.
MOST_BROKEN = 5

log = logging.getLogger(__name__)


def shortest_delay(attempts: int) -> float:
    """Seconds that a mail waits at least after so many tries."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(attempts - 1, 20))


@transactional
def accepted(mail_id: int, *, link_of: int | None = None) -> None:
    """The mail server took it. `link_of` is the signature whose confirm link it carries: the link's life starts now.

    An address from which mail came back gets another chance with a link that somebody asked for anew: if that comes back
    too, it is marked again.
    """
    if link_of is not None:
        # The signature before the mail, in the order in which erasing locks them.
        _change_signature(link_of, link_sent_at=clock.now(), undeliverable_at=None)
    _end(mail_id, SENT, from_states=(QUEUED, CANCELLED))


@transactional
def cancelled(mail_id: int) -> None:
    """Nobody is to get it any more."""
    _end(mail_id, CANCELLED, tried=False)


@transactional
def failed(mail_id: int, error: str, *, undeliverable: int | None = None) -> None:
    """It was refused for good. `undeliverable` is the signature whose address does not exist: no more news goes there."""
    if undeliverable is not None:
        _change_signature(undeliverable, undeliverable_at=clock.now())
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


def _end(
    mail_id: int,
    state: str,
    *,
    error: str | None = None,
    tried: bool = True,
    from_states: tuple[str, ...] = (QUEUED,),
) -> None:
    db.session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.state.in_(from_states))
        .values(
            state=state,
            finished_at=clock.now(),
            last_error=error,
            locked_until=None,
            attempts=Mail.attempts + (1 if tried else 0),
        )
        .execution_options(synchronize_session=False)
    )


def _change_signature(signature_id: int, **values: Any) -> None:
    db.session.execute(
        update(Signature)
        .where(Signature.id == signature_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
