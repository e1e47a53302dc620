"""The sitemap for search engines (sitemaps.org 0.9): an index, one part with the pages of the site, and parts of petitions.

A part of petitions holds those whose numbers lie in one range, so it stays what it is however many are published later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from petitions import links
from petitions.browsing import queries
from petitions.documents import moment
from petitions.errors import NotFound

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: Addresses in a part. 50,000 are allowed; so many are made in an instant.
PART = 10_000
#: The number of the part with the pages of the site; those of petitions follow.
PAGES_PART = 1

#: Pages that stand for themselves.
PAGES = (
    "browsing.home",
    "browsing.petitions",
    "browsing.trending",
    "local.find",
    "starting.start",
    "accountability.board",
    "statistics.page",
    "dumps.data",
    "developers.developers",
    "pages.help",
    "pages.standards",
    "pages.privacy",
    "pages.cookies",
    "pages.accessibility",
)


def index() -> bytes:
    """Every part that has something in it."""
    root = Element("sitemapindex", {"xmlns": NAMESPACE})
    _entry(root, "sitemap", links.absolute("following.sitemap_part", part=PAGES_PART), None)
    for number, changed_at in queries.number_ranges(PART):
        address = links.absolute("following.sitemap_part", part=number + PAGES_PART + 1)
        _entry(root, "sitemap", address, changed_at)
    return _written(root)


def part(number: int) -> bytes:
    """One part. Raises `NotFound` where there is none."""
    root = Element("urlset", {"xmlns": NAMESPACE})
    entries = list(_pages() if number == PAGES_PART else _petitions(number - PAGES_PART - 1))
    if not entries:
        raise NotFound("no such part")
    for address, changed_at in entries:
        _entry(root, "url", address, changed_at)
    return _written(root)


def _pages() -> Iterator[tuple[str, datetime | None]]:
    for endpoint in PAGES:
        yield links.absolute(endpoint), None
    for department in queries.all_departments():
        yield links.absolute("accountability.department", slug=department.slug), None


def _petitions(number: int) -> Iterable[tuple[str, datetime | None]]:
    for petition_id, changed_at in queries.numbered(number * PART, PART):
        yield links.absolute("browsing.petition", petition_id=petition_id), changed_at


def _entry(root: Element, name: str, address: str, changed_at: datetime | None) -> None:
    entry = SubElement(root, name)
    SubElement(entry, "loc").text = address
    if changed_at is not None:
        SubElement(entry, "lastmod").text = moment(changed_at)


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
