"""The archive, the terms of the body, areas and topics, for programs."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, jsonify, redirect, request, url_for

from petitions import caching, terms
from petitions.browsing import queries as browsing
from petitions.errors import wants_json
from petitions.opendata import archive, freshness, negotiating, petition_table, term_documents
from petitions.opendata.listing import page_response
from petitions.opendata.streaming import table_response

blueprint = Blueprint("archive", __name__)

ARCHIVE_SECONDS = 120
#: What is set by administrators and changes seldom.
SET_SECONDS = 60


@blueprint.get("/archived/petitions.json")
def petitions() -> Response:
    """A page of a list of the archive."""
    wanted, term = archive.asked_archive(request)
    if not wanted.is_known:
        return _see(url_for(".petitions", q=wanted.asked.q or None, state="all"))
    write = partial(archive.archived_items, term=term)
    return page_response(wanted, freshness.of_everything(), archive.of_term(term), write=write)


@blueprint.get("/archived/petitions.csv")
def table() -> Response:
    """A whole list of the archive as a table."""
    wanted, term = archive.asked_archive(request)
    if not wanted.is_known:
        return _see(url_for(".table", q=wanted.asked.q or None, state="all"))
    numbers = browsing.numbers_of(wanted.asked, archive.of_term(term))
    fresh = freshness.of_everything()
    return table_response(petition_table.lines(numbers), "filtered-archived-petitions.csv", fresh)


@blueprint.get("/archived/petitions/<int:petition_id>.json")
def petition(petition_id: int) -> Response:
    """One petition of the archive. One that is not there yet is where it is."""
    found = browsing.public_petition(petition_id)
    term = terms.archived_term_of(found)
    if term is None:
        return _see(url_for("opendata.petition", petition_id=petition_id))
    document = {
        "links": {"self": negotiating.own_address()},
        "data": archive.archived_whole(found, term),
    }
    return _json(document, seconds=ARCHIVE_SECONDS, changed=freshness.of_petition(found))


@blueprint.get("/archived/petitions")
def page() -> Response:
    """Pages of archived petitions are among all others."""
    return _see(url_for(".petitions" if wants_json() else "browsing.petitions"))


@blueprint.get("/archived/petitions/<int:petition_id>")
def petition_page(petition_id: int) -> Response:
    """The page of a petition stays at its first address for ever."""
    found = browsing.public_petition(petition_id)
    return _see(url_for(".petition" if wants_json() else "browsing.petition", petition_id=found.id))


@blueprint.get("/parliaments.json")
def parliaments() -> Response:
    """The terms that are archived."""
    return _set(term_documents.all_terms())


@blueprint.get("/parliaments/<period>.json")
def parliament(period: str) -> Response:
    """One term with its areas."""
    return _set(term_documents.one_term(period))


@blueprint.get("/parliaments/<period>/constituencies.json")
def areas_of_term(period: str) -> Response:
    """The areas of one term; `current`: those of today."""
    return _set(term_documents.areas_of(None if period == "current" else period))


@blueprint.get("/constituencies.json")
def areas() -> Response:
    """The areas of today, with who represents them."""
    return _set(term_documents.areas_of(None))


@blueprint.get("/topics.json")
def topics() -> Response:
    """What petitions are about."""
    return _set(term_documents.all_topics())


def _set(document: object) -> Response:
    return _json(document, seconds=SET_SECONDS, changed=freshness.of_settings())


def _json(document: object, *, changed: freshness.Freshness, seconds: int = 10) -> Response:
    return caching.open_to_all(jsonify(document), seconds=seconds, changed=changed.changed_at)


def _see(address: str) -> Response:
    # Not for long: a term may be archived at any moment, and then the way leads back.
    return caching.open_to_all(redirect(address))
