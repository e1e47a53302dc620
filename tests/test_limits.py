"""Who asks too often gets a page that says when to come back; everybody else goes on."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from petitions import api_limits, flood_counts, limits
from petitions.extensions import limiter
from petitions.tokens import Purpose, sign
from tests import build
from tests.client import PageCheckingClient
from tests.reading import Page

SIGN_IN = "/staff/sign-in"
MOST = int(limits.SIGN_IN.split(" ")[0])

pytestmark = [pytest.mark.database("sqlite"), pytest.mark.settings(ratelimit_enabled="yes")]


def test_what_a_process_counts_is_forgotten_when_it_no_longer_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr(flood_counts, "time", lambda: now)
    counts = flood_counts.OwnCounts()
    assert [counts.acquire_entry("ada", 2, 60) for _ in range(3)] == [True, True, False]
    assert counts.get_moving_window("ada", 2, 60) == (now, 2)
    assert not counts.acquire_entry("bola", 2, 60, amount=3)
    now += 61
    assert counts.get_moving_window("ada", 2, 60) == (now, 0)
    assert counts.acquire_entry("ada", 2, 60)
    assert counts.reset() == 1, "who never came again within the hour is no longer kept"
    assert counts.acquire_entry("ada", 1, 60)
    counts.clear("ada")
    assert counts.acquire_entry("ada", 1, 60)


@pytest.fixture(autouse=True)
def _forget_earlier_requests(app: Flask) -> None:
    """The counters live in the process; other tests have used them."""
    limiter.reset()


def token_of(client: PageCheckingClient) -> str:
    """The token of the sign-in form: a post without it is refused before it counts as a try."""
    (form,) = [form for form in Page(client.get(SIGN_IN).text).forms if "csrf_token" in form.fields]
    return form.fields["csrf_token"][0]


def sign_in(client: PageCheckingClient, address: str = "192.0.2.1", **headers: str) -> TestResponse:
    """Send the sign-in form from an address."""
    return client.post(
        SIGN_IN,
        data={"email": "x@example.org", "csrf_token": token_of(client)},
        environ_overrides={"REMOTE_ADDR": address},
        headers=headers,
    )


def try_too_often(client: PageCheckingClient, **headers: str) -> TestResponse:
    """As many tries as are taken, and the one after."""
    for _ in range(MOST):
        assert sign_in(client, **headers).status_code == 422
    return sign_in(client, **headers)


def test_too_many_tries_are_refused_with_a_page_that_says_when_to_come_back(
    client: PageCheckingClient,
) -> None:
    refused = try_too_often(client)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert refused.headers["Cache-Control"] == "no-store"
    assert refused.mimetype == "text/html"


def test_somebody_at_another_address_goes_on(client: PageCheckingClient) -> None:
    assert try_too_often(client).status_code == 429
    assert sign_in(client, "192.0.2.2").status_code == 422


def test_looking_is_not_limited(client: PageCheckingClient) -> None:
    assert try_too_often(client).status_code == 429
    for path in (SIGN_IN, "/", "/petitions"):
        assert client.get(path, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200


def test_a_school_can_sign_from_one_address(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    path = f"/petitions/{petition.id}/signatures/new"
    codes = [
        client.post(path, data=build.sign_form(email=f"pupil{number}@example.org")).status_code
        for number in range(60)
    ]
    assert set(codes) == {303}


def test_the_forms_of_the_public_are_limited_too(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    signature = build.signature(petition, state="pending")
    addresses = {
        f"/petitions/{petition.id}/signatures/new": int(limits.SIGN.split(" ")[0]),
        "/signatures/find": int(limits.SIGN.split(" ")[0]),
        "/petitions/new": int(limits.START.split(" ")[0]),
        f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, signature.id)}": int(
            limits.TOKEN.split(" ")[0]
        ),
    }
    for path, most in addresses.items():
        codes = [client.post(path, data={}).status_code for _ in range(most + 1)]
        assert codes[-1] == 429, path
        assert 429 not in codes[:-1], path


def test_a_forwarded_address_is_not_believed_without_a_proxy(client: PageCheckingClient) -> None:
    for number in range(MOST):
        assert sign_in(client, **{"X-Forwarded-For": f"198.51.100.{number}"}) != 429
    assert sign_in(client, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 429


@pytest.mark.settings(trusted_proxies=1)
def test_behind_one_proxy_its_word_is_believed_and_no_other(client: PageCheckingClient) -> None:
    # What the visitor sent stands first, what the proxy itself saw stands last.
    for number in range(MOST):
        assert sign_in(client, **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}) != 429
    assert sign_in(client, **{"X-Forwarded-For": "198.51.100.77, 203.0.113.9"}).status_code == 429
    assert sign_in(client, **{"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}).status_code != 429
    # Nor is a host that somebody forwards.
    page = client.get(
        "/petitions", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "203.0.113.9"}
    )
    assert page.status_code == 200
    assert "evil.example" not in page.text


@pytest.mark.settings(ratelimit_enabled="no")
def test_limits_can_be_switched_off(client: PageCheckingClient) -> None:
    assert 429 not in {sign_in(client).status_code for _ in range(MOST + 2)}


def test_who_tries_links_that_are_none_must_wait(client: PageCheckingClient) -> None:
    signature = build.signature(build.open_petition(), state="pending")
    good = f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, signature.id)}"
    most = int(limits.WRONG_LINK.split(" ")[0])
    for _ in range(most + 5):
        assert client.get(good).status_code == 200
    codes = [client.get(f"/signatures/confirm/x{number}").status_code for number in range(most + 1)]
    assert codes == [404] * most + [429]
    assert client.get(good, environ_overrides={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200


def test_a_flood_from_one_household_is_one_flood_though_its_addresses_change(
    client: PageCheckingClient,
) -> None:
    for number in range(MOST):
        assert sign_in(client, f"2001:db8:1:2::{number + 1:x}").status_code == 422
    assert sign_in(client, "2001:db8:1:2:ffff::1").status_code == 429
    assert sign_in(client, "2001:db8:1:3::1").status_code == 422


def test_a_program_that_asks_too_often_is_told_in_its_own_language_and_readers_are_not_stopped(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = build.open_petition()
    monkeypatch.setattr(
        api_limits, "count_request", limiter.shared_limit("3 per minute", scope="few")(lambda: None)
    )
    asked = ("/accountability.json", "/petitions.atom", f"/petitions/{petition.id}/history.csv")
    assert [client.get(path).status_code for path in asked] == [200, 200, 200]
    refused = client.get("/accountability.json")
    assert (refused.status_code, refused.json) == (429, {"status": 429, "error": "Too Many Requests"})
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    # The page, and the count that people watch on it, go on; so does everybody else.
    for path in (f"/petitions/{petition.id}", f"/petitions/{petition.id}/count.json", "/manifest.json"):
        assert [client.get(path).status_code for _ in range(5)] == [200] * 5
    elsewhere = client.get("/accountability.json", environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
    assert elsewhere.status_code == 200
