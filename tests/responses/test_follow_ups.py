"""The overseeing body asks for a better answer: a new duty, and the first answer stays where it is."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from petitions import clock
from petitions.duties.duty_clock import status
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import Commitment, Duty, ResponseVersion, Staff
from petitions.responses import follow_ups, queries
from tests import build
from tests.client import PageCheckingClient
from tests.invariants import check
from tests.responses.conftest import StaffBrowser

SignIn = Callable[[Staff], StaffBrowser]
REASON = "It speaks of buses by day; the petition asks for buses at night."


def on(day: int, month: int = 11) -> datetime:
    """Noon of a day."""
    return datetime(2026, month, day, 12, tzinfo=UTC)


@pytest.fixture
def duty(app: Flask) -> Duty:
    """Reached on 2 November, due on the 23rd."""
    with clock.fixed(on(2)):
        return build.cross(build.open_petition(departments=[build.department("Department of Transport")]))


@pytest.fixture
def overseer(app: Flask) -> Staff:
    return build.staff("overseer")


@pytest.fixture
def answered(duty: Duty) -> Duty:
    """Answered on 20 November."""
    with clock.fixed(on(20)):
        build.answer(duty, summary="There are buses by day.")
    return fresh(duty.id)


def fresh(duty_id: int) -> Duty:
    """The duty as the database has it now."""
    db.session.rollback()
    return db.session.get_one(Duty, duty_id)


def test_a_better_answer_is_owed_by_the_same_rule_from_the_day_it_is_asked_for(
    answered: Duty, overseer: Staff
) -> None:
    official = build.staff("official", department=answered.department)
    with clock.fixed(on(25)):
        asked = fresh(follow_ups.ask_for_better(answered.id, reason=REASON, by=overseer).id)
        assert (asked.round, asked.due_on, asked.department_id) == (
            2,
            date(2026, 12, 16),
            answered.department_id,
        )
        assert status(asked).sentence == "The Department of Transport owes a better answer by 16 December."
        assert status(asked).detail == f"A better answer was asked for on 25 November: {REASON}"
        build.work()
    (mail,) = build.captured(to=official.email, kind="duty_created")
    assert "A better answer is owed" in mail["Subject"]
    assert REASON in " ".join(build.text_of(mail).split())
    (mail,) = build.captured(kind="follow_up_asked")
    assert mail["To"] == build.creator_of(fresh(answered.id).petition).email
    assert "The petitions committee found that the answer to your petition was not enough" in build.text_of(
        mail
    )
    check()


def test_both_answers_and_both_duties_stand_on_the_page(
    answered: Duty, overseer: Staff, client: PageCheckingClient
) -> None:
    page = f"/petitions/{answered.petition_id}"
    with clock.fixed(on(25)):
        asked_id = follow_ups.ask_for_better(answered.id, reason=REASON, by=overseer).id
        shown = client.get(page).text
        for words in (
            "The Department of Transport answered 3 days early.",
            "There are buses by day.",
            "The Department of Transport owes a better answer by 16 December; 21 days left.",
            "The petitions committee asked for a better answer",
        ):
            assert words in shown
        assert REASON in client.get("/accountability").text
    with clock.fixed(on(18, 12)):
        build.answer(fresh(asked_id), summary="There will be buses at night.")
        shown = client.get(page).text
        for words in (
            "The Department of Transport answered 3 days early.",
            "The Department of Transport answered again, 2 days late.",
            "The Department of Transport answered again</a>",
            "There will be buses at night.",
            "There are buses by day.",
        ):
            assert words in shown
        board = queries.board()
        assert [row.duty.round for row in board.answered] == [2, 1]
        assert (
            queries.statuses_of([answered.petition_id])[answered.petition_id].short == "answered, 2 days late"
        )
    check()


def test_each_answer_keeps_its_versions_and_promises(
    answered: Duty, overseer: Staff, client: PageCheckingClient
) -> None:
    first = queries.response_of(answered.petition_id)
    assert first is not None
    build.add(
        ResponseVersion(
            response_id=first.id, version=2, summary="There are some buses by day.", body="Some."
        ),
    )
    build.add(Commitment(response_id=first.id, promise="Two more buses by day."))
    with clock.fixed(on(25)):
        asked_id = follow_ups.ask_for_better(answered.id, reason=REASON, by=overseer).id
        build.answer(fresh(asked_id), summary="There will be buses at night.")
        shown = client.get(f"/petitions/{answered.petition_id}").text
        page = f"/petitions/{answered.petition_id}/response/versions?answer={first.id}"
        assert page in shown
        assert "Two more buses by day." in shown, "what was promised stays promised"
        assert "There are some buses by day." in client.get(page).text
        assert client.get(page + "999").status_code == 404


def test_only_the_last_answer_can_be_found_wanting_and_once(duty: Duty, overseer: Staff) -> None:
    with pytest.raises(StateChanged):
        follow_ups.ask_for_better(duty.id, reason=REASON, by=overseer)
    with clock.fixed(on(20)):
        build.answer(duty)
        asked_id = follow_ups.ask_for_better(duty.id, reason=REASON, by=overseer).id
        for number in (duty.id, asked_id):
            with pytest.raises(StateChanged):
                follow_ups.ask_for_better(number, reason=REASON, by=overseer)
        build.answer(fresh(asked_id))
        assert follow_ups.ask_for_better(asked_id, reason=REASON, by=overseer).round == 3
    check()


def test_debates_and_refused_petitions_are_not_answered_better(answered: Duty, overseer: Staff) -> None:
    debate = build.cross(fresh(answered.id).petition, "debate")
    build.change(debate, answered_at=on(21))
    with pytest.raises(StateChanged):
        follow_ups.ask_for_better(debate.id, reason=REASON, by=overseer)
    build.change(fresh(answered.id).petition, state="hidden", hidden_at=on(21))
    with pytest.raises(StateChanged):
        follow_ups.ask_for_better(answered.id, reason=REASON, by=overseer)


def test_the_page_asks_for_the_reason_and_leads_to_the_new_duty(
    answered: Duty, overseer: Staff, sign_in: SignIn
) -> None:
    page, browser = f"/staff/duties/{answered.id}", sign_in(overseer)
    assert browser.post(f"{page}/follow-ups", page, **{"follow-reason": ""}).status_code == 422
    reply = browser.post(f"{page}/follow-ups", page, **{"follow-reason": REASON})
    assert (reply.status_code, reply.location != page) == (303, True)
    assert "owes a better answer" in browser.get(reply.location).text
    assert "Ask for a better answer" not in browser.get(page).text
    official = sign_in(build.staff("official", department=fresh(answered.id).department))
    assert official.post(f"{page}/follow-ups", page, **{"follow-reason": REASON}).status_code == 404
