"""Addresses that machines ask: is it alive, is it ready, how is it going. None of them may be kept."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from petitions import caching
from petitions.extensions import settings
from petitions.operations import metrics, readiness
from petitions.operations.asking import may_read

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """This process answers. Says nothing about the database, so that a database fault does not restart the web server."""
    return caching.private(current_app.response_class("ok\n", mimetype="text/plain"))


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether everything works that the site promises; `?for=pages`: whether pages can be answered. 503 with the reasons.

    The reasons are for operators. Anybody else gets a yes or no.
    """
    found = readiness.reasons(pages_only=request.args.get("for") == "pages")
    content: dict[str, object] = {"ready": not found}
    if may_read(request, settings()):
        content["reasons"] = [{"check": each.check, "sentence": each.sentence} for each in found]
    response = caching.private(jsonify(content))
    response.status_code = 503 if found else 200
    return response


@blueprint.get("/metrics")
def figures() -> Response:
    """The figures of this site in the format of Prometheus, for operators alone."""
    if not may_read(request, settings()):
        abort(404)
    return caching.private(Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST))
