"""What every request leaves behind, around everything else that happens to it: its number, how long it took, how it ended.

It stands outside of Flask, because there every hook costs as much as all of this (measured: `docs/operating.md`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from flask import Flask

from config import Settings
from petitions import logs, measuring
from petitions.security import ASKED_BY_MACHINES

log = logging.getLogger("petitions.access")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Watched:
    """A WSGI application whose requests are counted and, if wanted, logged."""

    def __init__(self, application: Callable[..., Iterable[bytes]], settings: Settings) -> None:
        self._application = application
        self._writes_lines = settings.access_log
        self._behind_proxy = settings.trusted_proxies > 0
        self._host = settings.host

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        begun, status, route = perf_counter(), "500", measuring.NOWHERE

        def started(line: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status, route
            status = line[:3]
            # Only now: Flask takes it away when it has done.
            asked = environ.get("werkzeug.request")
            if asked is not None and asked.url_rule is not None:
                route = asked.url_rule.rule
            if status >= "500":
                # Such an answer is kept by nobody. Its number leads whoever asks about it to its line in the log.
                headers = [*headers, ("X-Request-Id", logs.request_id(environ))]
            return start_response(line, headers, *more)

        if self._behind_proxy:
            environ[logs.BEHIND_PROXY] = True
        if environ.get("PATH_INFO") in ASKED_BY_MACHINES:
            # A load balancer asks by number, not by name.
            environ["HTTP_HOST"] = self._host
        try:
            return self._application(environ, started)
        finally:
            seconds = perf_counter() - begun
            method = measuring.method(environ.get("REQUEST_METHOD", ""))
            measuring.request(route, method, status, seconds)
            if self._writes_lines:
                facts = {
                    "request": logs.request_id(environ),
                    "method": method,
                    "route": route,
                    "status": int(status),
                    "ms": round(seconds * 1000, 1),
                }
                log.info("answered", extra={"facts": facts})


def register(app: Flask, settings: Settings) -> None:
    """Watch every request, from before the first hook until after the last."""
    measuring.begin()
    if settings.access_log:
        log.setLevel(logging.INFO)
    app.wsgi_app = Watched(app.wsgi_app, settings)  # type: ignore[method-assign]
