"""In which form somebody gets what is at an address: by its ending, else by what the request says it accepts.

`/petitions` and `/petitions/<id>` are pages and, for who accepts JSON and no page, the documents of the same name with `.json`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotAcceptable, NotFound

from petitions import api_limits
from petitions.errors import wants_json
from petitions.opendata.asking import with_query

#: Pages that are documents too, with the document's endpoint.
BOTH = {"browsing.petitions": "opendata.petitions", "browsing.petition": "opendata.petition"}
#: What is answered in more ways than one, by what the request accepts.
VARIES = {*BOTH, "archive.page", "archive.petition_page"}
#: Endings that are names of formats: asked for where they are not, the answer is that there is no such format here.
FORMATS = {
    "json",
    "xml",
    "csv",
    "atom",
    "rss",
    "js",
    "txt",
    "pdf",
    "html",
    "yaml",
    "ics",
    "png",
    "svg",
    "zip",
}
SAFE_METHODS = {"GET", "HEAD"}


def own_address() -> str:
    """The address of the request as it came, at this site's own public name."""
    return with_query(request.path, request.query_string.decode("latin-1"))


def register(blueprint: Blueprint) -> None:
    """Decide before every view, and refuse pages to who can read none."""
    blueprint.before_app_request(_choose)
    blueprint.after_app_request(_refuse_pages)


def _choose() -> ResponseReturnValue | None:
    if request.method not in SAFE_METHODS or request.path.startswith("/staff"):
        return None
    if isinstance(request.routing_exception, NotFound):
        return _document_alone() or _without_ending()
    document = BOTH.get(request.endpoint or "")
    if document is not None and wants_json():
        api_limits.count_request()
        view = current_app.ensure_sync(current_app.view_functions[document])
        found: ResponseReturnValue = view(**(request.view_args or {}))
        return found
    return None


def _document_alone() -> ResponseReturnValue | None:
    """There is no page here. Where there is a document of the same name, who accepts JSON gets it, and nobody else anything."""
    found = _match(request.path + ".json")
    if found is None:
        return None
    if not wants_json():
        abort(406)
    api_limits.count_request()
    view = current_app.ensure_sync(current_app.view_functions[found[0]])
    document: ResponseReturnValue = view(**found[1])
    return document


def _without_ending() -> ResponseReturnValue | None:
    """There is no such address. Where there is one without its ending: this format is not to be had, or leave it out."""
    whole, dot, ending = request.path.rpartition(".")
    if not dot or not (ending.isascii() and ending.isalpha()) or _match(whole) is None:
        return None
    if ending in FORMATS:
        abort(406)
    return redirect(with_query(whole, request.query_string.decode("latin-1")))


def _match(path: str) -> tuple[str, dict[str, Any]] | None:
    """The endpoint at a path, with what its address names; none of the files."""
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, values = adapter.match(path, method="GET") if adapter else ("static", {})
    except HTTPException:
        return None
    return None if endpoint == "static" else (endpoint, dict(values))


def _refuse_pages(response: Response) -> Response:
    """A page goes to nobody who said what is accepted and named no page; and what depends on that, says so."""
    if request.endpoint in VARIES:
        response.vary.add("Accept")
    is_page = response.status_code == 200 and response.mimetype == "text/html"
    if is_page and request.method in SAFE_METHODS and _accepts_no_page():
        return current_app.make_response(current_app.handle_user_exception(NotAcceptable()))
    return response


def _accepts_no_page() -> bool:
    return bool(request.accept_mimetypes) and request.accept_mimetypes.quality("text/html") <= 0
