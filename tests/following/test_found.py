"""Other sites can show a petition by its address, and search engines learn of every public page and no other."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from flask import Flask

from petitions.browsing import sitemap
from petitions.lifecycle import State
from tests import build, world
from tests.client import PageCheckingClient
from tests.reading import Page

BASE = "http://localhost"
NAMES = f"{{{sitemap.NAMESPACE}}}"
#: Public pages without a number in their address that no search engine needs.
NOT_IN_THE_SITEMAP = {
    "/healthz", "/readyz", "/metrics", "/robots.txt", "/openapi.json", "/oembed", "/petitions/new", "/petitions/similar", "/reports",
    "/signatures/find", "/sitemap.xml", "/.well-known/security.txt", "/petitions/compare", "/alerts",
    "/petitions/thank-you", "/signatures/erased", "/alerts/erased", "/archived/petitions",
}  # fmt: skip


def addresses(client: PageCheckingClient, path: str) -> list[tuple[str, str | None]]:
    """What a sitemap, or the index of one, names: addresses on this site and the days of their last change."""
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    root = ElementTree.fromstring(response.data)  # noqa: S314
    return [
        (entry.findtext(f"{NAMES}loc", "").removeprefix(BASE), entry.findtext(f"{NAMES}lastmod"))
        for entry in root
    ]


def test_the_sitemap_names_every_public_page_and_nothing_that_is_not_shown(
    app: Flask, client: PageCheckingClient
) -> None:
    found = world.make()
    assert f"Sitemap: {BASE}/sitemap.xml" in client.get("/robots.txt").text
    parts = addresses(client, "/sitemap.xml")
    named = [pair for part, _ in parts for pair in addresses(client, part)]
    assert len(named) == len(set(named)) > 10
    for address, changed_at in named:
        assert client.get(address).status_code == 200, address
        if address.startswith("/petitions/") and address[11:].isdecimal():
            assert changed_at is not None
            assert datetime.fromisoformat(changed_at).tzinfo == UTC
    for state in (State.PENDING, State.GATHERING, State.REVIEW, State.HIDDEN, State.WITHDRAWN, State.LAPSED):
        assert f"/petitions/{found.petitions[state]}" not in dict(named)
    pages = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and "." not in rule.rule
        and not rule.rule.startswith(("/staff", "/dev"))
    }
    assert pages - NOT_IN_THE_SITEMAP - dict(named).keys() == set()


def test_a_part_holds_a_range_of_numbers_for_ever(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "PART", 100)
    first = build.open_petition(id=99)
    second, third = build.open_petition(id=100), build.open_petition(id=1_234)
    parts = [path for path, _ in addresses(client, "/sitemap.xml")]
    assert parts == ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml", "/sitemap-14.xml"]
    for part, petition in zip(parts[1:], (first, second, third), strict=True):
        assert [path for path, _ in addresses(client, part)] == [f"/petitions/{petition.id}"]
    assert client.get("/sitemap-4.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


@pytest.mark.database("sqlite")
def test_a_petition_address_becomes_a_frame(app: Flask, client: PageCheckingClient) -> None:
    petition = build.open_petition(action='Say "no" to <b>')
    address = f"{BASE}/petitions/{petition.id}"
    response = client.get("/oembed", query_string={"url": address, "format": "json", "maxwidth": "300"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found = response.json
    assert found is not None
    assert (found["version"], found["type"], found["width"]) == ("1.0", "rich", 300)
    (frame,) = [each.attributes for each in Page(found["html"]).elements if each.tag == "iframe"]
    assert frame["src"] == f"{address}/embed"
    assert frame["title"] == f"Petition: {petition.action}"
    low = client.get("/oembed", query_string={"url": address, "maxheight": "200"}).json
    assert low is not None
    assert low["height"] <= 200
    assert "size=compact" in low["html"], "the widget would not fit its frame"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("url", "format_", "status"),
    [
        ("{base}/petitions/{id}", "xml", 501),
        ("https://elsewhere.example/petitions/{id}", "json", 404),
        ("{base}/petitions/999999", "json", 404),
        ("{base}/petitions/99999999999", "json", 404),
        ("{base}/help", "json", 404),
        ("http://[", "json", 404),
        ("", "json", 404),
    ],
)
def test_what_is_no_petition_here_has_no_frame(
    app: Flask, client: PageCheckingClient, url: str, format_: str, status: int
) -> None:
    petition = build.open_petition()
    asked = {"url": url.format(base=BASE, id=petition.id), "format": format_}
    assert client.get("/oembed", query_string=asked).status_code == status
