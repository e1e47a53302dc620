"""The pages that explain the service say what its settings say, and let everybody keep a copy."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from petitions import clock
from petitions.extensions import db
from petitions.models.rejection import RejectionReason
from petitions.retention.rules import RULES
from tests.client import PageCheckingClient

# Only one page reads the database; the others need not be asked twice.
pytestmark = pytest.mark.database("sqlite")

PAGES = ["/help", "/standards", "/privacy", "/cookies", "/accessibility"]


def words(page: str) -> str:
    """The page's text on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_the_same_for_everybody_and_may_be_kept(client: PageCheckingClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "public" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", PAGES)
def test_the_list_of_headings_leads_to_every_heading(client: PageCheckingClient, path: str) -> None:
    page = client.get(path).text
    listed = re.findall(r'<a href="#([a-z]+)"', page)
    assert listed == [heading for heading in re.findall(r'<h2 id="([a-z]+)"', page) if heading != "contents"]
    assert len(listed) >= 3


@pytest.mark.settings(
    response_threshold=1234,
    response_days=17,
    debate_threshold=56789,
    petition_months=8,
    grace_hours=36,
    confirm_days=3,
    supporters_needed=7,
    supporters_most=13,
    supporters_days=45,
    moderation_days=12,
)
def test_help_takes_its_numbers_from_the_settings(client: PageCheckingClient) -> None:
    text = words(client.get("/help").text)
    expected = ["1,234", "17 days", "56,789", "8 months", "36 hours", "3 days", "12 working days", "45 days"]
    assert [amount for amount in expected if amount not in text] == []
    assert "7 of them" in text
    assert "up to 13 can" in text


@pytest.mark.settings(confirm_days=1, moderation_days=1)
def test_one_day_is_not_written_in_the_plural(client: PageCheckingClient) -> None:
    text = words(client.get("/help").text)
    assert "works for 1 day" in text
    assert "within 1 working day." in text
    assert " 1 days" not in text
    assert " 1 working days" not in text


@pytest.mark.parametrize("anchor", ["rising", "count", "duty"])
def test_help_keeps_the_anchors_that_other_pages_point_to(client: PageCheckingClient, anchor: str) -> None:
    assert f'id="{anchor}"' in client.get("/help").text


@pytest.mark.settings(signatures_per_mailbox=1)
def test_help_does_not_offer_a_second_seat_that_the_site_does_not_give(client: PageCheckingClient) -> None:
    assert "Two people use my e-mail address" not in client.get("/help").text


@pytest.mark.settings(supporters_needed=0, supporters_most=1)
def test_help_does_not_ask_for_supporters_where_none_are_needed(client: PageCheckingClient) -> None:
    assert "supporter" not in client.get("/help").text
    assert "0 supporters" not in client.get("/standards").text


@pytest.mark.database("sqlite", "postgresql")
def test_standards_show_every_reason_under_what_it_does(app: Flask, client: PageCheckingClient) -> None:
    reason = RejectionReason(
        code="too-loud", title="Written & shouted", description="Say it <quietly>.", hides=True
    )
    db.session.add(reason)
    db.session.commit()
    page = client.get("/standards").text
    shown, hidden = page.split('<h2 id="unseen">')
    for reason in db.session.query(RejectionReason):
        assert (f'id="reason-{reason.code}"' in hidden) == reason.hides
        assert (f'id="reason-{reason.code}"' in shown) != reason.hides
    assert "Written &amp; shouted" in hidden
    assert "Say it &lt;quietly&gt;." in hidden


@pytest.mark.database("sqlite", "postgresql")
def test_the_migrations_bring_reasons_of_both_kinds(app: Flask) -> None:
    assert {reason.hides for reason in db.session.query(RejectionReason)} == {True, False}


@pytest.mark.settings(mail_default_sender="Petitions Office <office@example.org>", smallest_published_area=25)
def test_privacy_says_whom_to_write_to_and_how_small_a_place_is_shown(client: PageCheckingClient) -> None:
    page = client.get("/privacy").text
    assert 'href="mailto:office@example.org"' in page
    assert "fewer than 25 signatures" in words(page)


def test_cookies_names_the_cookie_that_staff_get(app: Flask, client: PageCheckingClient) -> None:
    assert app.config["SESSION_COOKIE_NAME"] in client.get("/cookies").text


def test_robots_are_kept_from_private_links(client: PageCheckingClient) -> None:
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    for path in ["/signatures/", "/creators/", "/unsubscribe/", "/staff/", "/petitions/*/supporters/"]:
        assert f"Disallow: {path}\n" in response.text
    assert "Disallow: /\n" not in response.text


@pytest.mark.settings(site_name="Petitions of Arvenia")
def test_the_manifest_names_the_site_and_a_picture_that_exists(client: PageCheckingClient) -> None:
    manifest = client.get("/manifest.json").json
    assert manifest is not None
    assert manifest["name"] == "Petitions of Arvenia"
    with client.get(manifest["icons"][0]["src"]) as icon:
        assert icon.status_code == 200


@pytest.mark.settings(base_url="https://petitions.example.org")
def test_the_security_contact_has_not_expired_and_names_its_own_address(client: PageCheckingClient) -> None:
    moment = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    with clock.fixed(moment):
        lines = dict(
            line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines()
        )
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=90) < expires - moment < timedelta(days=365)
    assert lines["Contact"] == "mailto:petitions@example.org"
    assert lines["Canonical"] == "https://petitions.example.org/.well-known/security.txt"


@pytest.mark.settings(confirm_days=5)
def test_privacy_says_how_long_everything_is_kept_from_the_table_that_removes_it(
    client: PageCheckingClient, app: Flask
) -> None:
    text = words(client.get("/privacy").text)
    with app.test_request_context():
        rows = [f"{rule.what} {rule.kept()}" for rule in RULES]
    assert [row for row in rows if row not in text] == []
    assert "5 days after the e-mail" in text
