"""One's own page: name, password, recovery codes, where one is signed in; and the question whether it is still you."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.accounts import browsers
from petitions.extensions import db
from petitions.models import Staff, StaffSession
from tests import authenticator, build
from tests.staff_history import actions
from tests.staff_visitor import StaffVisitor, token_on

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=11)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
NEW = "gulls over the harbour wall"


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Somebody of the staff."""
    return build.staff("moderator", name="Maren Holt")


def test_the_page_shows_where_somebody_is_signed_in_and_signs_out_there(app: Flask, moderator: Staff) -> None:
    with clock.fixed(NOON):
        office = StaffVisitor(app)
        office.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
        office.sign_in(moderator.email)
        home = StaffVisitor(app, moderator)
        page = home.get("/staff/account").text
        assert "Firefox on Windows" in page
        assert "18 November 2026, 12:00" in page
        (path,) = re.findall(r'action="(/staff/account/sessions/\d+/end)"', page)
        assert home.post(path).status_code == 303
        assert office.get("/staff").status_code == 303
        assert home.get("/staff").status_code == 200


def test_the_page_leads_to_the_choice_of_mails(app: Flask, moderator: Staff) -> None:
    for person in (moderator, build.staff("press", email="press@staff.example.org")):
        assert 'href="/staff/account/mails"' in StaffVisitor(app, person).get("/staff/account").text


def test_somebody_signs_out_everywhere_else(app: Flask, moderator: Staff) -> None:
    others = [StaffVisitor(app, moderator) for _ in range(2)]
    here = StaffVisitor(app, moderator)
    assert here.post("/staff/account/sessions/end-others").status_code == 303
    assert here.get("/staff").status_code == 200
    assert {other.get("/staff").status_code for other in others} == {303}
    assert actions("signed_out_elsewhere") == ["signed_out_elsewhere"]


def test_nobody_signs_out_somebody_else(app: Flask, moderator: Staff) -> None:
    theirs = StaffVisitor(app, build.staff("administrator"))
    number = db.session.execute(select(StaffSession.id)).scalar_one()
    assert StaffVisitor(app, moderator).post(f"/staff/account/sessions/{number}/end").status_code == 404
    assert theirs.get("/staff").status_code == 200


def test_another_name_is_ones_own_to_choose(app: Flask, moderator: Staff) -> None:
    visitor = StaffVisitor(app, moderator)
    assert visitor.post("/staff/account/name", name="").status_code == 422
    assert visitor.post("/staff/account/name", name="Maren Holt-Vale").status_code == 303
    assert "Maren Holt-Vale" in visitor.get("/staff/account").text


def test_another_password_needs_the_present_one_and_ends_other_sessions(app: Flask, moderator: Staff) -> None:
    here, there = StaffVisitor(app, moderator), StaffVisitor(app, moderator)
    form = {"present": "not the present one", "password": NEW, "again": NEW}
    wrong = here.post("/staff/account/password", **form)
    assert wrong.status_code == 422
    assert "not your present password" in wrong.text
    assert here.post("/staff/account/password", **(form | {"present": build.PASSWORD})).status_code == 303
    assert here.get("/staff").status_code == 200
    assert there.get("/staff").status_code == 303
    assert StaffVisitor(app).sign_in(moderator.email).status_code == 422
    assert StaffVisitor(app).sign_in(moderator.email, NEW).status_code == 303
    build.work()
    assert len(build.captured(moderator.email, "password_changed")) == 1


def test_guessing_the_present_password_is_slowed_down(app: Flask, moderator: Staff) -> None:
    form = {"present": "not the present one", "password": NEW, "again": NEW}
    with clock.fixed(NOON):
        visitor = StaffVisitor(app, moderator)
        statuses = [visitor.post("/staff/account/password", **form).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_new_recovery_codes_replace_the_old_ones(app: Flask, moderator: Staff) -> None:
    authenticator.give(moderator, "abcde-fghjk")
    visitor = StaffVisitor(app, moderator)
    assert "1 recovery code left" in visitor.get("/staff/account").text
    answer = visitor.post("/staff/account/recovery-codes")
    assert answer.status_code == 201
    assert len(set(re.findall(r">([a-z2-9]{5}-[a-z2-9]{5})</code>", answer.text))) == 10
    assert "10 recovery codes left" in visitor.get("/staff/account").text
    assert actions("recovery_codes_made") == ["recovery_codes_made"]


@pytest.mark.parametrize("answer", [build.PASSWORD, "a code"])
def test_ten_minutes_later_it_is_asked_whether_it_is_still_you_and_nothing_is_lost(
    app: Flask, answer: str
) -> None:
    boss, other = build.staff("administrator"), build.staff("moderator")
    authenticator.give(boss)
    form = {"name": "Robin Renamed", "roles": ["moderator", "press"], "department": ""}
    path = f"/staff/people/{other.id}"
    with clock.fixed(NOON):
        visitor = StaffVisitor(app, boss)
    with clock.fixed(LATER):
        asked = visitor.post(path, **form)
        assert asked.status_code == 422
        assert "still you" in asked.text
        assert other.roles == {"moderator"}
        for kept in ('name="name" value="Robin Renamed"', 'name="roles" value="press"'):
            assert kept in asked.text
        sent = form | {"csrf_token": token_on(asked.text)}
        wrong = visitor.client.post(path, data=sent | {"show_again": "not the password"})
        assert wrong.status_code == 422
        assert other.roles == {"moderator"}
        shown = authenticator.code() if answer == "a code" else answer
        assert visitor.client.post(path, data=sent | {"show_again": shown}).status_code == 303
        assert (other.name, other.roles) == ("Robin Renamed", {"moderator", "press"})
        assert visitor.post(f"{path}/deactivate").status_code == 303, "it is not asked twice"


def test_guessing_there_is_slowed_down_too(app: Flask) -> None:
    boss, other = build.staff("administrator"), build.staff("moderator")
    with clock.fixed(NOON):
        visitor = StaffVisitor(app, boss)
    path = f"/staff/people/{other.id}/deactivate"
    with clock.fixed(LATER):
        tries = [visitor.post(path, show_again=f"wrong number {n}").status_code for n in range(6)]
    assert tries == [422] * 5 + [429]


#: What changes much: who may do what, many things at once, and what leaves the house.
ASKED_FIRST = {
    "accounts.end_other_sessions",
    "accounts.end_session",
    "accounts.recovery_codes",
    "admin.deactivate",
    "admin.export_history",
    "admin.invite_again",
    "admin.new_person",
    "admin.person",
    "admin.reactivate",
    "admin.reset_second_factor",
    "admin.take_back_invitation",
    "scrutiny.start_campaign",
    "scrutiny.undo_campaign",
}


def test_what_changes_much_is_asked_first(app_without_database: Flask) -> None:
    views = app_without_database.view_functions
    asked = {name for name, view in views.items() if getattr(view, "needs_fresh_proof", False)}
    assert asked >= ASKED_FIRST


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Linux"),
        ("curl/8", "a browser that does not say its name"),
        ("", "a browser that does not say its name"),
    ],
)
def test_browsers_are_named_as_their_owners_know_them(
    app_without_database: Flask, agent: str, words: str
) -> None:
    with app_without_database.test_request_context():
        assert browsers.in_words(agent) == words
