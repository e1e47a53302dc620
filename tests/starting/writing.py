"""Filling in the form for a petition as a browser does: what stands in the page is posted back."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from werkzeug.test import TestResponse

from tests.build import POSTCODE
from tests.client import PageCheckingClient

ADDRESS = "/petitions/new"
ANSWERS = {
    "eligible": "yes",
    "action": "Guarantee a night bus to every town",
    "background": "People who work late cannot get home.",
    "additional_details": "Twelve towns have one.\n\nThey are full.",
    "name": "Ines Okafor",
    "email": "ines@example.org",
    "country": "GB",
    "postcode": POSTCODE,
}


class _Fields(HTMLParser):
    """What a browser would post from the page's form for a petition, without the buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._inside = False
        self._text: str | None = None
        self._select: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        name = attributes.get("name") or ""
        if tag == "form":
            self._inside = attributes.get("method") == "post"
        if not self._inside:
            return
        if tag == "input" and (
            attributes.get("type") not in {"radio", "checkbox"} or "checked" in attributes
        ):
            self.values[name] = attributes.get("value") or ""
        if tag == "textarea":
            self._text, self.values[name] = name, ""
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and ("selected" in attributes or self._select not in self.values):
            self.values[self._select] = attributes.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "textarea":
            # HTML takes one line break after the opening tag as layout.
            assert self._text is not None
            self.values[self._text] = re.sub(r"^\r?\n", "", self.values[self._text])
            self._text = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data


def fields(page: str) -> dict[str, str]:
    """The fields of the page's form with what stands in them."""
    return _Fields(page).values


def heading(response: TestResponse) -> str:
    """The page's h1."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.text, re.DOTALL)
    assert found is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found[1])).split())


class Writer:
    """A person who writes a petition in a browser."""

    def __init__(self, client: PageCheckingClient) -> None:
        self.client = client
        self.page = client.get(ADDRESS)

    @property
    def stage(self) -> str:
        """Which page this is."""
        return fields(self.page.text)["stage"]

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the page's fields."""
        return fields(self.page.text)

    def press(self, move: str = "next", **typed: str) -> TestResponse:
        """Type into the fields and press a button."""
        posted = fields(self.page.text) | typed | {"move": move}
        self.page = self.client.post(ADDRESS, data=posted)
        return self.page

    def go_to(self, stage: str, **answers: str) -> TestResponse:
        """Answer everything up to a page."""
        answers = ANSWERS | answers
        while self.stage != stage:
            asked = {name: text for name, text in answers.items() if f'name="{name}"' in self.page.text}
            before = self.stage
            self.press(**asked)
            assert self.page.status_code == 200, self.page.text
            assert self.stage != before
        return self.page
