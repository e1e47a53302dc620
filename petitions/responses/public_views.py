"""The public pages about duties: the board, a department's, and the versions of an answer."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from petitions import caching
from petitions.duty_clock import owner_name
from petitions.errors import Gone, NotFound
from petitions.extensions import db, settings
from petitions.models import Outcome, Petition
from petitions.outcomes import outcome_words
from petitions.responses import queries

blueprint = Blueprint("accountability", __name__)


@blueprint.get("/accountability")
def board() -> Response:
    """Every duty to answer: who owes what by when, what was answered, how each department does."""
    order = request.args.get("sort", "due")
    order = order if order in queries.ORDERS else "due"
    page = render_template(
        "responses/board.html",
        board=queries.board(order),
        order=order,
        outcome_words=outcome_words,
        threshold=settings().response_threshold,
    )
    return caching.public(page)


@blueprint.get("/departments/<slug>")
def department(slug: str) -> Response:
    """What one department owes and answered."""
    found = queries.department_named(slug)
    page = render_template(
        "responses/department.html",
        department=found,
        board=queries.board(department=found),
        outcome_words=outcome_words,
    )
    return caching.public(page)


@blueprint.get("/petitions/<int:petition_id>/response/versions")
def response_versions(petition_id: int) -> Response:
    """Every version of a published answer, the newest first."""
    petition = db.session.get(Petition, petition_id)
    response = queries.response_of(petition_id) if petition is not None else None
    if petition is None or response is None:
        raise NotFound("no answer")
    if not petition.facts.text_is_public:
        raise Gone("the petition was taken down")
    page = render_template(
        "responses/versions.html",
        petition=petition,
        response=response,
        owner=owner_name(response.department),
        outcome_of=lambda version: outcome_words(Outcome(version.outcome)) if version.outcome else "",
    )
    return caching.public(page)
