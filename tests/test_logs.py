"""The log tells where something went wrong and never about whom: no link, no address, no word of an error's own."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from petitions.logs import Discreet, DiscreetJson, way_to, without_secrets
from petitions.signing import queries
from petitions.tokens import Purpose, sign
from tests import build, world
from tests.client import PageCheckingClient

ADDRESS = "ada.adeyemi+x@example.org"
WHO = ("Ada Adeyemi", ADDRESS, "AB1 2CD")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log of a running site would hold."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(Discreet("%(levelname)s %(message)s"))
    logger = logging.getLogger("petitions")
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("value", [81, {"email": ADDRESS, "name": "Ada", "more": "x" * 300}])
def test_a_link_is_left_out_wherever_it_stands(
    app_without_database: Flask, purpose: Purpose, value: object
) -> None:
    with app_without_database.app_context():
        token = sign(purpose, value)
    for text in (
        token,
        f"GET /somewhere/{token} HTTP/1.1",
        f"'{token}'",
        f"({token}),",
        f"token={token}&x=1",
    ):
        assert token.rpartition(".")[2] not in without_secrets(text)
        assert token[:20] not in without_secrets(text)
        assert "[link]" in without_secrets(text)


@pytest.mark.parametrize(
    "path",
    [
        "/signatures/confirm/cut.short",
        "/signatures/abc",
        "/unsubscribe/abc?x=1",
        "/creators/abc/edit",
        "/petitions/1/supporters/abc",
    ],
)
def test_what_stands_in_the_place_of_a_link_is_left_out_too(path: str) -> None:
    assert "abc" not in without_secrets(f"Error handling request {path}")
    assert "cut" not in without_secrets(f"Invalid request line: 'GET {path} HTTP/9'")


@pytest.mark.parametrize(
    "text",
    [
        f"to {ADDRESS}",
        f"<{ADDRESS}>",
        f"{{'{ADDRESS}': (550, b'no')}}",
        "ada.adeyemi%2Bx%40example.org",
        "ada.adeyemi@localhost",
        "email=ada.adeyemi@example.org&name=",
        "mailto:ada.adeyemi@bücher.example",
    ],
)
def test_an_address_is_left_out(text: str) -> None:
    assert "adeyemi" not in without_secrets(text)
    assert "[address]" in without_secrets(text)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("part", ["a", "a.", "A-", "%", "=x", "ip=", "@", "/signatures/"])
def test_a_long_line_takes_no_longer_than_its_length(part: str) -> None:
    begun = time.process_time()
    without_secrets(part * 16_000)
    assert time.process_time() - begun < 0.5


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("formatter", [Discreet("%(levelname)s %(message)s"), DiscreetJson()])
def test_a_line_break_forges_no_line(formatter: logging.Formatter) -> None:
    words = "GET /x\r\nERROR the database is gone\n"
    record = logging.LogRecord("petitions", logging.WARNING, "x.py", 1, "refused: %s", (words,), None)
    assert len(formatter.format(record).splitlines()) == 1


def test_the_origin_in_gunicorns_words_is_left_out() -> None:
    assert "192.0.2.7" not in without_secrets("Invalid request from ip=192.0.2.7: Invalid Method")


@pytest.mark.parametrize(
    "text", ["unexpected error on signing.confirm", "mail 81 (confirm_signature) refused: 550"]
)
def test_other_words_stay(text: str) -> None:
    assert without_secrets(text) == text


def test_an_error_tells_its_way_and_its_kind_but_not_its_words() -> None:
    try:
        try:
            raise KeyError(*WHO)
        except KeyError as first:
            raise ValueError(WHO) from first
    except ValueError as error:
        told = way_to(error)
    assert not any(word in told for word in WHO)
    assert "KeyError\n\nThen:" in told
    assert told.endswith("ValueError")
    assert "test_logs.py" in told


def test_what_the_system_says_stays() -> None:
    assert way_to(OSError(28, "No space left on device", "/home/ada")).endswith(
        "OSError: No space left on device"
    )


def test_an_error_on_a_mailed_page_leaves_no_trace_of_whom(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch, written: io.StringIO
) -> None:
    signature = build.signature(build.open_petition(), state="pending", name="Ada Adeyemi", email=ADDRESS)

    def fails(signature_id: int) -> None:
        raise RuntimeError(signature_id, *WHO)

    monkeypatch.setattr(queries, "signature_of_link", fails)
    for endpoint in ("signing.confirm", "signing.my_signature", "signing.unsubscribe"):
        token = sign(world.PURPOSES[endpoint], signature.id)
        path = app.url_map.bind("localhost").build(endpoint, {"token": token})
        for method in ("GET", "POST"):
            answer = client.open(path, method=method)
            assert answer.status_code == 500
            for secret in (token, ADDRESS, "Adeyemi"):
                assert secret not in answer.text
            assert "<script" not in answer.text
            assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert f"unexpected error on {endpoint}" in written.getvalue()
        assert token not in written.getvalue()
    assert "RuntimeError" in written.getvalue()
    for secret in ("adeyemi", "ab1 2cd", "ada."):
        assert secret not in written.getvalue().lower()
