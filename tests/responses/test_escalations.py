"""The overseeing body is told of a late answer: some days after its date, every week after, and not while the clock stands still."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.extensions import db
from petitions.models import Duty, DutyEscalation, Staff
from petitions.responses import duty_actions, follow_ups
from petitions.responses.escalations import escalate_due
from tests import build
from tests.client import PageCheckingClient
from tests.invariants import check

REACHED = datetime(2026, 11, 2, 9, tzinfo=UTC)
DUE = date(2026, 11, 23)

pytestmark = pytest.mark.settings(escalation_days=7)


def late(days: int, hour: int = 9) -> datetime:
    """So many days after the date."""
    return datetime(DUE.year, DUE.month, DUE.day, hour, tzinfo=UTC) + timedelta(days=days)


@pytest.fixture
def duty(app: Flask) -> Duty:
    with clock.fixed(REACHED):
        return build.cross(build.open_petition(departments=[build.department("Department of Transport")]))


@pytest.fixture
def overseer(app: Flask) -> Staff:
    return build.staff("overseer")


def told() -> list[tuple[int, int]]:
    """Number and days late of every time."""
    db.session.rollback()
    query = select(DutyEscalation.number, DutyEscalation.days_late).order_by(DutyEscalation.number)
    return [(row.number, row.days_late) for row in db.session.execute(query)]


def at(days: int) -> int:
    """What a worker finds to tell so many days after the date."""
    with clock.fixed(late(days)):
        return escalate_due()


def test_it_is_told_after_the_days_that_are_set_and_every_week(duty: Duty, overseer: Staff) -> None:
    found = [day for day in range(-2, 30) if at(day)]
    assert found == [7, 14, 21, 28]
    assert told() == [(1, 7), (2, 14), (3, 21), (4, 28)]
    with clock.fixed(late(40)):
        check(at_rest=False)


def test_a_worker_that_slept_tells_once_and_not_for_every_week_it_slept(duty: Duty, overseer: Staff) -> None:
    assert (at(30), at(30), at(31), at(36), at(37)) == (1, 0, 0, 0, 1)
    assert told() == [(1, 30), (2, 37)]


def test_a_day_has_its_end_at_midnight_of_the_site(duty: Duty, overseer: Staff) -> None:
    with clock.fixed(late(6, 23)):
        assert escalate_due() == 0
    with clock.fixed(late(7, 0)):
        assert escalate_due() == 1


def test_everybody_who_watches_is_mailed_and_everybody_can_see_it(
    duty: Duty, overseer: Staff, client: PageCheckingClient
) -> None:
    administrator, official = (
        build.staff("administrator"),
        build.staff("official", department=duty.department),
    )
    with clock.fixed(late(7)):
        escalate_due()
        build.work()
        mails = build.captured(kind="duty_escalated")
        assert {mail["To"] for mail in mails} == {overseer.email, administrator.email}
        assert official.email not in {mail["To"] for mail in mails}
        text = build.text_of(mails[0])
        assert "The Department of Transport is 7 days late with its answer." in text
        assert f"/staff/duties/{duty.id}" in text
        for page in (f"/petitions/{duty.petition_id}", "/accountability"):
            assert (
                "It was late, and so the petitions committee was told on 30 November."
                in client.get(page).text
            )
        assert (
            "The petitions committee was told that the answer is late"
            in client.get(f"/petitions/{duty.petition_id}").text
        )


def test_while_a_pause_runs_nobody_is_told_and_the_days_stand_still(duty: Duty, overseer: Staff) -> None:
    with clock.fixed(late(5)):
        pause = duty_actions.pause(
            duty.id, starts_on=late(5).date(), ends_on=None, reason="Election", by=overseer
        )
    assert [at(day) for day in (7, 12, 20)] == [0, 0, 0]
    with clock.fixed(late(20)):
        duty_actions.end_pause(pause.id, ends_on=late(20).date(), by=overseer)
    assert [at(day) for day in (20, 21, 22)] == [0, 0, 1]
    assert told() == [(1, 7)]


def test_a_later_date_begins_anew(duty: Duty, overseer: Staff) -> None:
    assert at(7) == 1
    with clock.fixed(late(8)):
        duty_actions.extend(duty.id, due_on=late(15).date(), reason="A fire", by=overseer)
    assert [at(day) for day in (14, 16, 21, 22, 29)] == [0, 0, 0, 1, 1]
    assert told() == [(1, 7), (2, 7), (3, 14)]


def test_an_answer_ends_it_and_a_better_one_can_be_late_too(duty: Duty, overseer: Staff) -> None:
    assert at(7) == 1
    with clock.fixed(late(9)):
        build.answer(duty)
    assert at(14) == 0
    with clock.fixed(late(15)):
        second = follow_ups.ask_for_better(duty.id, reason="It is beside the point.", by=overseer)
    assert [at(day) for day in (36, 42, 43)] == [0, 0, 1]
    rows = db.session.execute(select(DutyEscalation.duty_id, DutyEscalation.number)).all()
    assert sorted(tuple(row) for row in rows) == [(duty.id, 1), (second.id, 1)]


def test_where_nobody_watches_nobody_was_told(duty: Duty) -> None:
    assert at(7) == 0
    assert told() == []
    build.staff("overseer")
    assert at(8) == 1


def test_what_was_taken_down_is_not_told(duty: Duty, overseer: Staff) -> None:
    build.change(duty.petition, state="hidden", hidden_at=late(1))
    assert at(7) == 0


def test_two_workers_at_the_same_moment_tell_once(duty: Duty, overseer: Staff) -> None:
    from petitions.responses import escalations

    with clock.fixed(late(7)):
        both_saw = [duty.id, duty.id]
        assert [escalations._escalate(duty_id) for duty_id in both_saw] == [True, False]
    assert told() == [(1, 7)]
