"""Petitions near a reader, and where a petition's signatures come from."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import format_decimal

from petitions import caching
from petitions.browsing.queries import published_petition
from petitions.counts import published_places
from petitions.errors import NotFound
from petitions.feed import MIMETYPE
from petitions.local import documents, queries
from petitions.local.feed import area_feed
from petitions.local.places_page import PlacesPage, places_page
from petitions.models import Petition, Place
from petitions.places import postcodes

blueprint = Blueprint("local", __name__)

#: How long caches may keep these pages, in seconds: their figures move in rounds, not with each signature.
SECONDS = 60
#: Petitions in a document and on a page of an area.
MOST, ON_PAGE = 50, 20
LONGEST_POSTCODE = 20


@blueprint.app_template_filter("per_thousand")
def per_thousand(share: float) -> str:
    """54.6 for a share of 0.0546, always with its decimal, so that a column of them can be read."""
    return str(format_decimal(share * 1000, "#,##0.0"))


@blueprint.get("/petitions/local")
def find() -> Response:
    """A postcode leads to its area; one that may lie in several, to a choice; one that is not known, to the list."""
    asked = request.args.get("postcode", "").strip()[:LONGEST_POSTCODE]
    found = postcodes.places_of(asked) if asked else []
    if len(found) == 1:
        return _see(found[0])
    chosen = request.args.get("area", "")
    if chosen:
        return _see(queries.place_by_slug(chosen))
    page = render_template("local/find.html", asked=asked, found=found, places=queries.places_now())
    return caching.public(page, seconds=SECONDS)


def _see(place: Place) -> Response:
    return caching.public(redirect(url_for("local.area", area=place.slug), 303), seconds=SECONDS)


@blueprint.get("/petitions/local/<area>", endpoint="area")
def area_page(area: str) -> Response:
    """One area: who represents it, what is signed there most, and what more than elsewhere."""
    place = queries.place_by_slug(area)
    page = render_template(
        "local/area.html",
        place=place,
        found=queries.most_signed(place, only_open=True, limit=ON_PAGE),
        more=queries.more_than_elsewhere(place, queries.whole_electorate(), limit=5),
        smallest=published_places.smallest(),
        closed_too=False,
    )
    return caching.public(page, seconds=SECONDS)


@blueprint.get("/petitions/local/<area>/all")
def area_all(area: str) -> Response:
    """The same with petitions that are closed."""
    place = queries.place_by_slug(area)
    page = render_template(
        "local/area.html",
        place=place,
        found=queries.most_signed(place, only_open=False, limit=MOST),
        more=[],
        smallest=published_places.smallest(),
        closed_too=True,
    )
    return caching.public(page, seconds=SECONDS)


@blueprint.get("/petitions/local/<area>.json")
def area_json(area: str) -> Response:
    """What is signed in an area, in the shape of the UK's API: open petitions."""
    return _document(area, only_open=True)


@blueprint.get("/petitions/local/<area>/all.json")
def area_all_json(area: str) -> Response:
    """Open and closed ones."""
    return _document(area, only_open=False)


@blueprint.get("/petitions/local/<area>.atom")
def area_atom(area: str) -> Response:
    """The open ones as a feed, the newest first."""
    place = queries.place_by_slug(area)
    document, changed_at = area_feed(place, queries.newest_signed(place, limit=MOST))
    response = Response(document, mimetype=MIMETYPE)
    response.last_modified = changed_at
    return caching.open_to_all(response, seconds=SECONDS)


@blueprint.get("/petitions/local/<area>.csv")
def area_csv(area: str) -> Response:
    """The open ones as a table."""
    return _local_table(area, only_open=True)


@blueprint.get("/petitions/local/<area>/all.csv")
def area_all_csv(area: str) -> Response:
    """Open and closed ones as a table."""
    return _local_table(area, only_open=False)


def _document(area: str, *, only_open: bool) -> Response:
    place = queries.place_by_slug(area)
    found = queries.most_signed(place, only_open=only_open, limit=MOST)
    return caching.open_to_all(jsonify(documents.local_document(place, found)), seconds=SECONDS)


def _local_table(area: str, *, only_open: bool) -> Response:
    place = queries.place_by_slug(area)
    found = queries.most_signed(place, only_open=only_open, limit=None)
    first = "open" if only_open else "all"
    return _table(f"{first}-popular-petitions-in-{place.slug}.csv", documents.local_table(found))


@blueprint.get("/petitions/<int:petition_id>/places")
def places(petition_id: int) -> Response:
    """Where the signatures come from: a map, and tables of areas, regions and countries."""
    page = _page(_published(petition_id))
    return caching.public(render_template("local/places.html", page=page), seconds=SECONDS)


@blueprint.get("/petitions/<int:petition_id>/places.json")
def places_json(petition_id: int) -> Response:
    """The same for programs."""
    document = documents.places_document(_page(_published(petition_id)))
    return caching.open_to_all(jsonify(document), seconds=SECONDS)


@blueprint.get("/petitions/<int:petition_id>/places.csv")
def places_csv(petition_id: int) -> Response:
    """The same for tables."""
    rows = documents.places_table(_page(_published(petition_id)))
    return _table(f"petition-{petition_id}-places.csv", rows)


def _published(petition_id: int) -> Petition:
    found = published_petition(petition_id)
    if found.state not in published_places.PUBLISHED:
        raise NotFound("no figures of places are shown")
    return found


def _page(petition: Petition) -> PlacesPage:
    shown, order = request.args.get("show", ""), request.args.get("sort", "")
    return places_page(petition, shown=shown, order=order)


def _table(name: str, rows: str) -> Response:
    response = Response(rows, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return caching.open_to_all(response, seconds=SECONDS)
