"""The loop of `flask worker`: sweep signatures, deliver mail, feed mailings, run campaigns, do what is due; then look again."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from petitions.counting import sweep
from petitions.extensions import db
from petitions.mail.delivery import deliver
from petitions.mail.mailings import feed
from petitions.scrutiny import campaign_work
from petitions.worker.schedule import run_due

log = logging.getLogger(__name__)

#: Seconds between looks while there is nothing to do: a signature is counted within a second.
PAUSE = 0.5
PAUSE_AFTER_FAILURE = 5.0

STEPS: tuple[Callable[[], int], ...] = (sweep, deliver, feed, campaign_work.work, run_due)


def step() -> int:
    """Do each kind of work once. Returns how many things were done: 0 means that nothing is waiting."""
    done = 0
    for work in STEPS:
        try:
            done += work()
        finally:
            db.session.remove()
    return done


def run_until_idle(most: int = 1000) -> None:
    """Work until nothing is waiting: for tests and the demonstration."""
    for _ in range(most):
        if not step():
            return


class Stop:
    """Becomes true at SIGTERM or SIGINT: the unit of work at hand is finished first."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def run() -> None:
    """Work until asked to stop. A failing step is logged and tried again: the worker outlives its database."""
    stop = Stop()
    while not stop.asked:
        try:
            idle = not step()
        except DBAPIError as problem:
            log.error("database unavailable: %s", type(problem.orig).__name__)
            db.engine.dispose()
            time.sleep(PAUSE_AFTER_FAILURE)
            continue
        except Exception:
            log.exception("a step of the worker failed")
            time.sleep(PAUSE_AFTER_FAILURE)
            continue
        if idle:
            time.sleep(PAUSE)
