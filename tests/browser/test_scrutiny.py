"""Scrutiny in Chromium: search, see who signed, remove, and a campaign whose page follows its work; every page held to the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from petitions import clock, mailboxes
from petitions.models import Petition, Signature
from petitions.permissions import Role
from petitions.scrutiny import campaigns
from petitions.secrecy import domain_hash, network_hash
from tests import build
from tests.browser.conftest import LiveServer
from tests.browser.test_journey import Reader, signs_in, window

REASON = "Made by a program, from one network within an hour."


def signed(petition: Petition, name: str, email: str, ip: str, **columns: object) -> Signature:
    """A signature as the form stores it."""
    return build.signature(
        petition,
        name=name,
        email=email,
        ip=ip,
        domain_hash=domain_hash(petition.id, mailboxes.domain_of(email)),
        network_hash=network_hash(petition.id, ip),
        **columns,  # type: ignore[arg-type]
    )


@pytest.fixture
def petition_id(live_server: LiveServer) -> int:
    """A petition that people signed, and a program."""
    with live_server.app.app_context():
        build.staff(Role.MODERATOR, name="Mara Moderator", email="mara@staff.example.org")
        build.staff(Role.MODERATOR, name="Tarek Odum", email="tarek@staff.example.org")
        place = build.place("Fairley Marsh")
        with clock.fixed(clock.now() - timedelta(days=3)):
            petition = build.open_petition(
                action="Guarantee a night bus to every town over 10,000 people",
                creator_email="priya@example.org",
            )
        signed(
            petition, "Ada Adeyemi", "ada@mail.example.org", "198.51.100.4", place=place, confirm_seconds=340
        )
        signed(
            petition,
            "Zoë van der Berg-Östlund",
            "a.very.long.address.indeed@a-long-domain-name.example.org",
            "2001:db8:77:1::9",
            state="held",
            validated_at=clock.now(),
            held_reason="origin",
            signals=["origin", "alias"],
            confirm_seconds=95,
        )
        for number in range(6):
            signed(
                petition,
                f"Bot Number{number}",
                f"bot{number}@throwaway.example",
                f"203.0.113.{number}",
                signals=["quick"],
                confirm_seconds=2,
            )
        return petition.id


def test_a_moderator_finds_removes_and_puts_back(
    browser: Browser, live_server: LiveServer, petition_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "MOST_BY_ONE", 5)
    with window(browser, live_server) as mara:
        signs_in(mara, "mara@staff.example.org")
        mara.watch.look("scrutiny-home")
        mara.opens("/staff/held")
        mara.sees("Held signatures")
        mara.keys.presses("Guarantee a night bus to every town over 10,000 people")
        mara.sees("Signatures")
        one_is_seen_and_removed(mara, petition_id)
        address = a_campaign_is_begun(mara, petition_id)
        with window(browser, live_server) as tarek:
            signs_in(tarek, "tarek@staff.example.org")
            tarek.opens(address)
            tarek.watch.look("scrutiny-campaign-ready")
            tarek.keys.presses("Start it")
        # Mara only looks on: her page follows by itself.
        expect(mara.page.locator("#progress .tag")).to_have_text("Done")
        it_is_undone(mara)
        mara.opens(f"/petitions/{petition_id}")
        expect(mara.page.get_by_text("6 signatures removed")).to_be_visible()
        expect(mara.page.get_by_text("6 signatures put back")).to_be_visible()
        mara.watch.look("scrutiny-public")
    with window(browser, live_server, script=False) as plain:
        plain.opens("/staff/sign-in")
        plain.page.get_by_label("E-mail address").fill("mara@staff.example.org")
        plain.page.get_by_label("Password").fill(build.PASSWORD)
        plain.page.get_by_role("button", name="Sign in").click()
        plain.opens(address)
        expect(plain.page.locator("#progress .tag")).to_have_text("Undone")


def one_is_seen_and_removed(mara: Reader, petition_id: int) -> None:
    """One signature of those that the search of an origin found."""
    page = mara.page
    mara.opens(f"/staff/petitions/{petition_id}/signatures")
    mara.watch.look("scrutiny-newest")
    page.get_by_role("textbox", name="Address of origin").fill("198.51.100.0/24")
    page.get_by_role("textbox", name="Mail domain").fill("*.example.org")
    page.get_by_role("button", name="Search").click()
    mara.watch.look("scrutiny-found")
    page.locator("tbody a").first.click()
    mara.watch.look("scrutiny-one")
    page.get_by_role("textbox", name="Why you need to know").fill("The signer called.")
    page.get_by_role("button", name="Show name and addresses").click()
    expect(page.get_by_text("Ada Adeyemi")).to_be_visible()
    mara.watch.look("scrutiny-revealed")
    page.go_back()
    page.go_back()
    page.locator(".tick").first.check()
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_text("Give the reason: it is published.").first).to_be_visible()
    mara.watch.look("scrutiny-refused")
    page.get_by_role("textbox", name="Why, for everybody to read").fill("To be looked at.")
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_text("1 of 1 signature changed")).to_be_visible()
    mara.watch.look("scrutiny-changed")


def a_campaign_is_begun(mara: Reader, petition_id: int) -> str:
    """Conditions that fit the program alone; it takes a second person. Returns the campaign's address."""
    page = mara.page
    mara.opens(f"/staff/petitions/{petition_id}/campaigns/new")
    page.get_by_role("button", name="Look for them").click()
    mara.watch.look("scrutiny-new-refused")
    page.get_by_role("textbox", name="Mail domain").fill("throwaway.example")
    page.get_by_role("textbox", name="Seconds to confirm, at most").fill("10")
    page.get_by_role("radio", name="Remove").check()
    page.get_by_role("textbox", name="Why, for everybody to read").fill(REASON)
    mara.watch.look("scrutiny-new")
    page.get_by_role("button", name="Look for them").click()
    expect(page.get_by_text("It takes a second person")).to_be_visible()
    mara.watch.look("scrutiny-second-person")
    return page.url


def it_is_undone(mara: Reader) -> None:
    """For a reason that is published too."""
    page = mara.page
    mara.watch.look("scrutiny-done")
    page.get_by_text("Undo this campaign").click()
    page.get_by_role("textbox", name="Why, for everybody to read").fill("They were people after all.")
    page.get_by_role("button", name="Undo it").click()
    expect(page.locator("#progress .tag")).to_have_text("Undone")
    mara.watch.look("scrutiny-undone")
    mara.opens(page.url.replace("/campaigns/1", "/petitions/1/campaigns"))
    mara.sees("Campaigns")
