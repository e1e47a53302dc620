"""A debate considered and refused with its reason, two people at once, and other business with its mail."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from petitions import clock
from petitions.debates import actions as debate_actions
from petitions.debates.actions import DebateOutcome
from petitions.extensions import db
from petitions.models import AuditEntry, Debate, Duty, OtherBusiness, Petition, Staff
from tests import build
from tests.client import PageCheckingClient
from tests.reading import Page
from tests.responses.conftest import StaffBrowser

SignIn = Callable[[Staff], StaffBrowser]
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DECLINED = {
    "action": "outcome",
    "outcome-debated": "no",
    "outcome-declined_reason": "The house debated the same last month",
}


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(NOW):
        yield


@pytest.fixture
def petition(app: Flask) -> Petition:
    return build.open_petition(action="Guarantee a night bus", count=100_000)


@pytest.fixture
def browser(sign_in: SignIn) -> StaffBrowser:
    return sign_in(build.staff("moderator"))


def page_of(petition: Petition, more: str = "debate") -> str:
    """A staff page of the petition."""
    return f"/staff/petitions/{petition.id}/{more}"


def test_that_it_was_considered_stands_on_the_page_and_mails_nobody(
    petition: Petition, browser: StaffBrowser, client: PageCheckingClient
) -> None:
    petition_id, page = petition.id, page_of(petition)
    day = {"action": "considered", "considered-considered_on": "2026-10-30"}
    assert browser.post(page, page, **day).status_code == 303
    public = client.get(f"/petitions/{petition_id}").text
    assert "considered this petition for a debate on 30 October. Nothing is decided yet." in public
    assert "Considered for a debate" in public.split("What happened")[-1]
    duty = db.session.execute(select(Duty).where(Duty.threshold_key == "debate")).scalar_one()
    assert duty.answered_at == NOW
    build.work()
    assert not build.captured(kind="debate_outcome")
    to_come = {"action": "considered", "considered-considered_on": "2026-11-03"}
    reply = browser.post(page, page, **to_come)
    assert reply.status_code == 422
    assert "Enter a day that is not still to come." in reply.text


def test_a_refusal_is_public_with_its_reason_and_mailed_once(
    petition: Petition, browser: StaffBrowser, client: PageCheckingClient
) -> None:
    petition_id, page, signer = petition.id, page_of(petition), build.signature(petition, wants_updates=True)
    assert browser.post(page, page, **DECLINED).status_code == 303
    assert browser.post(page, page, **DECLINED).status_code == 303
    build.work()
    public = client.get(f"/petitions/{petition_id}").text
    assert "decided not to debate this petition" in public
    assert public.count("The house debated the same last month") == 3, "the notice, the debate, the timeline"
    (mail,) = build.captured(to=signer.email, kind="debate_outcome")
    assert "The house debated the same last month" in build.text_of(mail)


def test_a_debate_held_after_a_refusal_is_told_and_a_refusal_not_sent_yet_is_not(
    petition: Petition, browser: StaffBrowser
) -> None:
    signer, page = build.signature(petition, wants_updates=True), page_of(petition)
    browser.post(page, page, **DECLINED)
    held = {"action": "outcome", "outcome-debated": "yes", "outcome-debated_on": "2026-11-02"}
    assert browser.post(page, page, **held).status_code == 303
    build.work()
    assert [mail["Subject"] for mail in build.captured(to=signer.email, kind="debate_outcome")] == [
        "Debated: Guarantee a night bus"
    ]


def test_the_second_of_two_gets_both_texts_and_may_then_replace(
    petition: Petition, browser: StaffBrowser
) -> None:
    page = page_of(petition)
    seen = Page(browser.get(page).text).forms[-2].first_values()["outcome-seen"]
    other = DebateOutcome(debated=True, debated_on=date(2026, 11, 1), overview="What the first one wrote.")
    debate_actions.give_outcome(petition.id, outcome=other, by=build.staff("moderator"))
    mine = {
        "action": "outcome",
        "outcome-debated": "yes",
        "outcome-debated_on": "2026-11-02",
        "outcome-overview": "What the second one wrote.",
    }
    reply = browser.post(page, page, **mine, **{"outcome-seen": seen})
    assert reply.status_code == 422
    assert "Somebody else saved this meanwhile" in reply.text
    assert "What the first one wrote." in reply.text
    assert "What the second one wrote." in reply.text
    again = Page(reply.text).forms[-2].first_values()["outcome-seen"]
    assert browser.post(page, page, **mine, **{"outcome-seen": again}).status_code == 303
    debate = db.session.execute(select(Debate)).scalar_one()
    assert debate.overview == "What the second one wrote."


@pytest.mark.parametrize(
    ("action", "field", "first", "second"),
    [
        ("schedule", "scheduled_on", "2026-12-03", "2026-12-10"),
        ("considered", "considered_on", "2026-10-30", "2026-10-29"),
    ],
)
def test_the_second_of_two_who_set_a_day_sees_the_day_of_the_first(
    petition: Petition, browser: StaffBrowser, action: str, field: str, first: str, second: str
) -> None:
    page = page_of(petition)
    forms = [form.first_values() for form in Page(browser.get(page).text).forms]
    (seen,) = [form[f"{action}-seen"] for form in forms if f"{action}-seen" in form]

    def sends(day: str, mark: str) -> TestResponse:
        return browser.post(
            page, page, **{"action": action, f"{action}-{field}": day, f"{action}-seen": mark}
        )

    assert sends(first, seen).status_code == 303
    assert sends(first, seen).status_code == 303, "the same day twice is no change"
    reply = sends(second, seen)
    assert reply.status_code == 422
    day = date.fromisoformat(first).strftime("%-d %B %Y")
    assert f"Somebody else set {day} meanwhile" in reply.text
    assert f'value="{second}"' in reply.text
    build.work()
    assert str(getattr(db.session.execute(select(Debate)).scalar_one(), field)) == first
    forms = [form.first_values() for form in Page(reply.text).forms]
    (again,) = [form[f"{action}-seen"] for form in forms if f"{action}-seen" in form]
    assert sends(second, again).status_code == 303


def test_other_business_stands_on_page_and_timeline_and_is_told_once_where_asked(
    petition: Petition, browser: StaffBrowser, client: PageCheckingClient
) -> None:
    petition_id, page = petition.id, page_of(petition, "business")
    signer = build.signature(petition, wants_updates=True)
    letter = {
        "business-subject": "The committee wrote to the minister",
        "business-occurred_on": "2026-11-01",
        "business-body": "It asks **when**.",
        "business-url": "https://letters.example.org/12",
    }
    assert browser.post(page, page, **letter).status_code == 303
    build.work()
    assert not build.captured(kind="other_business"), "nobody asked for a mail"
    public = client.get(f"/petitions/{petition_id}").text
    assert "<strong>when</strong>" in public
    assert public.count("https://letters.example.org/12") == 2, "the timeline and the business"
    row = db.session.execute(select(OtherBusiness)).scalar_one()
    own = f"{page}/{row.id}"
    for _ in range(2):
        seen = Page(browser.get(own).text).forms[-1].first_values()["business-seen"]
        assert (
            browser.post(own, own, **letter, **{"business-tell": "y", "business-seen": seen}).status_code
            == 303
        )
        build.work()
    (mail,) = build.captured(to=signer.email, kind="other_business")
    assert "https://letters.example.org/12" in build.text_of(mail)
    assert browser.post(own, own, action="remove").status_code == 303
    assert "letters.example.org" not in client.get(f"/petitions/{petition_id}").text
    assert browser.get(own).status_code == 404
    actions = db.session.execute(select(AuditEntry.action).order_by(AuditEntry.id)).scalars().all()
    assert [each for each in actions if "business" in each] == [
        "other_business_added",
        "other_business_changed",
        "other_business_changed",
        "other_business_removed",
    ]


def test_the_second_of_two_who_change_business_gets_both_texts(
    petition: Petition, browser: StaffBrowser, sign_in: SignIn
) -> None:
    row = build.business(petition)
    own = f"{page_of(petition, 'business')}/{row.id}"
    seen = Page(browser.get(own).text).forms[-1].first_values()["business-seen"]
    words = {"business-occurred_on": "2026-11-01", "business-seen": seen}
    other = sign_in(build.staff("moderator"))
    assert other.post(own, own, **words, **{"business-subject": "The first one’s"}).status_code == 303
    reply = browser.post(own, own, **words, **{"business-subject": "The second one’s"})
    assert reply.status_code == 422
    assert "The first one’s" in reply.text
    assert "The second one’s" in reply.text
    assert db.session.get_one(OtherBusiness, row.id).subject == "The first one’s"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Say what happened, in a line."),
        ({"business-subject": "A letter"}, "Enter the day on which it happened."),
        ({"business-occurred_on": "2026-11-03"}, "Enter a day that is not still to come."),
        ({"business-url": "javascript:alert(1)"}, "Enter an address that begins with https://."),
        ({"business-subject": "x" * 301}, "Shorten this by 1 character."),
    ],
)
def test_business_that_is_not_whole_is_refused_with_what_to_do(
    petition: Petition, browser: StaffBrowser, fields: dict[str, str], sentence: str
) -> None:
    page = page_of(petition, "business")
    reply = browser.post(page, page, **fields)
    assert reply.status_code == 422
    assert sentence in reply.text
    assert db.session.execute(select(OtherBusiness)).first() is None


def test_business_of_another_petition_is_not_found(petition: Petition, browser: StaffBrowser) -> None:
    other = build.business(build.open_petition())
    assert browser.get(f"{page_of(petition, 'business')}/{other.id}").status_code == 404
