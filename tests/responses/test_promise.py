"""What a department promised is public, and so is whether it kept it: asked after six and after twelve months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import CommitmentCheck, Duty, Kept, Staff
from petitions.responses import commitment_actions
from petitions.worker import schedule
from tests import build
from tests.client import PageCheckingClient
from tests.faults.race import together
from tests.responses.answering import drafted, published, told
from tests.responses.conftest import StaffBrowser

SignIn = Callable[[Staff], StaffBrowser]
AUGUST = datetime(2026, 8, 31, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stand_in_august(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(AUGUST):
        yield


def work() -> None:
    """Let a worker that has just started do what is due."""
    schedule.prepare()
    build.work()


def checks() -> list[tuple[int, str | None]]:
    """After how many months was asked, and what was said."""
    found = db.session.execute(select(CommitmentCheck).order_by(CommitmentCheck.months)).scalars()
    return [(row.months, row.kept.value if row.kept else None) for row in found]


def at(moment: datetime) -> None:
    """Let the worker work at a moment."""
    with clock.fixed(moment):
        work()


def test_a_promise_is_followed_for_a_year(
    duty: Duty, official: Staff, sign_in: SignIn, client: PageCheckingClient
) -> None:
    published(duty, official)
    page, browser = f"/staff/duties/{duty.id}/commitments", sign_in(official)
    reply = browser.post(page, page, promise="Nineteen towns get a bus.", due_on="2027-05-01")
    assert (reply.status_code, reply.location) == (303, page)
    public = client.get(f"/petitions/{duty.petition_id}").text
    assert "Nineteen towns get a bus." in public
    assert "By 1 May 2027." in public
    # 31 August and six months is the last day of February.
    at(datetime(2027, 2, 28, 8, 59, tzinfo=UTC))
    assert checks() == []
    at(datetime(2027, 3, 1, 9, tzinfo=UTC))
    at(datetime(2027, 3, 1, 19, tzinfo=UTC))
    assert checks() == [(6, None)]
    (mail,) = told()
    assert mail["To"] == official.email
    assert "Say whether this was kept: Nineteen towns get a bus. By 1 May." in build.text_of(mail)
    with clock.fixed(datetime(2027, 3, 2, 9, tzinfo=UTC)):
        browser = sign_in(official)
        public = client.get(f"/petitions/{duty.petition_id}").text
        assert "No answer yet" in public
        assert "Asked after 6 months, on 1 March 2027." in public
        asked = build.extract_link(mail, "/commitments")
        assert "Say whether it was kept" in browser.get(asked).text
        answer = f"{page}/{commitment_actions.commitments_of(1)[0].id}"
        refused = browser.post(answer, answer, kept="partly", note="")
        assert refused.status_code == 422
        assert "Say why it was not kept" in refused.text
        assert browser.post(answer, answer, kept="partly", note="Twelve towns so far.").status_code == 303
        public = client.get(f"/petitions/{duty.petition_id}").text
        assert "Partly kept" in public
        assert "Twelve towns so far." in public
        assert "There is nothing to say now." in browser.get(answer).text
    at(datetime(2027, 8, 31, 10, tzinfo=UTC))
    assert checks() == [(6, "partly"), (12, None)]
    at(datetime(2029, 8, 31, 10, tzinfo=UTC))
    assert len(checks()) == 2
    assert len(told()) == 2


def test_what_was_kept_is_not_asked_about_again(duty: Duty, official: Staff) -> None:
    published(duty, official)
    promised = commitment_actions.add(duty.id, promise="A bus.", due_on=None, by=official)
    at(AUGUST + timedelta(days=190))
    commitment_actions.answer(promised.id, months=6, kept=Kept.KEPT, note="", by=official)
    with pytest.raises(StateChanged):
        commitment_actions.answer(promised.id, months=6, kept=Kept.NOT_KEPT, note="No.", by=official)
    with pytest.raises(NotFound):
        commitment_actions.answer(promised.id, months=12, kept=Kept.KEPT, note="", by=official)
    at(AUGUST + timedelta(days=400))
    assert checks() == [(6, "kept")]


def test_nothing_is_promised_before_the_answer(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    drafted(duty, official)
    with pytest.raises(StateChanged):
        commitment_actions.add(duty.id, promise="A bus.", due_on=None, by=official)
    assert sign_in(official).get(f"/staff/duties/{duty.id}/commitments").status_code == 404


def test_another_department_neither_promises_nor_answers(
    duty: Duty, official: Staff, sign_in: SignIn
) -> None:
    published(duty, official)
    promised = commitment_actions.add(duty.id, promise="A bus.", due_on=date(2027, 1, 1), by=official)
    stranger = build.staff("official", department=build.department("Trade"))
    page = f"/staff/duties/{duty.id}/commitments"
    assert sign_in(stranger).get(page).status_code == 404
    assert sign_in(stranger).get(f"{page}/{promised.id}").status_code == 404
    with pytest.raises(NotFound):
        commitment_actions.add(duty.id, promise="Two.", due_on=None, by=stranger)


def test_many_workers_ask_once(app: Flask, duty: Duty, official: Staff) -> None:
    published(duty, official)
    promised = commitment_actions.add(duty.id, promise="A bus.", due_on=None, by=official)
    build.change(promised, created_at=AUGUST - timedelta(days=400))
    db.session.rollback()
    together(app, [commitment_actions.ask_due] * 8)
    assert checks() == [(6, None), (12, None)]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("promise", " ", "Write what was promised."),
        ("promise", "x" * 501, "Shorten this by 1 character."),
        ("due_on", "soon", "Enter a date such as"),
    ],
)
def test_a_promise_that_is_none_is_refused(
    duty: Duty, official: Staff, sign_in: SignIn, field: str, value: str, sentence: str
) -> None:
    published(duty, official)
    page = f"/staff/duties/{duty.id}/commitments"
    reply = sign_in(official).post(page, page, **({"promise": "A bus.", "due_on": ""} | {field: value}))
    assert reply.status_code == 422
    assert sentence in reply.text
