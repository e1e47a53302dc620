"""Each role does its day in Chromium with the keys alone: no step of a working day needs a mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from petitions import clock
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Duty, Petition, Response, Staff
from petitions.permissions import Role
from tests import build
from tests.browser.conftest import LiveServer
from tests.browser.test_journey import Reader

SIGN_IN = "/staff/sign-in"


@pytest.fixture
def works(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Reader]]:
    """Signs somebody in by keys: `works(staff)` is their window."""
    windows: list[Reader] = []

    def sign_in(staff: Staff) -> Reader:
        reader = Reader(browser, live_server)
        windows.append(reader)
        reader.opens(SIGN_IN)
        reader.keys.writes("E-mail address", staff.email)
        reader.keys.writes("Password", build.PASSWORD)
        reader.keys.presses("Sign in")
        ways = reader.page.evaluate(
            "new Set([...document.querySelectorAll('.wide-nav li')].map(each => each.offsetTop)).size"
        )
        assert ways <= 1, "the ways of staff stand on one line"
        return reader

    with live_server.app.app_context():
        yield sign_in
    for reader in windows:
        reader.leaves()


def on(reader: Reader, name: str, day: date) -> None:
    """Type a day into the browser's own field for days."""
    reader.keys.goes_to(name)
    reader.page.keyboard.type(day.strftime("%m%d%Y"))


def test_a_moderator_takes_in_hand_and_publishes(works: Callable[..., Reader]) -> None:
    petition_id = build.review_petition(departments=[build.department()]).id
    mara = works(build.staff(Role.MODERATOR))
    mara.keys.presses("Go to the queue")
    mara.keys.presses(db.session.get_one(Petition, petition_id).action)
    mara.keys.presses("Take it in hand")
    expect(mara.page.get_by_text("You have this petition in hand")).to_be_visible()
    mara.keys.presses("Publish")
    db.session.rollback()
    assert db.session.get_one(Petition, petition_id).state is State.OPEN


@pytest.mark.settings(response_approval=True)
def test_an_official_writes_an_approver_approves_and_it_is_published(works: Callable[..., Reader]) -> None:
    transport = build.department("Department of Transport")
    duty = build.cross(build.open_petition(action="Guarantee a night bus", departments=[transport]))
    duty_id = duty.id
    otto = works(build.staff(Role.OFFICIAL, department=transport))
    anna = works(build.staff(Role.APPROVER, department=transport))
    otto.keys.presses("Guarantee a night bus")
    otto.keys.presses("Write the answer")
    otto.keys.writes("Summary", "Night buses run from May.")
    otto.keys.chooses("Agreed", "Partly agreed")
    otto.keys.writes("Answer", "We pay for it.")
    otto.keys.presses("Save and go on to the preview")
    otto.keys.presses("Ask for approval")
    anna.opens("/staff")
    anna.keys.presses("Guarantee a night bus")
    anna.keys.presses("Approve these words")
    expect(anna.page.get_by_text("Approved", exact=True)).to_be_visible()
    otto.page.reload()
    otto.keys.presses("Publish the answer")
    db.session.rollback()
    assert db.session.get_one(Duty, duty_id).answered_at is not None
    assert db.session.query(Response).one().published_at is not None


def test_the_overseeing_body_moves_a_date_and_pauses_a_clock(works: Callable[..., Reader]) -> None:
    duty_id = build.cross(build.open_petition(departments=[build.department()])).id
    due_on = db.session.get_one(Duty, duty_id).due_on
    assert due_on is not None
    ottilie = works(build.staff(Role.OVERSEER))
    ottilie.opens(f"/staff/duties/{duty_id}")
    ottilie.keys.opens("Move the date")
    on(ottilie, "New date", due_on + timedelta(days=40))
    ottilie.keys.writes("Reason", "Figures are missing.")
    ottilie.keys.presses("Move the date")
    ottilie.keys.opens("Pause the clock")
    on(ottilie, "The clock stands still from", clock.now().date())
    ottilie.keys.writes("Reason", "An election.")
    ottilie.keys.presses("Pause the clock")
    db.session.rollback()
    found = db.session.get_one(Duty, duty_id)
    assert found.due_on == due_on + timedelta(days=40)
    assert [row.reason for row in found.pauses] == ["An election."]


def test_an_administrator_invites_somebody_and_sets_a_threshold(works: Callable[..., Reader]) -> None:
    boss = works(build.staff(Role.ADMINISTRATOR))
    boss.keys.presses("People and what they may do")
    boss.keys.presses("Invite a person")
    boss.keys.writes("Name", "Maren Holt")
    boss.keys.writes("E-mail address", "maren@staff.example.org")
    boss.keys.ticks("Moderator")
    boss.keys.presses("Send the invitation")
    expect(boss.page.get_by_text("Maren Holt")).to_be_visible()
    boss.keys.presses("Settings")
    boss.keys.presses("Thresholds")
    boss.keys.presses("10,000 signatures")
    boss.keys.writes("Signatures", "12000")
    boss.keys.presses("Save")
    expect(boss.page.get_by_text("12,000 signatures")).to_be_visible()
