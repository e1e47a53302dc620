"""Every answer carries its headers; posts from other sites, broken paths and unknown hosts are refused."""

import pytest
from flask import Flask

from petitions.security import HEADERS
from tests import build
from tests.client import PageCheckingClient


@pytest.mark.parametrize("path", ["/help", "/nowhere", "/site.css", "/healthz", "/staff/sign-in"])
def test_every_answer_carries_the_headers(client: PageCheckingClient, path: str) -> None:
    response = client.get(path)
    for name in HEADERS:
        assert response.headers[name]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_reading_sets_no_cookie_and_varies_by_none(client: PageCheckingClient) -> None:
    for path in ("/", "/petitions", "/help", "/trending", "/accountability"):
        response = client.get(path)
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_post_from_another_site_is_refused(client: PageCheckingClient, headers: dict[str, str]) -> None:
    petition = build.open_petition()
    response = client.post(f"/petitions/{petition.id}/signatures/new", data={}, headers=headers)
    assert response.status_code == 403


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_a_post_from_here_is_read(client: PageCheckingClient, headers: dict[str, str]) -> None:
    petition = build.open_petition()
    response = client.post(f"/petitions/{petition.id}/signatures/new", data={}, headers=headers)
    assert response.status_code == 422


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example"])
def test_an_unknown_host_is_refused(client: PageCheckingClient, host: str) -> None:
    assert client.get("/help", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("path", ["/petitions/%00", "/petitions?q=%00", "/petitions/1%00", "/help?x=a%00b"])
def test_a_nul_byte_is_refused(client: PageCheckingClient, path: str) -> None:
    assert client.get(path).status_code in {400, 404}


@pytest.mark.parametrize(
    "identifier", ["0", "-1", "99999999999999999999", "9223372036854775808", "abc", "١٢", "1.5", "1e5", "%ff"]
)
@pytest.mark.parametrize("ending", ["", "/count.json", "/signatures/new", "/history.csv"])
def test_an_id_that_cannot_be_is_not_found(client: PageCheckingClient, identifier: str, ending: str) -> None:
    assert client.get(f"/petitions/{identifier}{ending}").status_code == 404


def test_a_huge_body_is_refused_before_it_is_read(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    response = client.post(f"/petitions/{petition.id}/signatures/new", data={"name": "x" * 200_000})
    assert response.status_code == 413


def test_errors_are_json_for_those_who_asked_for_json(client: PageCheckingClient) -> None:
    response = client.get("/petitions/999999/count.json")
    assert (response.status_code, response.get_json()) == (404, {"status": 404, "error": "Not Found"})


def test_https_sites_ask_browsers_to_stay_on_https(make_app) -> None:  # type: ignore[no-untyped-def]
    app: Flask = make_app(base_url="https://localhost")
    assert "max-age=31536000" in app.test_client().get("/help").headers["Strict-Transport-Security"]
