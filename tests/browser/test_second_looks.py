"""Appeals, reports, corrected words and the public figures, looked at in a real browser, and sent by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from petitions import clock, links
from petitions.appeals import actions as appeals
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Petition, Rejection
from petitions.moderation import actions
from tests import build
from tests.browser.conftest import LiveServer
from tests.browser.watch import Watch


class Somebody:
    """Who reads, in a browser."""

    def __init__(self, browser: Browser, live: LiveServer) -> None:
        self.context = browser.new_context(base_url=live.url, bypass_csp=True)
        self.page: Page = self.context.new_page()
        self.watch = Watch(self.page, live.url)

    def sees(self, heading: str, name: str) -> None:
        """The page is this one, and breaks no rule."""
        expect(self.page.locator("h1")).to_have_text(heading)
        self.watch.look(name)


@pytest.fixture
def somebody(browser: Browser, live_server: LiveServer) -> Iterator[Somebody]:
    """Somebody with a browser, and the site's context for the test's own looks."""
    with live_server.app.app_context():
        person = Somebody(browser, live_server)
        yield person
        person.context.close()
        assert person.watch.foreign == []


@transactional
def repeats(petition: Petition, original: Petition) -> None:
    """It was refused as a duplicate."""
    rejection = db.session.get_one(Rejection, petition.id)
    rejection.code, rejection.original_id = "duplicate", original.id


def test_an_appeal_from_the_link_to_both_reasons(somebody: Somebody) -> None:
    petition = build.petition("rejected")
    repeats(petition, build.open_petition())
    page = somebody.page
    page.goto(links.petitioner(petition))
    somebody.sees("Your petition was rejected", "appeal-petitioner")
    page.goto(links.appeal(petition))
    somebody.sees("Appeal against the decision", "appeal-form")
    page.get_by_role("button", name="Send my appeal").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    somebody.sees("Appeal against the decision", "appeal-form-error")
    page.get_by_label("Why is the decision wrong?").focus()
    page.keyboard.type("The railways do belong to the state.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    somebody.sees("Your appeal is with us", "appeal-waits")
    page.goto(f"/petitions/{petition.id}")
    somebody.sees(petition.action, "appeal-waits-public")
    other = build.staff("moderator")
    appeals.decide(petition_id=petition.id, upheld=False, explanation="The refusal stands.", by=other)
    page.goto(links.appeal(petition))
    somebody.sees("Your appeal was dismissed", "appeal-dismissed")
    page.goto(f"/petitions/{petition.id}")
    somebody.sees(petition.action, "appeal-dismissed-public")


def test_a_report_by_the_keyboard_alone(somebody: Somebody) -> None:
    petition = build.open_petition()
    page = somebody.page
    page.goto(f"/petitions/{petition.id}/report")
    somebody.sees("Report this petition", "report-form")
    page.get_by_role("button", name="Send the report").focus()
    # Both pages have the same heading: what is looked at is to be the second.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    somebody.sees("Report this petition", "report-form-error")
    page.get_by_label("It is offensive or extreme").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("The second line.")
    # The field that people do not see is passed over.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    somebody.sees("Your report is with us", "report-reference")


def test_corrected_words_and_the_figures(somebody: Somebody) -> None:
    with clock.fixed(clock.now() - timedelta(days=3)):
        petition = build.open_petition(background="It is closd on Sundays.")
    actions.change_text(
        petition_id=petition.id,
        text_version=1,
        action=petition.action,
        background="It is closed on Sundays.",
        additional_details="",
        reason="A letter was missing.",
        by=build.staff("moderator"),
    )
    build.decision(petition, "published", working_days=3)
    somebody.page.goto(f"/petitions/{petition.id}/versions")
    somebody.sees("The words of this petition", "versions")
    somebody.page.goto("/statistics")
    somebody.sees("Statistics", "statistics")
