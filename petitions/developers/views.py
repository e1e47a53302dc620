"""The page for developers, and the OpenAPI document that it explains."""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, render_template

from petitions import caching, limits, links
from petitions.browsing import queries as browsing
from petitions.developers import examples
from petitions.developers.document import document, path_of
from petitions.developers.operations import OPERATIONS
from petitions.extensions import settings

blueprint = Blueprint("developers", __name__)

PAGE_SECONDS = 60


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Every JSON endpoint, described for programs (OpenAPI 3.1)."""
    return caching.open_to_all(jsonify(document()), seconds=PAGE_SECONDS)


@blueprint.get("/developers")
def developers() -> Response:
    """The same for people, with examples to copy."""
    newest = browsing.newest_number()
    page = render_template(
        "developers/developers.html",
        operations=OPERATIONS,
        path_of=path_of,
        example=lambda each: each.lines(site=settings().base_url, petition_id=newest or 1),
        examples=examples,
        limits=_limits(),
        petition_url=links.absolute("browsing.petition", petition_id=newest or 1),
    )
    return caching.public(page, seconds=PAGE_SECONDS)


def _limits() -> dict[str, int]:
    """How many requests in which time, from the limit itself: `{"minute": 300}`."""
    return {unit: int(number) for number, unit in re.findall(r"(\d+) per (\w+)", limits.API)}
