"""What the processes of a fault run load: the site itself, its long waits cut short, its clock and its bugs as asked.

gunicorn loads `tests.faults.entry:app`; `python -m tests.faults.entry NUMBER` has the program loaded and forks so many
`flask worker` processes from it, a new one for each that dies, so that a killed worker is back at once. The service
itself knows nothing of this module.

`FAULTS_REACHED` names a file that counts the failpoints that acted; `FAULTS_CLOCK` names a file with seconds by which the clock is wrong; `FAULTS_PLANTED` names a bug of `tests.faults.planted`;
`FAULTS_TALKATIVE` says what `tests.faults.talkative` does; `FAULTS_READY` names a folder in which each process that has
loaded the program leaves a file `ready-PID`.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask

from petitions import clock, create_app, failpoints
from petitions.mail import claiming, conversation, delivery, marking, server
from petitions.scrutiny import campaign_work
from petitions.worker import loop, schedule

#: Waits that are minutes or hours in production, for which a run has no time, and portions too large to be cut.
SHORT_WAITS: tuple[tuple[Any, str, Any], ...] = (
    (claiming, "LEASE", timedelta(seconds=8)),
    (delivery, "HOLD", timedelta(seconds=4)),
    (marking, "FIRST_DELAY", 0.3),
    (marking, "LONGEST_DELAY", 1.5),
    (server, "FIRST_PAUSE", 0.3),
    (server, "LONGEST_PAUSE", 1.0),
    (conversation, "TIMEOUT_SECONDS", 3),
    (conversation, "DATA_SECONDS", 3),
    (campaign_work, "CHANGED", 20),
    (loop, "PAUSE", 0.1),
    (loop, "PAUSE_AFTER_FAILURE", 0.3),
    (schedule, "LEASE", timedelta(seconds=8)),
)


def shorten_waits() -> None:
    """Cut the long waits short. Raises `AttributeError` where one has another name by now."""
    for module, name, value in SHORT_WAITS:
        getattr(module, name)
        setattr(module, name, value)


class WrongClock:
    """Stands in the place where `clock.fixed` keeps its moments: the true time and what a file says on top of it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, _: int) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text() or 0))


def die_with_the_parent() -> None:
    """A run that is killed itself leaves no process behind (on Linux; elsewhere they end when their parent does so in order)."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def count_failpoints(file: Path) -> None:
    """Every failpoint that acts adds one byte to `file`; none acts any more when a file `calm` lies beside it."""
    act, calm = failpoints._act, file.with_name("calm")

    def counted(what: str) -> None:
        if calm.exists():
            return
        with file.open("ab", buffering=0) as log:
            log.write(b".")
        act(what)

    failpoints._act = counted


def make() -> Flask:
    """The site as the environment describes it."""
    die_with_the_parent()
    shorten_waits()
    if reached := os.environ.get("FAULTS_REACHED"):
        count_failpoints(Path(reached))
    if file := os.environ.get("FAULTS_CLOCK"):
        clock._fixed = WrongClock(Path(file))  # type: ignore[assignment]
    if bug := os.environ.get("FAULTS_PLANTED"):
        from tests.faults import planted

        planted.plant(bug)
    if wanted := os.environ.get("FAULTS_TALKATIVE"):
        from tests.faults import talkative

        talkative.begin(wanted)
    app = create_app()
    if folder := os.environ.get("FAULTS_READY"):
        (Path(folder) / f"ready-{os.getpid()}").touch()
    return app


def work() -> None:
    """Be `flask worker`, until a signal comes."""
    die_with_the_parent()
    app.cli.main(args=["worker"], obj=_script_info(), prog_name="flask", standalone_mode=False)


def _script_info() -> Any:
    from flask.cli import ScriptInfo

    return ScriptInfo(create_app=lambda: app)


class Nursery:
    """Keeps so many workers alive until it is told to stop."""

    def __init__(self, number: int) -> None:
        self.stopping = False
        self.workers: set[int] = set()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        for _ in range(number):
            self._fork()

    def _fork(self) -> None:
        signals = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        pid = os.fork()
        if pid:
            self.workers.add(pid)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
            return
        for name in signals:
            signal.signal(name, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        status = 1
        try:
            work()
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        for pid in self.workers:
            os.kill(pid, signal.SIGTERM)

    def run(self) -> None:
        """Wait for deaths, and replace the dead."""
        while self.workers:
            pid, _status = os.wait()
            self.workers.discard(pid)
            if not self.stopping:
                self._fork()


app = make()
# As `wsgi.py` does: a process that need not look through all of the program again ends in half the time.
gc.freeze()

if __name__ == "__main__":
    Nursery(int(sys.argv[1])).run()
