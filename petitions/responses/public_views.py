"""The versions of an answer, and what signers think of it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from petitions import caching
from petitions.duties.duty_clock import owner_name
from petitions.duties.outcomes import outcome_words
from petitions.errors import Gone, NotFound
from petitions.extensions import db
from petitions.models import Petition
from petitions.responses import queries, rating_views
from petitions.responses.word_diff import with_changes

blueprint = Blueprint("answers", __name__)
blueprint.add_url_rule("/responses/rate/<token>", "rate", rating_views.rate, methods=["GET", "POST"])


@blueprint.get("/petitions/<int:petition_id>/response/versions")
def response_versions(petition_id: int) -> Response:
    """Every version of the newest answer, or of the one that `answer` names, the newest first."""
    petition = db.session.get(Petition, petition_id)
    answers = queries.responses_to(petition_id) if petition is not None else []
    wanted = request.args.get("answer", type=int)
    response = next((each for each in answers if wanted in (None, each.id)), None)
    if petition is None or response is None:
        raise NotFound("no answer")
    if not petition.facts.text_is_public:
        raise Gone("the petition was taken down")
    page = render_template(
        "responses/versions.html",
        petition=petition,
        response=response,
        versions=with_changes(response),
        owner=owner_name(response.department),
        outcome_words=outcome_words,
    )
    return caching.public(page)
