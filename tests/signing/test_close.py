"""Closing: the clock decides; the job writes it down once, however late or often it runs."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from petitions import clock
from petitions.counts import counting
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import AuditEntry, Petition
from petitions.signing.closing import close_due
from tests import build
from tests.signing.test_count import at_once


def closed_lines() -> int:
    """How often the history says that something was closed."""
    wanted = select(func.count()).where(AuditEntry.action == "closed")
    return db.session.execute(wanted).scalar_one()


def test_a_petition_closes_at_its_deadline_not_when_the_job_ran(app: Flask) -> None:
    petition = build.open_petition(creator_email="petitioner@example.org")
    deadline = petition.closes_at
    assert deadline
    with clock.fixed(deadline):
        assert close_due() == 0
        assert petition.is_signable
    with clock.fixed(deadline + timedelta(days=3)):
        assert petition.current_state is State.CLOSED, "by the clock, before any job"
        assert close_due() == 1
        assert close_due() == 0
        build.work()
    assert (petition.state, petition.closed_at) == (State.CLOSED, deadline)
    assert petition.creator_name is None
    assert closed_lines() == 1
    (mail,) = build.captured(to="petitioner@example.org")
    assert mail["X-Petitions-Message"] == "petition_closed"
    assert mail["List-Unsubscribe"] is not None
    text = build.text_of(mail)
    assert petition.action in text
    assert "1 person signed it." in text
    assert f"http://localhost/petitions/{petition.id}" in text


def test_only_open_petitions_close(app: Flask) -> None:
    long_ago = clock.now() - timedelta(days=400)
    for state in State:
        if state is not State.OPEN:
            build.petition(state, closes_at=long_ago)
    assert close_due() == 0


def test_jobs_at_once_close_each_petition_once(app: Flask) -> None:
    for _ in range(5):
        build.open_petition(closes_at=clock.now() - timedelta(days=1))
    done = at_once(app, [close_due] * 4)
    assert sum(number for number in done if isinstance(number, int)) == 5
    assert closed_lines() == 5


def test_one_without_a_petitioner_closes_too(app: Flask) -> None:
    petition_id = db.session.execute(select(func.max(Petition.id))).scalar() or 0
    petition = build.imported_petition(closes_at=clock.now() - timedelta(days=1))
    assert petition.id > petition_id
    assert close_due() == 1
    build.work()
    assert build.captured() == []


def test_what_was_confirmed_in_time_is_counted_after_closing(app: Flask) -> None:
    petition = build.open_petition(closes_at=clock.now() - timedelta(minutes=1))
    build.signature(petition, counted=False)
    close_due()
    counting.sweep()
    assert petition.signature_count == 2


def test_a_petition_reopened_or_erased_meanwhile_sends_no_news_of_closing(app: Flask) -> None:
    petition = build.open_petition(closes_at=clock.now() - timedelta(days=1))
    close_due()
    build.change(petition, state=State.HIDDEN, hidden_at=clock.now())
    build.work()
    assert build.captured() == []
