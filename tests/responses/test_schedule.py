"""An answer that waits for its moment: nobody outside sees it before, it goes out once, and only as it was agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import clock, lifecycle
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.lifecycle import Event
from petitions.models import AuditEntry, Department, Duty, Response, ResponseVersion, Staff
from petitions.responses import approvals, duty_actions, response_actions, scheduling
from petitions.responses.errors import NotApproved
from petitions.worker import schedule
from tests import build
from tests.client import PageCheckingClient
from tests.faults.race import together
from tests.reading import Page
from tests.responses.answering import drafted, response_to, told, words
from tests.responses.conftest import StaffBrowser

SignIn = Callable[[Staff], StaffBrowser]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=3)


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(NOON):
        yield


def scheduled(duty: Duty, by: Staff, at: datetime = LATER) -> Response:
    """An answer that waits."""
    drafted(duty, by)
    scheduling.schedule(duty.id, draft_version=1, publish_at=at, by=by)
    return response_to(duty)


def work() -> None:
    """Let a worker that has just started do what is due."""
    schedule.prepare()
    build.work()


def mails_of_failure() -> list[tuple[str, str]]:
    """Whom it was told that an answer was not published, and why."""
    return [(mail["To"], " ".join(build.text_of(mail).split())) for mail in told()]


def test_nobody_outside_sees_it_before_and_then_it_is_everywhere(
    duty: Duty, official: Staff, sign_in: SignIn, client: PageCheckingClient
) -> None:
    petition_id = duty.petition_id
    signer = build.signature(duty.petition, wants_updates=True)
    drafted(duty, official)
    browser, base = sign_in(official), f"/staff/duties/{duty.id}/response"
    reply = browser.post(
        f"{base}/schedule", f"{base}/preview", draft_version="1", publish_at="2026-11-23T12:00"
    )
    assert reply.status_code == 303
    assert response_to(duty).publish_at == LATER
    assert "published by itself on 23 November 2026" in browser.get(f"/staff/duties/{duty.id}").text
    public = (
        "/",
        "/petitions",
        "/petitions?state=with_response",
        f"/petitions/{petition_id}",
        f"/petitions/{petition_id}/count.json",
        "/accountability",
        "/departments/department-of-transport",
    )
    for moment in (NOON, LATER - timedelta(seconds=1)):
        with clock.fixed(moment):
            work()
            for path in public:
                assert words().summary not in client.get(path).text, path
            assert "awaiting" not in client.get(f"/petitions/{petition_id}/response/versions").text
            assert client.get(f"/petitions/{petition_id}/response/versions").status_code == 404
            assert client.get(f"/petitions/{petition_id}/count.json").json["government_response_at"] is None  # type: ignore[index]
    assert build.captured(to=signer.email, kind="response_published") == []
    with clock.fixed(LATER + timedelta(minutes=1)):
        work()
        assert words().summary in client.get(f"/petitions/{petition_id}").text
        assert words().summary in client.get("/").text
    assert response_to(duty).published_at == LATER + timedelta(minutes=1), "the moment it really was"
    assert len(build.captured(to=signer.email, kind="response_published")) == 1


def test_on_time_counts_by_the_real_publication(
    duty: Duty, official: Staff, client: PageCheckingClient
) -> None:
    due = NOON + timedelta(days=21)
    scheduled(duty, official, due)
    with clock.fixed(due + timedelta(days=2)):
        work()
        assert "answered 2 days late" in client.get(f"/petitions/{duty.petition_id}").text


def test_the_second_of_two_who_set_the_moment_is_told_the_moment_of_the_first(
    duty: Duty, official: Staff, transport: Department, sign_in: SignIn
) -> None:
    drafted(duty, official)
    base = f"/staff/duties/{duty.id}/response"
    first, second = sign_in(official), sign_in(build.staff("approver", department=transport))
    forms = [form.first_values() for form in Page(first.get(f"{base}/preview").text).forms]
    (seen,) = [form["seen"] for form in forms if "seen" in form]
    sent = {"draft_version": "1", "seen": seen}
    assert (
        first.post(f"{base}/schedule", f"{base}/preview", publish_at="2026-11-23T12:00", **sent).status_code
        == 303
    )
    reply = second.post(f"{base}/schedule", f"{base}/preview", publish_at="2026-11-24T09:00", **sent)
    assert reply.status_code == 422
    assert "Somebody else set 23 November 2026, 12:00 meanwhile." in reply.text
    assert 'value="2026-11-24T09:00"' in reply.text
    assert response_to(duty).publish_at == LATER


def test_it_can_be_taken_off_the_schedule(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    scheduled(duty, official)
    base = f"/staff/duties/{duty.id}/response"
    browser = sign_in(official)
    for _ in range(2):
        assert browser.post(f"{base}/unschedule", base).status_code == 303
    with clock.fixed(LATER + timedelta(days=1)):
        work()
    assert response_to(duty).published_at is None
    actions = list(db.session.execute(select(AuditEntry.action).order_by(AuditEntry.id)).scalars())
    assert actions.count("response_unscheduled") == 1


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("", "Enter the day and the time."),
        ("tomorrow", "Enter a day and a time such as"),
        ("2026-11-20T11:59", "Enter a time that is still to come."),
        ("2028-11-20T12:00", "Enter a time within a year."),
        ("2027-03-28T01:30", "The clocks go forward then"),
        ("0001-01-01T00:00", "Enter a day and a time such as"),
        ("2026-13-41T00:00", "Enter a day and a time such as"),
    ],
)
def test_a_moment_that_is_none_is_refused(
    duty: Duty, official: Staff, sign_in: SignIn, moment: str, sentence: str
) -> None:
    drafted(duty, official)
    base = f"/staff/duties/{duty.id}/response"
    reply = sign_in(official).post(
        f"{base}/schedule", f"{base}/preview", draft_version="1", publish_at=moment
    )
    assert reply.status_code == 422
    assert sentence in reply.text
    assert response_to(duty).publish_at is None


def test_the_moment_is_in_the_sites_zone(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    drafted(duty, official)
    base = f"/staff/duties/{duty.id}/response"
    sign_in(official).post(
        f"{base}/schedule", f"{base}/preview", draft_version="1", publish_at="2027-06-01T09:00"
    )
    assert response_to(duty).publish_at == datetime(2027, 6, 1, 8, tzinfo=UTC), "summer time"


def test_an_edit_takes_it_off_the_schedule_and_tells_who_put_it_there(
    duty: Duty, official: Staff, transport: Department
) -> None:
    scheduled(duty, official)
    other = build.staff("approver", department=transport)
    response_actions.save_draft(duty.id, words=words(summary="Other words."), draft_version=1, by=other)
    with clock.fixed(LATER + timedelta(days=1)):
        work()
    assert response_to(duty).published_at is None
    ((told, text),) = mails_of_failure()
    assert told == official.email
    assert "The words were changed after it was scheduled." in text
    assert "23 November 2026, 12:00" in text


def test_what_was_taken_down_meanwhile_is_not_published(duty: Duty, official: Staff) -> None:
    scheduled(duty, official)

    @transactional
    def take_down() -> None:
        lifecycle.move(duty.petition, Event.HIDE, hidden_at=clock.now())

    take_down()
    with clock.fixed(LATER + timedelta(minutes=1)):
        work()
        work()
    assert response_to(duty).published_at is None
    ((told, text),) = mails_of_failure()
    assert told == official.email
    assert "The petition was taken down." in text


def test_what_another_department_owes_by_then_is_not_published(duty: Duty, official: Staff) -> None:
    scheduled(duty, official)
    trade = build.department("Department of Trade")
    duty_actions.transfer(duty.id, department_id=trade.id, reason="Theirs.", by=build.staff("administrator"))
    with clock.fixed(LATER + timedelta(minutes=1)):
        work()
    assert response_to(duty).published_at is None
    assert ["Another department owes the answer now." in text for _, text in mails_of_failure()] == [True]


def test_what_somebody_scheduled_who_is_gone_is_told_to_the_department(
    duty: Duty, official: Staff, transport: Department
) -> None:
    scheduled(duty, official)
    colleague = build.staff("approver", department=transport)
    build.change(official, is_active=False)
    with clock.fixed(LATER + timedelta(minutes=1)):
        work()
    assert response_to(duty).published_at is None
    ((told, text),) = mails_of_failure()
    assert told == colleague.email
    assert "no longer let in" in text


@pytest.mark.settings(response_approval=True)
def test_it_waits_only_when_approved_and_is_not_published_when_it_lost_that(
    duty: Duty, official: Staff, transport: Department
) -> None:
    drafted(duty, official)
    with pytest.raises(NotApproved):
        scheduling.schedule(duty.id, draft_version=1, publish_at=LATER, by=official)
    approvals.approve(duty.id, draft_version=1, by=build.staff("approver", department=transport))
    scheduling.schedule(duty.id, draft_version=1, publish_at=LATER, by=official)
    build.change(response_to(duty), approved_version=None, approved_by_id=None)
    with clock.fixed(LATER + timedelta(minutes=1)):
        work()
    assert response_to(duty).published_at is None
    assert ["No second person has approved the words." in text for _, text in mails_of_failure()] == [True]


def test_what_was_published_by_hand_is_not_published_again(duty: Duty, official: Staff) -> None:
    scheduled(duty, official)
    response_actions.publish(duty.id, draft_version=1, by=official)
    with pytest.raises(StateChanged):
        scheduling.schedule(duty.id, draft_version=1, publish_at=LATER, by=official)
    with clock.fixed(LATER + timedelta(minutes=1)):
        work()
    assert db.session.execute(select(func.count()).select_from(ResponseVersion)).scalar_one() == 1


def test_many_workers_at_once_publish_it_once(app: Flask, duty: Duty, official: Staff) -> None:
    scheduled(duty, official, NOON + timedelta(minutes=1))
    build.change(response_to(duty), publish_at=NOON)
    db.session.rollback()
    together(app, [scheduling.publish_due] * 8)
    assert response_to(duty).published_at is not None
    assert db.session.execute(select(func.count()).select_from(ResponseVersion)).scalar_one() == 1
    lines = select(func.count()).where(AuditEntry.action == "response_published")
    assert db.session.execute(lines).scalar_one() == 1
