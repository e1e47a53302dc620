"""Every page behind a mailed link, looked at in a real browser: accessible, wide and narrow, light and dark, without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from petitions import clock, links
from petitions.extensions import db
from petitions.models import Signature
from tests import build
from tests.browser.conftest import LiveServer
from tests.browser.watch import Watch

SILENCE = "It was not me: send no e-mail from this site to this address, ever"


class Somebody:
    """Who follows links in mails, in a browser without scripts but for the test's own."""

    def __init__(self, browser: Browser, live: LiveServer) -> None:
        self.context = browser.new_context(base_url=live.url, bypass_csp=True)
        self.page: Page = self.context.new_page()
        self.watch = Watch(self.page, live.url)

    def sees(self, heading: str, name: str) -> None:
        """The page is this one, and breaks no rule."""
        expect(self.page.locator("h1")).to_have_text(heading)
        assert self.page.locator("script[src]").count() == 0
        self.watch.look(name)

    def presses(self, button: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=button, exact=True).click()


@pytest.fixture
def somebody(browser: Browser, live_server: LiveServer) -> Iterator[Somebody]:
    """Somebody with a browser, and the site's context for the test's own looks."""
    with live_server.app.app_context():
        person = Somebody(browser, live_server)
        yield person
        person.context.close()
        assert person.watch.foreign == []


def test_second_thoughts_after_it_was_not_me(somebody: Somebody) -> None:
    signature = build.signature(build.open_petition(), state="pending", link_sent_at=clock.now())
    somebody.page.goto(links.confirm_signature(signature))
    somebody.sees("Did you sign this petition?", "links-waiting")
    somebody.presses("This wasn’t me")
    somebody.sees("This signature does not count", "links-refused")
    somebody.presses("Send my answer")
    expect(somebody.page.get_by_text("There is a problem")).to_be_visible()
    somebody.sees("This signature does not count", "links-refused-error")
    somebody.page.get_by_label(SILENCE).check()
    somebody.presses("Send my answer")
    somebody.sees("This signature does not count", "links-silent")
    somebody.page.get_by_label("No, I signed it: count my signature").check()
    somebody.presses("Send my answer")
    expect(somebody.page.locator("h1")).to_have_text("Your signature is confirmed")
    somebody.page.goto(links.confirm_signature(signature))
    somebody.sees("This signature is confirmed", "links-used")


def test_links_that_lead_nowhere_any_more(somebody: Somebody) -> None:
    petition = build.open_petition()
    old = build.signature(petition, state="pending", link_sent_at=clock.now() - timedelta(days=8))
    address = links.confirm_signature(old)
    somebody.page.goto(address)
    somebody.sees("This link has expired", "links-expired")
    somebody.page.goto(address[:-1])
    somebody.sees("This link does not work", "links-none")
    final = build.signature(petition, state="refused", ended_at=clock.now() - timedelta(days=2))
    somebody.page.goto(links.confirm_signature(final))
    somebody.sees("This signature does not count", "links-final")


def test_my_signature(somebody: Somebody) -> None:
    signature = build.signature(build.open_petition(), place=build.place(), wants_updates=True)
    somebody.page.goto(links.my_signature(signature))
    somebody.sees("Your signature", "mine")
    somebody.page.get_by_role("link", name="Change Name").click()
    somebody.sees("Correct your name", "mine-name")
    somebody.page.get_by_label("Your name").fill("")
    somebody.presses("Save the name")
    somebody.sees("Correct your name", "mine-name-error")
    somebody.page.get_by_label("Your name").fill("Sam Marsh")
    somebody.presses("Save the name")
    expect(somebody.page.get_by_text("Sam Marsh")).to_be_visible()
    somebody.page.get_by_role("link", name="Change E-mails about it").click()
    somebody.sees("E-mails to you", "mine-mails")
    somebody.page.get_by_label("None about this petition").check()
    somebody.presses("Save my choice")
    for name, button in (
        ("Withdraw my signature", "Keep it"),
        ("Erase everything you hold about me here", "Keep it"),
    ):
        somebody.page.get_by_role("link", name=name).click()
        somebody.watch.look(f"mine-{name.split()[0].lower()}")
        somebody.page.get_by_role("link", name=button).click()
    somebody.page.get_by_role("link", name="Erase everything you hold about me here").click()
    somebody.presses("Erase everything")
    expect(somebody.page.locator("h1")).to_have_text("It is erased")
    somebody.watch.look("mine-erased")
    db.session.rollback()
    assert db.session.get_one(Signature, signature.id).email_sealed is None
    somebody.page.goto(links.my_signature(signature))
    somebody.sees("Your signature", "mine-after")


def test_unsubscribing(somebody: Somebody) -> None:
    signature = build.signature(build.open_petition(), wants_updates=True)
    somebody.page.goto(links.unsubscribe(signature))
    somebody.sees("Stop the e-mails about this petition?", "unsubscribe")
    somebody.presses("Stop the e-mails")
    somebody.sees("You get no more e-mails about this petition", "unsubscribed")
    somebody.page.get_by_label("All from this site, whoever types this address").check()
    somebody.presses("Save my choice")
    somebody.sees("This address gets no e-mails from this site", "unsubscribed-all")


def test_a_petitioner_who_is_none(somebody: Somebody) -> None:
    somebody.page.goto(links.petitioner(build.pending_petition()))
    somebody.sees("Confirm your petition", "petitioner")
    somebody.page.get_by_label("No, it was not me").check()
    somebody.presses("Send my answer")
    somebody.sees("Confirm your petition", "petitioner-disowned")
