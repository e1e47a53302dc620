"""Atom feeds (RFC 4287): what has happened, each thing under an id that never changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from petitions.documents import moment
from petitions.extensions import settings

MIMETYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
#: What XML 1.0 has no place for, however it is written.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: A feed must say when it changed, also where nothing has happened yet.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)

register_namespace("", _NAMESPACE)


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `updated`: when something about it changed that a reader would want to know."""

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    summary: str
    author: str
    category: str


def tag(day: date, name: str) -> str:
    """An id by RFC 4151: this site's, on that day, under that name. The day and the name must never change."""
    return f"tag:{urlsplit(settings().base_url).hostname},{day.isoformat()}:{name}"


def atom(
    *, feed_id: str, title: str, url: str, self_url: str, language: str, entries: Sequence[Entry]
) -> bytes:
    """The feed, its entries in their order."""
    feed = Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _texts(feed, [("id", feed_id), ("title", title), ("updated", moment(updated_of(entries)))])
    _link(feed, "self", self_url, MIMETYPE)
    _link(feed, "alternate", url, "text/html")
    _texts(SubElement(feed, _name("author")), [("name", settings().site_name)])
    for entry in entries:
        _entry(feed, entry)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def updated_of(entries: Iterable[Entry]) -> datetime:
    """When a feed with these entries last changed."""
    return max((entry.updated for entry in entries), default=NEVER)


def _entry(feed: Element, entry: Entry) -> None:
    element = SubElement(feed, _name("entry"))
    _texts(
        element,
        [
            ("id", entry.id),
            ("title", entry.title),
            ("updated", moment(entry.updated)),
            ("published", moment(entry.published)),
            ("summary", entry.summary),
        ],
    )
    _link(element, "alternate", entry.url, "text/html")
    _texts(SubElement(element, _name("author")), [("name", entry.author)])
    SubElement(element, _name("category"), {"term": entry.category})


def _texts(parent: Element, texts: Iterable[tuple[str, str]]) -> None:
    for name, text in texts:
        SubElement(parent, _name(name)).text = _NOT_XML.sub("\ufffd", text)


def _link(parent: Element, relation: str, url: str, mimetype: str) -> None:
    SubElement(parent, _name("link"), {"rel": relation, "href": url, "type": mimetype})


def _name(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"
