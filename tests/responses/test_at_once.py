"""Several at once: workers who look after late answers, officials and overseers who do the same thing at one moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import clock, crossings
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import Duty, DutyEscalation, DutyExtension, Mail, Petition, Staff
from petitions.notices import reminders, telling
from petitions.responses import duty_actions, escalations, follow_ups, house_pauses
from tests import build
from tests.faults.race import together
from tests.invariants import check

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
