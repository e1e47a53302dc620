"""Whoever copies an example from the page for developers has something that runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from petitions import clock, limits
from petitions.developers import examples
from petitions.dumps import writing
from petitions.webhooks import sending
from tests import build, world
from tests.client import PageCheckingClient
from tests.reading import Page
from tests.serving import answering, serving

pytestmark = pytest.mark.database("sqlite")
SITE = "http://localhost"


def code_on(client: PageCheckingClient) -> dict[str, str]:
    """The code on the page, by the name of each example, as a reader copies it."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        found: dict[str, str] = {}
        name = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.name = dict(attrs).get("data-example") or "" if tag == "code" else self.name

        def handle_endtag(self, tag: str) -> None:
            self.name = "" if tag == "code" else self.name

        def handle_data(self, data: str) -> None:
            if self.name:
                self.found[self.name] = self.found.get(self.name, "") + data

    reader = Reader(convert_charrefs=True)
    reader.feed(client.get("/developers").text)
    return reader.found


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The site on a real port."""
    server = serving(app)
    thread = answering(server)
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_example_on_the_page_runs(
    app: Flask, client: PageCheckingClient, address: str, tmp_path: Path
) -> None:
    world.make()
    app.extensions["settings"] = _at(app, address)
    writing.write(date(2026, 1, 31))
    code = code_on(client)
    assert code.keys() == {each.name for each in examples.ALL}
    said = {
        each.name: _run(each.language, code[each.name], tmp_path)
        for each in examples.ALL
        if each.name != "webhook"
    }
    newest = json.loads(said["petition"])["data"]
    assert len(json.loads(said["list"])["data"]) <= 5
    assert f"{newest['id']} " in said["every"]
    assert "days late:" in said["late"]
    assert "Open the library" in said["feed"]
    assert "petitions of 2026-01-31" in said["files"]


def _at(app: Flask, address: str) -> object:
    from dataclasses import replace

    return replace(app.extensions["settings"], base_url=address)


def _run(language: str, code: str, folder: Path) -> str:
    """What a program prints that holds just this code."""
    if language == examples.CURL:
        if shutil.which("curl") is None:
            pytest.skip("there is no curl on this machine")
        command = ["sh", "-c", code]
    else:
        script = folder / "copied.py"
        script.write_text(code)
        command = [sys.executable, "-I", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_receiver_on_the_page_takes_our_messages_and_no_others(
    app: Flask, client: PageCheckingClient
) -> None:
    names: dict[str, object] = {}
    exec(code_on(client)["webhook"], names)  # noqa: S102 - our own page
    secret, body, now = "whsec_c2VjcmV0", b'{"type":"ping"}', int(clock.now().timestamp())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(now),
        "webhook-signature": sending.signature(secret, "msg_1", now, body),
    }
    read = names["read"]
    assert read(secret, headers, body) == {"type": "ping"}  # type: ignore[operator]
    for wrong in (
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(now - 900)},
        {"webhook-signature": "v1,AA=="},
    ):
        with pytest.raises(ValueError, match=r"too old|not from there"):
            read(secret, headers | wrong, body)  # type: ignore[operator]


def test_the_page_says_the_limits_that_hold(app: Flask, client: PageCheckingClient) -> None:
    build.open_petition()
    page = " ".join(words for _, words in Page(client.get("/developers").text).texts)
    assert limits.API == "300 per minute; 6000 per hour"
    assert "300 times a minute and 6,000 times an hour" in page
