"""Staff may sign in with their office's account, where one is configured: by an issuer that really signs, over HTTP."""

import http.client
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import select

from petitions import clock
from petitions.extensions import db
from petitions.models import Staff, StaffSession
from tests import authenticator, build
from tests.issuer import CLIENT, SECRET, Issuer
from tests.reading import Page
from tests.staff_history import actions
from tests.staff_visitor import StaffVisitor, token_on

#: What the identity provider says is judged before anybody is looked for in the database.
ON_ONE = pytest.mark.database("sqlite")
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


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "methods", [["pwd"], ["otp"], ["fpt", "face"], ["pwd", "pin"], ["hwk", "user"], [], None]
)
def test_without_a_second_factor_there_ours_is_asked_for(
    site: Flask, issuer: Issuer, maren: Staff, methods: Any
) -> None:
    """One method is one factor, whichever it is, and so are two of one kind."""
    issuer.person["amr"] = methods
    authenticator.give(maren)
    visitor = StaffVisitor(site)
    visitor.get(there_and_back(visitor))
    assert visitor.get("/staff").location.startswith("/staff/second-factor")
    assert visitor.post_on("/staff/second-factor", code=authenticator.code()).status_code == 303
    assert visitor.get("/staff").status_code == 200


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "said",
    [{"amr": ["mfa"]}, {"amr": ["pwd", "otp"]}, {"amr": ["pin", "hwk"]}, {"amr": ["pwd"], "acr": "gold"}],
)
def test_two_different_factors_there_are_enough(
    make_app: Callable[..., Flask], issuer: Issuer, said: dict[str, Any]
) -> None:
    app = make_app(
        oidc_issuer=issuer.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_acr="gold",
        second_factor="required",
    )
    issuer.person = MAREN | said
    with app.app_context():
        build.staff("moderator", email="maren@staff.example.org", name="Maren Holt")
        visitor = StaffVisitor(app)
        visitor.get(there_and_back(visitor))
        assert visitor.get("/staff").status_code == 200


def test_who_signs_in_only_there_shows_it_there_again_and_loses_nothing(site: Flask, issuer: Issuer) -> None:
    """The page of the question keeps what was posted; the issuer is asked in another tab, and must ask the person anew."""
    boss = build.staff("administrator", email="maren@staff.example.org", name="Maren Holt")
    build.change(boss, password_hash=None)
    colleague = build.staff("moderator")
    visitor = StaffVisitor(site)
    visitor.get(there_and_back(visitor))
    path = f"/staff/people/{colleague.id}"
    with clock.fixed(clock.now() + timedelta(minutes=15)):
        sent = {"csrf_token": token_on(visitor.get(path).text), "name": "Mo Derator", "roles": ["auditor"]}
        asked = visitor.client.post(path, data=sent)
        assert asked.status_code == 422
        waiting = Page(asked.text).forms[-1].first_values()
        assert waiting["roles"] == "auditor", "it waits in the page"
        issuer.person["auth_time"] = int(clock.now().timestamp()) - 600
        refused = visitor.get(there_and_back(visitor, f"{START}?again=1"))
        assert refused.status_code == 422, "a cookie at the issuer is nobody who sits there"
        assert "has not told us yet" in visitor.client.post(path, data=waiting).text
        issuer.person |= {"auth_time": int(clock.now().timestamp()), "sub": "mallory-8"}
        assert visitor.get(there_and_back(visitor, f"{START}?again=1")).status_code == 422
        issuer.person["sub"] = MAREN["sub"]
        assert "It is still you" in visitor.get(there_and_back(visitor, f"{START}?again=1")).text
        assert issuer.prompts[-1] == "login"
        assert visitor.client.post(path, data=waiting).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Staff, colleague.id).roles == {"auditor"}
    assert db.session.get_one(Staff, boss.id).is_active


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


@ON_ONE
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


@ON_ONE
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


@ON_ONE
@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=y", "?error=access_denied&state=y", "?code=%00&state=1"]
)
def test_a_made_up_way_back_is_a_clear_page(site: Flask, query: str) -> None:
    answer = StaffVisitor(site).get(f"{START}/callback{query}")
    assert answer.status_code in {400, 422}


@ON_ONE
def test_an_issuer_that_is_away_is_said_so(site: Flask, issuer: Issuer, maren: Staff) -> None:
    issuer.close()
    answer = StaffVisitor(site).get(START)
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert StaffVisitor(site).sign_in(maren.email).status_code == 303, "the password still works"


@ON_ONE
def test_without_an_issuer_there_is_no_such_page_and_no_button(app: Flask) -> None:
    visitor = StaffVisitor(app)
    assert START not in visitor.get("/staff/sign-in").text
    for path in (START, f"{START}/callback"):
        assert visitor.get(path).status_code == 404


@pytest.mark.database("sqlite")
def test_a_link_on_another_site_signs_nobody_in(site: Flask, maren: Staff) -> None:
    """The issuer may know the browser and ask nothing: then only the press of our own button says that somebody wants it."""
    visitor = StaffVisitor(site)
    for elsewhere in ("cross-site", "same-site"):
        led = visitor.client.get(START, headers={"Sec-Fetch-Site": elsewhere})
        assert (led.status_code, led.location) == (303, "/staff/sign-in")
    assert visitor.client.get(START, headers={"Sec-Fetch-Site": "same-origin"}).location.startswith("http")
