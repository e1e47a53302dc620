"""Signing in: the right password and nothing else, the same answer to everybody else, a session that ends."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from itsdangerous.encoding import base64_decode
from sqlalchemy import select, update

from petitions import clock
from petitions.accounts import forms, throttling
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import AuditEntry, Staff, StaffSession
from petitions.staffing import passwords
from tests import build
from tests.staff_visitor import SIGN_IN, StaffVisitor

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Somebody who may sign in."""
    return build.staff("moderator")


@pytest.fixture
def visitor(app: Flask) -> StaffVisitor:
    """A browser in which nobody is signed in."""
    return StaffVisitor(app)


def sessions() -> list[StaffSession]:
    """Every session there is."""
    return list(db.session.execute(select(StaffSession).order_by(StaffSession.id)).scalars())


def actions() -> list[str]:
    """What the history says was done."""
    return list(db.session.execute(select(AuditEntry.action).order_by(AuditEntry.id)).scalars())


@transactional
def let_go(staff: Staff) -> None:
    """Say that somebody works here no more, without ending where they are signed in."""
    db.session.execute(update(Staff).where(Staff.id == staff.id).values(is_active=False))


def test_signing_in_leads_to_what_there_is_to_do(visitor: StaffVisitor, moderator: Staff) -> None:
    response = visitor.sign_in(moderator.email)
    assert (response.status_code, response.location) == (303, "/staff")
    page = visitor.get("/staff")
    assert page.status_code == 200
    assert moderator.name in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert actions() == ["signed_in"]


def test_the_address_is_the_same_in_capitals(visitor: StaffVisitor, moderator: Staff) -> None:
    assert visitor.sign_in(f"  {moderator.email.upper()} ").status_code == 303


def test_a_stranger_is_sent_to_sign_in_and_comes_back(visitor: StaffVisitor, moderator: Staff) -> None:
    asked = visitor.get("/staff/queue?age=late")
    assert (asked.status_code, asked.location) == (303, "/staff/sign-in?next=/staff/queue?age%3Dlate")
    page = visitor.get(asked.location).text
    (back,) = re.findall(r'name="next" value="([^"]+)"', page)
    assert visitor.sign_in(moderator.email, next=back).location == "/staff/queue?age=late"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example/staff",
        "/\\evil.example",
        "/staff\\@evil.example",
        "/staff@evil.example",
        "/staff.evil",
        "javascript:alert(1)",
        "/petitions",
        "/staff/\n//evil.example",
        "/staff/" + "a" * 600,
    ],
)
def test_signing_in_leads_nowhere_else(visitor: StaffVisitor, moderator: Staff, elsewhere: str) -> None:
    assert forms.safe_next(elsewhere) is None
    assert visitor.sign_in(moderator.email, next=elsewhere).location == "/staff"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    visitor: StaffVisitor, moderator: Staff
) -> None:
    answers = [
        visitor.sign_in(moderator.email, "not the password at all"),
        visitor.sign_in("nobody@staff.example.org", "not the password at all"),
    ]
    let_go(moderator)
    answers.append(visitor.sign_in(moderator.email))
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    pages = {re.sub(r'value="[^"]*"', "", answer.text).replace(moderator.email, "X") for answer in answers}
    assert len(pages) == 1
    assert "There is a problem" in pages.pop()
    assert sessions() == []
    assert actions() == []


def test_an_unknown_address_costs_as_much_as_a_known_one() -> None:
    assert passwords.NOBODY.startswith(f"{passwords.METHOD}$")
    assert passwords.matches(None, "") is False


def test_a_password_is_kept_as_scrypt_at_the_cost_owasp_asks_for() -> None:
    password = passwords.make()
    kept = passwords.hashed(password)
    assert kept.startswith("scrypt:131072:8:1$")
    assert passwords.matches(kept, password)
    assert not passwords.matches(kept, password + "x")
    for wrong in ("eleven char", "x" * 257):
        with pytest.raises(ValueError, match="12 to 256"):
            passwords.hashed(wrong)


@pytest.mark.parametrize(
    "fields",
    [
        {"email": ""},
        {"password": ""},
        {"email": "a" * 300},
        {"password": "p" * 300},
        {"email": "a\x00b@example.org"},
    ],
)
def test_a_form_that_is_not_filled_in_is_shown_again(
    visitor: StaffVisitor, moderator: Staff, fields: dict[str, str]
) -> None:
    response = visitor.sign_in(**({"email": moderator.email, "password": build.PASSWORD} | fields))
    assert response.status_code == 422
    assert sessions() == []


def test_a_form_without_its_token_is_refused(visitor: StaffVisitor, moderator: Staff) -> None:
    form = {"email": moderator.email, "password": build.PASSWORD}
    assert visitor.client.post(SIGN_IN, data=form).status_code == 400
    visitor.get(SIGN_IN)
    assert visitor.client.post(SIGN_IN, data=form | {"csrf_token": "made up"}).status_code == 400
    assert sessions() == []


@pytest.mark.settings(ratelimit_enabled="yes")
def test_guessing_is_slowed_down(visitor: StaffVisitor, moderator: Staff) -> None:
    tries = [visitor.sign_in(f"{number}@staff.example.org", "not the password") for number in range(11)]
    assert [answer.status_code for answer in tries] == [422] * 10 + [429]
    assert 0 < int(tries[-1].headers["Retry-After"]) <= 61


def test_signing_in_again_starts_another_session(visitor: StaffVisitor, moderator: Staff) -> None:
    visitor.get(SIGN_IN)
    before = visitor.client.get_cookie("staff", path="/staff")
    assert before is not None
    visitor.sign_in(moderator.email)
    after = visitor.client.get_cookie("staff", path="/staff")
    assert after is not None
    assert before.value != after.value
    (session,) = sessions()
    assert len(session.token_hash) == 32
    assert session.token_hash.hex() not in after.value


def test_the_cookie_is_for_staff_pages_alone(app: Flask, moderator: Staff) -> None:
    visitor = StaffVisitor(app)
    (header,) = visitor.sign_in(moderator.email).headers.getlist("Set-Cookie")
    assert {"HttpOnly", "Path=/staff", "SameSite=Lax"} <= {part.strip() for part in header.split(";")}
    assert "Set-Cookie" not in visitor.get("/help").headers


def test_half_an_hour_without_a_page_signs_out(app: Flask, moderator: Staff) -> None:
    with clock.fixed(NOON):
        visitor = StaffVisitor(app, moderator)
    with clock.fixed(NOON + timedelta(minutes=30)):
        assert visitor.get("/staff").status_code == 200
    with clock.fixed(NOON + timedelta(minutes=60, seconds=1)):
        assert visitor.get("/staff").status_code == 303


def test_pages_in_between_keep_somebody_signed_in_for_twelve_hours_at_most(
    app: Flask, moderator: Staff
) -> None:
    with clock.fixed(NOON):
        visitor = StaffVisitor(app, moderator)
    for minutes in range(25, 12 * 60, 25):
        with clock.fixed(NOON + timedelta(minutes=minutes)):
            assert visitor.get("/staff").status_code == 200
    with clock.fixed(NOON + timedelta(hours=12)):
        assert visitor.get("/staff").status_code == 303


def test_a_session_that_was_ended_cannot_be_used_again(app: Flask, moderator: Staff) -> None:
    visitor = StaffVisitor(app, moderator)
    stolen = visitor.client.get_cookie("staff", path="/staff")
    assert stolen is not None
    response = visitor.post("/staff/sign-out")
    assert (response.status_code, response.location) == (303, SIGN_IN)
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = StaffVisitor(app)
    thief.client.set_cookie("staff", stolen.value, path="/staff")
    for browser in (visitor, thief):
        assert browser.get("/staff").status_code == 303
    assert actions() == ["signed_in", "signed_out"]


def test_whoever_works_here_no_more_is_out_at_once(app: Flask, moderator: Staff) -> None:
    visitor = StaffVisitor(app, moderator)
    let_go(moderator)
    assert visitor.get("/staff").status_code == 303


def test_looking_at_pages_writes_nothing(app: Flask, moderator: Staff) -> None:
    with clock.fixed(NOON):
        visitor = StaffVisitor(app, moderator)
    (before,) = [(row.last_seen_at, row.ended_at) for row in sessions()]
    with clock.fixed(NOON + timedelta(minutes=10)):
        for path in ("/staff", "/staff/queue", "/staff/petitions", SIGN_IN):
            visitor.get(path)
    assert [(row.last_seen_at, row.ended_at) for row in sessions()] == [before]
    assert actions() == ["signed_in"]


def test_who_is_signed_in_need_not_sign_in(app: Flask, moderator: Staff) -> None:
    response = StaffVisitor(app, moderator).get(SIGN_IN)
    assert (response.status_code, response.location) == (303, "/staff")


def test_who_is_let_go_while_the_password_is_checked_does_not_get_in(
    visitor: StaffVisitor, moderator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    check, email, staff_id = passwords.matches, moderator.email, moderator.id
    db.session.rollback()

    def slow_check(password_hash: str | None, password: str) -> bool:
        matched = check(password_hash, password)
        let_go(db.session.get_one(Staff, staff_id))
        return matched

    monkeypatch.setattr(passwords, "matches", slow_check)
    assert visitor.sign_in(email).status_code == 422
    assert sessions() == []


def test_a_password_replaced_while_it_was_checked_does_not_open(
    visitor: StaffVisitor, moderator: Staff
) -> None:
    from petitions.accounts.actions import start_session

    assert start_session(by=moderator, password_hash="the one before") is None
    assert sessions() == []


@pytest.mark.database("sqlite")
def test_a_wrong_password_is_in_the_log_without_an_address(
    visitor: StaffVisitor, moderator: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    visitor.sign_in(moderator.email, "not the password")
    visitor.sign_in("nobody@staff.example.org", "not the password")
    assert [line for line in caplog.messages if line.startswith("refused")] == [
        f"refused: a wrong password of staff {moderator.id}",
        "refused: a wrong password of nobody here",
    ]


@pytest.mark.database("sqlite")
def test_what_a_role_may_not_do_is_in_the_log(
    app: Flask, moderator: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    assert StaffVisitor(app, moderator).get("/staff/people").status_code == 404
    assert f"refused: staff {moderator.id} has no permission people_see" in caplog.messages


def test_more_guesses_at_once_than_a_process_can_compare_are_sent_away(
    visitor: StaffVisitor, moderator: Staff
) -> None:
    """Each costs a third of a second and 128 MiB: those who sign petitions need the rest of the process."""
    with throttling.at_work(), throttling.at_work():
        busy = visitor.sign_in(moderator.email)
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
        assert "your password was not looked at. Wait 5 seconds" in busy.text
        assert f'value="{moderator.email}"' in busy.text, "nobody types it twice"
    assert visitor.sign_in(moderator.email).status_code == 303
    assert actions() == ["signed_in"]


@pytest.mark.database("sqlite")
def test_the_cookie_is_signed_with_sha_256(app: Flask) -> None:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    signature = serializer.dumps({"seen": 1}).rpartition(".")[2]
    assert len(base64_decode(signature)) == 32, "SHA-1, the library's own choice, makes 20 bytes"
