"""What feed readers follow, what other sites show of a petition, and what search engines are told there is."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, jsonify, request

from petitions import caching
from petitions.browsing import asking, feeds, oembed, queries, sitemap
from petitions.browsing.filters import title_of
from petitions.errors import NotFound
from petitions.feed import MIMETYPE

blueprint = Blueprint("following", __name__)

SITEMAP_SECONDS = 600


@blueprint.get("/petitions.atom")
def petitions_atom() -> Response:
    """What came into a list, the newest first; narrowed as `/petitions` is."""
    if not asking.is_known(request.args):
        raise NotFound("no such list")
    asked = asking.read(request.args)
    return _feed(*feeds.list_feed(asked, title_of(asked)))


@blueprint.get("/petitions/<int:petition_id>/timeline.atom")
def timeline_atom(petition_id: int) -> Response:
    """What happened to one petition, the newest first."""
    return _feed(*feeds.petition_feed(queries.published_petition(petition_id)))


@blueprint.get("/oembed")
def oembed_json() -> Response:
    """How another site shows a petition whose address it knows (oEmbed 1.0). JSON alone: any other `format` is 501."""
    if request.args.get("format", "json") != "json":
        return Response("Only JSON is offered: ask with format=json.\n", 501, mimetype="text/plain")
    asked = oembed.read(request.args)
    return caching.open_to_all(
        jsonify(oembed.document(queries.published_petition(asked.petition_id), asked)), seconds=60
    )


@blueprint.get("/sitemap.xml")
def sitemap_index() -> Response:
    """The parts of the sitemap."""
    return _xml(sitemap.index())


@blueprint.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """One part: at most 50,000 addresses, each with the day of its last change."""
    return _xml(sitemap.part(part))


def _feed(document: bytes, changed_at: datetime) -> Response:
    response = Response(document, mimetype=MIMETYPE)
    response.last_modified = changed_at
    return caching.open_to_all(response)


def _xml(document: bytes) -> Response:
    return caching.public(Response(document, mimetype="application/xml"), seconds=SITEMAP_SECONDS)
