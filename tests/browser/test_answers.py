"""Answers in Chromium: saved by themselves, two who write at once, approved, published, changed, rated, and kept or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from petitions import clock, links
from petitions.extensions import db
from petitions.models import Commitment, Duty, Kept, Response, ResponseDraft, Staff
from petitions.responses import commitment_actions, rating_actions, response_actions
from tests import build
from tests.browser.conftest import LiveServer
from tests.browser.test_journey import Reader, signs_in, window
from tests.responses.answering import words

EVERY = 21_000
POINTS = [
    {"ask": "A bus until two", "answer": "Until **midnight**, at weekends.", "outcome": "partly_agreed"},
    {"ask": "The fare of the day", "answer": "Yes, from the first night on.", "outcome": "agreed"},
]
LINKS = [{"title": "The night bus plan", "url": "https://transport.example.org/plan"}]


@pytest.fixture
def duty_id(live_server: LiveServer) -> int:
    """A duty of a department with two people."""
    with live_server.app.app_context():
        transport = build.department("Department of Transport")
        build.staff("official", department=transport, name="Otto Official", email="otto@staff.example.org")
        build.staff("approver", department=transport, name="Anna Approver", email="anna@staff.example.org")
        petition = build.open_petition(
            action="Guarantee a night bus to every town over 10,000 people", departments=[transport]
        )
        return build.cross(petition).id


def drafts(live: LiveServer) -> list[str]:
    """The summaries of every draft that is kept."""
    with live.app.app_context():
        found = db.session.execute(select(ResponseDraft.summary).order_by(ResponseDraft.version))
        return list(found.scalars())


def person(live: LiveServer, email: str) -> Staff:
    """Somebody of the staff."""
    return db.session.execute(select(Staff).where(Staff.email == email)).scalar_one()


@contextmanager
def writer(browser: Browser, live: LiveServer, email: str, duty_id: int) -> Iterator[Reader]:
    """Somebody signed in on the page to write on, whose browser's clock can be moved."""
    with window(browser, live) as reader:
        reader.page.clock.install()
        signs_in(reader, email)
        reader.opens(f"/staff/duties/{duty_id}/response")
        yield reader


def test_two_who_write_at_once_lose_nothing(browser: Browser, live_server: LiveServer, duty_id: int) -> None:
    with (
        writer(browser, live_server, "otto@staff.example.org", duty_id) as otto,
        writer(browser, live_server, "anna@staff.example.org", duty_id) as anna,
    ):
        otto.page.get_by_label("Summary").fill("We run night buses from May.")
        otto.page.clock.fast_forward(EVERY)
        expect(otto.page.locator("[data-autosaved]")).to_contain_text("Saved by itself")
        otto.page.get_by_label("Answer", exact=True).fill(
            "We " + "really " * 30 + "interdepartmentally will."
        )
        otto.page.clock.fast_forward(EVERY)
        expect(otto.page.locator("[data-reading-sentence]")).to_contain_text("longer than 25 words")
        expect(otto.page.locator("[data-reading-words]")).to_contain_text("interdepartmentally")
        assert drafts(live_server) == ["We run night buses from May."] * 2
        anna.page.get_by_label("Summary").fill("We run night buses from June.")
        anna.page.clock.fast_forward(EVERY)
        expect(anna.page.locator("[data-autosaved]")).to_contain_text("Somebody else saved this answer.")
        anna.page.get_by_role("button", name="Save the draft").click()
        expect(
            anna.page.get_by_text("Somebody else saved this answer while you were writing")
        ).to_be_visible()
        anna.watch.look("answer-conflict")
        expect(anna.page.locator("ins")).to_contain_text("June")
        anna.page.get_by_label("Summary").fill("We run night buses from May, and more from June.")
        anna.page.get_by_role("button", name="Save the draft").click()
        expect(anna.page.get_by_text("Somebody else saved this answer while")).to_have_count(0)
        assert drafts(live_server)[-1] == "We run night buses from May, and more from June."
        anna.opens(f"/staff/duties/{duty_id}/response/drafts")
        anna.sees("Drafts of the answer")
        anna.page.get_by_role("link", name="Draft 1", exact=True).click()
        anna.sees("Draft 1")
        anna.page.get_by_role("button", name="Bring this draft back").click()
        expect(anna.page.get_by_label("Summary")).to_have_value("We run night buses from May.")


@pytest.mark.settings(response_approval=True)
def test_an_officials_and_an_approvers_day(browser: Browser, live_server: LiveServer, duty_id: int) -> None:
    with window(browser, live_server) as otto:
        signs_in(otto, "otto@staff.example.org")
        otto.opens(f"/staff/duties/{duty_id}/response")
        page = otto.page
        page.get_by_label("Summary").fill("Towns over 10,000 people get a bus until midnight at weekends.")
        page.get_by_label("Partly agreed").check()
        page.get_by_label("Answer", exact=True).fill(
            "We pay for it from **May** on.\n\n## When\n\nIt begins in May."
        )
        for point in POINTS[:1]:
            page.get_by_role("button", name="Add a point").click()
            page.get_by_label("What is asked").fill(point["ask"])
            page.get_by_label("Answer to it").fill(point["answer"])
            page.get_by_label("What it comes to").select_option(point["outcome"])
        page.get_by_role("button", name="Add a link").click()
        page.get_by_label("Title").fill(LINKS[0]["title"])
        page.get_by_label("Address").fill(LINKS[0]["url"])
        otto.sees("Write the answer")
        page.get_by_role("button", name="Save and go on to the preview").click()
        otto.sees("Preview of the answer")
        page.get_by_role("button", name="Ask for approval").click()
        expect(page.get_by_text("Somebody was asked to approve it")).to_be_visible()
        with window(browser, live_server) as anna:
            signs_in(anna, "anna@staff.example.org")
            anna.opens("/staff")
            anna.watch.look("front-of-an-approver")
            anna.page.get_by_role("link", name="Guarantee a night bus").first.click()
            anna.watch.look("answer-to-approve")
            anna.page.get_by_role("button", name="Approve these words").click()
            expect(anna.page.get_by_text("Approved", exact=True)).to_be_visible()
        page.reload()
        page.get_by_text("Publish it later").click()
        otto.watch.look("answer-approved")
        page.get_by_role("button", name="Publish the answer").click()
        expect(page.get_by_role("heading", name="The answer", exact=True)).to_be_visible()
        page.get_by_role("link", name="What was promised, and whether it was kept").click()
        page.get_by_label("What was promised").fill("Nineteen towns get a bus.")
        page.get_by_role("button", name="Mark it").click()
        expect(page.get_by_text("The department is asked after 6 and after 12 months")).to_be_visible()
        otto.sees("What was promised")


def test_what_came_after_an_answer(browser: Browser, live_server: LiveServer, duty_id: int) -> None:
    with live_server.app.app_context():
        otto = person(live_server, "otto@staff.example.org")
        answer_id, promised, rate = _answered(duty_id, otto)
        petition_id = db.session.get_one(Response, answer_id).petition_id
    with window(browser, live_server) as reader:
        reader.opens(f"/petitions/{petition_id}")
        expect(reader.page.get_by_text("Partly kept")).to_be_visible()
        reader.watch.look("answer-public")
        reader.opens(f"/petitions/{petition_id}/response/versions")
        reader.sees("Versions of the answer")
        reader.opens(rate)
        reader.sees("What do you think of the answer?")
        reader.page.get_by_role("button", name="Send what I think").click()
        expect(reader.page.get_by_text("There is a problem")).to_be_visible()
        reader.watch.look("rate-error")
        reader.page.get_by_label("Yes", exact=True).check()
        reader.page.get_by_label("Yes, I understand it").check()
        reader.page.get_by_role("button", name="Send what I think").click()
        reader.sees("Thank you for saying what you think")
        signs_in(reader, "otto@staff.example.org")
        reader.opens(f"/staff/duties/{duty_id}/commitments/{promised}")
        reader.sees("Was it kept?")
        reader.opens(f"/staff/duties/{duty_id}/response")
        reader.page.get_by_label("Summary").fill("Towns over 5,000 people get a bus.")
        reader.page.get_by_role("button", name="Save and go on to the preview").click()
        reader.sees("Preview of the change")


def _answered(duty_id: int, otto: Staff) -> tuple[int, int, str]:
    """An answer with points, a later version, thirty-one opinions, two promises; one to be said something of."""
    duty = db.session.get_one(Duty, duty_id)
    said = words(points=POINTS, links=LINKS)
    with clock.fixed(clock.now() - timedelta(days=400)):
        response_actions.save_draft(duty_id, words=said, draft_version=0, by=otto)
        response_actions.publish(duty_id, draft_version=1, by=otto)
        later = words(summary="We run night buses from June.", points=POINTS, links=LINKS)
        response_actions.save_draft(duty_id, words=later, draft_version=1, by=otto)
        response_actions.change(duty_id, draft_version=2, reason="It was not May.", tell=False, by=otto)
        first = commitment_actions.add(duty_id, promise="Nineteen towns get a bus.", due_on=None, by=otto).id
        second = commitment_actions.add(duty_id, promise="We publish figures.", due_on=None, by=otto).id
    signers = build.signatures(duty.petition, 32)
    response = db.session.execute(select(Response)).scalar_one()
    for number, signer in enumerate(signers[:31]):
        rating_actions.rate(
            response_id=response.id, signature_id=signer.id, addressed=number > 9, clear=number > 3
        )
    commitment_actions.ask_due()
    commitment_actions.answer(first, months=6, kept=Kept.PARTLY, note="Twelve so far.", by=otto)
    rate = links.rate_response(response.id, signers[31])
    assert db.session.get_one(Commitment, second).checks
    return response.id, second, rate
