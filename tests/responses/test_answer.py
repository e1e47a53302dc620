"""An official writes, previews and publishes the answer; everybody who asked is told once; later versions stand beside the first."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import audit, clock, lifecycle
from petitions.database import transactional
from petitions.duties.answers import Words
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.lifecycle import Event
from petitions.mail import mailings
from petitions.models import AuditEntry, Department, Duty, Mail, Outcome, Response, ResponseVersion, Staff
from petitions.permissions import Role
from petitions.responses import duty_actions, response_actions
from petitions.responses.errors import DraftChanged, NotComplete
from tests import build
from tests.client import PageCheckingClient
from tests.responses.conftest import StaffBrowser

SignIn = Callable[[Staff], StaffBrowser]
REACHED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WORDS = {
    "summary": "We run night buses from May.",
    "body": "## Why\n\nTwo thirds of riders had **no other way**. See [the plan](https://plan.example.org/a).",
    "outcome": "partly_agreed",
}


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(REACHED):
        yield


def answered(duty: Duty, official: Staff) -> Response:
    """The answer, published as an official would."""
    words = Words(WORDS["summary"], WORDS["body"], Outcome(WORDS["outcome"]))
    response_actions.save_draft(duty.id, words=words, draft_version=0, by=official)
    response_actions.publish(duty.id, draft_version=1, by=official)
    return db.session.execute(select(Response)).scalar_one()


def publish_in_browser(browser: StaffBrowser, duty: Duty) -> None:
    """Write, look at the preview, press the button."""
    write, preview = f"/staff/duties/{duty.id}/response", f"/staff/duties/{duty.id}/response/preview"
    reply = browser.post(write, write, draft_version="0", action="preview", **WORDS)
    assert (reply.status_code, reply.location) == (303, preview)
    page = browser.get(preview).text
    assert "We run night buses from May." in page
    assert "<strong>no other way</strong>" in page
    assert "The Department of Transport answered: Guarantee a night bus" in page, "the mail is shown"
    reply = browser.post(f"/staff/duties/{duty.id}/response/publish", preview, draft_version="1")
    assert (reply.status_code, reply.location) == (303, f"/staff/duties/{duty.id}")


@pytest.mark.parametrize(
    ("days", "status"),
    [
        (20, "answered 1 day early"),
        (21, "answered on time"),
        (22, "answered 1 day late"),
        (33, "answered 12 days late"),
    ],
)
def test_the_page_and_the_board_show_the_answer_and_when_it_came(
    duty: Duty, official: Staff, sign_in: SignIn, client: PageCheckingClient, days: int, status: str
) -> None:
    petition_id, duty_id = duty.petition_id, duty.id
    with clock.fixed(REACHED + timedelta(days=days)):
        publish_in_browser(sign_in(official), duty)
        for path in ("/accountability", "/departments/department-of-transport"):
            assert status.capitalize() in client.get(path).text.replace("Answered,", "Answered")
        page = client.get(f"/petitions/{petition_id}").text
        assert f"The Department of Transport {status}." in page
        assert "We run night buses from May." in page
        assert "<strong>no other way</strong>" in page
    found = db.session.get_one(Duty, duty_id)
    assert found.answered_at == REACHED + timedelta(days=days)
    response = db.session.execute(select(Response)).scalar_one()
    assert response.responded_on == date(2026, 11, 2) + timedelta(days=days)
    actions = list(db.session.execute(select(AuditEntry.action).order_by(AuditEntry.id)).scalars())
    assert actions[-2:] == ["response_drafted", "response_published"]
    assert list(audit.verify()) == []


def test_everybody_who_asked_is_mailed_once_however_often_the_worker_runs(
    duty: Duty, official: Staff
) -> None:
    petition = duty.petition
    asked = build.signatures(petition, 3, wants_updates=True)
    build.signature(petition, wants_updates=False)
    build.signature(petition, wants_updates=True, state="pending")
    build.signature(petition, wants_updates=True, state="withdrawn")
    answered(duty, official)
    for _ in range(3):
        build.work()
    mails = build.captured(kind="response_published")
    expected = {row.email for row in asked} | {build.creator_of(petition).email}
    assert sorted(mail["To"] for mail in mails) == sorted(filter(None, expected))
    text = build.text_of(build.captured(to=asked[0].email, kind="response_published")[0])
    assert "The Department of Transport answered the petition you signed" in text
    assert "Outcome: Partly agreed" in text
    assert "Two thirds of riders had no other way. See the plan (https://plan.example.org/a)." in text
    assert "**" not in text
    assert f"http://localhost/petitions/{petition.id}" in text
    assert mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mailing_that_stops_between_batches_goes_on_where_it_was(
    duty: Duty, official: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.signatures(duty.petition, 5, wants_updates=True)
    answered(duty, official)
    monkeypatch.setattr(mailings, "BATCH", 2)
    assert mailings.feed() == 2
    assert [mailings.feed() for _ in range(4)] == [2, 1, 0, 0]
    wanted = select(func.count()).where(Mail.kind == "response_published", Mail.key.startswith("mailing:"))
    assert db.session.execute(wanted).scalar_one() == 5


def test_who_stopped_the_mails_after_the_mailing_began_gets_none(duty: Duty, official: Staff) -> None:
    signer = build.signature(duty.petition, wants_updates=True)
    answered(duty, official)
    mailings.feed()

    @transactional
    def stop() -> None:
        signer.wants_updates = False

    stop()
    build.work()
    assert build.captured(to=signer.email, kind="response_published") == []


def test_a_change_makes_a_version_and_no_second_mail(
    duty: Duty, official: Staff, sign_in: SignIn, client: PageCheckingClient
) -> None:
    petition_id = duty.petition_id
    build.signature(duty.petition, wants_updates=True)
    answered(duty, official)
    build.work()
    write = f"/staff/duties/{duty.id}/response"
    browser = sign_in(official)
    changed = WORDS | {"body": "We run them from **June**.", "draft_version": "1"}
    reply = browser.post(write, write, action="preview", **changed)
    assert (reply.status_code, reply.location) == (303, f"{write}/preview")
    preview = browser.get(f"{write}/preview").text
    assert "<strong>June</strong>" in preview
    assert "from <strong>June" not in client.get(f"/petitions/{petition_id}").text
    assert "We run them from **June**." in browser.get(write).text, (
        "the change is a draft until it is published"
    )
    refused = browser.post(f"{write}/change", f"{write}/preview", draft_version="2", reason=" ")
    assert refused.status_code == 422
    assert "Give the reason: it is published." in refused.text
    reply = browser.post(f"{write}/change", f"{write}/preview", draft_version="2", reason="It was not May.")
    assert reply.status_code == 303
    build.work()
    assert len(build.captured(kind="response_published")) == 2, "the petitioner and one signer, once each"
    assert "<strong>June</strong>" in client.get(f"/petitions/{petition_id}").text
    versions = client.get(f"/petitions/{petition_id}/response/versions").text
    assert versions.index("Version 2") < versions.index("Version 1")
    assert "no other way" in versions
    assert "It was not May." in versions
    assert "<ins>" in versions
    assert "<del>" in versions
    assert [row.version for row in db.session.execute(select(ResponseVersion)).scalars()] == [1, 2]


def test_a_published_answer_cannot_be_made_incomplete(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    answered(duty, official)
    write = f"/staff/duties/{duty.id}/response"
    browser = sign_in(official)
    browser.post(write, write, action="save", draft_version="1", summary="", body="x", outcome="agreed")
    reply = browser.get(f"{write}/preview")
    assert reply.status_code == 422
    assert "Write a summary." in reply.text
    with pytest.raises(NotComplete):
        response_actions.change(duty.id, draft_version=2, reason="Why.", tell=False, by=official)


def test_the_second_of_two_writers_sees_both_texts_and_loses_nothing(
    duty: Duty, official: Staff, transport: Department, sign_in: SignIn
) -> None:
    write = f"/staff/duties/{duty.id}/response"
    first, second = sign_in(official), sign_in(build.staff("approver", department=transport))
    assert (
        first.post(write, write, draft_version="0", summary="The first text", action="save").status_code
        == 303
    )
    reply = second.post(write, write, draft_version="0", summary="The second text", action="save")
    assert reply.status_code == 409
    assert "The first text" in reply.text
    assert "The second text" in reply.text
    assert 'name="draft_version" type="hidden" value="1"' in reply.text
    assert (
        second.post(write, write, draft_version="1", summary="Both texts", action="save").status_code == 303
    )
    assert db.session.execute(select(Response.summary)).scalar_one() == "Both texts"


def test_only_the_draft_that_was_previewed_is_published(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    duty_id = duty.id
    words = Words("One", "Body", Outcome.AGREED)
    response_actions.save_draft(duty_id, words=words, draft_version=0, by=official)
    response_actions.save_draft(
        duty_id, words=Words("Two", "Body", Outcome.AGREED), draft_version=1, by=official
    )
    with pytest.raises(DraftChanged):
        response_actions.publish(duty_id, draft_version=1, by=official)
    preview = f"/staff/duties/{duty_id}/response/preview"
    reply = sign_in(official).post(f"/staff/duties/{duty_id}/response/publish", preview, draft_version="1")
    assert reply.status_code == 409
    assert "Nothing was done." in reply.text
    assert db.session.get_one(Duty, duty_id).answered_at is None


def test_publishing_twice_is_refused_and_mails_nobody_again(duty: Duty, official: Staff) -> None:
    answered(duty, official)
    with pytest.raises(StateChanged):
        response_actions.publish(duty.id, draft_version=1, by=official)
    build.work()
    assert len(build.captured(kind="response_published")) == 1


def test_an_incomplete_draft_is_kept_but_not_previewed(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    write = f"/staff/duties/{duty.id}/response"
    browser = sign_in(official)
    assert (
        browser.post(write, write, draft_version="0", body="Only this", action="preview").status_code == 303
    )
    page = browser.get(f"{write}/preview")
    assert page.status_code == 422
    for sentence in ("Write a summary.", "Choose what the answer comes to.", "Only this"):
        assert sentence in page.text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("summary", "x" * 201, "Shorten this by 1 character."),
        ("body", "x" * 6003, "Shorten this by 3 characters."),
        ("summary", "turned \u202e round", "Remove the characters that cannot be shown."),
        ("outcome", "maybe", "Choose one of the answers that are offered."),
        ("draft_version", "99999999999999999999", "There is a problem"),
        ("draft_version", "x", "There is a problem"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(
    duty: Duty, official: Staff, sign_in: SignIn, field: str, value: str, sentence: str
) -> None:
    write = f"/staff/duties/{duty.id}/response"
    reply = sign_in(official).post(
        write, write, **(WORDS | {"draft_version": "0", "action": "save", field: value})
    )
    assert reply.status_code == 422
    assert sentence in reply.text
    assert db.session.execute(select(Response)).first() is None


def test_an_answer_to_a_petition_that_was_taken_down_is_not_published(duty: Duty, official: Staff) -> None:
    words = Words("One", "Body", Outcome.AGREED)
    response_actions.save_draft(duty.id, words=words, draft_version=0, by=official)

    @transactional
    def take_down() -> None:
        lifecycle.move(duty.petition, Event.HIDE, hidden_at=clock.now())

    take_down()
    with pytest.raises(StateChanged):
        response_actions.publish(duty.id, draft_version=1, by=official)


def test_words_that_were_taken_down_are_read_by_who_checks_petitions_and_who_was_to_answer(
    duty: Duty, official: Staff, sign_in: SignIn
) -> None:
    @transactional
    def take_down() -> None:
        lifecycle.move(duty.petition, Event.HIDE, hidden_at=clock.now())

    readers = [build.staff("press"), build.staff("approver", department=build.department("Trade"))]
    others = [build.staff("moderator"), official]
    path, action = f"/staff/duties/{duty.id}", duty.petition.action
    for reader in readers:
        assert action in sign_in(reader).get(path).text
    take_down()
    for reader in readers:
        assert sign_in(reader).get(path).status_code == 404
    for reader in others:
        assert action in sign_in(reader).get(path).text


def test_a_duty_given_away_meanwhile_is_not_answered_by_the_department_that_had_it(
    duty: Duty, official: Staff
) -> None:
    words = Words("We will.", "Yes.", Outcome.AGREED)
    response_actions.save_draft(duty.id, words=words, draft_version=0, by=official)
    other = build.department("Department of Trade")
    administrator = build.staff("administrator")
    duty_actions.transfer(duty.id, department_id=other.id, reason="It is about trade.", by=administrator)
    with pytest.raises(NotFound):
        response_actions.publish(duty.id, draft_version=1, by=official)
    with pytest.raises(NotFound):
        response_actions.save_draft(duty.id, words=words, draft_version=1, by=official)
    response_actions.publish(duty.id, draft_version=1, by=administrator)
    with pytest.raises(NotFound):
        response_actions.change(duty.id, draft_version=1, reason="Why.", tell=False, by=official)


def test_versions_of_nothing_are_not_found(client: PageCheckingClient, duty: Duty) -> None:
    assert client.get(f"/petitions/{duty.petition_id}/response/versions").status_code == 404
    assert client.get("/petitions/999999/response/versions").status_code == 404


WRITERS = {Role.OFFICIAL, Role.APPROVER}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("own", [True, False], ids=["own", "another"])
def test_who_may_see_and_who_may_write(
    duty: Duty, transport: Department, sign_in: SignIn, role: Role, own: bool
) -> None:
    department = transport if own else build.department("Department of Trade")
    browser = sign_in(build.staff(role, department=department))
    sees = own or role is not Role.OFFICIAL
    writes = role is Role.ADMINISTRATOR or (own and role in WRITERS)
    page = browser.get(f"/staff/duties/{duty.id}")
    assert page.status_code == (200 if sees else 404)
    assert (f"/staff/duties/{duty.id}/response" in page.text) == writes
    assert browser.get(f"/staff/duties/{duty.id}/response").status_code == (200 if writes else 404)
    moves = "Pause the clock" in page.text
    assert moves == (role in {Role.ADMINISTRATOR, Role.OVERSEER})
    desk = browser.get("/staff/duties")
    assert ("Guarantee a night bus" in desk.text) == sees


def test_strangers_are_sent_to_sign_in(duty: Duty, client: PageCheckingClient) -> None:
    for path in ("/staff/duties", f"/staff/duties/{duty.id}", f"/staff/duties/{duty.id}/response"):
        reply = client.get(path)
        assert reply.status_code == 303
        assert "/staff/sign-in" in reply.location


def test_a_post_without_the_forms_token_is_refused(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    reply = sign_in(official).client.post(
        f"/staff/duties/{duty.id}/response", data=WORDS | {"draft_version": "0"}
    )
    assert reply.status_code == 400
    assert db.session.execute(select(Response)).first() is None
