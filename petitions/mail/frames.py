"""Showing the HTML of a mail inside a page: in a frame of its own, where nothing runs and nothing is loaded."""

from __future__ import annotations

from flask import Response, make_response

from petitions.security import PAGE_POLICY


def page_with_frame(page: str) -> Response:
    """A page that may hold frames of this site."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{PAGE_POLICY}; frame-src 'self'"
    return response


def framed(html: str) -> Response:
    """The HTML part of a mail, as a mail program would show it: no script, nothing loaded."""
    response = make_response(html)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
