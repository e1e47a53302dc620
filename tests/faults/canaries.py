"""People who cannot be mistaken, sent through everything a person can do here, and where anything of them may be found.

Each canary has a name, an address, a postcode and an address of origin that stand nowhere else. `hits` looks for them, and
for the links they were mailed, in any of the forms in which text is stored or sent.
"""

from __future__ import annotations

import base64
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

POSTCODE = "ZQ9 9QZ"
#: A link is longer than this.
SHORTEST_TOKEN = 30


@dataclass(frozen=True)
class Canary:
    """One person."""

    mark: str
    """A word of letters that is part of everything about them."""
    origin: str
    postcode: str = POSTCODE

    @property
    def name(self) -> str:
        """As typed."""
        return f"{self.mark.title()} Kanarie"

    @property
    def email(self) -> str:
        """As typed."""
        return f"{self.mark}@{self.mark}-mail.example"

    def form(self, **fields: str) -> dict[str, str]:
        """The sign form."""
        filled = {
            "name": self.name,
            "email": self.email,
            "country": "GB",
            "postcode": self.postcode,
            "eligible": "y",
            "updates": "y",
        } | fields
        return {name: value for name, value in filled.items() if value}

    def needles(self) -> Iterator[str]:
        """Everything that would tell of them. The mark stands in name and address."""
        yield self.mark
        yield self.origin
        yield self.postcode
        yield self.postcode.replace(" ", "")
        for value in (self.name, self.email, self.postcode, self.origin):
            yield base64.b64encode(value.encode()).decode().rstrip("=")[:-1]
            yield value.encode().hex()
            yield urllib.parse.quote(value)
            yield urllib.parse.quote_plus(value)


def hits(text: bytes | str, needles: Iterable[str]) -> list[str]:
    """Which needles stand in a text, whatever the case."""
    where = (text if isinstance(text, str) else text.decode("utf-8", "replace")).casefold()
    return sorted({needle for needle in needles if needle.casefold() in where})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A redirect is looked at, not followed."""


@dataclass(frozen=True)
class Reply:
    """What the site answered."""

    status_code: int
    headers: Message
    content: bytes

    @property
    def text(self) -> str:
        """The body."""
        return self.content.decode("utf-8", "replace")


@dataclass
class Browser:
    """Somebody in front of a site, behind one proxy, who comes from `origin`."""

    site: str
    origin: str
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def get(self, path: str) -> Reply:
        """Open a page."""
        return self._ask(urllib.request.Request(self.site + path))  # noqa: S310 - the site under test

    def post(self, path: str, data: dict[str, str]) -> Reply:
        """Send a form."""
        body = urllib.parse.urlencode(data).encode()
        form = urllib.request.Request(self.site + path, data=body, method="POST")  # noqa: S310 - as above
        return self._ask(form)

    def _ask(self, request: urllib.request.Request) -> Reply:
        request.add_header("X-Forwarded-For", self.origin)
        keeping = urllib.request.HTTPCookieProcessor(self.cookies)
        try:
            with urllib.request.build_opener(_NoRedirect, keeping).open(request, timeout=60) as answer:
                return Reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refusal:
            return Reply(refusal.code, refusal.headers, refusal.read())


def links_in(text: str, site: str) -> list[str]:
    """The paths of a site's addresses in a mail, in order."""
    return list(dict.fromkeys(re.findall(re.escape(site) + r"(/[^\s>\"]*)", text)))


def tokens_in(paths: Iterable[str]) -> set[str]:
    """What makes the links among them secret."""
    parts = {part for path in paths for part in re.split(r"[/?=&]", path)}
    return {part for part in parts if len(part) > SHORTEST_TOKEN}


def public_pages(browser: Browser, starts: Iterable[str]) -> Iterator[tuple[str, Reply]]:
    """Every page that can be reached without a link that was mailed, each once."""
    waiting, seen = list(starts), set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(("/staff", "/site.css")):
            continue
        seen.add(path)
        reply = browser.get(path)
        yield path, reply
        found = re.findall(r"(?:href|src)=\"([^\"#]+)", reply.text)
        found += re.findall(re.escape(browser.site) + r"(/[^\s\"<]*)", reply.text)
        waiting += [
            each.removeprefix(browser.site).replace("&amp;", "&")
            for each in found
            if each.removeprefix(browser.site).startswith("/")
        ]
