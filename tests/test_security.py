"""Every answer carries its headers; posts from other sites, broken paths and unknown hosts are refused."""

import logging
import re

import pytest
from flask import Flask

from petitions.logs import without_secrets
from petitions.security import HEADERS
from tests import build
from tests.client import PageCheckingClient

#: What is decided before the database is asked for anything.
ON_ONE = pytest.mark.database("sqlite")


@ON_ONE
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


@ON_ONE
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


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("origin", ["http://[", "https://[::1", "https://localhost]", "//", "?"])
def test_an_origin_that_cannot_be_read_is_another_site(client: PageCheckingClient, origin: str) -> None:
    petition = build.open_petition()
    path = f"/petitions/{petition.id}/signatures/new"
    assert client.post(path, data={}, headers={"Origin": origin}).status_code == 403


@pytest.mark.database("sqlite")
def test_a_refused_post_is_in_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.test_client().post("/petitions/new", headers={"Sec-Fetch-Site": "cross-site"})
    app.test_client().post("/staff/sign-in", data={})
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "refused: a post from another site",
        "refused: a staff form without its token",
    ]


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_a_post_from_here_is_read(client: PageCheckingClient, headers: dict[str, str]) -> None:
    petition = build.open_petition()
    response = client.post(f"/petitions/{petition.id}/signatures/new", data={}, headers=headers)
    assert response.status_code == 422


@ON_ONE
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


@pytest.mark.database("sqlite")
def test_a_link_stays_a_secret_where_no_view_answers(app: Flask, client: PageCheckingClient) -> None:
    """By another method no view is found, so the address itself must tell that there is a secret in it."""
    rules = [
        rule.rule.replace("<int:petition_id>", "1")
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "is_token_page", False) and "<" in rule.rule
    ]
    assert len(rules) > 10
    for rule in rules:
        path = re.sub("<.*?>", "cut-short", rule)
        answer = client.open(path, method="DELETE")
        assert answer.status_code == 405, path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path
        assert "script-src" not in answer.headers["Content-Security-Policy"], path
        assert "cut-short" not in without_secrets(f"Invalid request line: 'GET {path} HTTP/9'"), path


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/deploy/settings.env",
        "/config.py",
        "/static",
        "/static/",
        "/static/../config.py",
        "/static/%2e%2e/config.py",
        "/static/css/",
        "/static//etc/passwd",
        "/data/../config.py",
        "/data/%2e%2e%2fconfig.py",
        "/openapi.yaml.bak",
    ],
)
def test_nothing_but_what_is_published_can_be_fetched(client: PageCheckingClient, path: str) -> None:
    assert client.get(path, follow_redirects=True).status_code == 404


@pytest.mark.database("sqlite")
def test_every_answer_says_what_it_is_and_in_which_letters(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    for path in (
        "/",
        "/nowhere",
        "/site.css",
        "/robots.txt",
        "/sitemap.xml",
        "/petitions.csv",
        "/petitions.atom",
        "/petitions.json",
        f"/petitions/{petition.id}.json",
        f"/petitions/{petition.id}/timeline.atom",
        f"/petitions/{petition.id}/count.json",
        "/.well-known/security.txt",
        "/healthz",
    ):
        kind = client.get(path).headers["Content-Type"]
        assert kind == "application/json" or kind.endswith("; charset=utf-8"), (path, kind)
