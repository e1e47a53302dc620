"""A password alone opens nothing: a code of an app is asked for, each works once, and a lost app is no end."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.accounts import proving
from petitions.extensions import db
from petitions.models import AuditEntry, Authenticator, RecoveryCode, Staff, StaffSession
from tests import authenticator, build, world
from tests.staff_history import actions
from tests.staff_visitor import StaffVisitor

pytestmark = pytest.mark.settings(second_factor="required")

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
CODE = "/staff/second-factor"
NEW = "/staff/second-factor/new"


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Somebody who set up an app."""
    person = build.staff("moderator")
    authenticator.give(person, "abcde-fghjk", "mnpqr-stuvw")
    return person


def test_the_first_sign_in_leads_to_setting_up_an_app_and_then_to_ten_recovery_codes(app: Flask) -> None:
    person = build.staff("moderator")
    visitor = StaffVisitor(app, person)
    assert visitor.get("/staff").location == CODE + "?next=/staff"
    assert visitor.get(CODE).location == NEW
    page = visitor.get(NEW).text
    secret = authenticator.key_on(page)
    assert "<svg" in page
    assert f"secret={secret}" in page
    assert visitor.post_on(NEW, code="000000").status_code == 422
    assert authenticator.key_on(visitor.get(NEW).text) == secret, "a typing error does not change the key"
    done = visitor.post_on(NEW, code=authenticator.code(secret))
    assert done.status_code == 201
    shown = re.findall(r">([a-z2-9]{5}-[a-z2-9]{5})</code>", done.text)
    assert len(set(shown)) == 10
    assert visitor.get("/staff").status_code == 200
    kept = db.session.get(Authenticator, person.id)
    assert kept is not None
    assert kept.secret == secret
    assert secret.encode() not in (kept.secret_sealed or b"")
    assert actions() == ["signed_in", "second_factor_set_up"]
    build.work()
    (mail,) = build.captured(person.email, "second_factor_changed")
    assert "an authenticator app was set up" in build.text_of(mail)


def test_looking_at_the_page_stores_nothing(app: Flask) -> None:
    visitor = StaffVisitor(app, build.staff("moderator"))
    visitor.get(NEW)
    assert db.session.execute(select(Authenticator)).first() is None


def test_the_key_in_the_cookie_cannot_be_read(app: Flask) -> None:
    visitor = StaffVisitor(app, build.staff("moderator"))
    secret = authenticator.key_on(visitor.get(NEW).text)
    with visitor.client.session_transaction(base_url="http://localhost/staff") as kept:
        assert secret not in repr(dict(kept))
        assert kept["new_app"]


def test_a_code_opens_what_the_password_did_not_and_leads_where_the_person_was_going(
    app: Flask, moderator: Staff
) -> None:
    visitor = authenticator.half_open(app, moderator)
    asked = visitor.get("/staff/queue?age=late")
    assert asked.location == CODE + "?next=/staff/queue?age%3Dlate"
    (back,) = re.findall(r'name="next" value="([^"]+)"', visitor.get(asked.location).text)
    answer = visitor.post_on(CODE, code=authenticator.code(), next=back)
    assert (answer.status_code, answer.location) == (303, "/staff/queue?age=late")
    assert visitor.get(answer.location).status_code == 200
    assert visitor.get(CODE).status_code == 303, "it is not asked for twice"


def test_the_session_gets_another_token_when_it_opens(app: Flask, moderator: Staff) -> None:
    visitor = authenticator.half_open(app, moderator)
    copied = visitor.client.get_cookie("staff", path="/staff")
    assert copied is not None
    visitor.post_on(CODE, code=authenticator.code())
    thief = StaffVisitor(app)
    thief.client.set_cookie("staff", copied.value, path="/staff")
    assert thief.get("/staff").location.startswith("/staff/sign-in")


# Who may enter is decided before a page asks the database for anything of its own.
@pytest.mark.database("sqlite")
def test_no_staff_page_opens_before_the_code(app: Flask) -> None:
    found = world.make()
    boss = db.session.get_one(Staff, next(iter(found.staff.values())))
    authenticator.give(boss)
    visitor = authenticator.half_open(app, boss)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', visitor.get(CODE).text)[0]
    opened, seen = set(), 0
    for method in ("GET", "POST"):
        for rule in world.rules(app, method):
            view = app.view_functions[rule.endpoint]
            if not rule.rule.startswith("/staff") or not hasattr(view, "permission"):
                continue
            if rule.endpoint == "accounts.sign_out":
                continue
            seen += 1
            path = world.paths(app, found, rule)[0]
            data = {"csrf_token": token} if method == "POST" else None
            answer = visitor.client.open(path, method=method, data=data)
            if answer.status_code != 303 or not answer.location.startswith(CODE):
                opened.add(rule.endpoint)
    assert seen > 60
    assert opened == {"accounts.second_factor"}, "only the page that asks for the code answers by itself"


def test_a_code_works_once(app: Flask, moderator: Staff) -> None:
    with clock.fixed(NOON):
        authenticator.opened(app, moderator)
        other = authenticator.half_open(app, moderator)
        again = other.post_on(CODE, code=authenticator.code())
        assert again.status_code == 422
        assert "Each code works once" in again.text
        assert other.get("/staff").status_code == 303
    with clock.fixed(NOON + timedelta(seconds=30)):
        assert other.post_on(CODE, code=authenticator.code()).status_code == 303


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(("later", "status"), [(-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)])
def test_a_telephone_may_be_half_a_minute_wrong_and_no_more(
    app: Flask, moderator: Staff, later: int, status: int
) -> None:
    with clock.fixed(NOON):
        visitor = authenticator.half_open(app, moderator)
        assert visitor.post_on(CODE, code=authenticator.code(later=later)).status_code == status


def test_a_code_before_the_newest_that_was_used_is_too_old(app: Flask, moderator: Staff) -> None:
    with clock.fixed(NOON):
        authenticator.opened(app, moderator, later=30)
        visitor = authenticator.half_open(app, moderator)
        assert visitor.post_on(CODE, code=authenticator.code()).status_code == 422


def test_the_same_code_from_eight_places_at_once_opens_one(app: Flask, moderator: Staff) -> None:
    visitors = [authenticator.half_open(app, moderator) for _ in range(8)]
    sessions = [row.id for row in db.session.execute(select(StaffSession)).scalars()]
    assert len(sessions) == len(visitors)
    code, person, outcomes = authenticator.code(), moderator.id, []
    db.session.rollback()
    start = threading.Barrier(len(sessions))

    def show(session_id: int) -> None:
        with app.app_context():
            by = db.session.get_one(Staff, person)
            start.wait()
            try:
                proving.show_code(session_id=session_id, code=code, by=by)
                outcomes.append(True)
            except proving.WrongCode:
                outcomes.append(False)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=show, args=(each,)) for each in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 7 + [True]
    db.session.rollback()
    proved = [row.proved_at is not None for row in db.session.execute(select(StaffSession)).scalars()]
    assert proved.count(True) == 1


def test_a_recovery_code_opens_once_however_it_is_typed(app: Flask, moderator: Staff) -> None:
    visitor = authenticator.half_open(app, moderator)
    assert visitor.post_on(CODE, code=" ABCDE fghjk").status_code == 303
    assert visitor.get("/staff").status_code == 200
    other = authenticator.half_open(app, moderator)
    assert other.post_on(CODE, code="abcde-fghjk").status_code == 422
    assert other.post_on(CODE, code="mnpqr-stuvw").status_code == 303
    assert actions().count("recovery_code_used") == 2


def test_a_recovery_code_is_somebodys_own(app: Flask, moderator: Staff) -> None:
    other = build.staff("moderator")
    authenticator.give(other)
    visitor = authenticator.half_open(app, other)
    assert visitor.post_on(CODE, code="abcde-fghjk").status_code == 422


def test_recovery_codes_are_kept_as_hashes_that_need_our_key(app: Flask, moderator: Staff) -> None:
    for row in db.session.execute(select(RecoveryCode)).scalars():
        assert len(row.code_hash) == 32
        assert b"abcde" not in row.code_hash


def test_a_stolen_password_cannot_set_up_another_app(app: Flask, moderator: Staff) -> None:
    thief = authenticator.half_open(app, moderator)
    assert thief.get(NEW).location == CODE
    with app.app_context():
        (session,) = db.session.execute(select(StaffSession)).scalars()
        secret = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
        with pytest.raises(proving.AppIsThere):
            proving.set_up(
                session_id=session.id,
                secret=secret,
                code=authenticator.code(secret),
                by=db.session.get_one(Staff, moderator.id),
            )


def test_another_telephone_ends_the_one_before(app: Flask, moderator: Staff) -> None:
    with clock.fixed(NOON - timedelta(minutes=2)):
        elsewhere = authenticator.opened(app, moderator)
        assert elsewhere.get("/staff").status_code == 200
    with clock.fixed(NOON):
        visitor = authenticator.opened(app, moderator)
        secret = authenticator.key_on(visitor.get(NEW).text)
        done = visitor.post_on(NEW, code=authenticator.code(secret))
        assert done.status_code == 201
        assert secret != authenticator.SECRET
        assert visitor.get("/staff").status_code == 200
        assert elsewhere.get("/staff").status_code == 303, "whoever had the old one is out"
    with clock.fixed(NOON + timedelta(minutes=5)):
        other = authenticator.half_open(app, moderator)
        assert other.post_on(CODE, code=authenticator.code()).status_code == 422
        assert other.post_on(CODE, code="abcde-fghjk").status_code == 422, "the old recovery codes are gone"
        assert other.post_on(CODE, code=authenticator.code(secret)).status_code == 303


def test_a_wrong_code_is_in_the_log(app: Flask, moderator: Staff, caplog: pytest.LogCaptureFixture) -> None:
    authenticator.half_open(app, moderator).post_on(CODE, code="000000")
    assert f"refused: a wrong code of staff {moderator.id}" in caplog.messages


def test_guessing_codes_is_slowed_down(app: Flask, moderator: Staff) -> None:
    with clock.fixed(NOON):
        visitor = authenticator.half_open(app, moderator)
        statuses = [visitor.post_on(CODE, code=f"00000{n}").status_code for n in range(6)]
        assert statuses == [422] * 5 + [429]
        assert visitor.post_on(CODE, code=authenticator.code()).status_code == 429
    with clock.fixed(NOON + timedelta(seconds=2)):
        assert visitor.post_on(CODE, code=authenticator.code()).status_code == 303


def test_an_administrator_resets_it_for_who_lost_everything(app: Flask, moderator: Staff) -> None:
    boss = build.staff("administrator")
    authenticator.give(boss)
    theirs = authenticator.opened(app, moderator)
    answer = authenticator.opened(app, boss).post(f"/staff/people/{moderator.id}/second-factor")
    assert answer.status_code == 303
    assert theirs.get("/staff").location.startswith("/staff/sign-in")
    assert StaffVisitor(app, moderator).get(CODE).location == NEW
    line = db.session.execute(
        select(AuditEntry).where(AuditEntry.action == "second_factor_reset")
    ).scalar_one()
    assert (line.staff_id, line.details["person"]) == (boss.id, moderator.id)
    build.work()
    (mail,) = build.captured(moderator.email, "second_factor_changed")
    assert "an administrator reset your second factor" in build.text_of(mail)


@pytest.mark.settings(second_factor="off")
def test_off_asks_for_a_password_alone(app: Flask, moderator: Staff) -> None:
    assert StaffVisitor(app, moderator).get("/staff").status_code == 200
