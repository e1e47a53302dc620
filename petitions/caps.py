"""How many mails somebody else can cause at one mailbox, by typing its address into our forms.

Counted per mailbox, however it is spelled and whatever becomes of the signatures: two about one petition and five in all in
24 hours, fifteen in 30 days. Exact: requests about one mailbox take turns, and what is counted is committed with the mail.

A row says of one mailbox on one day in which hours mails were caused, each with a mark of what it was about. The row's hash
and the marks are keyed with the day, and hours are not minutes, so that a stolen copy does not tell which signatures are of
one person.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    LargeBinary,
    bindparam,
    column,
    func,
    literal_column,
    select,
)

from petitions import clock
from petitions.database import insert
from petitions.extensions import db
from petitions.limits import MAILS_A_DAY, MAILS_A_MONTH, MAILS_ABOUT_ONE
from petitions.models import MailCap
from petitions.moments import days_before
from petitions.questions import Question
from petitions.secrecy import HASH_BYTES, keyed_hash, keyed_hashes
from petitions.turns import take_turns

#: Hours are kept, so up to one more has passed than it seems: never one mail too many.
ROUNDING = timedelta(hours=1)
DAY = timedelta(hours=24) + ROUNDING
MONTH = timedelta(days=30) + ROUNDING
#: Days whose rows can hold something of the last month.
DAYS = 32

LIST = "list"
"""What a mail is about that lists what a mailbox signed."""


def about(petition_id: int) -> str:
    """What a mail is about that concerns one petition."""
    return f"petition:{petition_id}"


def about_alert(subject: str) -> str:
    """What a mail is about that confirms an alert, or says that there is one: by what the alert is about."""
    return f"alert:{subject}"


@dataclass(frozen=True)
class Allowance:
    """What one mailbox got in the last month. Nobody else changes it until the transaction ends."""

    mailbox: str
    now: datetime
    entries: dict[date, list[str]]
    """By day: `2026-11-25T19 3f9a…`, the hour in UTC and the mark."""

    def left(self, subject: str) -> bool:
        """Whether one more mail about `subject` may go."""
        marks = {day: _mark(day, self.mailbox, subject) for day in self.entries}
        day = month = same = 0
        for on, entries in self.entries.items():
            for entry in entries:
                hour, _, mark = entry.partition(" ")
                age = self.now - datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC)
                month += age < MONTH
                day += age < DAY
                same += age < DAY and mark == marks[on]
        return same < MAILS_ABOUT_ONE and day < MAILS_A_DAY and month < MAILS_A_MONTH

    def note(self, subject: str) -> None:
        """Write down that a mail about `subject` was caused now."""
        today = self.now.date()
        entry = f"{self.now:%Y-%m-%dT%H} {_mark(today, self.mailbox, subject)}"
        moments = [*self.entries.get(today, []), entry]
        NOTE.run(day=today, address_hash=_hash(today, self.mailbox), moments=moments)


def allowance(mailbox: str) -> Allowance:
    """What a mailbox (its canonical address) got. Waits its turn; before it, nothing of a mailbox may be locked."""
    take_turns(db.session, turn_of(mailbox))
    return allowance_in_turn(mailbox)


def turn_of(mailbox: str) -> bytes:
    """The key under which those wait for each other who ask what a mailbox got."""
    return keyed_hash("mail-turn", mailbox)


def allowance_in_turn(mailbox: str) -> Allowance:
    """The same for whoever has the turn already."""
    now = clock.now()
    today = now.date()
    hashes = b"".join(keyed_hashes(_month_before(today), mailbox))
    return Allowance(mailbox, now, {row.day: row.moments for row in NOTED.run(today=today, hashes=hashes)})


@lru_cache(maxsize=2)
def _month_before(today: date) -> tuple[str, ...]:
    return tuple(_purpose(today - timedelta(days=back)) for back in range(DAYS))


def _numbers_below(limit: int, session: Any) -> ColumnElement[int]:
    """In a query: the numbers from 0, as rows to join with; no parameter."""
    if session.get_bind().dialect.name == "sqlite":
        written: ColumnElement[str] = literal_column(f"'{json.dumps(list(range(limit)))}'")
        return func.json_each(written).table_valued(column("value", Integer), name="numbers").c.value
    series = func.generate_series(literal_column("0"), literal_column(str(limit - 1)))
    return series.table_valued(column("value", Integer)).render_derived("numbers").c.value


def _noted() -> Any:
    """The rows of a mailbox: `hashes` are those of all days, the last day's first, one after the other.

    Day by day, which PostgreSQL does by the table's key. As a join it reads the whole of a table that was small when it
    planned, and grows in the hours in which many sign.
    """
    back = _numbers_below(DAYS, db.session)
    width: ColumnElement[int] = literal_column(str(HASH_BYTES))
    hashed = func.substr(bindparam("hashes", type_=LargeBinary), back * width + literal_column("1"), width)
    day = days_before(bindparam("today", type_=Date), back, db.session)
    moments = select(MailCap.moments).where(MailCap.day == day, MailCap.address_hash == hashed)
    each = select(day.label("day"), moments.scalar_subquery().label("moments")).subquery("days")
    return select(each.c.day, each.c.moments).where(each.c.moments.is_not(None))


def _note() -> Any:
    values: dict[str, Any] = {name: bindparam(name) for name in ("day", "address_hash", "moments")}
    row = insert(MailCap, db.session).values(**values)
    return row.on_conflict_do_update(
        index_elements=["day", "address_hash"], set_={"moments": row.excluded.moments}
    )


NOTED, NOTE = Question(_noted), Question(_note)


def _hash(day: date, mailbox: str) -> bytes:
    return keyed_hash(_purpose(day), mailbox)


def _mark(day: date, mailbox: str, subject: str) -> str:
    return keyed_hash(_purpose(day), f"{subject} {mailbox}")[:8].hex()


def _purpose(day: date) -> str:
    return f"mail-cap:{day}"
