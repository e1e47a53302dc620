"""The loop of `flask worker`: deliver mail, feed mailings, run campaigns, do what is due; then look again. Beside it counts go on."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from petitions import work_totals
from petitions.counts.counting import sweep
from petitions.extensions import db
from petitions.mail.delivery import deliver
from petitions.mail.mailings import feed
from petitions.operations.heartbeats import EVERY as SECONDS_BETWEEN_BEATS
from petitions.operations.heartbeats import PULSE
from petitions.scrutiny import campaign_work
from petitions.webhooks import delivery as webhooks
from petitions.worker.schedule import run_due

log = logging.getLogger(__name__)

#: Seconds between looks while there is nothing to do: a signature is counted within a second.
PAUSE = 0.5
PAUSE_AFTER_FAILURE = 5.0
PAUSE_OF_WEBHOOKS = 1.0
PAUSE_OF_LONG_TASKS = 60.0

#: Work whose amount is kept for those who watch.
TALLIED: dict[Callable[[], int], str] = {
    sweep: work_totals.SIGNATURES_COUNTED,
    deliver: work_totals.MAILS_HANDLED,
}
STEPS: tuple[Callable[[], int], ...] = (deliver, feed, campaign_work.work, run_due)


def step() -> int:
    """Do each kind of work once. Returns how many things were done: 0 means that nothing is waiting."""
    return count() + _take_steps()


def _take_steps() -> int:
    return sum(_do(work) for work in STEPS)


def _do(work: Callable[[], int]) -> int:
    try:
        number = work()
    finally:
        db.session.remove()
    if work in TALLIED:
        work_totals.tally(TALLIED[work], number)
    return number


def count() -> int:
    """Count who has confirmed. No part of the loop: a mail server may be slow, and counting must not be."""
    return _do(sweep)


def run_until_idle(most: int = 1000) -> None:
    """Work until nothing is waiting: for tests and the demonstration."""
    for _ in range(most):
        if not step() + tell_webhooks() + do_what_takes_long():
            return


def tell_webhooks() -> int:
    """Tell programs of others one thing that is due. No part of a step: their servers may be slow, and mail must not be."""
    return _do(webhooks.deliver)


def do_what_takes_long() -> int:
    """Do one task that takes minutes, if one is due."""
    return _do(partial(run_due, long=True))


#: What is done beside the steps, each with its pause in seconds while nothing is due.
BESIDE: tuple[tuple[Callable[[], int], float], ...] = (
    (count, PAUSE),
    (tell_webhooks, PAUSE_OF_WEBHOOKS),
    (do_what_takes_long, PAUSE_OF_LONG_TASKS),
    (PULSE.beat, SECONDS_BETWEEN_BEATS),
)


def _beside(app: Flask, stop: Stop, work: Callable[[], int], pause: float) -> None:
    """Do one kind of work until asked to stop, while the other work goes on; look again after a pause in seconds."""
    with app.app_context():
        while not stop.asked:
            try:
                idle = not work()
            except Exception:
                log.exception("%s failed", work.__name__)
                stop.wait(PAUSE_AFTER_FAILURE)
                continue
            if idle:
                stop.wait(pause)


class Stop:
    """Becomes true at SIGTERM or SIGINT: the unit of work at hand is finished first."""

    def __init__(self) -> None:
        self._event = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    @property
    def asked(self) -> bool:
        """Whether it is time to go."""
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until asked to stop."""
        self._event.wait(seconds)

    def _ask(self, *_: object) -> None:
        self._event.set()


def run() -> None:
    """Work until asked to stop. A failing step is logged and tried again: the worker outlives its database."""
    stop = Stop()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    PULSE.begin()
    for work, pause in BESIDE:
        threading.Thread(target=_beside, args=(app, stop, work, pause), daemon=True).start()
    while not stop.asked:
        try:
            idle = not _take_steps()
        except DBAPIError as problem:
            log.error("database unavailable: %s", type(problem.orig).__name__)
            for engine in db.engines.values():
                engine.dispose()
            time.sleep(PAUSE_AFTER_FAILURE)
            continue
        except Exception:
            log.exception("a step of the worker failed")
            time.sleep(PAUSE_AFTER_FAILURE)
            continue
        PULSE.stepped()
        if idle:
            time.sleep(PAUSE)
    with suppress(DBAPIError):
        PULSE.stop()
