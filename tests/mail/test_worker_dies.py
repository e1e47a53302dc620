"""A worker that dies between two steps loses no mail; a mail goes twice only where nobody can know that it went once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import claiming, delivery, mailings, marking, outbox
from petitions.models import Mail, Mailing, Petition, Signature
from petitions.models.mail import QUEUED, SENT
from tests import build
from tests.databases import Database
from tests.mail.outboxes import forget_mails, mails, queue, run_until_quiet, waiting_signature
from tests.mail.test_news import petition_with_people, to_each
from tests.settings import make_environment
from tests.smtp import SmtpServer

ROOT = Path(__file__).resolve().parents[2]
#: How many of the mails are with the server when the worker dies at this step.
STEPS = {
    "mail:claimed": 0,
    "mail:composed": 0,
    "mail:accepted": 1,
    "before_commit:accepted": 1,
    "after_commit:accepted": 1,
    "mail:marked": 1,
}
#: Steps after the server took a mail and before that was written down.
AMBIGUOUS = {"mail:accepted", "before_commit:accepted"}


def worker(smtp: SmtpServer, database: Database, failpoints: str = "") -> subprocess.Popen[bytes]:
    """Begin `flask worker --once` as a process of its own."""
    environment = make_environment(database_url=database.url, mail_url=smtp.mail_url)
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"],
        cwd=ROOT,
        env={**os.environ, **environment, "FAILPOINTS": failpoints},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@transactional
def let_leases_end() -> None:
    """As if the time of the dead worker's lease were over."""
    db.session.execute(
        db.update(Mail)
        .where(Mail.locked_until.is_not(None))
        .values(locked_until=clock.now() - timedelta(seconds=1))
    )


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_every_step(app: Flask, smtp: SmtpServer, database: Database, step: str) -> None:
    petition = waiting_signature().petition
    for number in range(3):
        queue(build.signature(petition, state="pending", email=f"p{number}@example.org"), number)
    db.session.rollback()
    assert worker(smtp, database, f"{step}=kill").wait(120) == -signal.SIGKILL
    assert len(smtp.messages) == STEPS[step]
    assert sum(m.state == SENT for m in mails()) == STEPS[step] - (step in AMBIGUOUS)
    let_leases_end()
    run_until_quiet()
    assert {m.state for m in mails()} == {SENT}
    ids = [str(message["Message-ID"]) for message in smtp.messages]
    assert len(set(ids)) == 3
    assert len(ids) == 3 + (step in AMBIGUOUS)
    if step in AMBIGUOUS:
        twice = [message for message in smtp.messages if str(message["Message-ID"]) == ids[0]]
        assert build.text_of(twice[0]) == build.text_of(twice[1]), "the same link"


@pytest.mark.database("postgresql")
def test_killed_among_news_a_few_are_told_twice_and_nobody_is_left_out(
    app: Flask, smtp: SmtpServer, database: Database
) -> None:
    addresses = {f"p{number}@example.org" for number in range(60)}
    petition, _ = petition_with_people(*addresses)
    to_each("petition_closed_early", petition)
    db.session.rollback()
    killed = worker(smtp, database)
    while len(smtp.messages) < 33 and killed.poll() is None:
        time.sleep(0.001)
    killed.kill()
    assert killed.wait(120) == -signal.SIGKILL
    told_before = len(smtp.messages)
    assert told_before < len(addresses), "it had more to say"
    let_leases_end()
    run_until_quiet()
    ids = Counter(str(message["Message-ID"]) for message in smtp.messages)
    assert {str(message["To"]) for message in smtp.messages} == addresses
    assert len(ids) == len(addresses), "what goes twice is the same message"
    assert ids.total() - len(addresses) <= marking.MOST_UNMARKED < told_before


def test_an_error_nobody_expects_gives_back_what_was_not_tried(
    app: Flask, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = waiting_signature()
    for number in range(3):
        queue(signature, number)

    def breaks(point: str) -> None:
        if point == "mail:accepted":
            raise ZeroDivisionError

    monkeypatch.setattr("petitions.failpoints.reach", breaks)
    with pytest.raises(ZeroDivisionError):
        delivery.deliver()
    assert [m.locked_until is None for m in mails()] == [False, True, True]


def at_once(app: Flask, work: Callable[[], None], number: int = 4) -> None:
    """Let several workers do the same, each in a thread with a context of its own."""
    problems: list[BaseException] = []

    def run() -> None:
        try:
            with app.app_context():
                work()
        except BaseException as problem:
            problems.append(problem)

    db.session.rollback()
    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_four_workers_send_everything_once(
    app: Flask, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "BATCH", 5)
    signature = waiting_signature()
    for number in range(60):
        queue(signature, number)
    at_once(app, run_until_quiet)
    run_until_quiet()
    assert {m.state for m in mails()} == {SENT}
    assert len({str(m["Message-ID"]) for m in smtp.messages}) == len(smtp.messages) == 60


@transactional
def queue_mailing(petition: Petition, key: str = "test") -> int:
    """One message to all who asked."""
    outbox.queue_mailing("already_signed", key=key, petition=petition, audience="updates")
    return db.session.execute(db.select(Mailing.id).where(Mailing.key == key)).scalar_one()


def feed_all() -> None:
    """Feed until nobody is left."""
    while mailings.feed():
        pass


def told() -> list[int]:
    """Whom the mailing's mails in the outbox are for."""
    db.session.rollback()
    found = db.session.execute(
        db.select(Mail.signature_id).where(Mail.mailing_id.is_not(None)).order_by(Mail.signature_id)
    )
    return [number for number in found.scalars() if number]


@pytest.fixture
def asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Signature]:
    """Seven people who asked to be told, fed two at a time."""
    monkeypatch.setattr(mailings, "BATCH", 2)
    petition = build.open_petition()
    people = [build.signature(petition, wants_updates=True) for _ in range(7)]
    forget_mails()
    return people


@pytest.mark.parametrize("step", ["before_commit:feed", "after_commit:feed"])
def test_a_mailing_that_dies_between_batches_reaches_everybody_once(
    asked: list[Signature], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    deaths = iter([False, True] * 3)

    def dies(point: str) -> None:
        if point == step and next(deaths, False):
            raise ZeroDivisionError

    monkeypatch.setattr("petitions.failpoints.reach", dies)
    mailing_id = queue_mailing(asked[0].petition)
    died = 0
    while True:
        try:
            if not mailings.feed():
                break
        except ZeroDivisionError:
            died += 1
    assert died >= 2
    assert told() == [person.id for person in asked]
    assert db.session.get_one(Mailing, mailing_id).queued == len(asked)


def test_several_workers_feed_mailings_together_and_nobody_is_told_twice(
    app: Flask, asked: list[Signature]
) -> None:
    queue_mailing(asked[0].petition, "one")
    queue_mailing(asked[0].petition, "two")
    at_once(app, feed_all)
    feed_all()
    assert told() == sorted([person.id for person in asked] * 2)


def test_nothing_of_a_stopped_mailing_leaves_and_it_goes_on_where_it_stood(
    smtp: SmtpServer, asked: list[Signature]
) -> None:
    mailing_id = queue_mailing(asked[0].petition)
    mailings.feed()
    build.change(db.session.get_one(Mailing, mailing_id), stopped_at=clock.now())
    assert mailings.feed() == 0
    run_until_quiet()
    assert smtp.messages == []
    build.change(db.session.get_one(Mailing, mailing_id), stopped_at=None)
    feed_all()
    run_until_quiet()
    assert sorted(str(m["To"]) for m in smtp.messages) == sorted(str(person.email) for person in asked)


def test_a_mailing_runs_only_a_little_ahead_and_lets_others_run(
    asked: list[Signature], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailings, "AHEAD", 4)
    queue_mailing(asked[0].petition, "one")
    queue_mailing(asked[0].petition, "two")
    feed_all()
    db.session.rollback()
    assert list(db.session.execute(db.select(Mailing.queued).order_by(Mailing.id)).scalars()) == [4, 4]
    assert {mail.state for mail in db.session.execute(db.select(Mail)).scalars()} == {QUEUED}


def test_a_mailing_leaves_out_who_cannot_be_reached_or_asked_for_no_more(
    smtp: SmtpServer, asked: list[Signature]
) -> None:
    build.change(asked[0], undeliverable_at=clock.now())
    build.change(asked[1], mails_stopped_at=clock.now())
    queue_mailing(asked[0].petition)
    feed_all()
    build.change(asked[2], undeliverable_at=clock.now())
    run_until_quiet()
    assert told() == [person.id for person in asked[2:]]
    assert sorted(str(m["To"]) for m in smtp.messages) == sorted(str(p.email) for p in asked[3:])
