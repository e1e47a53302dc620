"""Somebody's first day in Chromium: the first administrator's link, the authenticator app, an invitation, another telephone,
and the question whether it is still you; every page held to the rules."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import StaffSession
from tests import build
from tests.browser.conftest import LiveServer
from tests.browser.watch import Watch

PASSWORD = "gulls over the harbour wall"


class Colleague:
    """Somebody with a browser, and a telephone beside it."""

    def __init__(self, browser: Browser, live: LiveServer) -> None:
        # The test's own script for accessibility is none that the policy knows.
        self.context = browser.new_context(base_url=live.url, bypass_csp=True)
        self.page: Page = self.context.new_page()
        self.watch = Watch(self.page, live.url)
        self.secret = ""
        self.shown = -1

    def sees(self, heading: str, name: str) -> None:
        """The page is this one, and breaks no rule."""
        expect(self.page.locator("h1")).to_have_text(heading)
        self.watch.look(name)

    def presses(self, button: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def types(self, label: str, text: str) -> None:
        """Fill in a field."""
        self.page.get_by_label(label, exact=True).fill(text)

    def code(self) -> str:
        """The next code that was not used."""
        step = max(int(clock.now().timestamp()) // 30, self.shown + 1)
        self.shown = step
        return str(pyotp.HOTP(self.secret).at(step))

    def comes_in(self, link: str, name: str) -> None:
        """Follow an invitation to the end."""
        self.page.goto(link)
        self.sees("Welcome", "accounts-invitation")
        self.presses("Go on")
        self.sees("Welcome", "accounts-invitation-error")
        self.types("Your name", name)
        self.types("New password", PASSWORD)
        self.types("The same password again", PASSWORD)
        self.presses("Go on")
        self.sees("Set up your authenticator app", "accounts-new-app")
        self.secret = self.page.locator(".key code").inner_text().replace(" ", "")
        self.types("Code", "000000")
        self.presses("Set up this app")
        self.sees("Set up your authenticator app", "accounts-new-app-error")
        self.types("Code", self.code())
        self.presses("Set up this app")
        self.sees("Your recovery codes", "accounts-recovery-codes")
        self.page.get_by_role("link", name="I have them; go on").click()


@transactional
def a_quarter_of_an_hour_passes() -> None:
    """Nobody was asked again for a while."""
    before = clock.now() - timedelta(minutes=15)
    db.session.execute(
        update(StaffSession).where(StaffSession.proved_at.is_not(None)).values(proved_at=before)
    )


def mailed_link(live: LiveServer, to: str, kind: str) -> str:
    """The link in the newest mail to somebody."""
    build.work()
    db.session.rollback()
    return build.extract_link(build.captured(to, kind)[-1], "/staff/")


@pytest.mark.settings(second_factor="required")
def test_from_the_first_administrator_to_a_colleague_at_work(
    browser: Browser, live_server: LiveServer
) -> None:
    with live_server.app.app_context():
        build.department("Department of Transport")
        printed = live_server.app.test_cli_runner().invoke(args=["staff", "first", "noor@staff.example.org"])
        boss = Colleague(browser, live_server)
        boss.comes_in(build.extract_link(printed.output, "/staff/invitations/"), "Noor Castellan")

        boss.page.goto("/staff/people/new")
        boss.types("Name", "Maren Holt")
        boss.types("E-mail address", "maren@staff.example.org")
        boss.page.get_by_label("Moderator").check()
        boss.sees("Invite a person", "accounts-invite")
        a_quarter_of_an_hour_passes()
        boss.presses("Send the invitation")
        boss.sees("Show that it is still you", "accounts-again")
        boss.page.get_by_role("textbox").fill("not the password")
        boss.presses("Go on")
        boss.sees("Show that it is still you", "accounts-again-error")
        boss.page.get_by_role("textbox").fill(PASSWORD)
        boss.presses("Go on")
        boss.sees("People", "accounts-people")
        boss.page.get_by_role("link", name="Maren Holt").click()
        boss.sees("Maren Holt", "accounts-person-invited")

        maren = Colleague(browser, live_server)
        maren.comes_in(mailed_link(live_server, "maren@staff.example.org", "staff_invitation"), "Maren Holt")
        maren.page.get_by_role("link", name="Maren Holt").click()
        maren.sees("Your account", "accounts-account")
        maren.page.get_by_role("link", name="Change Password").click()
        maren.sees("Change your password", "accounts-password")

        maren.presses("Sign out")
        maren.sees("Sign in", "accounts-sign-in")
        maren.page.get_by_role("link", name="I do not know my password any more").click()
        maren.sees("Choose another password", "accounts-ask-reset")
        maren.types("E-mail address", "maren@staff.example.org")
        maren.presses("Send me a link")
        maren.sees("Check your e-mail", "accounts-reset-asked")
        maren.page.goto(mailed_link(live_server, "maren@staff.example.org", "staff_reset"))
        maren.sees("Choose another password", "accounts-reset")
        maren.types("New password", "thirteen ladders in the fog")
        maren.types("The same password again", "thirteen ladders in the fog")
        maren.presses("Choose this password")
        maren.sees("Your password is changed", "accounts-reset-done")
        maren.page.get_by_role("link", name="Sign in").click()
        maren.types("E-mail address", "maren@staff.example.org")
        maren.types("Password", "thirteen ladders in the fog")
        maren.presses("Sign in")
        maren.sees("Enter your code", "accounts-code")
        maren.types("Code", maren.code())
        maren.presses("Go on")
        expect(maren.page.locator("h1")).to_have_text("What there is to do")

        boss.page.reload()
        boss.sees("Maren Holt", "accounts-person")
        boss.page.goto("/staff/history")
        boss.sees("History", "accounts-history")
        for each in (boss, maren):
            each.watch.is_quiet()
            each.context.close()
