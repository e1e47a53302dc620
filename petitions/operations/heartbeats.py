"""A worker's heartbeat: a row that it writes itself. Whoever looks, only reads."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import delete

from petitions import clock, work_totals
from petitions.database import insert, transactional
from petitions.extensions import db
from petitions.models import WorkerHeartbeat

#: Seconds from beat to beat.
EVERY = 10.0
#: A worker that was silent for so long is not coming back; its row is removed by the others.
FORGOTTEN = timedelta(days=1)
LONGEST_NAME = 120


class Pulse:
    """The pulse of one worker. Its work says `stepped`, which costs nothing; a thread beside it says `beat`."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """The work of this process begins now."""
        self._name = f"{socket.gethostname()}:{os.getpid()}"[-LONGEST_NAME:]
        self._started_at = self._stepped_at = clock.now()

    def stepped(self) -> None:
        """A step of the work is done."""
        self._stepped_at = clock.now()

    def beat(self) -> int:
        """Write into the database that this worker lives, and what it counted. Returns 0: there is no more to do now."""
        try:
            _write(self._name, self._started_at, self._stepped_at)
            work_totals.add_tallied()
        finally:
            db.session.remove()
        return 0

    def stop(self) -> None:
        """This worker ends in order: nobody need look for it."""
        work_totals.add_tallied()
        _remove(self._name)


#: That of this process.
PULSE = Pulse()


@transactional
def _write(name: str, started_at: datetime, stepped_at: datetime) -> None:
    values = {"started_at": started_at, "beat_at": clock.now(), "stepped_at": stepped_at}
    statement = insert(WorkerHeartbeat, db.session).values(name=name, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
    db.session.execute(
        delete(WorkerHeartbeat)
        .where(WorkerHeartbeat.beat_at < clock.now() - FORGOTTEN)
        .execution_options(synchronize_session=False)
    )


@transactional
def _remove(name: str) -> None:
    db.session.execute(
        delete(WorkerHeartbeat)
        .where(WorkerHeartbeat.name == name)
        .execution_options(synchronize_session=False)
    )
