"""An election or a recess of the whole house: one act stops every clock, also those that begin to run meanwhile."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.duties.duty_clock import status
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import Duty, HousePause, Staff
from petitions.responses import duty_actions, house_pauses
from tests import build
from tests.client import PageCheckingClient
from tests.invariants import check
from tests.responses.conftest import StaffBrowser

SignIn = Callable[[Staff], StaffBrowser]


def on(day: int, month: int = 11) -> datetime:
    """Noon of a day."""
    return datetime(2026, month, day, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(on(2)):
        yield


@pytest.fixture
def overseer(app: Flask) -> Staff:
    return build.staff("overseer")


def owed() -> int:
    """A duty that arises today, due in 21 days."""
    return build.cross(build.open_petition()).id


def fresh(duty_id: int) -> Duty:
    """The duty as the database has it now."""
    db.session.rollback()
    return db.session.get_one(Duty, duty_id)


def is_whole() -> None:
    """Everything is true that must be, at the end of the month."""
    with clock.fixed(on(30)):
        check()


def recess(overseer: Staff, first: int, end: int | None) -> HousePause:
    """All clocks stand still from a day of November on."""
    ends_on = date(2026, 11, end) if end else None
    return house_pauses.pause_all(
        starts_on=date(2026, 11, first), ends_on=ends_on, reason="Recess", by=overseer
    )


def test_every_answer_that_is_owed_waits_and_none_that_was_given(overseer: Staff) -> None:
    first, second, answered = owed(), owed(), owed()
    debate = build.cross(build.open_petition(), "debate").id
    build.change(fresh(answered), answered_at=on(2))
    recess(overseer, 10, 20)
    for duty_id in (first, second):
        found = fresh(duty_id)
        assert (found.due_on, found.first_due_on) == (date(2026, 12, 3), date(2026, 11, 23))
        assert [row.reason for row in found.pauses] == ["Recess"]
    assert fresh(answered).pauses == []
    assert fresh(debate).pauses == []
    is_whole()


def test_what_comes_to_be_owed_meanwhile_inherits_the_rest(overseer: Staff) -> None:
    recess(overseer, 10, 20)
    with clock.fixed(on(15)):
        duty_id = owed()
        found = fresh(duty_id)
        (pause,) = found.pauses
        assert (pause.starts_on, pause.ends_on) == (date(2026, 11, 15), date(2026, 11, 20))
        assert (found.first_due_on, found.due_on) == (date(2026, 12, 6), date(2026, 12, 11))
        assert status(found).tone == "paused"
    with clock.fixed(on(20)):
        assert fresh(owed()).pauses == [], "it is over"
    is_whole()


def test_an_election_without_an_end_ends_for_all_at_once(overseer: Staff) -> None:
    before = owed()
    election = recess(overseer, 10, None)
    with clock.fixed(on(15)):
        during = owed()
    with clock.fixed(on(18)):
        house_pauses.end_all(election.id, ends_on=date(2026, 11, 20), by=overseer)
    assert fresh(before).due_on == date(2026, 12, 3)
    assert fresh(during).due_on == date(2026, 12, 11)
    with clock.fixed(on(19)):
        house_pauses.end_all(election.id, ends_on=date(2026, 11, 22), by=overseer)
    assert fresh(before).due_on == date(2026, 12, 5)
    assert fresh(during).due_on == date(2026, 12, 13)
    is_whole()


def test_a_pause_of_its_own_is_not_counted_twice(overseer: Staff) -> None:
    duty_id = owed()
    duty_actions.pause(
        duty_id, starts_on=date(2026, 11, 12), ends_on=date(2026, 11, 14), reason="Flood", by=overseer
    )
    recess(overseer, 10, 20)
    found = fresh(duty_id)
    assert found.due_on == date(2026, 12, 3), "ten days stood still, however they are named"
    assert [(row.starts_on.day, row.ends_on and row.ends_on.day) for row in found.pauses] == [
        (10, 12),
        (12, 14),
        (14, 20),
    ]
    is_whole()


def test_when_an_own_pause_ends_early_the_recess_goes_on(overseer: Staff) -> None:
    duty_id = owed()
    own = duty_actions.pause(duty_id, starts_on=date(2026, 11, 5), ends_on=None, reason="Flood", by=overseer)
    recess(overseer, 10, 20)
    assert len(fresh(duty_id).pauses) == 1
    duty_actions.end_pause(own.id, ends_on=date(2026, 11, 12), by=overseer)
    assert fresh(duty_id).due_on == date(2026, 12, 8), "from the 5th to the 20th the clock stood still"
    is_whole()


def test_a_mistake_is_taken_back_before_it_begins_and_not_after(overseer: Staff) -> None:
    duty_id = owed()
    mistake = recess(overseer, 10, 20)
    house_pauses.withdraw_all(mistake.id, by=overseer)
    assert (fresh(duty_id).due_on, fresh(duty_id).pauses) == (date(2026, 11, 23), [])
    assert fresh(owed()).pauses == []
    with pytest.raises(NotFound):
        house_pauses.end_all(mistake.id, ends_on=date(2026, 11, 12), by=overseer)
    running = recess(overseer, 2, 20)
    with pytest.raises(StateChanged):
        house_pauses.withdraw_all(running.id, by=overseer)
    is_whole()


def test_the_part_of_one_duty_cannot_be_ended_alone(overseer: Staff) -> None:
    duty_id = owed()
    recess(overseer, 10, 20)
    (part,) = fresh(duty_id).pauses
    with pytest.raises(StateChanged):
        duty_actions.end_pause(part.id, ends_on=date(2026, 11, 12), by=overseer)


def test_the_page_takes_a_pause_its_end_and_a_step_back(
    overseer: Staff, sign_in: SignIn, client: PageCheckingClient
) -> None:
    page, browser = "/staff/duties/pauses", sign_in(overseer)
    duty = fresh(owed())
    wrong = {"house-starts_on": "2026-11-10", "house-ends_on": "2026-11-10", "house-reason": "Recess"}
    refused = browser.post(page, page, **wrong)
    assert (refused.status_code, "Enter a day after the first day of the pause." in refused.text) == (
        422,
        True,
    )
    right = wrong | {"house-ends_on": ""}
    assert browser.post(page, page, **right).status_code == 303
    pause_id = db.session.execute(select(HousePause.id)).scalar_one()
    assert browser.post(f"{page}/{pause_id}", page, **{"end-ends_on": "2026-11-01"}).status_code == 422
    assert browser.post(f"{page}/{pause_id}", page, **{"end-ends_on": "2026-11-20"}).status_code == 303
    with clock.fixed(on(11)):
        public = client.get(f"/petitions/{duty.petition_id}").text
        assert "the clock stands still" in public
        assert "Recess." in public
    assert browser.post(f"{page}/{pause_id}/withdraw", page).status_code == 303
    assert browser.post(f"{page}/{pause_id}/withdraw", page).status_code == 404
