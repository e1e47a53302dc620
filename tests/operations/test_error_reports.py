"""What a Sentry server is told of an error: the way and the kind, and nothing of the person whose form it was."""

from __future__ import annotations

import builtins
import gzip
import logging
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from flask import Flask

from config import SettingError
from petitions import error_reports
from petitions.signing import actions, confirming
from petitions.tokens import Purpose, sign
from tests import build
from tests.faults.canaries import Canary, hits
from tests.serving import answering
from tests.settings import make_settings

sentry_sdk = pytest.importorskip("sentry_sdk", reason="error reports need sentry-sdk")
WHO = Canary("qvreported", "203.0.113.77")


class Receiver(BaseHTTPRequestHandler):
    """Takes envelopes as a Sentry server does."""

    def do_POST(self) -> None:
        """Keep one."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        zipped = self.headers.get("Content-Encoding") == "gzip"
        received: list[str] = self.server.received  # type: ignore[attr-defined]
        received.append(str(self.headers) + (gzip.decompress(body) if zipped else body).decode())
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def received() -> Iterator[tuple[str, list[str]]]:
    """A Sentry server: its address, and what it was sent."""
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.received = []  # type: ignore[attr-defined]
    thread = answering(server)
    yield f"http://key@127.0.0.1:{server.server_port}/1", server.received  # type: ignore[attr-defined]
    sentry_sdk.get_client().close(timeout=2)
    error_reports.register(make_settings())
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.database("sqlite")
def test_a_report_holds_the_way_and_nothing_of_the_person(
    make_app: Callable[..., Flask], received: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, envelopes = received
    app = make_app(sentry_dsn=address)
    with app.app_context():
        petition = build.open_petition()
        signature = build.signature(petition, state="pending", name=WHO.name, email=WHO.email)
        link = f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, signature.id)}"
        form = f"/petitions/{petition.id}/signatures/new"

    def fail(**values: Any) -> None:
        try:
            raise KeyError(WHO.email, WHO.origin)
        except KeyError as first:
            raise RuntimeError(f"cannot store {values} of {WHO.email}") from first

    monkeypatch.setattr(actions, "sign", fail)
    monkeypatch.setattr(confirming, "confirm", fail)
    client, environ = app.test_client(), {"REMOTE_ADDR": WHO.origin}
    headers = {"User-Agent": WHO.name, "Cookie": f"staff={WHO.mark}", "Referer": f"http://localhost{link}"}
    for path, data in ((form, WHO.form()), (link, {"answer": "yes"})):
        answer = client.post(f"{path}?q={WHO.mark}", data=data, environ_overrides=environ, headers=headers)
        assert answer.status_code == 500
    logging.getLogger("petitions.somewhere").error("mail %s refused", WHO.email)
    logging.getLogger("elsewhere").error(f"a library talks of {WHO.email}")
    sentry_sdk.flush(timeout=5)
    said = "\n".join(envelopes)
    assert len(envelopes) == 4
    for word in (
        "RuntimeError",
        "KeyError",
        "test_error_reports.py",
        "/signatures/confirm/<token>",
        "mail %s refused",
    ):
        assert word in said, word
    token = link.rpartition("/")[2]
    assert hits(said, [*WHO.needles(), token, token[:30], '"vars"', '"breadcrumbs"', '"request":{']) == []


def test_the_last_look_takes_out_what_is_not_on_the_list() -> None:
    event = {
        "level": "error",
        "request": {"data": WHO.email},
        "user": {},
        "extra": {},
        "breadcrumbs": {},
        "contexts": {},
    }
    assert error_reports.let_through(event) == {"level": "error"}


def test_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingError, match="SENTRY_DSN is not an address"):
        error_reports.register(make_settings(sentry_dsn="nowhere"))
    importing = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name.startswith("sentry_sdk"):
            raise ImportError
        return importing(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SettingError, match=r"requirements-sentry\.txt"):
        error_reports.register(make_settings(sentry_dsn="https://key@sentry.example/1"))
