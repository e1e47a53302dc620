"""What everybody may read: home, the lists, a petition with its figures, what is rising."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for

from petitions import caching, checking, clock
from petitions.browsing import asking, figures, history_views, queries, trending_views
from petitions.browsing.history import history_of
from petitions.browsing.home import home_page
from petitions.browsing.listing import listing
from petitions.browsing.petition_page import petition_page, promised_by
from petitions.browsing.versions import versions_page
from petitions.duties.outcomes import KEPT_WORDS, outcome_words
from petitions.errors import NotFound
from petitions.extensions import settings
from petitions.lifecycle import State
from petitions.responses.queries import timeline

blueprint = Blueprint("browsing", __name__)

#: How long caches may keep a page or a document, in seconds, and the live count, which people watch moving.
PAGE_SECONDS = 10
COUNT_SECONDS = 2

blueprint.add_url_rule("/petitions/<int:petition_id>/history", "history", history_views.history)
blueprint.add_url_rule("/petitions/compare", "compare", history_views.compare)
blueprint.add_url_rule("/trending", "trending", trending_views.page)
blueprint.add_url_rule("/trending.json", "trending_json", trending_views.json)
blueprint.add_url_rule("/trending.atom", "trending_atom", trending_views.atom)


@blueprint.get("/")
def home() -> Response:
    """The ask, what is rising, what is owed."""
    return caching.public(render_template("browsing/home.html", page=home_page()))


@blueprint.get("/petitions")
def petitions() -> Response:
    """The lists, narrowed by words, topic, department. A search for a number leads to that petition."""
    asked = asking.read(request.args)
    if not asking.is_known(request.args):
        return _see(url_for("browsing.petitions", state="all", q=asked.q or None))
    if named := queries.listed_petition(asked.petition_id):
        return _see(url_for("browsing.petition", petition_id=named.id))
    return caching.public(render_template("browsing/petitions.html", listing=listing(asked)))


@blueprint.get("/petitions/<int:petition_id>")
def petition(petition_id: int) -> Response:
    """One petition, or what may be said of it in its state."""
    found = queries.public_petition(petition_id)
    if found.facts.text_is_public:
        page = render_template(
            "browsing/petition.html",
            page=petition_page(found),
            outcome_words=outcome_words,
            kept_words=KEPT_WORDS,
        )
    elif found.state is State.GATHERING:
        page = render_template("browsing/gathering.html", petition=found)
    elif found.state is State.REVIEW:
        promised = promised_by(found)
        is_late = promised < clock.today(settings().timezone)
        page = render_template(
            "browsing/review.html",
            petition=found,
            promised_by=promised,
            is_late=is_late,
            question=checking.open_question(found.id),
        )
    else:
        page = render_template("browsing/withdrawn.html", petition=found, events=timeline(found))
    return caching.public(page)


@blueprint.get("/petitions/<int:petition_id>/versions")
def versions(petition_id: int) -> Response:
    """The words as they were published, and every correction since with its reason."""
    found = queries.published_petition(petition_id)
    if not found.facts.text_is_public:
        raise NotFound("its words are not shown")
    return caching.public(render_template("browsing/versions.html", page=versions_page(found)))


@blueprint.get("/petitions/<int:petition_id>/count.json")
def count(petition_id: int) -> Response:
    """The live count."""
    document, changed = figures.count_document(petition_id)
    return caching.open_to_all(jsonify(document), seconds=COUNT_SECONDS, changed=changed, may_be_kept=False)


@blueprint.get("/petitions/<int:petition_id>/history.json")
def history_json(petition_id: int) -> Response:
    """Signatures over time, for programs."""
    found = queries.published_petition(petition_id)
    return _json(figures.history_document(found, history_of(found)))


@blueprint.get("/petitions/<int:petition_id>/history.csv")
def history_csv(petition_id: int) -> Response:
    """Signatures over time, for tables."""
    found = queries.published_petition(petition_id)
    response = Response(figures.history_table(history_of(found)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="petition-{petition_id}-history.csv"'
    return caching.open_to_all(response, seconds=PAGE_SECONDS)


def _see(address: str) -> Response:
    return caching.public(redirect(address, 303))


def _json(document: object, *, seconds: int = PAGE_SECONDS) -> Response:
    return caching.open_to_all(jsonify(document), seconds=seconds)
