"""Somebody asks for news of a search, confirms, is told, pauses, starts again and stops: every page of it in Chromium."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from petitions import clock
from petitions.alerts import matching, telling
from petitions.moderation import decisions
from tests import build
from tests.browser.conftest import LiveServer
from tests.browser.test_journey import Reader, window

READER = "ada@example.org"


def publishes(live: LiveServer, action: str, *, hours: int) -> None:
    """After so many hours a moderator publishes a petition, the alerts look and write, and what they wrote leaves."""
    with live.app.app_context(), clock.fixed(clock.now() + timedelta(hours=hours)):
        petition = build.review_petition(action=action)
        decisions.publish(petition_id=petition.id, text_version=1, by=build.staff("moderator"))
        while matching.match_due():
            pass
        telling.tell_due()
        build.work()


def news_of(live: LiveServer) -> list[str]:
    """The subjects of the news that left."""
    with live.app.app_context():
        return [mail["Subject"] for mail in build.captured(to=READER, kind="alert_news")]


def own_page(reader: Reader) -> str:
    """The address in the last news behind which the alert can be changed."""
    with reader.live.app.app_context():
        text = build.text_of(build.captured(to=READER, kind="alert_news")[-1])
    found = re.search(re.escape(reader.live.url) + r"(/alerts/(?!stop/)\S+)", text)
    assert found is not None
    return found[1]


@pytest.mark.database("sqlite")
def test_an_alert_from_the_asking_to_the_last_mail(browser: Browser, live_server: LiveServer) -> None:
    with live_server.app.app_context():
        build.open_petition(action="Run a bus on Sundays")
    first, second, third = "A bus at night", "A bus to the sea", "A bus to the market"
    with window(browser, live_server) as ada:
        page = ada.page
        ada.opens("/petitions?q=bus")
        page.get_by_role("link", name="E-mail me about this search").click()
        ada.sees("News by e-mail")
        page.get_by_label("At once").check()
        page.get_by_role("button", name="Send me the link to confirm").click()
        expect(page.get_by_text("There is a problem")).to_be_visible()
        expect(page.get_by_label("At once")).to_be_checked()
        ada.watch.look("alert-refused")
        page.get_by_label("e-mail address").fill(READER)
        page.get_by_role("button", name="Send me the link to confirm").click()
        expect(page.locator("h1")).to_have_text("Check your e-mail")
        ada.opens(ada.link_in_mail(READER, "confirm_alert", "/alerts/confirm/"))
        expect(page.locator("h1")).to_have_text("Did you ask for these e-mails?")
        page.get_by_role("button", name="Yes, send them").click()
        expect(page.locator("h1")).to_have_text("Your alert is set")

        publishes(live_server, first, hours=1)
        assert news_of(live_server) == [f"New petition: {first}"]
        ada.opens(own_page(ada))
        ada.sees("Your alert")
        page.get_by_role("button", name="Pause it").click()
        expect(page.get_by_text("What happens while it is paused is not told later.")).to_be_visible()
        publishes(live_server, second, hours=2)
        page.get_by_role("button", name="Start it again").click()
        expect(page.get_by_text("Active")).to_be_visible()
        publishes(live_server, third, hours=3)
        assert news_of(live_server) == [f"New petition: {first}", f"New petition: {third}"]

        ada.opens(ada.link_in_mail(READER, "alert_news", "/alerts/stop/"))
        ada.sees("Stop these e-mails?")
        page.get_by_role("button", name="Stop the e-mails").click()
        expect(page.locator("h1")).to_have_text("You get no more of these e-mails")
    publishes(live_server, "A bus for all", hours=4)
    assert len(news_of(live_server)) == 2
