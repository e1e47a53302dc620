"""People in front of nginx, and one nginx more."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.front import Front
from tests.serving import one_request


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
        response, words = one_request(self.port, method, path, form, sent, patience=20)
        return response, words.decode("latin-1")

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
