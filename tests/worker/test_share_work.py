"""Workers share the work: each periodic task is claimed by one, a failing one is told and tried again, SIGTERM ends them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from petitions import clock
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import PeriodicTask, Petition, Signature
from petitions.search_index import vocabulary
from petitions.worker import loop, schedule
from tests import build
from tests.databases import Database
from tests.settings import make_environment

ROOT = Path(__file__).resolve().parents[2]


def task(name: str) -> PeriodicTask:
    """The row of a periodic task, read anew."""
    db.session.rollback()
    return db.session.get_one(PeriodicTask, name)


@pytest.fixture
def ran(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tasks that ran, oldest first. `bad` fails the first time."""
    names: list[str] = []

    def note(name: str) -> None:
        names.append(name)
        if name == "bad" and names.count("bad") == 1:
            raise RuntimeError("as planned")

    tasks = tuple(
        schedule.Task(name, timedelta(minutes=5), lambda name=name: note(name)) for name in ("bad", "good")
    )
    monkeypatch.setattr(schedule, "TASKS", tasks)
    schedule.prepare()
    return names


def test_words_are_counted_every_day_and_where_many_petitions_are_new(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = tuple(each for each in schedule.TASKS if "words" in each.name)
    assert [each.is_long for each in tasks] == [True], "nobody waits for it"
    monkeypatch.setattr(schedule, "TASKS", tasks)
    morning = datetime(2026, 11, 24, 9, tzinfo=UTC)
    with clock.fixed(morning):
        schedule.prepare()
    number = build.open_petition(action="Library", background="x", additional_details="").id

    def known(at: datetime) -> set[str]:
        with clock.fixed(at):
            loop.run_until_idle()
        return vocabulary.known(["library", "theatre", "museum"])

    assert known(morning) == {"library"}
    build.change(db.session.get_one(Petition, number), action="Theatre")
    assert known(morning + timedelta(minutes=11)) == {"library"}
    assert known(morning + timedelta(days=1)) == {"theatre"}
    build.open_petition(action="Museum", background="x", additional_details="")
    assert known(morning + timedelta(days=1, minutes=11)) == {"theatre", "museum"}


def test_two_workers_may_count_words_at_once(app: Flask) -> None:
    build.open_petition(action="One two three four five six")
    db.session.commit()
    failures: list[BaseException] = []
    together = threading.Barrier(2)

    def count() -> None:
        with app.app_context():
            try:
                for _ in range(10):
                    together.wait(timeout=30)
                    vocabulary.recount()
            except BaseException as failure:
                together.abort()
                failures.append(failure)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_each_task_runs_once_and_again_when_it_is_due(ran: list[str]) -> None:
    loop.run_until_idle()
    assert sorted(ran) == ["bad", "good"]
    loop.run_until_idle()
    assert len(ran) == 2
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        loop.run_until_idle()
    assert sorted(ran) == ["bad", "bad", "good", "good"]


def test_a_task_that_another_worker_has_is_left_to_it(ran: list[str]) -> None:
    first, second = schedule._claim(), schedule._claim()
    assert {first, second} == {"bad", "good"}
    assert schedule._claim() is None
    assert schedule.run_due() == 0
    with clock.fixed(clock.now() + schedule.LEASE + timedelta(seconds=1)):
        # The worker that had them died: after a while another takes them.
        loop.run_until_idle()
    assert sorted(ran) == ["bad", "good"]


def test_a_failing_task_is_told_stops_nobody_and_is_tried_again(ran: list[str]) -> None:
    loop.run_until_idle()
    assert task("bad").last_error == "RuntimeError"
    assert task("good").last_error is None
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        loop.run_until_idle()
        assert task("bad").last_error is None
    assert ran.count("bad") == 2


def test_starting_a_worker_twice_changes_nothing(ran: list[str]) -> None:
    before = task("good").next_run_at
    schedule.prepare()
    assert task("good").next_run_at == before


def test_one_step_counts_sends_and_does_what_is_due(app: Flask) -> None:
    schedule.prepare()
    petition = build.open_petition(closes_at=clock.now() + timedelta(minutes=1))
    build.signature(petition, counted=False)
    petition_id = petition.id
    with clock.fixed(clock.now() + timedelta(hours=1)):
        loop.run_until_idle()
    db.session.rollback()
    read = db.session.get_one(Petition, petition_id)
    assert (read.signature_count, read.state) == (2, State.CLOSED)
    assert build.captured(kind="petition_closed")


def test_idle_means_nothing_was_done(app: Flask) -> None:
    assert loop.step() == 0


def test_the_worker_outlives_its_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = build.open_petition()
    build.signature(petition, counted=False)
    petition_id = petition.id
    failures = [OperationalError("select", {}, Exception("gone")), RuntimeError("a fault of ours")]
    stop = _Stop(after=4)
    slept: list[float] = []

    def work() -> int:
        if failures:
            raise failures.pop(0)
        return loop.count()

    monkeypatch.setattr(loop, "STEPS", (work, *loop.STEPS))
    monkeypatch.setattr(loop, "Stop", lambda: stop)
    monkeypatch.setattr(loop, "BESIDE", ())
    monkeypatch.setattr(loop.time, "sleep", slept.append)
    loop.run()
    db.session.rollback()
    assert db.session.get_one(Petition, petition_id).signature_count == 2
    assert slept.count(loop.PAUSE_AFTER_FAILURE) == 2


class _Stop:
    """Asks to stop after so many looks."""

    def __init__(self, after: int) -> None:
        self.left = after

    @property
    def asked(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_who_confirmed_is_counted_while_a_mail_server_takes_its_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = build.open_petition()
    build.signature(petition, counted=False)
    number, stop, seen = petition.id, _StopAtOnce(), []

    def slow() -> int:
        end = time.monotonic() + 10
        while not seen and time.monotonic() < end:
            db.session.rollback()
            if db.session.get_one(Petition, number).signature_count == 2:
                seen.append(True)
        stop.now.set()
        return 0

    monkeypatch.setattr(loop, "STEPS", (slow,))
    monkeypatch.setattr(loop, "BESIDE", [each for each in loop.BESIDE if each[0] is loop.count])
    monkeypatch.setattr(loop, "Stop", lambda: stop)
    monkeypatch.setattr(loop.time, "sleep", lambda _: None)
    loop.run()
    assert seen


class _StopAtOnce:
    """Asks to stop when `now` is set."""

    def __init__(self) -> None:
        self.now = threading.Event()
        self.wait = self.now.wait

    @property
    def asked(self) -> bool:
        return self.now.is_set()


def test_sigterm_ends_a_worker_between_two_units_of_work(app: Flask, database: Database) -> None:
    petition = build.open_petition()
    build.signature(petition, counted=False)
    environment = {**os.environ, **make_environment(database_url=database.url), "FLASK_APP": "wsgi"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "worker"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert _counted_within(60, petition.id), "the worker did not count"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()
    db.session.rollback()
    waiting = db.session.execute(db.select(Signature.id).where(*_uncounted())).all()
    assert waiting == []


def _uncounted() -> tuple[object, ...]:
    return (Signature.validated_at.is_not(None), Signature.counted_at.is_(None))


def _counted_within(seconds: float, petition_id: int) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        db.session.rollback()
        if db.session.get_one(Petition, petition_id).signature_count == 2:
            return True
        time.sleep(0.2)
    return False
