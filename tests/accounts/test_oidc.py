"""Staff may sign in with their office's account, where one is configured: by an issuer that really signs, over HTTP."""

import http.client
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import select

from petitions.extensions import db
from petitions.models import Staff, StaffSession
from tests import authenticator, build
from tests.issuer import CLIENT, SECRET, Issuer
from tests.staff_history import actions
from tests.staff_visitor import StaffVisitor

START = "/staff/oidc"
MAREN = {"sub": "maren-7", "email": "Maren@Staff.Example.org", "email_verified": True, "amr": ["pwd", "mfa"]}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """The body's own sign-in, with Maren at it."""
    issuer = Issuer(person=dict(MAREN))
    yield issuer
    issuer.close()


@pytest.fixture
def site(make_app: Callable[..., Flask], issuer: Issuer) -> Iterator[Flask]:
    """A site that knows the issuer and asks for a second factor."""
    app = make_app(
        oidc_issuer=issuer.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        second_factor="required",
    )
    with app.app_context():
        yield app


@pytest.fixture
def maren(site: Flask) -> Staff:
    """Who works here."""
    return build.staff("moderator", email="maren@staff.example.org", name="Maren Holt")


def there_and_back(visitor: StaffVisitor, start: str = START) -> str:
    """Go to the issuer as a browser does. Returns the path of the way back."""
    away = urlsplit(visitor.get(start).location)
    page = http.client.HTTPConnection(away.netloc, timeout=10)
    page.request("GET", f"{away.path}?{away.query}")
    back = urlsplit(page.getresponse().headers["Location"])
    page.close()
    assert back.netloc == "localhost"
    return f"{back.path}?{back.query}"


def test_who_works_here_comes_in_and_is_known_from_then_on(site: Flask, issuer: Issuer, maren: Staff) -> None:
    visitor = StaffVisitor(site)
    assert START in visitor.get("/staff/sign-in").text
    came = visitor.get(there_and_back(visitor))
    assert (came.status_code, came.location) == (303, "/staff")
    assert "Maren Holt" in visitor.get("/staff").text
    assert maren.oidc_subject == "maren-7"
    assert actions() == ["oidc_bound", "signed_in"]
    issuer.person["email"] = "another@staff.example.org"
    other = StaffVisitor(site)
    assert other.get(there_and_back(other)).status_code == 303, "the mark counts, not the address"


def test_the_person_comes_to_where_they_were_going(site: Flask, maren: Staff) -> None:
    visitor = StaffVisitor(site)
    assert visitor.get(there_and_back(visitor, f"{START}?next=/staff/queue")).location == "/staff/queue"
    other = StaffVisitor(site)
    assert other.get(there_and_back(other, f"{START}?next=//evil.example")).location == "/staff"


@pytest.mark.parametrize("methods", [["pwd"], [], None])
def test_without_a_second_factor_there_ours_is_asked_for(
    site: Flask, issuer: Issuer, maren: Staff, methods: Any
) -> None:
    issuer.person["amr"] = methods
    authenticator.give(maren)
    visitor = StaffVisitor(site)
    visitor.get(there_and_back(visitor))
    assert visitor.get("/staff").location.startswith("/staff/second-factor")
    assert visitor.post_on("/staff/second-factor", code=authenticator.code()).status_code == 303
    assert visitor.get("/staff").status_code == 200


@pytest.mark.parametrize(
    "person",
    [
        {"email": "nobody@staff.example.org"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
    ],
)
def test_nobody_is_let_in_who_was_not_invited(
    site: Flask, issuer: Issuer, maren: Staff, person: dict[str, Any]
) -> None:
    issuer.person |= person
    visitor = StaffVisitor(site)
    answer = visitor.get(there_and_back(visitor))
    assert answer.status_code == 422
    assert "Ask an administrator to invite you" in answer.text
    assert db.session.execute(select(StaffSession)).first() is None
    assert maren.oidc_subject is None


def test_an_address_that_is_tied_to_somebody_there_is_not_given_to_another(
    site: Flask, issuer: Issuer, maren: Staff
) -> None:
    visitor = StaffVisitor(site)
    visitor.get(there_and_back(visitor))
    issuer.person["sub"] = "mallory-8"
    thief = StaffVisitor(site)
    assert thief.get(there_and_back(thief)).status_code == 422


def test_who_was_let_go_does_not_come_in(site: Flask, issuer: Issuer) -> None:
    build.staff("moderator", email="maren@staff.example.org", is_active=False, oidc_subject="maren-7")
    visitor = StaffVisitor(site)
    assert visitor.get(there_and_back(visitor)).status_code == 422


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody else"},
        {"exp": int(time.time()) - 3600},
        {"nonce": "another"},
        {"sub": 7},
        {"amr": "mfa"},
    ],
)
def test_what_is_not_for_us_now_is_not_believed(
    site: Flask, issuer: Issuer, maren: Staff, lies: dict[str, Any]
) -> None:
    issuer.lies = lies
    visitor = StaffVisitor(site)
    answer = visitor.get(there_and_back(visitor))
    assert answer.status_code == 422
    assert "not finished" in answer.text
    assert visitor.get("/staff").status_code == 303


def test_what_another_key_signed_is_not_believed(site: Flask, issuer: Issuer, maren: Staff) -> None:
    issuer.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    visitor = StaffVisitor(site)
    assert visitor.get(there_and_back(visitor)).status_code == 422


def test_a_way_back_is_good_for_the_browser_that_went_and_once(site: Flask, maren: Staff) -> None:
    visitor, other = StaffVisitor(site), StaffVisitor(site)
    back = there_and_back(visitor)
    assert other.get(back).status_code == 422
    assert visitor.get(back).status_code == 303
    assert visitor.get(back).status_code == 422


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=y", "?error=access_denied&state=y", "?code=%00&state=1"]
)
def test_a_made_up_way_back_is_a_clear_page(site: Flask, query: str) -> None:
    answer = StaffVisitor(site).get(f"{START}/callback{query}")
    assert answer.status_code in {400, 422}


def test_an_issuer_that_is_away_is_said_so(site: Flask, issuer: Issuer, maren: Staff) -> None:
    issuer.close()
    answer = StaffVisitor(site).get(START)
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert StaffVisitor(site).sign_in(maren.email).status_code == 303, "the password still works"


def test_without_an_issuer_there_is_no_such_page_and_no_button(app: Flask) -> None:
    visitor = StaffVisitor(app)
    assert START not in visitor.get("/staff/sign-in").text
    for path in (START, f"{START}/callback"):
        assert visitor.get(path).status_code == 404
