"""The journey once in Chromium with the keyboard alone, every page of it held to the rules of accessibility."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Page, expect

from petitions import clock
from petitions.extensions import db
from petitions.models import Petition, Signature, SignatureState
from petitions.permissions import Role
from tests import build
from tests.browser.conftest import LiveServer
from tests.browser.keyboard import Keyboard
from tests.browser.watch import Watch

T = TypeVar("T")

ACTION = "Put a zebra crossing before every school"
SUMMARY = "We will paint a crossing before every school by next summer."
#: How long a mail or a count may take, in seconds: the worker looks ten times a second, and two cores are slow at times.
PATIENCE = 15.0


class Reader:
    """Somebody with a browser window of their own on the live site."""

    def __init__(self, browser: Browser, live: LiveServer, *, script: bool = True) -> None:
        self.live = live
        self.context = browser.new_context(base_url=live.url, java_script_enabled=script)
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page: Page = self.context.new_page()
        self.watch = Watch(self.page, live.url)
        self.keys = Keyboard(self.page)

    def opens(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)

    def sees(self, heading: str) -> None:
        """The page is this one, and it is looked at."""
        expect(self.page.locator("h1")).to_have_text(heading)
        self.watch.look(re.sub(r"[^a-z]+", "-", heading.lower()).strip("-"))

    def link_in_mail(self, to: str, kind: str, path: str) -> str:
        """Wait for the mail and read its link."""

        def arrived() -> str | None:
            with self.live.app.app_context():
                mails = build.captured(to=to, kind=kind)
                return build.extract_link(mails[-1], path) if mails else None

        return waits_for(arrived, f"a mail {kind} to {to}")

    def leaves(self) -> None:
        """Close the window, which has been quiet."""
        self.context.close()
        self.watch.is_quiet()


def waits_for(ask: Callable[[], T | None], what: str) -> T:
    """Ask again and again until there is an answer."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (answer := ask()) is not None:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited {PATIENCE} seconds for {what}")


@contextmanager
def window(browser: Browser, live: LiveServer, *, script: bool = True) -> Iterator[Reader]:
    """Somebody comes, and leaves quietly."""
    reader = Reader(browser, live, script=script)
    yield reader
    reader.leaves()


def count_of(live: LiveServer, petition_id: int) -> int:
    """How many are counted, in the database."""
    with live.app.app_context():
        return db.session.get_one(Petition, petition_id).signature_count


def signs_and_confirms(reader: Reader, petition_id: int, name: str, *, looks: bool = False) -> None:
    """The way of one signer, from the petition's page to the thanks, by keyboard."""
    keys, address = reader.keys, f"{name.split()[0].lower()}@example.org"
    reader.opens(f"/petitions/{petition_id}")
    keys.presses("Sign this petition")
    if looks:
        keys.presses("Sign this petition")
        expect(reader.page.get_by_text("There is a problem")).to_be_visible()
        reader.watch.look("sign-refused")
    keys.writes("Your name", name)
    keys.writes("Your e-mail address", address)
    keys.writes("Your postcode", build.POSTCODE)
    keys.ticks("I am a citizen or I live in the country")
    keys.ticks("Tell me by e-mail what happens to this petition")
    keys.presses("Sign this petition")
    expect(reader.page.locator("h1")).to_have_text("Check your e-mail")
    if looks:
        reader.sees("Check your e-mail")
    reader.opens(reader.link_in_mail(address, "confirm_signature", "/signatures/confirm/"))
    if looks:
        reader.sees("Did you sign this petition?")
    keys.presses("Confirm my signature")
    expect(reader.page.locator("h1")).to_have_text("Your signature is confirmed")
    if looks:
        reader.sees("Your signature is confirmed")


@pytest.fixture
def site(live_server: LiveServer) -> LiveServer:
    """The live site with an area, a department, a topic, and two of the staff."""
    with live_server.app.app_context():
        build.place("Fairley Marsh", postcode_prefixes=["AB1"])
        transport = build.department("Department of Transport")
        build.topic("Roads")
        build.staff(Role.MODERATOR, name="Mara Moderator", email="mara@staff.example.org")
        build.staff(Role.OFFICIAL, name="Otto Official", email="otto@staff.example.org", department=transport)
    return live_server


@pytest.mark.settings(supporters_needed=1, response_threshold=3, debate_threshold=4)
def test_the_journey_by_keyboard(browser: Browser, site: LiveServer) -> None:
    with window(browser, site) as ines:
        petition_id = ines_starts_and_gathers(ines)
    with window(browser, site) as mara:
        signs_in(mara, "mara@staff.example.org")
        mara_publishes(mara)
        with window(browser, site) as watcher, window(browser, site) as sofia:
            watcher.opens(f"/petitions/{petition_id}")
            signs_and_confirms(sofia, petition_id, "Sofia Marsh", looks=True)
            the_count_moves(watcher, petition_id, 3)
            watcher.page.reload()
            watcher.sees(ACTION)
        with window(browser, site) as otto:
            signs_in(otto, "otto@staff.example.org")
            otto_answers(otto)
        with window(browser, site) as simon:
            signs_and_confirms(simon, petition_id, "Simon Marsh")
        the_count_moves_in_the_database(site, petition_id, 4)
        mara_sets_the_debate(mara, petition_id)
    with window(browser, site) as reader:
        everything_is_shown(reader, petition_id)


def ines_starts_and_gathers(ines: Reader) -> int:
    """Home, how it works, one question a page, the mail, the private page, the first supporter."""
    keys, page = ines.keys, ines.page
    ines.opens("/")
    ines.sees("Ask Parliament to act")
    keys.presses("Start a petition")
    ines.sees("Start a petition")
    page.locator("main").focus()
    keys.presses("Start a petition")
    ines.watch.look("eligible")
    keys.ticks("Yes, I can say that")
    keys.presses("Continue")
    ines.watch.look("action")
    keys.writes("What should the Government or Parliament do?", ACTION)
    expect(page.get_by_text(f"Characters left: {80 - len(ACTION)}").first).to_be_visible()
    keys.presses("Continue")
    ines.sees("No petition like yours")
    keys.presses("Continue")
    keys.writes("Why should it be done?", "Children cross four lanes of traffic twice a day.")
    keys.presses("Continue")
    ines.watch.look("additional-details")
    keys.presses("Continue")
    ines.sees("About you")
    keys.writes("Your name", "Ines Walker")
    keys.writes("Your e-mail address", "ines@example.org")
    keys.writes("Your postcode", build.POSTCODE)
    keys.presses("Continue")
    ines.sees("Check your answers")
    keys.presses("Send me the link")
    ines.watch.look("petition-check-your-mail")
    ines.opens(ines.link_in_mail("ines@example.org", "confirm_creator", "/creators/"))
    ines.sees("Confirm your petition")
    keys.presses("Send my answer")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    ines.watch.look("confirm-petition-refused")
    keys.chooses("No, it was not me", "Yes, I wrote it: start it")
    keys.presses("Send my answer")
    ines.sees("Find your first supporters")
    own_page = page.url
    link = ines.link_in_mail("ines@example.org", "gather_supporters", "/supporters/")
    ines.opens(link)
    ines.sees("Support this petition")
    keys.writes("Your name", "Frida Meyer")
    keys.writes("Your e-mail address", "frida@example.org")
    keys.writes("Your postcode", build.POSTCODE)
    keys.ticks("I am a citizen or I live in the country")
    keys.presses("Support this petition")
    ines.opens(ines.link_in_mail("frida@example.org", "confirm_signature", "/signatures/confirm/"))
    keys.presses("Confirm my signature")
    ines.link_in_mail("ines@example.org", "petition_in_review", "/creators/")
    ines.opens(own_page)
    ines.sees("Your petition is being checked")
    found = re.match(r"/petitions/(\d+)/", link)
    assert found is not None
    ines.opens(f"/petitions/{found[1]}")
    ines.sees("This petition is being checked")
    return int(found[1])


def signs_in(reader: Reader, address: str) -> None:
    """Staff sign in with address and password."""
    reader.opens("/staff/sign-in")
    reader.sees("Sign in")
    reader.keys.writes("E-mail address", address)
    reader.keys.writes("Password", build.PASSWORD)
    reader.keys.presses("Sign in")
    reader.sees("What there is to do")


def mara_publishes(mara: Reader) -> None:
    """The queue, the petition, department and topic, the button."""
    keys = mara.keys
    keys.presses("Go to the queue")
    mara.sees("Petitions to check")
    keys.presses(ACTION)
    mara.watch.look("staff-petition")
    keys.opens("Change departments and topics")
    keys.ticks("Department of Transport")
    keys.ticks("Roads")
    keys.presses("Save departments and topics")
    keys.presses("Publish")
    expect(mara.page.get_by_text("Its public page")).to_be_visible()


def the_count_moves(watcher: Reader, petition_id: int, expected: int) -> None:
    """Within a second or two the count is there, and moves on a page that somebody comes back to without loading it."""
    the_count_moves_in_the_database(watcher.live, petition_id, expected)
    watcher.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(watcher.page.locator("[data-count-url]")).to_have_text(str(expected), timeout=3000)


def the_count_moves_in_the_database(live: LiveServer, petition_id: int, expected: int) -> None:
    """The worker counts."""
    waits_for(lambda: count_of(live, petition_id) == expected or None, f"the count {expected}")


def otto_answers(otto: Reader) -> None:
    """The duty, the answer, the preview, the button."""
    keys, page = otto.keys, otto.page
    otto.opens(otto.link_in_mail("otto@staff.example.org", "duty_created", "/staff/duties/"))
    otto.watch.look("staff-duty")
    keys.presses("Write the answer")
    otto.sees("Write the answer")
    keys.writes("Summary", SUMMARY)
    keys.ticks("Agreed")
    keys.writes("Answer", "## What we do\n\nWe begin with **200 schools**.")
    keys.presses("Save and go on to the preview")
    otto.sees("Preview of the answer")
    keys.presses("Publish the answer")
    expect(page.get_by_text("answered 21 days early").first).to_be_visible()
    otto.opens("/staff/duties")
    otto.sees("Answers owed")


def mara_sets_the_debate(mara: Reader, petition_id: int) -> None:
    """The day of the debate. A date is typed into a browser's own date field, whose keys depend on its language."""
    mara.opens(f"/staff/petitions/{petition_id}/debate")
    mara.sees("Debate")
    mara.page.get_by_label("Day of the debate").first.fill(
        (clock.now() + timedelta(days=9)).date().isoformat()
    )
    mara.keys.presses("Set this day and tell everybody")
    expect(mara.page.get_by_text("It is set for")).to_be_visible()


def everything_is_shown(reader: Reader, petition_id: int) -> None:
    """What came of it, on every page that anybody can read."""
    reader.opens(f"/petitions/{petition_id}")
    expect(reader.page.get_by_text(SUMMARY)).to_be_visible()
    reader.watch.look("petition-answered")
    for path, name in (
        ("/", "home-answered"),
        ("/petitions?state=all", "petitions"),
        ("/petitions?q=nothing+like+it", "petitions-none"),
        ("/trending", "trending"),
        ("/accountability", "board"),
        ("/departments/department-of-transport", "department"),
        ("/signatures/find", "find"),
        ("/petitions/999999", "not-found"),
    ):
        reader.opens(path)
        reader.watch.look(name)


@pytest.mark.settings(response_threshold=3, debate_threshold=4)
def test_a_signature_without_any_script(browser: Browser, site: LiveServer) -> None:
    with site.app.app_context():
        petition_id = build.open_petition(action=ACTION).id
    with window(browser, site, script=False) as sofia:
        page = sofia.page
        sofia.opens(f"/petitions/{petition_id}")
        page.get_by_role("link", name="Sign this petition").click()
        page.get_by_role("button", name="Sign this petition").click()
        expect(page.get_by_text("There is a problem")).to_be_visible()
        page.get_by_label("Your name").fill("Sofia Marsh")
        page.get_by_label("Your e-mail address").fill("sofia@example.org")
        page.get_by_label("Your postcode").fill(build.POSTCODE)
        page.get_by_label("I am a citizen or I live in the country").check()
        page.get_by_role("button", name="Sign this petition").click()
        expect(page.locator("h1")).to_have_text("Check your e-mail")
        sofia.opens(sofia.link_in_mail("sofia@example.org", "confirm_signature", "/signatures/confirm/"))
        page.get_by_role("button", name="Confirm my signature").click()
        expect(page.locator("h1")).to_have_text("Your signature is confirmed")
        the_count_moves_in_the_database(site, petition_id, 2)


def test_scanners_confirm_nothing_and_a_person_confirms_with_one_press(
    browser: Browser, site: LiveServer
) -> None:
    with site.app.app_context():
        petition = build.open_petition(action=ACTION)
        petition_id = petition.id
        site.app.test_client().post(
            f"/petitions/{petition_id}/signatures/new", data=build.sign_form(email="ada@example.org")
        )
    with window(browser, site) as scanner:
        link = scanner.link_in_mail("ada@example.org", "confirm_signature", "/signatures/confirm/")
        for _ in range(20):
            assert scanner.context.request.get(link).status == 200
            assert scanner.context.request.head(link).status == 200
        scanner.opens(link)
        scanner.page.wait_for_timeout(2000)
        assert scanner.watch.posts == []
        assert scanner.page.locator("script").count() == 0
        with site.app.app_context():
            states = [row.state for row in db.session.query(Signature).filter_by(petition_id=petition_id)]
            assert states.count(SignatureState.VALIDATED) == 1, "the petitioner's own alone"
    assert count_of(site, petition_id) == 1
    with window(browser, site) as ada:
        ada.opens(link)
        ada.keys.presses("Confirm my signature")
        expect(ada.page.locator("h1")).to_have_text("Your signature is confirmed")
    the_count_moves_in_the_database(site, petition_id, 2)
