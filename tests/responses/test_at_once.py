"""Several at once: workers who look after late answers, officials and overseers who do the same thing at one moment."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import clock, lifecycle
from petitions.counts import crossings
from petitions.database import transactional
from petitions.debates import actions as debates
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.lifecycle import Event
from petitions.models import (
    Debate,
    Duty,
    DutyEscalation,
    DutyExtension,
    HoldingReply,
    Mail,
    Mailing,
    Petition,
    Response,
    Staff,
)
from petitions.notices import reminders, telling
from petitions.responses import (
    duty_actions,
    escalations,
    follow_ups,
    house_pauses,
    response_actions,
    scheduling,
)
from tests import build
from tests.faults.race import Verb, together
from tests.invariants import check
from tests.responses.answering import drafted, response_to

REACHED = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATE = datetime(2026, 11, 30, 9, tzinfo=UTC)
AT_ONCE = 4


@pytest.fixture
def duty(app: Flask) -> Duty:
    with clock.fixed(REACHED):
        return build.cross(build.open_petition(departments=[build.department()]))


def count(model: type, *conditions: object) -> int:
    """How many rows there are."""
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(model).where(*conditions)).scalar_one()


def test_workers_tell_the_overseeing_body_once(app: Flask, duty: Duty) -> None:
    build.staff("overseer")
    with clock.fixed(LATE):
        told = together(app, [escalations.escalate_due] * AT_ONCE)
        assert sum(told) == 1
        assert (count(DutyEscalation), count(Mail, Mail.kind == "duty_escalated")) == (1, 1)
        check(at_rest=False)


def test_workers_write_one_mail_of_the_day(app: Flask, duty: Duty) -> None:
    build.staff("official", department=duty.department)
    with clock.fixed(LATE):
        together(app, [reminders.remind] * AT_ONCE)
        assert sum(together(app, [telling.tell_staff] * AT_ONCE)) == 1
        assert count(Mail, Mail.kind == "staff_digest") == 1


def test_a_better_answer_is_asked_for_once(app: Flask, duty: Duty) -> None:
    overseer_id, duty_id = build.staff("overseer").id, duty.id
    with clock.fixed(LATE):
        build.answer(duty)

        def ask() -> int:
            by = db.session.get_one(Staff, overseer_id)
            return follow_ups.ask_for_better(duty_id, reason="It is beside the point.", by=by).round

        results = together(app, [ask] * AT_ONCE)
        assert sorted(map(str, results)) == sorted(["2", *[str(StateChanged)] * (AT_ONCE - 1)])
        assert count(Duty) == 2
        check(at_rest=False)


def test_two_officials_move_the_date_once(app: Flask, duty: Duty) -> None:
    officials = [build.staff("official", department=duty.department).id for _ in range(2)]
    duty_id = duty.id

    def extend(staff_id: int) -> None:
        by = db.session.get_one(Staff, staff_id)
        day = date(2026, 12, 1) + timedelta(days=staff_id)
        duty_actions.extend(duty_id, due_on=day, reason="Figures", by=by)

    with clock.fixed(REACHED):
        results = together(app, [lambda each=each: extend(each) for each in officials])  # type: ignore[misc]
    assert results.count(StateChanged) == 1
    assert count(DutyExtension) == 1


def test_a_duty_that_arises_at_the_moment_of_the_announcement_has_its_part(app: Flask) -> None:
    overseer_id = build.staff("overseer").id
    petitions = [build.open_petition().id for _ in range(3)]

    @transactional
    def cross(petition_id: int) -> None:
        crossings.fire(db.session.get_one(Petition, petition_id), before=9_999, after=10_000)

    def announce() -> None:
        by = db.session.get_one(Staff, overseer_id)
        first = clock.now().date() + timedelta(days=2)
        house_pauses.pause_all(starts_on=first, ends_on=first + timedelta(days=5), reason="Recess", by=by)

    together(app, [announce, *[lambda each=each: cross(each) for each in petitions]])  # type: ignore[misc]
    db.session.rollback()
    for duty in db.session.execute(select(Duty)).scalars():
        assert [row.reason for row in duty.pauses] == ["Recess"]
        assert duty.due_on == duty.first_due_on + timedelta(days=5)


def test_officials_and_the_pause_of_the_whole_house_wait_for_each_other(app: Flask) -> None:
    """Nobody who moves a date while all clocks are stopped is turned away because two wait for what the other has."""
    overseer_id, department = build.staff("overseer").id, build.department()
    official_id = build.staff("official", department=department).id
    with clock.fixed(REACHED):
        duties = [build.cross(build.open_petition(departments=[department])).id for _ in range(6)]

    def announce() -> None:
        by = db.session.get_one(Staff, overseer_id)
        house_pauses.pause_all(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 6), reason="Recess", by=by)

    def extend(duty_id: int) -> None:
        by = db.session.get_one(Staff, official_id)
        duty_actions.extend(duty_id, due_on=date(2026, 12, 10), reason="Figures", by=by)

    verbs = [lambda each=each: extend(each) for each in duties]
    assert together(app, [announce, *verbs]) == [None] * 7  # type: ignore[list-item]
    assert count(DutyExtension) == 6


def publishes(duty: Duty, by: Staff) -> Verb:
    """Publish the answer."""
    duty_id, staff_id = duty.id, by.id
    drafted(duty, by)
    return lambda: response_actions.publish(duty_id, draft_version=1, by=db.session.get_one(Staff, staff_id))


def publishes_by_itself(duty: Duty, by: Staff) -> Verb:
    """Let a worker publish the answer whose moment has come."""
    drafted(duty, by)
    moment = clock.now() + timedelta(seconds=1)
    scheduling.schedule(duty.id, draft_version=1, publish_at=moment, by=by)
    build.change(response_to(duty), publish_at=clock.now() - timedelta(seconds=1))
    return scheduling.publish_due


def says_a_word(duty: Duty, by: Staff) -> Verb:
    """Publish a holding reply."""
    duty_id, staff_id = duty.id, by.id
    return lambda: duty_actions.publish_holding_reply(
        duty_id, body="Soon.", by=db.session.get_one(Staff, staff_id)
    )


def sets_the_debate(duty: Duty, by: Staff) -> Verb:
    """Set the day of a debate."""
    petition_id, staff_id = duty.petition_id, by.id
    day = clock.now().date() + timedelta(days=9)
    return lambda: debates.schedule(petition_id, scheduled_on=day, by=db.session.get_one(Staff, staff_id))


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("prepare", [publishes, publishes_by_itself, says_a_word, sets_the_debate])
def test_nothing_is_published_of_a_petition_that_is_being_taken_down(
    app: Flask, duty: Duty, prepare: Callable[[Duty, Staff], Verb]
) -> None:
    """The take-down has moved the petition and not committed: who publishes at that moment waits, and sees it."""
    verb = prepare(duty, build.staff("official", department=duty.department))
    petition_id = duty.petition_id
    db.session.rollback()
    is_moved, announced = threading.Event(), count(Mailing)

    @transactional
    def take_down() -> None:
        lifecycle.move(db.session.get_one(Petition, petition_id), Event.HIDE, hidden_at=clock.now())
        is_moved.set()
        time.sleep(0.4)

    def publish() -> object:
        is_moved.wait(10)
        return verb()

    together(app, [take_down, publish])
    assert count(Response, Response.published_at.is_not(None)) == 0
    assert count(HoldingReply) == count(Debate) == 0
    assert count(Mailing) == announced
