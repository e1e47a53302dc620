"""A debate: its day is set and announced, its outcome published; each mail goes once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.debates import actions as debate_actions
from petitions.debates.actions import DebateOutcome
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import Debate, Duty, Petition, Staff
from petitions.permissions import Role
from tests import build
from tests.client import PageCheckingClient
from tests.responses.conftest import StaffBrowser

SignIn = Callable[[Staff], StaffBrowser]
SET_DEBATES = {Role.MODERATOR, Role.OVERSEER, Role.ADMINISTRATOR}
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(NOW):
        yield


@pytest.fixture
def petition(app: Flask) -> Petition:
    return build.open_petition(action="Guarantee a night bus", count=100_000)


@pytest.fixture
def moderator(app: Flask) -> Staff:
    return build.staff("moderator")


def test_a_day_and_then_the_outcome_are_announced_once_each(
    petition: Petition, moderator: Staff, sign_in: SignIn, client: PageCheckingClient
) -> None:
    petition_id, signer = petition.id, build.signature(petition, wants_updates=True)
    page, browser = f"/staff/petitions/{petition_id}/debate", sign_in(moderator)
    day = {"action": "schedule", "schedule-scheduled_on": "2026-12-03"}
    assert browser.post(page, page, **day).status_code == 303
    assert browser.post(page, page, **day).status_code == 303
    build.work()
    assert len(build.captured(kind="debate_scheduled")) == 2, "the petitioner and one signer"
    (mail,) = build.captured(to=signer.email, kind="debate_scheduled")
    assert mail["Subject"] == "Debate on 3 December: Guarantee a night bus"
    assert "3 December" in client.get(f"/petitions/{petition_id}").text
    with clock.fixed(NOW + timedelta(days=32)):
        browser = sign_in(moderator)
        outcome = {
            "action": "outcome",
            "outcome-debated": "yes",
            "outcome-debated_on": "2026-12-03",
            "outcome-overview": "Forty members spoke.",
            "outcome-transcript_url": "https://chamber.example.org/d/81",
        }
        assert browser.post(page, page, **outcome).status_code == 303
        corrected = outcome | {"outcome-overview": "Forty-one members spoke."}
        assert browser.post(page, page, **corrected).status_code == 303
        build.work()
        build.work()
        public = client.get(f"/petitions/{petition_id}").text
    assert "Forty-one members spoke." in public
    assert "https://chamber.example.org/d/81" in public
    assert len(build.captured(kind="debate_outcome")) == 2
    (mail,) = build.captured(to=signer.email, kind="debate_outcome")
    assert "https://chamber.example.org/d/81" in build.text_of(mail)
    duty = db.session.execute(select(Duty).where(Duty.threshold_key == "debate")).scalar_one()
    assert duty.answered_at == NOW, "it was considered when the day was set"


def test_a_new_day_is_announced_and_the_old_mail_no_longer_sent(petition: Petition, moderator: Staff) -> None:
    debate_actions.schedule(petition.id, scheduled_on=date(2026, 12, 3), by=moderator)
    debate_actions.schedule(petition.id, scheduled_on=date(2026, 12, 10), by=moderator)
    build.work()
    assert [mail["Subject"] for mail in build.captured(kind="debate_scheduled")] == [
        "Debate on 10 December: Guarantee a night bus"
    ]


def test_going_back_to_a_former_day_is_announced_too(petition: Petition, moderator: Staff) -> None:
    for day in (date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 3)):
        debate_actions.schedule(petition.id, scheduled_on=day, by=moderator)
        build.work()
    subjects = [str(mail["Subject"]) for mail in build.captured(kind="debate_scheduled")]
    assert [subject.split(":")[0] for subject in subjects] == [
        "Debate on 3 December",
        "Debate on 10 December",
        "Debate on 3 December",
    ]


def test_a_debate_that_is_over_gets_no_new_day(petition: Petition, moderator: Staff) -> None:
    refused = DebateOutcome(debated=False, debated_on=None, overview="There is no time.")
    debate_actions.give_outcome(petition.id, outcome=refused, by=moderator)
    with pytest.raises(StateChanged):
        debate_actions.schedule(petition.id, scheduled_on=date(2026, 12, 3), by=moderator)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose whether it was debated."),
        ({"outcome-debated": "yes"}, "Enter the day on which it was debated."),
        ({"outcome-debated": "yes", "outcome-debated_on": "2026-12-03"}, "still to come"),
        ({"outcome-debated": "no"}, "Say why it is not debated"),
        ({"outcome-transcript_url": "http://example.org"}, "Enter an address that begins with https://."),
        ({"outcome-video_url": "javascript:alert(1)"}, "Enter an address that begins with https://."),
        ({"outcome-summary_url": "https:///nothing"}, "Enter an address that begins with https://."),
        ({"outcome-research_url": "https://e.org/" + "x" * 500}, "Shorten this by 14 characters."),
        ({"outcome-overview": "x" * 2001}, "Shorten this by 1 character."),
        ({"outcome-declined_reason": "x" * 1001}, "Shorten this by 1 character."),
    ],
)
def test_bad_input_is_refused_with_what_to_do(
    petition: Petition, moderator: Staff, sign_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    page = f"/staff/petitions/{petition.id}/debate"
    reply = sign_in(moderator).post(page, page, action="outcome", **fields)
    assert reply.status_code == 422
    assert sentence in reply.text
    assert db.session.execute(select(Debate)).first() is None


def test_a_day_that_is_no_day_is_refused(petition: Petition, moderator: Staff, sign_in: SignIn) -> None:
    page = f"/staff/petitions/{petition.id}/debate"
    reply = sign_in(moderator).post(page, page, **{"action": "schedule", "schedule-scheduled_on": "tomorrow"})
    assert reply.status_code == 422
    assert "Enter a date such as" in reply.text


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", list(Role))
def test_moderators_the_overseeing_body_and_administrators_set_debates(
    petition: Petition, sign_in: SignIn, role: Role
) -> None:
    reply = sign_in(build.staff(role)).get(f"/staff/petitions/{petition.id}/debate")
    assert reply.status_code == (200 if role in SET_DEBATES else 404)


def test_only_a_published_petition_has_a_debate(moderator: Staff, sign_in: SignIn) -> None:
    browser = sign_in(moderator)
    for petition in (build.review_petition(), build.petition("hidden", opened_at=NOW)):
        assert browser.get(f"/staff/petitions/{petition.id}/debate").status_code == 404
    assert browser.get("/staff/petitions/999999/debate").status_code == 404
