"""Programs that open the links in somebody's mail before that person does. None of them means to sign.

`Presser` reads pages as they are served and sends what their buttons send, choosing nothing; `click_everything` is a real
browser that clicks whatever can be clicked.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from playwright.sync_api import Error, Page
from playwright.sync_api import TimeoutError as TooSlow
from werkzeug.test import TestResponse

from tests.client import PageCheckingClient
from tests.journeys.page import Button, PageForm
from tests.journeys.page import Page as ReadPage

#: Pages that one robot opens before it is tired.
MOST_PAGES = 60
CLICKABLE = "main button, main input[type=radio], main input[type=checkbox]"


class Choosing(StrEnum):
    """What a robot does with choices before it presses."""

    NOTHING = "nothing"
    FIRST = "the first"
    LAST = "the last"


class Presser:
    """Presses every button of every page it comes to, in the order of the page, each once.

    `deep` goes on with a page that a button leads to before it presses the next button; else that page waits its turn.
    """

    def __init__(self, client: PageCheckingClient, *, deep: bool, choosing: Choosing) -> None:
        self.client, self.deep, self.choosing = client, deep, choosing
        self.pressed: set[tuple[str, str, str, str]] = set()
        self.waiting: list[str] = []
        self.pages = 0

    def opens(self, path: str) -> None:
        """Open one link of a mail, and press what there is to press."""
        self._work_through(path, self.client.get(path))
        while self.waiting:
            path = self.waiting.pop(0)
            self._work_through(path, self.client.get(path))

    def _work_through(self, path: str, answer: TestResponse) -> None:
        self.pages += 1
        if self.pages > MOST_PAGES:
            return
        for form, button in self._buttons(path, answer):
            key = (form.action, button.name, button.value, button.text)
            if key in self.pressed:
                continue
            self.pressed.add(key)
            after = self.client.post(form.action, data=form.sent_by(button))
            landed = after.location or form.action
            if self.deep:
                self._work_through(landed, self.client.get(landed) if after.location else after)
            else:
                self.waiting.append(landed)

    def _buttons(self, path: str, answer: TestResponse) -> Iterator[tuple[PageForm, Button]]:
        if answer.mimetype != "text/html":
            return
        for form in ReadPage(answer.text, path=path, status=answer.status_code).forms:
            if form.method == "post":
                self._choose(form)
                for button in form.buttons:
                    yield form, button

    def _choose(self, form: PageForm) -> None:
        if self.choosing is Choosing.NOTHING:
            return
        for name in {field.name for field in form.fields if field.kind == "radio"}:
            options = [field for field in form.fields if field.kind == "radio" and field.name == name]
            for option in options:
                option.chosen = option is options[0 if self.choosing is Choosing.FIRST else -1]
        for field in form.fields:
            if field.kind == "checkbox":
                field.chosen = True


def click_everything(page: Page, url: str, most: int = 25) -> None:
    """Click everything that can be clicked on the page behind a link, in its order; after each click begin there again."""
    page.goto(url)
    for number in range(most):
        targets = page.locator(CLICKABLE)
        if number >= targets.count():
            return
        try:
            targets.nth(number).click(timeout=2000)
            page.wait_for_load_state()
        except (Error, TooSlow):
            pass
        if page.url != url:
            page.goto(url)
