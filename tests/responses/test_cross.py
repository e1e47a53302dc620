"""Crossing a threshold: once for ever, with one duty and one mail to each, whoever and however many sign at that instant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import clock
from petitions.counts import counting, crossings
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import AuditEntry, Crossing, Duty, Mail, Petition
from tests import build

pytestmark = pytest.mark.settings(response_threshold=5, debate_threshold=8)
AT_ONCE = 16


def count(model: type, *where: object) -> int:
    return db.session.execute(select(func.count()).select_from(model).where(*where)).scalar_one()  # type: ignore[arg-type]


def test_the_fifth_signature_makes_one_crossing_and_one_duty(app: Flask) -> None:
    transport = build.department("Department of Transport")
    official = build.staff("official", department=transport)
    build.staff("official", department=build.department("Department of Trade"))
    with clock.fixed(datetime(2026, 11, 18, 14, 6, tzinfo=UTC)):
        petition = build.open_petition(departments=[transport])
        build.signatures(petition, 3)
        assert count(Crossing) == 0
        for _ in range(2):
            build.signature(petition)
        build.work()
    crossing = db.session.execute(select(Crossing)).scalar_one()
    assert (crossing.threshold_key, crossing.signature_count) == ("response", 5)
    duty = db.session.execute(select(Duty)).scalar_one()
    assert (duty.department_id, duty.due_on, duty.first_due_on) == (
        transport.id,
        date(2026, 12, 9),
        date(2026, 12, 9),
    )
    to_official = build.captured(to=official.email, kind="duty_created")
    assert [mail["Subject"] for mail in to_official] == [f"An answer is owed: {petition.action}"]
    assert len(build.captured(kind="duty_created")) == 1
    to_petitioner = build.captured(to=build.creator_of(petition).email, kind="threshold_crossed")
    assert len(to_petitioner) == 1
    assert "The Department of Transport owes an answer by 9 December" in build.text_of(to_petitioner[0])


def test_one_batch_that_steps_over_both_crosses_both(app: Flask) -> None:
    petition = build.open_petition()
    build.signatures(petition, 9, counted=False)
    counting.sweep()
    reached = db.session.execute(
        select(Crossing.threshold_key, Crossing.signature_count).order_by(Crossing.threshold_key)
    )
    assert [tuple(row) for row in reached] == [("debate", 10), ("response", 10)]
    duties = {duty.threshold_key: duty for duty in db.session.execute(select(Duty)).scalars()}
    assert duties["debate"].due_on is None
    assert duties["response"].due_on is not None


def test_falling_below_and_rising_again_crosses_nothing_anew(app: Flask) -> None:
    petition = build.open_petition()
    last = build.signatures(petition, 4)[-1]

    @transactional
    def withdraw() -> None:
        counting.uncount(last)

    withdraw()
    assert db.session.get_one(Petition, petition.id).signature_count == 4
    build.signature(petition)
    assert (count(Crossing), count(Duty), count(Mail, Mail.kind == "threshold_crossed")) == (1, 1, 1)


def test_sixteen_signatures_at_one_instant_cross_once(app: Flask) -> None:
    petition_id = build.open_petition().id
    petition = db.session.get_one(Petition, petition_id)
    build.signatures(petition, AT_ONCE, counted=False)
    start = Barrier(AT_ONCE)

    def sweep(_: int) -> int:
        with app.app_context():
            start.wait()
            try:
                return counting.sweep()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        counted = sum(threads.map(sweep, range(AT_ONCE)))
    db.session.rollback()
    assert counted <= AT_ONCE
    counting.sweep()
    assert db.session.get_one(Petition, petition_id).signature_count == 1 + AT_ONCE
    assert (count(Crossing), count(Duty), count(Mail, Mail.kind == "threshold_crossed")) == (2, 2, 2)
    assert count(AuditEntry, AuditEntry.action == "threshold_crossed") == 2


def test_firing_the_same_threshold_at_once_makes_one_duty(app: Flask) -> None:
    petition_id = build.open_petition().id
    db.session.rollback()
    start = Barrier(AT_ONCE)

    @transactional
    def fire() -> int:
        return len(crossings.fire(db.session.get_one(Petition, petition_id), before=0, after=5))

    def at_once(_: int) -> int:
        with app.app_context():
            start.wait()
            try:
                return fire()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        fired = list(threads.map(at_once, range(AT_ONCE)))
    assert sum(fired) == 1
    assert (count(Crossing), count(Duty)) == (1, 1)


def test_the_goalposts_stay_where_they_were_at_publication(app: Flask) -> None:
    petition = build.open_petition()
    app.extensions["settings"] = type(app.extensions["settings"])(
        **{
            **{
                name: getattr(app.extensions["settings"], name)
                for name in app.extensions["settings"].__dataclass_fields__
            },
            "response_threshold": 3,
        }
    )
    build.signatures(petition, 3)
    assert count(Crossing) == 0
    build.signature(petition)
    assert count(Crossing) == 1


def test_moderators_are_told_where_no_department_owns_it(app: Flask) -> None:
    moderator = build.staff("moderator")
    petition = build.open_petition()
    build.cross(petition)
    build.work()
    (mail,) = build.captured(to=moderator.email)
    assert "No department owns it yet" in build.text_of(mail)
    assert "The Government owes an answer by" in build.text_of(mail)
