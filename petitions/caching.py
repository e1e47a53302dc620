"""What browsers and proxies may keep: short public caching with validators, or nothing at all."""

from __future__ import annotations

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue


def public(page: ResponseReturnValue, *, seconds: int = 10) -> Response:
    """Let anyone keep this page for `seconds` and show it while asking again; answer 304 where nothing changed.

    Only for pages that are the same for every visitor: no session was read, nothing personal is on them.
    """
    response = make_response(page)
    control = response.cache_control
    control.public = True
    control.max_age = seconds
    control.s_maxage = seconds
    control.stale_while_revalidate = 2 * seconds
    control.stale_if_error = 5 * seconds
    if response.status_code == 200 and not response.is_streamed:
        response.add_etag()
        response.make_conditional(request)
    return response


def open_to_all(page: ResponseReturnValue, *, seconds: int = 10) -> Response:
    """As `public`, for data that pages of other sites may read too."""
    response = make_response(page)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return public(response, seconds=seconds)


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
