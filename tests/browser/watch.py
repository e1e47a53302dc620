"""What a browser test notes beside its own promises: script errors, breaches of the policy, foreign hosts, accessibility."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize

SIZES = (ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844))
Scheme = Literal["light", "dark"]
#: All rules in light; in dark those that colours can break, because nothing else is different there.
RULES: dict[Scheme, dict[str, Any]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {
        "resultTypes": ["violations"],
        "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    },
}
#: A page that says no is an error to the console only.
NO_ERROR = "Failed to load resource: the server responded with a status of 4"


class Watch:
    """Watches one page from its first request; `look` holds what it shows to the rules, `is_quiet` judges the rest."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.host = urlsplit(url).netloc
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.posts: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NO_ERROR):
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and address.netloc != self.host:
            self.foreign.append(request.url)
        if request.method == "POST":
            self.posts.append(request.url)

    def look(self, name: str) -> None:
        """The page breaks no rule of accessibility and fits its screen: wide and narrow, light and dark.

        With the folder `SHOTS` in the environment it is photographed there each time.
        """
        axe = Axe()
        self.page.evaluate(axe.axe_script)
        for size in SIZES:
            self.page.set_viewport_size(size)
            for scheme, rules in RULES.items():
                self.page.emulate_media(color_scheme=scheme)
                where = f"{name}-{size['width']}-{scheme}"
                self._photograph(where)
                results = AxeResults(self.page.evaluate("rules => axe.run(rules)", rules))
                assert results.violations_count == 0, f"{where}\n{results.generate_report()}"
            width = self.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{name} is {width} pixels wide on a screen of {size['width']}"
        self.page.set_viewport_size(SIZES[0])
        self.page.emulate_media(color_scheme="light")

    def _photograph(self, where: str) -> None:
        if folder := os.environ.get("SHOTS"):
            self.page.screenshot(path=Path(folder) / f"{where}.png", full_page=True)

    def is_quiet(self) -> None:
        """No error was written to the console, and nobody but this site was asked for anything."""
        assert self.errors == []
        assert self.foreign == []
