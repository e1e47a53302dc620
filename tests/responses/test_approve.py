"""Where a second person must approve an answer, nothing else is published than the words that person read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import Department, Duty, ResponseVersion, Staff
from petitions.responses import approvals, duty_actions, response_actions
from petitions.responses.errors import DraftChanged, NotApproved, NotComplete, OwnWords
from tests import build
from tests.faults.race import together
from tests.responses.answering import drafted, response_to, told, words
from tests.responses.conftest import StaffBrowser

pytestmark = pytest.mark.settings(response_approval=True)
SignIn = Callable[[Staff], StaffBrowser]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(NOON):
        yield


@pytest.fixture
def approver(transport: Department) -> Staff:
    return build.staff("approver", department=transport)


def test_an_official_asks_an_approver_approves_then_it_is_published(
    duty: Duty, official: Staff, approver: Staff, sign_in: SignIn
) -> None:
    drafted(duty, official)
    base = f"/staff/duties/{duty.id}/response"
    writer, second = sign_in(official), sign_in(approver)
    page = writer.get(f"{base}/preview").text
    assert "Ask for approval" in page
    assert "Publish the answer" not in page
    assert writer.post(f"{base}/publish", f"{base}/preview", draft_version="1").status_code == 303
    assert response_to(duty).published_at is None, "not without approval"
    assert writer.post(f"{base}/ask", f"{base}/preview", draft_version="1").status_code == 303
    assert "Somebody was asked to approve it" in writer.get(f"{base}/preview").text
    assert words().summary in second.get("/staff").text, "it stands on the front, before any mail"
    (mail,) = told()
    assert mail["To"] == approver.email
    path = build.extract_link(mail, "/response/preview")
    assert "Approve these words" in second.get(path).text
    assert second.post(f"{base}/approve", path, draft_version="1").status_code == 303
    page = writer.get(f"{base}/preview").text
    assert f"By {approver.name}." in page
    assert words().summary not in second.get("/staff").text
    assert writer.post(f"{base}/publish", f"{base}/preview", draft_version="1").status_code == 303
    assert response_to(duty).published_at == NOON


def test_any_later_edit_voids_the_approval(duty: Duty, official: Staff, approver: Staff) -> None:
    drafted(duty, official)
    approvals.approve(duty.id, draft_version=1, by=approver)
    response_actions.save_draft(duty.id, words=words(summary="We run two."), draft_version=1, by=official)
    with pytest.raises(NotApproved):
        response_actions.publish(duty.id, draft_version=2, by=official)
    with pytest.raises(DraftChanged):
        approvals.approve(duty.id, draft_version=1, by=approver)
    response_actions.save_draft(duty.id, words=words(), draft_version=2, by=official)
    with pytest.raises(NotApproved):
        response_actions.publish(duty.id, draft_version=3, by=official)


def test_nobody_approves_what_they_wrote_last(
    duty: Duty, official: Staff, approver: Staff, sign_in: SignIn
) -> None:
    drafted(duty, official)
    response_actions.save_draft(duty.id, words=words(summary="Mine."), draft_version=1, by=approver)
    with pytest.raises(OwnWords):
        approvals.approve(duty.id, draft_version=2, by=approver)
    assert (
        "Approve these words" not in sign_in(approver).get(f"/staff/duties/{duty.id}/response/preview").text
    )


def test_words_that_somebody_else_brought_back_stay_their_author_s(
    duty: Duty, official: Staff, approver: Staff, transport: Department
) -> None:
    drafted(duty, approver)
    response_actions.save_draft(duty.id, words=words(summary="Else."), draft_version=1, by=official)
    response_actions.bring_back(duty.id, version=1, draft_version=2, by=official)
    with pytest.raises(OwnWords):
        approvals.approve(duty.id, draft_version=3, by=approver)
    another = build.staff("approver", department=transport)
    assert approvals.approvers(duty, response_to(duty)) == [another], "an author is not asked either"
    approvals.approve(duty.id, draft_version=3, by=another)


def test_an_approval_does_not_go_along_to_another_department(
    duty: Duty, official: Staff, approver: Staff
) -> None:
    trade = build.department("Trade")
    drafted(duty, official)
    approvals.approve(duty.id, draft_version=1, by=approver)
    duty_actions.transfer(
        duty.id, department_id=trade.id, reason="It is theirs.", by=build.staff("administrator")
    )
    with pytest.raises(NotApproved):
        response_actions.publish(duty.id, draft_version=1, by=build.staff("official", department=trade))
    approvals.approve(duty.id, draft_version=1, by=build.staff("approver", department=trade))


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", ["official", "moderator", "overseer", "press", "auditor"])
def test_only_who_may_approves(duty: Duty, official: Staff, transport: Department, role: str) -> None:
    drafted(duty, official)
    with pytest.raises(NotFound):
        approvals.approve(duty.id, draft_version=1, by=build.staff(role, department=transport))
    with pytest.raises(NotFound):
        approvals.approve(
            duty.id, draft_version=1, by=build.staff("approver", department=build.department("Trade"))
        )
    approvals.approve(duty.id, draft_version=1, by=build.staff("administrator"))


def test_where_a_department_has_no_approver_administrators_are_asked(duty: Duty, official: Staff) -> None:
    drafted(duty, official)
    administrator = build.staff("administrator")
    assert approvals.ask(duty.id, draft_version=1, by=official) == 1
    assert approvals.ask(duty.id, draft_version=1, by=official) == 0, "each is asked once"
    assert [mail["To"] for mail in told()] == [administrator.email]


def test_nobody_is_asked_about_what_was_changed_since(duty: Duty, official: Staff, approver: Staff) -> None:
    drafted(duty, official)
    approvals.ask(duty.id, draft_version=1, by=official)
    response_actions.save_draft(duty.id, words=words(summary="Else."), draft_version=1, by=official)
    assert told() == []


def test_only_what_is_complete_is_approved(duty: Duty, official: Staff, approver: Staff) -> None:
    drafted(duty, official, words(summary=""))
    with pytest.raises(NotComplete):
        approvals.approve(duty.id, draft_version=1, by=approver)
    with pytest.raises(NotComplete):
        approvals.ask(duty.id, draft_version=1, by=official)


def test_a_later_change_needs_its_own_approval(duty: Duty, official: Staff, approver: Staff) -> None:
    drafted(duty, official)
    approvals.approve(duty.id, draft_version=1, by=approver)
    response_actions.publish(duty.id, draft_version=1, by=official)
    with pytest.raises(StateChanged):
        approvals.approve(duty.id, draft_version=1, by=approver)
    response_actions.save_draft(duty.id, words=words(summary="Not at all."), draft_version=1, by=official)
    change = {"reason": "Why.", "tell": False, "by": official}
    with pytest.raises(NotApproved):
        response_actions.change(duty.id, draft_version=2, **change)
    approvals.approve(duty.id, draft_version=2, by=approver)
    response_actions.change(duty.id, draft_version=2, **change)
    assert response_to(duty).summary == "Not at all."


@pytest.mark.parametrize("first", ["approve", "edit"])
def test_eight_at_once_publish_only_what_was_approved(
    app: Flask, duty: Duty, official: Staff, approver: Staff, first: str
) -> None:
    """However approving, editing and publishing meet: what is public was read by the second person, word for word."""
    drafted(duty, official)
    duty_id, writer, second = duty.id, official.id, approver.id
    if first == "approve":
        approvals.approve(duty_id, draft_version=1, by=approver)

    def by(staff_id: int) -> Staff:
        return db.session.get_one(Staff, staff_id)

    def edit() -> object:
        said = words(summary="Never approved.")
        return response_actions.save_draft(duty_id, words=said, draft_version=1, by=by(writer))

    def approve() -> object:
        return approvals.approve(duty_id, draft_version=1, by=by(second))

    def publish() -> object:
        return response_actions.publish(duty_id, draft_version=1, by=by(writer))

    db.session.rollback()
    results = together(app, [edit, approve, publish, approve, edit, publish, publish, approve])
    response = response_to(duty)
    shown = db.session.execute(select(ResponseVersion.summary)).scalars().all()
    assert shown == ([words().summary] if response.published_at else [])
    assert (results[2], results[5], results[6]).count(None) == len(shown), "published once, or not at all"
    edited = [result for result in (results[0], results[4]) if result == 2]
    assert len(edited) <= 1
    if edited:
        assert not approvals.is_approved(response), "the edit voids what was approved before it"
