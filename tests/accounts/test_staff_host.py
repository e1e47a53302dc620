"""Staff pages on a host of their own: found there and nowhere else, and what is public is not found there."""

import pytest
from flask import Flask

from tests import build
from tests.client import PageCheckingClient
from tests.staff_visitor import StaffVisitor

PUBLIC, STAFF = "https://petitions.example.org", "https://staff.petitions.example.org"

pytestmark = pytest.mark.settings(base_url=PUBLIC, staff_host="staff.petitions.example.org")


def test_staff_pages_are_on_their_host_alone(client: PageCheckingClient) -> None:
    assert client.get("/staff/sign-in", base_url=STAFF).status_code == 200
    assert client.get("/staff", base_url=STAFF).location == "/staff/sign-in?next=/staff"
    for method in ("GET", "POST"):
        assert client.open("/staff/sign-in", method=method, base_url=PUBLIC).status_code == 404


def test_public_pages_are_on_theirs_alone(client: PageCheckingClient) -> None:
    assert client.get("/help", base_url=PUBLIC).status_code == 200
    led = client.get("/petitions?q=bus", base_url=STAFF)
    assert (led.status_code, led.location) == (303, f"{PUBLIC}/petitions?q=bus")
    assert client.post("/petitions/new", base_url=STAFF).status_code == 404


def test_both_have_the_style_sheet_and_answer_the_load_balancer(client: PageCheckingClient) -> None:
    for host in (PUBLIC, STAFF):
        assert client.get("/site.css", base_url=host).status_code == 200
        assert client.get("/healthz", base_url=host).status_code == 200


def test_a_host_that_is_neither_is_refused(client: PageCheckingClient) -> None:
    assert client.get("/staff/sign-in", base_url="https://evil.example").status_code == 400


def test_the_cookie_is_for_that_host_alone(client: PageCheckingClient) -> None:
    (header,) = client.get("/staff/sign-in", base_url=STAFF).headers.getlist("Set-Cookie")
    parts = {part.strip().lower() for part in header.split(";")}
    assert {"path=/staff", "secure", "httponly", "samesite=lax"} <= parts
    assert not any(part.startswith("domain") for part in parts)


@pytest.mark.settings(
    app_env="production", mail_url="smtp://127.0.0.1:1", second_factor="required", redis_url=""
)
def test_no_neighbour_of_that_host_can_set_the_cookie(client: PageCheckingClient) -> None:
    (header,) = client.get("/staff/sign-in", base_url=STAFF).headers.getlist("Set-Cookie")
    assert header.startswith("__Host-staff=")
    assert "Path=/;" in header + ";"
    assert "Secure" in header
    assert "Set-Cookie" not in client.get("/site.css", base_url=STAFF).headers


def test_links_in_mails_to_staff_lead_there(app: Flask) -> None:
    person = build.staff("moderator")
    client = StaffVisitor(app).client
    page = client.get("/staff/reset", base_url=STAFF).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"csrf_token": token, "email": person.email}
    headers = {"Referer": f"{STAFF}/staff/reset"}
    assert client.post("/staff/reset", base_url=STAFF, data=form, headers=headers).status_code == 200
    build.work()
    (mail,) = build.captured(person.email)
    assert f"{STAFF}/staff/reset/" in build.text_of(mail)


def test_a_mailed_link_works_in_a_browser_that_sends_no_referrer(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["staff", "first", "noor@staff.example.org"]).output
    link = printed.strip().rpartition("\n")[2]
    assert link.startswith(f"{STAFF}/staff/invitations/")
    password = "gulls over the harbour wall"
    form = {"name": "Noor", "password": password, "again": password}
    answer = app.test_client().post(
        link.removeprefix(STAFF), base_url=STAFF, data=form, headers={"Origin": "null"}
    )
    assert answer.status_code == 303
