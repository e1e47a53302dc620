"""A page of a list of petitions as a document: the envelope of the UK Parliament's API.

Each list has an order of its own, the same for pages and programs, and where two petitions are equal in it the newer number
decides. The order is that of one minute, which the links to the other pages name (`at`), and each page goes on from where
the one before ended (`after`, `before`). So who follows the links sees every petition that is in the list all the while
once, whoever signs, withdraws, comes or leaves meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify
from flask_babel import gettext as _

from petitions import caching, clock
from petitions.browsing import queries
from petitions.browsing.queries import as_it_stood, marks, walking
from petitions.errors import CROSS_ORIGIN
from petitions.models import Petition
from petitions.opendata.asking import AskedList
from petitions.opendata.freshness import Freshness
from petitions.opendata.petition_documents import items

Document = dict[str, Any]
Items = Callable[[Sequence[Petition]], list[Document]]


def page_response(wanted: AskedList, fresh: Freshness, *conditions: Any, write: Items = items) -> Response:
    """The page asked for, or why there is none: 400 for a moment or a mark that is none, 410 for one that is too old."""
    at = wanted.asked.at or as_it_stood.last_settled(fresh.changed_at)
    if not wanted.is_readable or at > clock.now():
        return _refused(HTTPStatus.BAD_REQUEST, _("“at” is no minute that was, like 2026-11-26T12:00Z."))
    if not as_it_stood.is_kept(at):
        return _refused(
            HTTPStatus.GONE,
            _("The order of that minute is kept no longer. Begin again without “at”, “after” and “before”."),
        )
    try:
        document = _document(
            replace(wanted, asked=replace(wanted.asked, at=at)), at, *conditions, write=write
        )
    except marks.Unreadable:
        return _refused(
            HTTPStatus.BAD_REQUEST, _("“after” and “before” are only what a link of this list had there.")
        )
    return caching.open_to_all(jsonify(document), changed=max(fresh.changed_at, at))


def _document(wanted: AskedList, at: datetime, *conditions: Any, write: Items) -> Document:
    """Beyond the end `data` is empty and `prev` is the last page."""
    asked = wanted.asked
    pages = max(1, -(-queries.count_of(asked, *conditions) // asked.count))
    found = walking.stretch(asked, *conditions, after=wanted.after, before=wanted.before)
    last = wanted.url(pages, at=at) if pages > 1 else wanted.url(1)
    before: str | None = last if asked.page > 1 else None
    if found.rows:
        before = wanted.url(max(1, asked.page - 1), at=at, before=found.first) if found.has_before else None
    goes_on = found.rows and found.has_after
    return {
        "links": {
            "self": wanted.self_url,
            "first": wanted.url(1),
            "last": last,
            "next": wanted.url(asked.page + 1, at=at, after=found.last) if goes_on else None,
            "prev": before,
        },
        "data": write(found.rows),
    }


def _refused(status: HTTPStatus, why: str) -> Response:
    response = jsonify(status=int(status), error=why)
    response.status_code = status
    response.headers.update(CROSS_ORIGIN)
    response.headers["Cache-Control"] = "no-store"
    return response
