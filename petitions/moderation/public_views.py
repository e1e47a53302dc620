"""Public figures: how quickly petitions are checked, what is refused and why, and what became of appeals."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from petitions import caching
from petitions.moderation.queries import reason_titles
from petitions.moderation.statistics import statistics
from petitions.moderation.statistics_documents import statistics_document, statistics_table

blueprint = Blueprint("statistics", __name__)

#: How long caches may keep the figures, in seconds: they move with decisions, not with signatures.
SECONDS = 60


@blueprint.get("/statistics")
def page() -> Response:
    """The figures with their charts and tables."""
    shown = render_template("statistics/statistics.html", found=statistics(), titles=reason_titles())
    return caching.public(shown, seconds=SECONDS)


@blueprint.get("/statistics.json")
def statistics_json() -> Response:
    """The figures for programs."""
    return _open_to_all(jsonify(statistics_document(statistics())))


@blueprint.get("/statistics.csv")
def statistics_csv() -> Response:
    """The weeks for tables."""
    response = Response(statistics_table(statistics()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return _open_to_all(response)


def _open_to_all(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return caching.public(response, seconds=SECONDS)
