"""Headers on every response, and the refusal of posts that come from another site.

Forms of the public carry no session, so their protection is the browser's own word on where a post comes from
(`Sec-Fetch-Site`, else `Origin`). Staff forms carry Flask-WTF's token besides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Response, abort, current_app, has_request_context, redirect, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from petitions import limits
from petitions.addresses import BEFORE_SECRETS
from petitions.extensions import csrf, limiter, settings
from petitions.permissions import may

View = TypeVar("View", bound=Callable[..., Any])

#: The largest body a staff form may have, in bytes; the public's have less.
LARGEST_STAFF_BODY = 512 * 1024
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: The one picture is the site's own icon, in the page itself.
TOKEN_POLICY = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#: Addresses with a secret in them, for requests that no view answers: another method, another ending.
TOKEN_PATH = re.compile(rf"/(?:{'|'.join(BEFORE_SECRETS)})/|/petitions/[^/]+/supporters/")

HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

#: For a page that stands in frames of other sites: it loads a style sheet and the site's icon, and asks for nothing.
FRAMED_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
#: A header that an answer goes without is set to this.
LEFT_OUT = ("X-Frame-Options", "none")
FRAMED_HEADERS = dict([("Content-Security-Policy", FRAMED_POLICY), LEFT_OUT])

TOKEN_HEADERS = {
    "Content-Security-Policy": TOKEN_POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


def token_page(view: View) -> View:
    """A page reached by a mailed link, and whatever goes wrong there: no script at all, kept by nobody, telling nobody
    where it was. Who tries links that are none is made to wait."""
    view.is_token_page = True  # type: ignore[attr-defined]
    limited = limiter.limit(limits.WRONG_LINK, deduct_when=lambda response: response.status_code == 404)
    return cast(View, limited(view))


def may_be_framed(view: View) -> View:
    """A page that other sites may show in a frame: it knows nobody, holds no form, and runs no script."""
    view.may_be_framed = True  # type: ignore[attr-defined]
    return view


def takes_files(largest: int) -> Callable[[View], View]:
    """A staff page that takes a body of up to `largest` bytes from whoever may use it; of anybody else no more than any
    other page: strangers, colleagues without its permission, and who has shown a password and nothing more."""

    def mark(view: View) -> View:
        view.largest_body = largest  # type: ignore[attr-defined]
        return view

    return mark


def on_token_page() -> bool:
    """Whether the address at hand has a secret in it."""
    if not has_request_context():
        return False
    if request.endpoint is None:
        return TOKEN_PATH.match(request.path) is not None
    return bool(_view_mark("is_token_page"))


def _view_mark(name: str) -> Any:
    """What a view was marked with; nothing of one that was not."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), name, None)


def _may_send_much() -> bool:
    """Whether the visitor is somebody for whom the page at hand is there: fully proved, and with its permission."""
    return (
        current_user.is_authenticated
        and current_user.is_proved
        and may(current_user.staff, _view_mark("permission"))
    )


def comes_from_here() -> bool:
    """Whether an unsafe request may be believed to come from one of our own pages, or from no browser at all.

    A token page sends `Origin: null` (its referrer policy asks for that); there the token itself is the proof.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None or (origin == "null" and on_token_page()):
        return True
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def is_sound() -> bool:
    """Whether a posted form can be read: valid UTF-8, and a name for every part.

    Without this, broken UTF-8 would be stored as percent signs. In a form with files it becomes replacement marks, which
    every field refuses.
    """
    if request.mimetype == "multipart/form-data":
        return None not in request.form and None not in request.files
    if request.mimetype != "application/x-www-form-urlencoded":
        return True
    try:
        unquote_to_bytes(request.get_data(cache=True)).decode()
    except UnicodeDecodeError:
        return False
    return True


#: What every page needs, staff pages too; and what a load balancer asks.
ON_BOTH_HOSTS = {"static", "stylesheet"}
ASKED_BY_MACHINES = {"/healthz", "/readyz", "/metrics"}


def _check_host() -> Response | None:
    """Where staff have a host of their own: their pages are found nowhere else, and public pages are not found there."""
    staff_host = settings().staff_host
    if not staff_host or request.endpoint in ON_BOTH_HOSTS or request.path in ASKED_BY_MACHINES:
        return None
    on_staff_host = request.host == staff_host
    if request.path.startswith("/staff"):
        return None if on_staff_host else abort(404)
    if on_staff_host:
        if request.method not in SAFE_METHODS:
            abort(404)
        # Staff pages lead to petitions; those are at home on the public host.
        return cast(Response, redirect(settings().base_url + request.full_path.rstrip("?"), 303))
    return None


def _check_request() -> None:
    if "\x00" in request.path or "%00" in request.query_string.decode("latin-1"):
        abort(400)
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    if request.path.startswith("/staff"):
        # An answer point by point in a script of three bytes a letter, each written as `%E0`.
        request.max_content_length = request.max_form_memory_size = LARGEST_STAFF_BODY
    if not comes_from_here():
        current_app.logger.warning("refused: a post from another site")
        abort(403)
    largest = _view_mark("largest_body")
    if largest and _may_send_much():
        request.max_content_length = largest
    if not is_sound():
        abort(400)
    if request.path.startswith("/staff") and not on_token_page():
        # A page behind a mailed link sends no referrer, and whoever has the link needs no other proof.
        try:
            csrf.protect()
        except CSRFError:
            current_app.logger.warning("refused: a staff form without its token")
            raise


def _add_headers(response: Response) -> Response:
    """What some pages have otherwise. The rest is added to every answer: see `_Headers`."""
    if on_token_page():
        response.headers.update(TOKEN_HEADERS)
    if _view_mark("may_be_framed"):
        response.headers.update(FRAMED_HEADERS)
    if request.path.startswith("/staff"):
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


class _Headers:
    """Adds to every answer the headers that it has not set itself; as plain text, because they go out with every answer."""

    def __init__(self, app: Any, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = [(name, name.lower(), value) for name, value in headers.items()]

    def __call__(self, environ: Any, start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            there = {name.lower() for name, _ in headers}
            added = [(name, value) for name, small, value in self.headers if small not in there]
            return start_response(status, [*(each for each in headers if each != LEFT_OUT), *added], *more)

        return self.app(environ, start)


def register(app: Flask) -> None:
    """Check every request and set the headers of every response."""
    app.jinja_env.globals["on_token_page"] = on_token_page
    app.before_request(_check_host)
    app.before_request(_check_request)
    app.after_request(_add_headers)
    headers = dict(HEADERS)
    if app.extensions["settings"].base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    app.wsgi_app = _Headers(app.wsgi_app, headers)  # type: ignore[method-assign]
