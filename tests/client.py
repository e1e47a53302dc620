"""The test client, which reads every page it is given as strictly as a browser and a screen reader would."""

import contextvars
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask import current_app, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petitions.extensions import db

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
NAMES_OF_IDS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-errormessage")


#: What differs each time, and can make no page unsound.
TOKEN = re.compile(r'name="csrf_token"[^>]*>')
#: Hashes of pages that were found sound: the same error page answers a thousand bad requests.
SOUND: set[int] = set()
#: The HTML of a mail, for a frame: a message with the style that mail programs need, no page of the site.
FRAMED_MAIL = re.compile(r"/staff/(?:mail/messages/[^/]+/html|duties/[0-9]+/response/mail)")


class PageChecker(HTMLParser):
    """Reads one page and lists in `problems`, in words, what is wrong with it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.named: set[str] = set()
        self.headings: list[str] = []
        self.title = ""
        self.feed(page)
        self.close()
        self._judge(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, and judge what its attributes alone tell."""
        self._judge_element(tag, dict(attrs))
        if tag == "h1":
            self.headings.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<path/>` opens and closes at once."""
        self._judge_element(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """An end must end what was opened last."""
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            line, _ = self.getpos()
            self.problems.append(f"line {line}: </{tag}> ends nothing; open: {' '.join(self.open[-4:])}")

    def handle_data(self, data: str) -> None:
        """Gather the title and the headings."""
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data
        elif "h1" in self.open:
            self.headings[-1] += data

    def _judge_element(self, tag: str, attributes: dict[str, str | None]) -> None:
        line, _ = self.getpos()
        if identity := attributes.get("id"):
            self.ids[identity] += 1
        for name in NAMES_OF_IDS:
            self.named.update((attributes.get(name) or "").split())
        forbidden = [name for name in attributes if name == "style" or name.startswith("on")]
        forbidden += [tag] if tag == "style" or (tag == "script" and not attributes.get("src")) else []
        if forbidden:
            self.problems.append(f"line {line}: <{tag}> has what the content policy forbids: {forbidden}")
        if tag == "form" and not ({"method", "action"} <= attributes.keys()):
            self.problems.append(f"line {line}: a form without method or action")
        if tag == "img" and "alt" not in attributes:
            self.problems.append(f"line {line}: an image without alt")
        if tag == "html" and not attributes.get("lang"):
            self.problems.append("the page does not say its language")

    def _judge(self, page: str) -> None:
        headings = [" ".join(heading.split()) for heading in self.headings]
        if not page.lstrip().lower().startswith("<!doctype html>"):
            self.problems.append("the page does not begin with <!doctype html>")
        if self.open:
            self.problems.append(f"never closed: {' '.join(self.open)}")
        if len(headings) != 1:
            self.problems.append(f"{len(headings)} h1 where a page has one: {headings}")
        elif headings[0] not in " ".join(self.title.split()):
            self.problems.append(f"the title {self.title.strip()!r} does not hold the h1 {headings[0]!r}")
        if repeated := [identity for identity, times in self.ids.items() if times > 1]:
            self.problems.append(f"ids used twice: {repeated}")
        if lost := self.named - self.ids.keys():
            self.problems.append(f"labels or descriptions that point nowhere: {sorted(lost)}")


def problems_of(page: str) -> list[str]:
    """What is wrong with a page, in words. One that was found sound is not read again."""
    mark = hash(TOKEN.sub("", page))
    if mark in SOUND:
        return []
    problems = PageChecker(page).problems
    if not problems:
        SOUND.add(mark)
    return problems


class PageCheckingClient(FlaskClient):
    """Fetches like a visitor of its own, and fails the test when a page is not sound.

    A request runs outside the test's application context, so it has its own session and `g`, as in production; the
    test's own reading transaction ends with it, so what the test reads next is what the request left.
    `client.checks_pages = False` switches the checks off for what is meant to be no whole page.
    """

    checks_pages = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make the request, check the page."""
        # Read to the end in there: what is sent while it is written needs the request it belongs to.
        kwargs.setdefault("buffered", True)
        response: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context() and current_app._get_current_object() is self.application:  # type: ignore[attr-defined]
            db.session.rollback()
        if self.checks_pages and self._is_page(response):
            problems = problems_of(response.text)
            assert not problems, f"{response.request.path}: " + "; ".join(problems)
        return response

    @staticmethod
    def _is_page(response: TestResponse) -> bool:
        redirects = 300 <= response.status_code < 400
        is_mail = FRAMED_MAIL.fullmatch(response.request.path) and response.status_code == 200
        return response.mimetype == "text/html" and not redirects and not is_mail and bool(response.data)
