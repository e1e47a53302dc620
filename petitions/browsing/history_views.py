"""Signatures over time for people: one petition's whole history, and up to four petitions side by side."""

from __future__ import annotations

from flask import Response, render_template, request

from petitions import caching
from petitions.browsing import comparing, queries
from petitions.browsing.compare_page import compare_page
from petitions.browsing.history_page import history_page

#: How long caches may keep a page, in seconds: its figures move by the hour.
SECONDS = 60


def history(petition_id: int) -> Response:
    """The whole chart, what happened, and every day."""
    page = history_page(queries.published_petition(petition_id))
    return caching.public(render_template("browsing/history.html", page=page), seconds=SECONDS)


def compare() -> Response:
    """Side by side, with a form to choose them; what cannot be shown is named and the rest is shown."""
    wanted = comparing.read(request.args)
    page = render_template("browsing/compare.html", page=compare_page(wanted), most=comparing.MOST)
    return caching.public((page, 422 if wanted.errors else 200), seconds=SECONDS)
