"""The problems that actions report by name, and how every error becomes a clear page or, for JSON callers, JSON."""

from __future__ import annotations

import math
from http import HTTPStatus

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from werkzeug.exceptions import HTTPException, SecurityError

from petitions import clock, replica
from petitions.extensions import db, limiter
from petitions.secrecy import CannotOpen


class PetitionsError(Exception):
    """What an action refuses. `status` is the HTTP status of the page that says so."""

    status = HTTPStatus.CONFLICT


class StateChanged(PetitionsError):
    """Somebody else moved the petition first, or the move is not allowed from where it is."""


class NotFound(PetitionsError):
    """There is nothing here for this visitor."""

    status = HTTPStatus.NOT_FOUND


class Gone(PetitionsError):
    """It was here and was taken away: a taken-down petition, an expired link."""

    status = HTTPStatus.GONE


#: Errors with a page of their own in templates/errors/; any other shows the nearest one.
PAGES = {400, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429, 500, 503}


#: What lets pages of other sites read a document of ours; the UK Parliament's API has the same.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "Origin, X-Requested-With, Content-Type, Accept",
}


def wants_json() -> bool:
    """Whether the caller asked for JSON, by the path's ending or by what it accepts."""
    if request.path.endswith(".json"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def error_response(status: int, headers: dict[str, str] | None = None) -> Response:
    """The page, or the JSON, of an HTTP error. Nothing of the cause is shown."""
    if wants_json():
        response = jsonify(status=status, error=HTTPStatus(status).phrase)
        response.headers.update(CROSS_ORIGIN)
    else:
        page = status if status in PAGES else (400 if status < 500 else 500)
        response = make_response(
            render_template(
                f"errors/{page}.html", status=status, retry_after=(headers or {}).get("Retry-After")
            )
        )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers or {})
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, SecurityError):
        # The host is not ours, so no address of a page can be made: plain words, no page.
        return Response("This address is not a name of this site.\n", 400, mimetype="text/plain")
    if 300 <= status < 400:
        return error.get_response()  # type: ignore[return-value]
    kept = {name: value for name, value in error.get_headers() if name in {"Retry-After", "Allow"}}
    if status == HTTPStatus.TOO_MANY_REQUESTS and "Retry-After" not in kept:
        kept["Retry-After"] = str(_seconds_to_wait())
    return error_response(status, kept)


def _seconds_to_wait() -> int:
    """Until the limit that was reached lets this visitor in again; at least one."""
    limit = limiter.current_limit
    return max(1, math.ceil(limit.reset_at - clock.now().timestamp())) if limit is not None else 1


def _petitions_error(error: PetitionsError) -> Response:
    if error.status is HTTPStatus.SERVICE_UNAVAILABLE:
        current_app.logger.error("refused for now: %s", type(error).__name__)
        return error_response(int(error.status), {"Retry-After": "60"})
    return error_response(int(error.status))


def _cannot_open(error: CannotOpen) -> Response:
    """A key is missing or a row was altered: what the page is about cannot be shown, and the operator is told."""
    current_app.logger.error("%s: see flask keys status", error)
    return error_response(503, {"Retry-After": "600"})


def _database_error(error: DBAPIError | PendingRollbackError) -> Response:
    """The database cannot be reached or is too busy: a planned refusal, never a false success. Any other error is a bug.

    A connection that breaks in the middle of a conversation shows by more names than one.
    """
    if replica.was_lost():
        return _once_more()
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, DBAPIError) and not (
        isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated
    ):
        return _unexpected(error)
    current_app.logger.error("database unavailable: %s", type(cause).__name__)
    return error_response(503, {"Retry-After": "10"})


def _once_more() -> Response:
    """The same page from the primary: nothing was written, so nothing is done twice."""
    db.session.remove()
    try:
        # From the beginning: for who accepts JSON the document is made before the page's own view is asked.
        return make_response(current_app.preprocess_request() or current_app.dispatch_request())
    except Exception as error:
        return make_response(current_app.handle_user_exception(error))


def _unexpected(error: Exception) -> Response:
    current_app.logger.exception("unexpected error on %s", request.endpoint)
    return error_response(500)


def register(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(PetitionsError, _petitions_error)
    app.register_error_handler(CannotOpen, _cannot_open)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(PendingRollbackError, _database_error)
    app.register_error_handler(Exception, _unexpected)
