"""A feed as feed readers read it, held to what RFC 4287 asks of one."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import feedparser

from tests.client import PageCheckingClient

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def read(client: PageCheckingClient, path: str) -> Any:
    """The feed at an address, read by a feed reader's parser; fails where it is not well made."""
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    assert response.mimetype == "application/atom+xml"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Last-Modified"]
    unchanged = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert unchanged.status_code == 304
    parsed = feedparser.parse(response.data, response_headers={"content-type": response.content_type})
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    _judge(ElementTree.fromstring(response.data), path)  # noqa: S314
    return parsed


def _judge(feed: Any, path: str) -> None:
    """RFC 4287: 4.1.1 (a feed), 4.1.2 (an entry), 4.2.6 (ids), 4.2.7 (links), 3.3 (dates)."""
    assert feed.tag == f"{ATOM}feed"
    links = [(link.get("rel"), link.get("href")) for link in feed.findall(f"{ATOM}link")]
    assert [address.partition("://")[2].partition("/")[2] for rel, address in links if rel == "self"] == [
        path.removeprefix("/")
    ]
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
            assert element.findtext(f"{ATOM}{name}"), name
        assert element.find(f"{ATOM}author/{ATOM}name") is not None
        assert len([link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]) == 1
        assert all(link.get("href", "").startswith("http") for link in element.findall(f"{ATOM}link"))
        assert MOMENT.fullmatch(element.findtext(f"{ATOM}updated"))
        assert element.findtext(f"{ATOM}id").startswith("tag:")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert max([entry.findtext(f"{ATOM}updated") for entry in entries], default="") <= feed.findtext(
        f"{ATOM}updated"
    )
