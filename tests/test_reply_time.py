"""Replies to forms with an address in them go out at full steps, whatever their work took."""

import time

import pytest
from flask import Flask

from petitions import reply_time, tokens
from petitions.reply_time import in_full_steps
from petitions.tokens import Purpose
from tests import build
from tests.client import PageCheckingClient
from tests.staff_visitor import token_on

STEP = 0.2
#: Every form in which anybody can type somebody's address and see what is answered.
FORMS = (
    "/petitions/{open}/signatures/new",
    "/petitions/{review}/supporters/{token}",
    "/signatures/find",
    "/petitions/new",
    "/alerts",
    "/staff/sign-in",
    "/staff/reset",
)


def seconds_of(client: PageCheckingClient, path: str) -> float:
    """How long a form takes to be answered in which nothing was typed."""
    data = {"csrf_token": token_on(client.get(path).text)} if path.startswith("/staff") else {}
    begun = time.monotonic()
    assert client.post(path, data=data).status_code == 422
    return time.monotonic() - begun


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("form", FORMS)
def test_no_form_with_an_address_is_answered_at_once(
    client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    review = build.review_petition()
    token = tokens.sign(Purpose.SUPPORT, review.id)
    path = form.format(open=build.open_petition().id, review=review.id, token=token)
    at_once = seconds_of(client, path)
    monkeypatch.setattr(reply_time, "STEP", at_once + STEP)
    assert seconds_of(client, path) >= at_once + STEP


def test_what_takes_longer_waits_for_the_next_step_and_an_error_waits_too(
    app_without_database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_time, "STEP", STEP)

    @in_full_steps
    def slow() -> None:
        time.sleep(1.1 * STEP)
        raise LookupError

    begun = time.monotonic()
    with app_without_database.test_request_context(method="POST"), pytest.raises(LookupError):
        slow()
    assert time.monotonic() - begun >= 2 * STEP


def test_reading_waits_for_nothing(app_without_database: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_time, "STEP", 3600)
    with app_without_database.test_request_context():
        assert in_full_steps(lambda: "at once")() == "at once"
