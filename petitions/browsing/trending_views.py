"""What is rising: the page, and the same for programs and feed readers."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request

from petitions import caching
from petitions.browsing import trending_asking, unusual
from petitions.browsing.trending_asking import USUAL_COUNT
from petitions.browsing.trending_documents import trending_document, trending_feed
from petitions.browsing.trending_page import trending_page
from petitions.feed import MIMETYPE


def page() -> Response:
    """The list that was asked for, with the way it is worked out."""
    asked = trending_asking.read(request.args)
    return caching.public(
        render_template(
            "browsing/trending.html", page=trending_page(asked, usual_count=USUAL_COUNT), unusual=unusual
        )
    )


def json() -> Response:
    """The list in the shape of the UK's API."""
    return caching.open_to_all(jsonify(trending_document(trending_asking.read(request.args))))


def atom() -> Response:
    """The list as a feed."""
    document, changed_at = trending_feed(trending_asking.read(request.args))
    response = Response(document, mimetype=MIMETYPE)
    response.last_modified = changed_at
    return caching.open_to_all(response)
