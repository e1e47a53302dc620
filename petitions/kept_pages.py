"""Pages that were made are kept in this process, and given out again as long as nothing changed that the public can see.

Nothing has to be thrown away by hand: each request asks the database for the numbers of changes (`petitions.changes`), and
they are part of what a page is kept under; so is the minute, because pages tell of time. What the clock alone brings about, as
the end of a deadline, may show up to a minute late. A petition's own pages show its count as it is; those of others are at most
`COUNTS_SECONDS` behind, so that pages stay while thousands sign. Why, and what it brings: docs/decisions/kept-pages.md.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Integer, Select, bindparam, select

from petitions import caching, clock
from petitions.models import Petition, PublicChanges
from petitions.questions import Question

#: A page of more bytes is made anew each time.
LARGEST = 64 * 1024
#: How far the counts of several petitions on one page may be behind: half of what `Cache-Control` lets proxies do.
COUNTS_SECONDS = 5
#: How long a request waits for another that makes the same page, in seconds; then it makes it too.
PATIENCE = 1.0
#: Where a request remembers what its page is to be kept under, and that it makes it for others too.
KEPT_UNDER, MAKES = "petitions.kept_under", "petitions.makes"


def _numbers() -> Select[Any]:
    count = select(Petition.signature_count).where(Petition.id == bindparam("petition_id", type_=Integer))
    return select(PublicChanges.number, PublicChanges.counted, count.scalar_subquery().label("own"))


NUMBERS = Question(_numbers)

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
        self._made_now: dict[Key, Event] = {}
        self._counted, self._counted_in = 0, 0
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
        request.environ[KEPT_UNDER] = key = self._key()
        page = self.find(key) or self._made_by_another(key)
        if page is None:
            return None
        response = Response(page.body, headers=page.headers)
        return caching.if_changed(response)

    def _key(self) -> Key:
        """What stands on the page, as far as it can change, and its address."""
        row = NUMBERS.row(petition_id=(request.view_args or {}).get("petition_id"))
        now = clock.now()
        changes = (row.number, self._settled(row.counted, now), row.own) if row else None
        minute = now.replace(second=0, microsecond=0)
        return (changes, minute, request.host, request.path, request.query_string)

    def _settled(self, counted: int, now: datetime) -> int:
        """The number of countings, which moves on once in so many seconds at most, in all processes at about the same moment."""
        steps = int(now.timestamp()) // COUNTS_SECONDS
        with self._turn:
            if counted != self._counted and steps != self._counted_in:
                self._counted, self._counted_in = counted, steps
            return self._counted

    def _made_by_another(self, key: Key) -> Kept | None:
        """The page that another request makes at this moment; nothing where this one is to make it."""
        with self._turn:
            made = self._made_now.get(key)
            if made is None:
                made = self._made_now[key] = request.environ[MAKES] = Event()
                return None
        made.wait(PATIENCE)
        return self.find(key)

    def let_go(self, _error: BaseException | None = None) -> None:
        """Whatever came of it: who waits for the page of this request looks, and makes it if it is not there."""
        if (made := request.environ.get(MAKES)) is not None:
            with self._turn:
                self._made_now.pop(request.environ[KEPT_UNDER], None)
            made.set()

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
        app.teardown_request(pages.let_go)
