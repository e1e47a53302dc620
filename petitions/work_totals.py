"""How much was done, and when last: numbers that workers and commands keep in the database, for `/metrics` and `flask doctor`.

Workers have no address that could be asked, and may be on other machines. So they count in memory, and add what they counted
to the database every few seconds; one that is killed loses the count of those seconds, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from threading import Lock

from petitions import clock
from petitions.database import insert, transactional
from petitions.extensions import db
from petitions.models import WorkTotal

SIGNATURES_COUNTED = "signatures_counted"
MAILS_HANDLED = "mails_handled"
TASK_FAILURES = "task_failures"
#: When, in Unix time.
BACKED_UP_AT = "backed_up_at"
VERIFIED_AT = "verified_at"
#: How many things were not true then.
VERIFIED_BROKEN = "verified_broken"

_counted: Counter[str] = Counter()
_lock = Lock()


def tally(name: str, number: int) -> None:
    """Count in memory."""
    if number:
        with _lock:
            _counted[name] += number


@transactional
def add_tallied() -> None:
    """Add what was counted in memory to what the database has."""
    with _lock:
        taken = Counter(_counted)
        _counted.clear()
    try:
        for name in sorted(taken):
            statement = insert(WorkTotal, db.session).values(name=name, number=taken[name])
            new_total = {"number": WorkTotal.number + taken[name]}
            db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=new_total))
    except BaseException:
        with _lock:
            _counted.update(taken)
        raise


@transactional
def note(name: str, number: int) -> None:
    """Keep a number in the place of the one before."""
    statement = insert(WorkTotal, db.session).values(name=name, number=number)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"number": number}))


def note_time(name: str) -> None:
    """Keep the present moment, in Unix time."""
    note(name, int(clock.now().timestamp()))
