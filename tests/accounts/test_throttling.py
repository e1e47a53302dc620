"""Guessing one address costs more and more time; nobody is locked out, and nobody learns whether it is somebody's."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.accounts import throttling
from petitions.extensions import db
from petitions.models import SignInFailure, Staff
from petitions.upkeep import purging
from tests import build
from tests.staff_visitor import StaffVisitor

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
WRONG = "not the password at all"


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Somebody who may sign in."""
    return build.staff("moderator")


def test_after_five_wrong_tries_each_further_one_waits_longer(app: Flask, moderator: Staff) -> None:
    visitor, moment = StaffVisitor(app), NOON
    with clock.fixed(moment):
        assert [visitor.sign_in(moderator.email, WRONG).status_code for _ in range(5)] == [422] * 5
    for wait in (1, 2, 4, 8):
        with clock.fixed(moment + timedelta(seconds=wait - 0.5)):
            early = visitor.sign_in(moderator.email)
            assert (early.status_code, early.headers["Retry-After"]) == (429, "1")
            assert "Too many wrong tries. Wait 1 second, then try again." in early.text
        moment += timedelta(seconds=wait)
        with clock.fixed(moment):
            assert visitor.sign_in(moderator.email, WRONG).status_code == 422


def test_the_right_password_after_the_wait_works_and_ends_it(app: Flask, moderator: Staff) -> None:
    visitor = StaffVisitor(app)
    with clock.fixed(NOON):
        for _ in range(5):
            visitor.sign_in(moderator.email, WRONG)
        assert visitor.sign_in(moderator.email).status_code == 429
    with clock.fixed(NOON + timedelta(seconds=1)):
        assert visitor.sign_in(moderator.email).status_code == 303
    assert db.session.execute(select(SignInFailure)).first() is None


def test_an_address_that_nobody_has_waits_the_same(app: Flask) -> None:
    visitor = StaffVisitor(app)
    with clock.fixed(NOON):
        statuses = [visitor.sign_in("nobody@staff.example.org", WRONG).status_code for _ in range(7)]
    assert statuses == [422] * 5 + [429] * 2


def test_others_do_not_wait(app: Flask, moderator: Staff) -> None:
    visitor = StaffVisitor(app)
    with clock.fixed(NOON):
        for _ in range(6):
            visitor.sign_in("nobody@staff.example.org", WRONG)
        assert visitor.sign_in(moderator.email).status_code == 303


def test_nobody_ever_waits_more_than_five_minutes() -> None:
    waits = [throttling.wait_after(failures) for failures in range(0, 40)]
    assert waits[:9] == [0, 0, 0, 0, 0, 1, 2, 4, 8]
    assert max(waits) == 300
    assert waits == sorted(waits)
    assert throttling.wait_after(10**6) == 300


def test_the_row_does_not_say_whose_address_it_is(app: Flask, moderator: Staff) -> None:
    StaffVisitor(app).sign_in(f" {moderator.email.upper()}", WRONG)
    row = db.session.execute(select(SignInFailure)).scalar_one()
    assert row.email_hash == throttling.address_key(moderator.email)
    assert len(row.email_hash) == 32


def test_a_day_later_all_is_forgotten(app: Flask, moderator: Staff) -> None:
    visitor = StaffVisitor(app)
    with clock.fixed(NOON):
        for _ in range(6):
            visitor.sign_in(moderator.email, WRONG)
    with clock.fixed(NOON + timedelta(days=1, seconds=1)):
        assert visitor.sign_in(moderator.email, WRONG).status_code == 422
        assert db.session.execute(select(SignInFailure.failures)).scalar_one() == 1
    with clock.fixed(NOON + timedelta(days=3)):
        purging.purge()
        assert db.session.execute(select(SignInFailure)).first() is None
