"""Guessing costs time, and nobody is locked out: after five wrong tries each further one must wait longer.

Tries are counted before they are looked at, in a transaction of their own: a hundred guesses at once are a hundred tries.
A try that comes too early is not looked at and costs nothing, so whoever waits gets in with the right password.

Comparing a password is made to be slow and to take much memory. So a process compares only few at once, and whoever comes
besides is told to come again: a thousand machines that guess take no more of it away from those who sign.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from threading import BoundedSemaphore

from flask import current_app
from sqlalchemy import delete, select

from petitions import clock
from petitions.database import insert_new, transactional
from petitions.errors import PetitionsError
from petitions.extensions import db
from petitions.models import SignInFailure, Staff
from petitions.secrecy import keyed_hash

#: Tries in a row that need not wait: mistyped, another password, capitals.
FREE = 5
#: The longest wait in seconds; it is reached with the fourteenth try.
LONGEST_WAIT = 300
#: After so long without a try all is forgotten.
FORGOTTEN = timedelta(days=1)
#: Passwords that one process compares at once: half of its threads, at most 256 MiB.
AT_ONCE = 2

_comparing = BoundedSemaphore(AT_ONCE)


class Busy(PetitionsError):
    """This process compares as many passwords as it may."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class TooEarly(PetitionsError):
    """The next try must wait `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} seconds")
        self.seconds = seconds


@contextmanager
def at_work() -> Iterator[None]:
    """Compare a password in here. Nobody waits for a place, because who waits holds up others. Raises `Busy`."""
    if not _comparing.acquire(blocking=False):
        raise Busy("too many passwords at once")
    try:
        yield
    finally:
        _comparing.release()


def address_key(email: str) -> bytes:
    """Counts tries of passwords for one address, whether or not anybody has it."""
    return keyed_hash("sign-in", email.strip().lower())


def person_key(staff_id: int) -> bytes:
    """Counts tries of codes, and of the password of who is signed in."""
    return keyed_hash("second-factor", str(staff_id))


def wait_after(failures: int) -> int:
    """Seconds to wait after so many tries in a row that failed: 0 up to four, then 1, 2, 4, … 300."""
    return 0 if failures < FREE else min(2 ** min(failures - FREE, 20), LONGEST_WAIT)


@transactional
def take_a_try(key: bytes) -> None:
    """Count a try that is about to be made. Raises `TooEarly`, and then counts nothing."""
    now = clock.now()
    insert_new(SignInFailure, db.session, email_hash=key, failures=0, failed_at=now)
    query = select(SignInFailure).where(SignInFailure.email_hash == key).with_for_update()
    row = db.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    if row.failed_at < now - FORGOTTEN:
        row.failures = 0
    left = (row.failed_at - now).total_seconds() + wait_after(row.failures)
    if left > 0 and row.failures >= FREE:
        raise TooEarly(math.ceil(left))
    row.failures, row.failed_at = row.failures + 1, now


def note_refusal(what: str, staff: Staff | None) -> None:
    """Tell the log that somebody was not believed, and for whom they wanted to pass: by number, never by address."""
    who = f"staff {staff.id}" if staff is not None else "nobody here"
    current_app.logger.warning("refused: %s of %s", what, who)


def forget_tries(key: bytes) -> None:
    """The right one came. Inside a unit of work."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.email_hash == key))
