"""A site on a real port, for tests that need one: a browser, a script, a frame; and one request to it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from socketserver import BaseServer
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wsgi import ClosingIterator


def serving(app: Flask, descriptor: int | None = None) -> BaseWSGIServer:
    """A server for this application, on a free port or on a socket that listens already; the caller runs and closes it."""
    return make_server("127.0.0.1", 0, read_whole(app), threaded=True, fd=descriptor)


def answering(server: BaseServer) -> threading.Thread:
    """Let a server answer in a thread of its own. Told to shut down it does so at once; by itself it looks up twice a second."""
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="server", daemon=True
    )
    thread.start()
    return thread


def read_whole(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, whose answers are read and closed before the first byte is sent.

    Werkzeug's own server forgets to close an answer when a browser that moves on drops the connection in the
    middle: a file stays open, and the warning about it fails whichever test runs when it is collected.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer


def one_request(
    port: int,
    method: str,
    path: str,
    form: dict[str, str] | None,
    headers: dict[str, str],
    *,
    patience: float,
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask on a connection of its own, waiting `patience` seconds at most: the answer and its body."""
    sent = ({"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}) | headers
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=patience)) as connection:
        connection.request(method, path, urlencode(form) if form is not None else None, sent)
        response = connection.getresponse()
        return response, response.read()
