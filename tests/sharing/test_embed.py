"""The small page for frames, and the page that hands out its code."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from petitions import clock, widget
from petitions.templating import Assets
from tests import build
from tests.accountability.duties import owed
from tests.client import PageCheckingClient

STATIC = Path(__file__).parents[2] / "static"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

pytestmark = pytest.mark.database("sqlite")


def test_it_may_stand_in_a_frame_anywhere_and_asks_for_nothing(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    reply = client.get(f"/petitions/{petition.id}/embed", headers={"Cookie": "staff=anything"})
    policy = reply.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in reply.headers
    assert "Set-Cookie" not in reply.headers
    assert "Cookie" not in reply.headers.get("Vary", "")
    for absent in ("<script", "<form", "<iframe"):
        assert absent not in reply.text
    links = re.findall(r"<a [^>]*>", reply.text)
    assert links
    assert all('target="_top"' in link for link in links), "a link would open inside the frame"
    assert client.get(f"/petitions/{petition.id}/share").headers["X-Frame-Options"] == "DENY"


def test_it_says_how_far_it_is_and_who_is_late(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        works = build.department("Department of Works")
        duty = owed("Repair the northern ferry", date(2026, 10, 20), works)
        whole = client.get(f"/petitions/{duty.petition_id}/embed").text
        small = client.get(f"/petitions/{duty.petition_id}/embed?size=compact").text
    assert "The Department of Works is 13 days late with its answer." in whole
    assert "of 100,000 for a debate" in whole
    assert f'href="http://localhost/petitions/{duty.petition_id}/signatures/new"' in whole
    assert "13 days late" in small
    assert "Sign this petition" not in small


@pytest.mark.parametrize(
    ("query", "scheme", "sheet"),
    [
        ("", "light dark", ""),
        ("?theme=auto", "light dark", ""),
        ("?theme=dark", "dark", "theme=dark"),
        ("?theme=light&size=compact", "light", "theme=light"),
        ("?theme=<pink>&size=huge&lang=tlh&size=", "light dark", ""),
    ],
)
def test_it_is_light_or_dark_as_asked(
    client: PageCheckingClient, query: str, scheme: str, sheet: str
) -> None:
    petition = build.open_petition()
    page = client.get(f"/petitions/{petition.id}/embed{query}").text
    assert f'<meta name="color-scheme" content="{scheme}">' in page
    (address,) = re.findall(r'href="(/site\.css[^"]*)"', page)
    assert sheet in address
    css = client.get(unescape(address)).text
    assert ("prefers-color-scheme" in css) == (not sheet)
    assert "pink" not in page


def test_a_fixed_theme_leaves_the_site_as_it_is() -> None:
    assets = Assets(STATIC)
    assert b"@media all {\n  :root {" in assets.always_dark
    assert b"@media not all {\n  :root {" in assets.always_light
    assert b"color-scheme: dark;" in assets.always_dark
    assert b"prefers-color-scheme" in assets.stylesheet


@pytest.mark.settings(languages="en,ar")
def test_it_speaks_the_language_asked_for(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    path = f"/petitions/{petition.id}/embed"
    assert '<html lang="ar" dir="rtl">' in client.get(f"{path}?lang=ar").text
    assert '<html lang="en" dir="ltr">' in client.get(f"{path}?lang=de").text
    page = client.get(f"/petitions/{petition.id}/share?lang=ar&theme=dark").text
    assert f"{path}?theme=dark&amp;lang=ar" in page


def test_what_is_not_public_says_so_in_the_frame(client: PageCheckingClient) -> None:
    gone = build.petition("hidden", opened_at=clock.now() - timedelta(days=3), action="Name somebody")
    for number, status in ((gone.id, 410), (999, 404)):
        reply = client.get(f"/petitions/{number}/embed")
        assert reply.status_code == status
        assert "frame-ancestors *" in reply.headers["Content-Security-Policy"]
        assert "This petition is not shown" in reply.text
        assert "Name somebody" not in reply.text


def test_the_code_is_for_copying_and_shows_itself_first(client: PageCheckingClient) -> None:
    petition = build.open_petition(action='Say "yes" & <script>alert(1)</script>')
    reply = client.get(f"/petitions/{petition.id}/share?size=compact&theme=light")
    code = unescape(re.findall(r'<code id="frame-code">(.*?)</code>', reply.text, re.DOTALL)[0])
    size = widget.SIZES["compact"]
    address = f"http://localhost/petitions/{petition.id}/embed?size=compact&amp;theme=light"
    assert code.startswith(f'<iframe src="{address}" width="{size.width}" height="{size.height}" title="')
    assert "<script" not in code
    assert "frame-src 'self'" in reply.headers["Content-Security-Policy"]
    assert (
        f'src="/petitions/{petition.id}/embed?size=compact&amp;theme=light" width="{size.width}"'
        in reply.text
    )
    assert widget.address(petition, size="compact", theme="light") == unescape(address)
