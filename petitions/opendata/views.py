"""Petitions for programs: the JSON of the UK Parliament's API, key for key, and what we add to it."""

from __future__ import annotations

from array import array

from flask import Blueprint, Response, jsonify, redirect, request, url_for

from petitions import caching, terms
from petitions.browsing import queries as browsing
from petitions.opendata import freshness, negotiating, petition_table
from petitions.opendata.asking import asked_list
from petitions.opendata.listing import page_response
from petitions.opendata.petition_documents import whole
from petitions.opendata.streaming import table_response

blueprint = Blueprint("opendata", __name__)
negotiating.register(blueprint)


@blueprint.get("/petitions.json")
def petitions() -> Response:
    """A page of a list. A search for a petition's number leads to its JSON, where the UK's leads to its page."""
    wanted = asked_list(request)
    if not wanted.is_known:
        page = wanted.asked.page if wanted.asked.page > 1 else None
        return _see(url_for(".petitions", page=page, q=wanted.asked.q or None, state="all"))
    if named := browsing.listed_petition(wanted.asked.petition_id):
        return _see(url_for(".petition", petition_id=named.id))
    return page_response(wanted, freshness.of_everything(), ~terms.in_archive(terms.archived()))


@blueprint.get("/petitions.csv")
def table() -> Response:
    """The whole list as a table, however long. A search for a petition's number finds that petition."""
    wanted = asked_list(request)
    if not wanted.is_known:
        return _see(url_for(".table", q=wanted.asked.q or None, state="all"))
    fresh = freshness.of_everything()
    named = browsing.listed_petition(wanted.asked.petition_id)
    numbers = (
        array("i", [named.id])
        if named
        else browsing.numbers_of(wanted.asked, ~terms.in_archive(terms.archived()))
    )
    return table_response(petition_table.lines(numbers), "filtered-petitions.csv", fresh)


@blueprint.get("/petitions/<int:petition_id>.json")
def petition(petition_id: int) -> Response:
    """One petition; of one that gathers support or waits to be checked, without its words. Archived ones are in the archive."""
    found = browsing.public_petition(petition_id)
    if terms.archived_term_of(found) is not None:
        return _see(url_for("archive.petition", petition_id=petition_id))
    document = {"links": {"self": negotiating.own_address()}, "data": whole(found)}
    return caching.open_to_all(jsonify(document), changed=freshness.of_petition(found).changed_at)


def _see(address: str) -> Response:
    return caching.open_to_all(redirect(address))
