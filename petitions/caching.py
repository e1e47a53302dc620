"""What browsers and proxies may keep: short public caching with validators, or nothing at all."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from flask import Flask, Response, make_response, request
from flask.typing import ResponseReturnValue

from petitions.errors import CROSS_ORIGIN

#: Endings of addresses that such pages may ask about before they fetch (OPTIONS).
OPEN_ENDINGS = (".json", ".csv", ".atom", ".jsonl", ".gz")

#: What a request has that asks for a page only where it has changed, or for a part of it.
CONDITIONS = (
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_RANGE",
)


def public(
    page: ResponseReturnValue, *, seconds: int = 10, changed: datetime | None = None, may_be_kept: bool = True
) -> Response:
    """Let anyone keep this page for `seconds` and show it while asking again; answer 304 where nothing changed.

    `changed`: when what is on it changed last, for those who ask by time. Only for pages that are the same for every
    visitor: no session was read, nothing personal is on them. `may_be_kept`: it costs more to make than to look up, and shows nothing but what the
    database has.
    """
    response = make_response(page)
    response.headers["Cache-Control"] = _public(seconds)
    if response.status_code == 200:
        if changed is not None:
            response.last_modified = changed
        if not response.is_streamed:
            response.add_etag()
        response.may_be_kept = may_be_kept  # type: ignore[attr-defined]
        return if_changed(response)
    return response


def if_changed(response: Response) -> Response:
    """The same, or 304 for a reader who has it already."""
    if _is_conditional() and response.get_etag()[0] is not None:
        response.make_conditional(request)
    return response


def _is_conditional() -> bool:
    """Whether the reader has a page already, or asks for a part of one. Most do not, and comparing takes its time."""
    return any(map(request.environ.__contains__, CONDITIONS))


@cache
def _public(seconds: int) -> str:
    return (
        f"public, max-age={seconds}, s-maxage={seconds}, stale-while-revalidate={2 * seconds},"
        f" stale-if-error={5 * seconds}"
    )


def open_to_all(
    page: ResponseReturnValue, *, seconds: int = 10, changed: datetime | None = None, may_be_kept: bool = True
) -> Response:
    """As `public`, for data that pages of other sites may read too."""
    response = make_response(page)
    response.headers.update(CROSS_ORIGIN)
    return public(response, seconds=seconds, changed=changed, may_be_kept=may_be_kept)


def for_back(page: ResponseReturnValue) -> Response:
    """Let this reader's browser alone keep the page, for its Back button: a step of a long form, nothing personal on it.

    Without it a browser asks to send the form again, or shows an error, where Back leads to the answer to a POST.
    """
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def private(page: ResponseReturnValue) -> Response:
    """Let nobody keep this page: it is personal, or it is a form being filled in."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer_preflight(response: Response) -> Response:
    """A browser asks by OPTIONS whether a page of another site may fetch a document: it may."""
    if request.method == "OPTIONS" and request.path.endswith(OPEN_ENDINGS):
        response.headers.update(CROSS_ORIGIN)
    return response


def register(app: Flask) -> None:
    """Answer the questions that browsers ask before they let another site's page read."""
    app.after_request(_answer_preflight)
