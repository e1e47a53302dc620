"""Which changes the public can see: one number that every unit of work raises that wrote anything a public page may show.

So a page that was made stays true as long as the number is the same (`kept_pages.py`). What a unit of work writes to is
noted from its statements, and everything counts but the tables named here: nobody has to think of it who writes a new verb.

Counting happens some times a second while many sign, and changes one petition's count: it raises a number of its own.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Engine

#: No public page shows anything of these. A signature is not seen before it is counted, which writes to other tables too;
#: what rises says the same whether its places were written down or not.
UNSEEN = frozenset(
    {
        "captured_mails",
        "mail_caps",
        "mail_servers",
        "mails",
        "origin_counts",
        "periodic_tasks",
        "public_changes",
        "rising_ranks",
        "sign_in_failures",
        "signatures",
        "staff_notices",
        "staff_sessions",
        "suppressions",
        "webhook_deliveries",
        "work_totals",
        "worker_heartbeats",
    }
)

#: What counting writes to. All of it has changed where the petition's own count has.
COUNTS = frozenset(
    {"country_counts", "hour_counts", "late_counts", "minute_counts", "petitions", "place_counts"}
)

#: Not the words of a lock (`FOR UPDATE`) or of an insert that may find its row there (`DO UPDATE SET`).
_WRITES = re.compile(r'(?:INSERT INTO|(?<!FOR )(?<!KEY )(?<!DO )\bUPDATE|DELETE FROM)\s+"?(\w+)')
_READS = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET ")

_RAISE = text(
    "INSERT INTO public_changes (id, number, counted) VALUES (1, 1, 0)"
    " ON CONFLICT (id) DO UPDATE SET number = public_changes.number + 1"
)
_RAISE_COUNTED = text(
    "INSERT INTO public_changes (id, number, counted) VALUES (1, 0, 1)"
    " ON CONFLICT (id) DO UPDATE SET counted = public_changes.counted + 1"
)

_written: ContextVar[set[str] | None] = ContextVar("written", default=None)
_counts: ContextVar[bool] = ContextVar("counts", default=False)


@lru_cache(maxsize=2_000)
def tables_of(statement: str) -> frozenset[str]:
    """The tables that a statement writes to; of one that is not understood, a name that no table has."""
    if statement.startswith(_READS):
        return frozenset()
    return frozenset(_WRITES.findall(statement)) or frozenset({"?"})


def watch(engine: Engine) -> None:
    """Note what is written through an engine."""
    event.listen(engine, "before_cursor_execute", _note)


def _note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    written = _written.get()
    if written is not None:
        written.update(tables_of(statement))


def begin() -> None:
    """A unit of work begins."""
    _written.set(set())
    _counts.set(False)


def counts() -> None:
    """The unit of work at hand raises one petition's count. Whatever else it does is noted as ever."""
    _counts.set(True)


def raising() -> Any:
    """The statement that raises the number of what the unit of work at hand has written; nothing where no public page may
    show it."""
    seen = (_written.get() or set()) - UNSEEN
    if not seen:
        return None
    return _RAISE_COUNTED if _counts.get() and seen <= COUNTS else _RAISE
