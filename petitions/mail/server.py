"""Whether the mail server takes mail. While it does not, nobody asks it but now and then: one pause for all workers.

Its being away is nobody's fault among the mails that wait: none of them is tried, none is put off.
"""

from __future__ import annotations

import logging
import random
from datetime import timedelta

from sqlalchemy import delete, select

from petitions import clock
from petitions.database import insert_new, transactional
from petitions.extensions import db
from petitions.models import MailServer
from petitions.questions import Question

#: Seconds. The longest stays short, so that confirm links leave within a minute of its coming back.
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0
ONLY = 1
LONGEST_REASON = 200

log = logging.getLogger(__name__)


NEXT_TRY = Question(lambda: select(MailServer.next_try_at))


def is_paused() -> bool:
    """Whether it is too early to ask again."""
    noted = NEXT_TRY.first()
    return noted is not None and clock.now() < noted.next_try_at


@transactional
def away(reason: str) -> None:
    """Note that it takes no mail, and why; the pause doubles each time. What another worker just noted stands."""
    now = clock.now()
    insert_new(MailServer, db.session, id=ONLY, away_since=now, next_try_at=now, failures=0, reason="")
    row = db.session.execute(select(MailServer).where(MailServer.id == ONLY).with_for_update()).scalar_one()
    if row.failures and now < row.next_try_at:
        return
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.failures, 10)) * random.uniform(1.0, 1.2)  # noqa: S311
    row.failures += 1
    row.next_try_at = now + timedelta(seconds=pause)
    row.reason = reason[:LONGEST_REASON]
    log.warning("the mail server takes no mail, all mail waits: %s", row.reason)


def back() -> None:
    """Note that it took a mail, where it was noted that it took none."""
    if NEXT_TRY.row() is not None:
        _is_back()


@transactional
def _is_back() -> None:
    db.session.execute(delete(MailServer))
