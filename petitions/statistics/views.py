"""Public figures: how much the service is used, how petitions are checked, what is refused and why, what became of appeals, and how answers are given."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from petitions import caching, ticks
from petitions.duties.threshold_words import promised
from petitions.moderation.queries import reason_titles, statistics
from petitions.responses.queries import Overview, duty_facts, overview
from petitions.statistics.documents import answers_table, statistics_document, statistics_table
from petitions.statistics.use import PLACES_SHOWN, this_month, use
from petitions.statistics.use_documents import months_table, places_table

blueprint = Blueprint("statistics", __name__)

#: How long caches may keep the figures, in seconds: they move with decisions, not with signatures.
SECONDS = 60


@blueprint.get("/statistics")
def page() -> Response:
    """The figures with their charts and tables."""
    shown = render_template(
        "statistics/statistics.html",
        found=statistics(),
        titles=reason_titles(),
        answers=_answers(),
        promised=promised(),
        use=use(),
        places_shown=PLACES_SHOWN,
        this_month=this_month(),
        ticks=ticks.numbers,
    )
    return caching.public(shown, seconds=SECONDS)


@blueprint.get("/statistics.json")
def statistics_json() -> Response:
    """The figures for programs."""
    document = statistics_document(statistics(), _answers(), use())
    return caching.open_to_all(jsonify(document), seconds=SECONDS)


@blueprint.get("/statistics.csv")
def statistics_csv() -> Response:
    """The weeks of moderation for tables."""
    return _table("statistics.csv", statistics_table(statistics()))


@blueprint.get("/statistics/answers.csv")
def answers_csv() -> Response:
    """The months of answering for tables: a row there is a month, so that it is a table of its own."""
    return _table("statistics-answers.csv", answers_table(_answers()))


@blueprint.get("/statistics/months.csv")
def months_csv() -> Response:
    """The months of use for tables."""
    return _table("statistics-months.csv", months_table(use()))


@blueprint.get("/statistics/places.csv")
def places_csv() -> Response:
    """Signatures by area, of all petitions together, for tables."""
    return _table("statistics-places.csv", places_table(use()))


def _answers() -> Overview:
    """How answers are given: what the board says."""
    return overview(duty_facts())


def _table(name: str, rows: str) -> Response:
    response = Response(rows, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return caching.open_to_all(response, seconds=SECONDS)
