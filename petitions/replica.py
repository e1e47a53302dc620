"""Public pages may be read from a streaming replica of PostgreSQL, as long as it is there and not too far behind.

Whoever has just acted must see it, so the pages that follow (`sees_own_acts`), mailed links, staff pages and everything
that is posted read the primary. Where the replica is lost in the middle of a page, the page is made once more from the
primary. docs/scaling.md says when one is worth having.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar, cast

from flask import current_app, has_request_context, request
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

View = TypeVar("View", bound=Callable[..., Any])

#: How often each process looks how far the replica is, and how long it leaves one alone that was lost, in seconds.
EVERY, REST = 1.0, 3.0
#: A replica whose machine is gone must not hold a page for longer than this, in seconds.
PATIENCE = 2
#: Where a request keeps what was decided for it.
CHOSEN = "petitions.reads_replica"

#: How much the primary has written, and the replica replayed: bytes of the log.
WRITTEN = text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
#: Nothing where it is no replica any more: somebody made it a primary of its own.
REPLAYED = text(
    "SELECT CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') END"
)


def sees_own_acts(view: View) -> View:
    """A page to which people are sent after they did something: what they did must be on it."""
    view.sees_own_acts = True  # type: ignore[attr-defined]
    return view


class Replica:
    """What this process knows of the replica. `limit` is how old, in seconds, what it shows may be.

    Time alone cannot tell: on a site where nothing happens the last change is hours old on both. So each look notes how much
    the primary has written, and the replica is good if it has replayed what the primary had written at a moment that is at
    most `limit` seconds ago.
    """

    def __init__(self, primary: Engine, engine: Engine, limit: float) -> None:
        self.primary, self.engine, self.limit = primary, engine, limit
        self._is_good = False
        self._next_look = 0.0
        self._written: deque[tuple[float, int]] = deque()
        self._looking = threading.Lock()

    def may_be_read(self) -> bool:
        """Whether public pages may be read from it now. Asks at most once a second; others go by what is known."""
        if monotonic() >= self._next_look and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._is_good

    def distrust(self) -> None:
        """It has failed: leave it alone for a while."""
        if self._is_good:
            current_app.logger.warning("the replica is lost or behind: pages are read from the primary")
        self._is_good, self._next_look = False, monotonic() + REST

    def _look(self) -> None:
        now = monotonic()
        self._next_look = now + EVERY
        try:
            replayed = _asked(self.engine, REPLAYED)
        except DBAPIError:
            self.distrust()
            return
        is_good = replayed is not None and self._has_what_matters(now, replayed)
        if is_good and not self._is_good:
            current_app.logger.warning("public pages are read from the replica")
        if not is_good:
            self.distrust()
        self._is_good = is_good
        self._next_look = now + EVERY

    def _has_what_matters(self, now: float, replayed: int) -> bool:
        try:
            self._written.append((now, _asked(self.primary, WRITTEN) or 0))
        except DBAPIError:
            # The primary is away. Nobody has anything newer, and reading can go on.
            return True
        while self._written[0][0] < now - self.limit:
            self._written.popleft()
        return replayed >= self._written[0][1]


def _asked(engine: Engine, question: Any) -> int | None:
    with engine.connect() as connection:
        return cast("int | None", connection.execute(question).scalar_one())


def is_chosen() -> bool:
    """Whether the request at hand reads from the replica. Decided once, so that one page shows one of the two."""
    if not has_request_context():
        return False
    if CHOSEN not in request.environ:
        view = current_app.view_functions.get(request.endpoint or "")
        must_see = getattr(view, "sees_own_acts", False) or getattr(view, "is_token_page", False)
        found = cast(Replica, current_app.extensions["replica"])
        request.environ[CHOSEN] = not must_see and found.may_be_read()
    return bool(request.environ[CHOSEN])


def answers() -> bool:
    """Whether public pages could be read from a replica now, whatever the database itself does."""
    found = cast("Replica | None", current_app.extensions.get("replica"))
    return found is not None and found.may_be_read()


def was_lost() -> bool:
    """In an error of the database: whether it was the replica's. Then the request at hand reads the primary from here on."""
    if not has_request_context() or not request.environ.get(CHOSEN):
        return False
    cast(Replica, current_app.extensions["replica"]).distrust()
    request.environ[CHOSEN] = False
    return True
