"""People in front of nginx, and one nginx more."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlencode

from tests.faults.front import Front


class Visitor:
    """Asks nginx as somebody at `ip`."""

    def __init__(self, port: int, ip: str = "192.0.2.1") -> None:
        self.port, self.ip = port, ip

    def ask(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[http.client.HTTPResponse, str]:
        """One request: the answer and its words."""
        sent = {"X-Forwarded-For": self.ip} | (headers or {})
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, path, urlencode(form) if form is not None else None, sent)
            response = connection.getresponse()
            return response, response.read().decode("latin-1")

    def status(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        """One request: its status."""
        return self.ask(method, path, form)[0].status


@contextmanager
def closing_front(front: Front) -> Iterator[Front]:
    """One more nginx, stopped in the end."""
    try:
        front.start()
        yield front
    finally:
        front.stop()
