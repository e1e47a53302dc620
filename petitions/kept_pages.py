"""Pages that were made are kept in this process, and given out again as long as nothing changed that the public can see.

Nothing has to be thrown away by hand: each request asks the database for the number of changes (`petitions.changes`), and the
number is part of what a page is kept under; so is the minute, because pages tell of time. What the clock alone brings about, as
the end of a deadline, may show up to a minute late. Why, and what it brings: docs/decisions/kept-pages.md.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Select, select

from petitions import caching, clock
from petitions.models import PublicChanges
from petitions.questions import Question

#: A page of more bytes is made anew each time.
LARGEST = 64 * 1024
#: Where a request remembers what its page is to be kept under.
KEPT_UNDER = "petitions.kept_under"


def _number() -> Select[Any]:
    return select(PublicChanges.number)


NUMBER = Question(_number)

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Kept:
    """A finished page."""

    body: bytes
    headers: list[tuple[str, str]]


class KeptPages:
    """The pages that were asked for last, `most` of them."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.endpoints: set[str] = set()
        """Whose pages may be kept, as far as is known: only there the database is asked for the number."""
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._turn = Lock()

    def find(self, key: Key) -> Kept | None:
        """The page that is kept under a key."""
        with self._turn:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def keep(self, key: Key, page: Kept) -> None:
        """Keep a page, and let go of the one that was not asked for the longest."""
        with self._turn:
            self._pages[key] = page
            while len(self._pages) > self.most:
                self._pages.popitem(last=False)

    def before(self) -> Response | None:
        """Answer with the page that is kept."""
        if request.method != "GET" or request.endpoint not in self.endpoints:
            return None
        row = NUMBER.row()
        minute = clock.now().replace(second=0, microsecond=0)
        asked = (request.host, request.path, request.query_string)
        request.environ[KEPT_UNDER] = key = (row and row.number, minute, *asked)
        page = self.find(key)
        if page is None:
            return None
        response = Response(page.body, headers=page.headers)
        return caching.if_changed(response)

    def after(self, response: Response) -> Response:
        """Keep the page that was made. It is kept under the number that was true before anything of it was read."""
        if (
            getattr(response, "may_be_kept", False)
            and response.status_code == 200
            and not response.is_streamed
        ):
            self.endpoints.add(request.endpoint or "")
            body = response.get_data()
            key = request.environ.get(KEPT_UNDER)
            if key is not None and len(body) <= LARGEST:
                self.keep(key, Kept(body, list(response.headers)))
        return response


def register(app: Flask, most: int) -> None:
    """Keep up to `most` pages. What else is done before and after every request is done to kept pages too: register last."""
    if most:
        pages = app.extensions["kept_pages"] = KeptPages(most)
        app.before_request(pages.before)
        app.after_request(pages.after)
