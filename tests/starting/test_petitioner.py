"""The petitioner's own page: opening it changes nothing, each button does one thing, once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from petitions import clock, links, suppressions, tokens
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import (
    AuditEntry,
    Mail,
    Petition,
    PetitionText,
    Rejection,
    Signature,
    SignatureState,
)
from petitions.signing import confirming
from petitions.starting import actions
from petitions.starting.lapsing import lapse_due
from petitions.tokens import Purpose
from tests import build
from tests.client import PageCheckingClient
from tests.starting.writing import ADDRESS, ANSWERS, heading

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
TEXT = {"action": "Guarantee night buses", "background": "It is dark.", "additional_details": ""}


def page_of(petition: Petition) -> str:
    return f"/creators/{tokens.sign(Purpose.PETITIONER, petition.id)}"


def fresh(petition: Petition) -> Petition:
    db.session.rollback()
    return db.session.get_one(Petition, petition.id, populate_existing=True)


def actions_of(petition: Petition) -> list[str]:
    lines = select(AuditEntry.action).where(AuditEntry.petition_id == petition.id).order_by(AuditEntry.id)
    return list(db.session.execute(lines).scalars())


def mails(kind: str) -> list[Mail]:
    return list(db.session.execute(select(Mail).where(Mail.kind == kind).order_by(Mail.id)).scalars())


@transactional
def change(row: object, **columns: object) -> None:
    """Set columns of a row as no page would."""
    merged = db.session.merge(row)
    for name, value in columns.items():
        setattr(merged, name, value)


def test_from_the_mail_to_a_petition_that_gathers_supporters(app: Flask, client: PageCheckingClient) -> None:
    client.post(ADDRESS, data=ANSWERS)
    build.work()
    (mail,) = build.captured(to="ines@example.org")
    assert mail["X-Petitions-Message"] == "confirm_creator"
    assert mail["List-Unsubscribe"] is None
    assert ANSWERS["action"] in mail["Subject"]
    own_page = build.extract_link(mail, "/creators/")
    assert build.text_of(mail).count("/creators/") == 1
    page = client.get(own_page)
    assert heading(page) == "Confirm your petition"
    assert "Did you write this petition?" in page.text

    response = client.post(own_page, data={"action": "confirm"})
    assert (response.status_code, response.location) == (303, own_page)
    petition = db.session.execute(select(Petition)).scalar_one()
    assert petition.state is State.GATHERING
    assert petition.confirmed_at is not None
    assert petition.lapses_at == petition.confirmed_at + timedelta(days=30)
    creator = build.creator_of(petition)
    assert (creator.state, creator.validated_at) == (SignatureState.VALIDATED, petition.confirmed_at)
    build.work()
    assert fresh(petition).signature_count == 1
    (gather,) = build.captured(kind="gather_supporters")
    assert gather["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    support = build.extract_link(gather, "/supporters/")
    assert ANSWERS["background"] in build.text_of(gather)
    page = client.get(own_page)
    assert heading(page) == "Find your first supporters"
    assert "0 of 5" in page.text
    assert f"http://localhost{support}" in page.text
    assert "30 days left" in page.text


def test_the_page_is_kept_by_nobody_and_runs_no_script(app: Flask, client: PageCheckingClient) -> None:
    petition = build.pending_petition()
    for path in ["", "/edit", "/withdraw"]:
        response = client.get(page_of(petition) + path)
        assert response.status_code == 200
        assert "<script" not in response.text
        assert "script-src" not in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response.headers["X-Robots-Tag"]


def test_opening_changes_nothing(app: Flask, client: PageCheckingClient) -> None:
    petition = build.pending_petition()
    for path in ["", "/edit", "/withdraw", "?action=confirm", "?action=withdraw"]:
        client.get(page_of(petition) + path)
        client.head(page_of(petition) + path)
    assert fresh(petition).state is State.PENDING
    assert actions_of(petition) == []
    assert mails("gather_supporters") == []


def test_a_button_alone_starts_nothing(app: Flask, client: PageCheckingClient) -> None:
    petition = build.pending_petition()
    page = client.post(page_of(petition), data={})
    assert page.status_code == 422
    assert "Choose one of the answers." in page.text
    assert client.post(page_of(petition), data={"action": "unsure"}).status_code == 303
    assert fresh(petition).state is State.PENDING
    assert actions_of(petition) == []


@pytest.mark.parametrize("answer", ["disown", "silence"])
def test_it_was_not_me_stops_the_mails_and_can_be_changed(
    app: Flask, client: PageCheckingClient, answer: str
) -> None:
    petition = build.pending_petition(creator_email="ines@example.org")
    for _ in range(2):
        assert client.post(page_of(petition), data={"action": answer}).status_code == 303
    assert "it was not you" in client.get(page_of(petition)).text
    assert fresh(petition).state is State.PENDING
    assert suppressions.is_suppressed("ines@example.org") == (answer == "silence")
    client.post(page_of(petition), data={"action": "confirm"})
    assert fresh(petition).state is State.GATHERING
    assert not suppressions.is_suppressed("ines@example.org")
    build.work()
    assert len(build.captured(to="ines@example.org", kind="gather_supporters")) == 1
    client.post(page_of(petition), data={"action": answer})
    assert not suppressions.is_suppressed("ines@example.org"), "what was started is taken back in another way"


def test_a_signature_that_ended_starts_nothing(app: Flask) -> None:
    petition = build.pending_petition()
    confirming.refuse(signature_id=build.creator_of(petition).id)
    with pytest.raises(StateChanged):
        actions.confirm(petition_id=petition.id)
    assert fresh(petition).state is State.PENDING


def test_confirming_twice_is_harmless(app: Flask, client: PageCheckingClient) -> None:
    petition = build.pending_petition()
    for _ in range(3):
        assert client.post(page_of(petition), data={"action": "confirm"}).status_code == 303
    assert actions_of(petition) == ["confirmed"]
    assert len(mails("gather_supporters")) == 1


@pytest.mark.parametrize("state", [State.REVIEW, State.OPEN, State.CLOSED, State.WITHDRAWN, State.REJECTED])
def test_confirming_a_petition_that_is_further_on_changes_nothing(
    app: Flask, client: PageCheckingClient, state: State
) -> None:
    petition = build.petition(state)
    assert client.post(page_of(petition), data={"action": "confirm"}).status_code == 303
    assert fresh(petition).state is state


def test_a_link_that_is_too_old_offers_a_new_one(app: Flask, client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = build.pending_petition(creator_email="ines@example.org")
    with clock.fixed(NOON + timedelta(days=7)):
        assert client.get(page_of(petition)).status_code == 200
    with clock.fixed(NOON + timedelta(days=7, seconds=1)):
        expired = client.get(page_of(petition))
        assert (expired.status_code, heading(expired)) == (410, "This link is too old")
        assert client.post(page_of(petition), data={"action": "confirm"}).status_code == 410
        assert fresh(petition).state is State.PENDING
        for _ in range(3):
            response = client.post(page_of(petition), data={"action": "send_link"})
            assert (response.status_code, response.location) == (303, "/petitions/thank-you")
        assert len(mails("confirm_creator")) == 2
        build.work()
        assert len(build.captured(to="ines@example.org", kind="confirm_creator")) == 2
        assert client.get(page_of(petition)).status_code == 200
        client.post(page_of(petition), data={"action": "confirm"})
    assert fresh(petition).state is State.GATHERING


def test_a_new_link_is_not_sent_for_a_petition_that_needs_none(
    app: Flask, client: PageCheckingClient
) -> None:
    petition = build.gathering_petition()
    assert client.post(page_of(petition), data={"action": "send_link"}).status_code == 303
    assert mails("confirm_creator") == []


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (State.PENDING, "Confirm your petition"),
        (State.GATHERING, "Find your first supporters"),
        (State.REVIEW, "Your petition is being checked"),
        (State.OPEN, "Your petition is open"),
        (State.CLOSED, "Your petition is closed"),
        (State.REJECTED, "Your petition was rejected"),
        (State.HIDDEN, "Your petition is not shown"),
        (State.WITHDRAWN, "You took your petition back"),
        (State.LAPSED, "Your petition has lapsed"),
    ],
)
def test_every_state_has_its_page_and_offers_only_what_is_possible(
    app: Flask, client: PageCheckingClient, state: State, title: str
) -> None:
    petition = build.petition(state, action="Ban <b>noise</b>")
    page = client.get(page_of(petition))
    assert (page.status_code, heading(page)) == (200, title)
    assert "Ban &lt;b&gt;noise&lt;/b&gt;" in page.text
    assert ("/edit" in page.text) == (state in {State.PENDING, State.GATHERING})
    may_withdraw = state in {State.PENDING, State.GATHERING, State.REVIEW, State.OPEN}
    assert ("/withdraw" in page.text) == may_withdraw


def test_in_review_the_promise_is_said_in_working_days(app: Flask, client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = build.review_petition()
        page = client.get(page_of(petition)).text
    assert "You will hear from us by 16 November 2026." in page
    assert "2 November 2026" in page


@pytest.mark.settings(response_threshold=5)
def test_an_open_petition_shows_its_count_the_next_threshold_and_what_is_owed(
    app: Flask, client: PageCheckingClient
) -> None:
    petition = build.open_petition()
    page = client.get(page_of(petition)).text
    assert "At 5 signatures, the Government owes you an answer." in page
    assert f"http://localhost/petitions/{petition.id}" in page
    build.signatures(petition, 4)
    page = client.get(page_of(petition)).text
    assert "At 100,000 signatures, Parliament considers it for a debate." in page
    assert "owes an answer by" in page


def test_past_its_deadline_it_is_closed_by_the_clock(app: Flask, client: PageCheckingClient) -> None:
    petition = build.open_petition()
    with clock.fixed(clock.now() + timedelta(days=365)):
        page = client.get(page_of(petition))
        assert heading(page) == "Your petition is closed"
        assert "/withdraw" not in page.text
        assert client.post(page_of(petition), data={"action": "withdraw"}).status_code == 409
    assert fresh(petition).state is State.OPEN


def test_a_refusal_gives_the_reason_and_the_words_of_the_moderators(
    app: Flask, client: PageCheckingClient
) -> None:
    original, petition = build.open_petition(), build.petition(State.REJECTED)
    change(
        db.session.get_one(Rejection, petition.id),
        code="duplicate",
        details="See <the> other.",
        original_id=original.id,
    )
    page = client.get(page_of(petition)).text
    assert "It repeats another petition" in page
    assert "See &lt;the&gt; other." in page
    assert f'href="/petitions/{original.id}"' in page


def test_changing_the_text_makes_a_version_and_leaves_what_was_signed(
    app: Flask, client: PageCheckingClient
) -> None:
    petition = build.gathering_petition(supporters=2)
    old = petition.action
    edit = page_of(petition) + "/edit"
    assert old in client.get(edit).text
    response = client.post(edit, data=TEXT | {"state": "open"})
    assert (response.status_code, response.location) == (303, page_of(petition))
    petition = fresh(petition)
    assert (petition.action, petition.additional_details, petition.text_version) == (TEXT["action"], "", 2)
    assert petition.state is State.GATHERING
    assert db.session.get_one(PetitionText, (petition.id, 1)).action == old
    assert db.session.get_one(PetitionText, (petition.id, 2)).action == TEXT["action"]
    assert build.creator_of(petition).text_version == 1
    assert actions_of(petition) == ["text_changed"]
    client.post(edit, data=TEXT)
    assert fresh(petition).text_version == 2


def test_the_petitioner_signs_the_text_that_was_confirmed(app: Flask, client: PageCheckingClient) -> None:
    petition = build.pending_petition()
    client.post(page_of(petition) + "/edit", data=TEXT)
    client.post(page_of(petition), data={"action": "confirm"})
    assert build.creator_of(fresh(petition)).text_version == 2


@pytest.mark.parametrize(
    "wrong",
    [{"action": ""}, {"action": "a" * 81}, {"background": "\u202e"}, {"additional_details": "c" * 801}],
)
def test_a_refused_change_keeps_what_was_typed_and_stores_nothing(
    app: Flask, client: PageCheckingClient, wrong: dict[str, str]
) -> None:
    petition = build.gathering_petition()
    response = client.post(page_of(petition) + "/edit", data=TEXT | wrong)
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert ("It is dark." in response.text) == ("background" not in wrong)
    assert fresh(petition).text_version == 1


@pytest.mark.parametrize("state", [State.REVIEW, State.OPEN, State.REJECTED, State.LAPSED, State.WITHDRAWN])
def test_once_it_is_checked_the_text_stays(app: Flask, client: PageCheckingClient, state: State) -> None:
    petition = build.petition(state)
    for response in (
        client.get(page_of(petition) + "/edit"),
        client.post(page_of(petition) + "/edit", data=TEXT),
    ):
        assert (response.status_code, heading(response)) == (409, "The text can no longer be changed")
    assert ("is being checked" in response.text) == (state is State.REVIEW)
    assert fresh(petition).text_version == 1


@pytest.mark.parametrize("state", [State.PENDING, State.GATHERING, State.REVIEW, State.OPEN])
def test_taking_the_petition_back_is_asked_once_more_and_removes_the_name(
    app: Flask, client: PageCheckingClient, state: State
) -> None:
    petition = build.petition(state)
    asked = client.get(page_of(petition) + "/withdraw")
    assert heading(asked) == "Take this petition back?"
    for _ in range(2):
        response = client.post(page_of(petition), data={"action": "withdraw"})
        assert (response.status_code, response.location) == (303, page_of(petition))
    petition = fresh(petition)
    assert (petition.state, petition.creator_name) == (State.WITHDRAWN, None)
    assert petition.withdrawn_at is not None
    assert actions_of(petition)[-1:] == ["withdrawn"]
    again = client.get(page_of(petition) + "/withdraw")
    assert (again.status_code, again.location) == (303, page_of(petition))


@pytest.mark.parametrize("state", [State.CLOSED, State.REJECTED, State.HIDDEN, State.LAPSED])
def test_what_is_over_cannot_be_taken_back(app: Flask, client: PageCheckingClient, state: State) -> None:
    petition = build.petition(state)
    assert client.post(page_of(petition), data={"action": "withdraw"}).status_code == 409
    assert fresh(petition).state is state


def test_a_petition_lapses_by_the_clock_and_then_by_the_job_which_tells_the_petitioner(
    app: Flask, client: PageCheckingClient
) -> None:
    with clock.fixed(NOON):
        gathering = build.gathering_petition(creator_email="ines@example.org")
        pending = build.pending_petition(creator_email="sam@example.org")
    with clock.fixed(NOON + timedelta(days=30)):
        assert lapse_due() == 0
        assert "Today is the last day." in client.get(page_of(gathering)).text
    with clock.fixed(NOON + timedelta(days=30, seconds=1)):
        for petition in (gathering, pending):
            assert heading(client.get(page_of(petition))) == "Your petition has lapsed"
            assert client.post(page_of(petition) + "/edit", data=TEXT).status_code == 409
            assert client.post(page_of(petition), data={"action": "withdraw"}).status_code == 409
        assert client.post(page_of(pending), data={"action": "confirm"}).status_code == 409
        assert lapse_due() == 2
        assert lapse_due() == 0
        build.work()
    assert [fresh(p).state for p in (gathering, pending)] == [State.LAPSED, State.LAPSED]
    (mail,) = build.captured(kind="petition_lapsed")
    assert mail["To"] == "ines@example.org"
    assert "/creators/" in build.text_of(mail)
    assert actions_of(gathering) == actions_of(pending) == ["lapsed"]


def test_after_its_time_the_clock_takes_no_supporters_though_no_job_ran(
    app: Flask, client: PageCheckingClient
) -> None:
    with clock.fixed(NOON):
        petition = build.gathering_petition()
        waits = build.signature(petition, role="supporter", state="pending")
    form = links.support(petition).removeprefix("http://localhost")
    answer = links.confirm_signature(waits).removeprefix("http://localhost")
    with clock.fixed(NOON + timedelta(days=30, seconds=1)):
        page = client.get(form)
        assert heading(page) == "This petition takes no supporters any more"
        assert petition.action not in page.text
        client.post(form, data=build.sign_form())
        client.post(answer, data={"answer": "yes"})
        assert client.get(answer).status_code == 410
        assert client.get(f"/petitions/{petition.id}/signatures/thank-you").status_code == 404
    assert waits.state == "pending"
    assert db.session.execute(select(func.count(Signature.id))).scalar_one() == 2


def test_supporters_who_confirmed_in_time_are_counted_before_it_may_lapse(app: Flask) -> None:
    with clock.fixed(NOON):
        petition = build.gathering_petition()
        for _ in range(5):
            build.signature(petition, role="supporter", counted=False)
    with clock.fixed(NOON + timedelta(days=31)):
        assert lapse_due() == 0
        build.work()
    assert fresh(petition).state is State.REVIEW


def test_the_petitioner_hears_of_supporters_and_of_the_check(app: Flask) -> None:
    petition = build.gathering_petition(creator_email="ines@example.org")
    build.signature(petition, role="supporter")
    build.work()
    build.signature(petition, role="supporter")
    build.work()
    joined = build.captured(to="ines@example.org", kind="supporter_joined")
    assert [mail["Subject"].split(":")[0] for mail in joined] == ["1 of 5 supporters", "2 of 5 supporters"]
    assert "3 more and we check it." in build.text_of(joined[1])
    assert "/supporters/" in build.text_of(joined[1])
    for _ in range(3):
        build.signature(petition, role="supporter")
    build.work()
    (review,) = build.captured(to="ines@example.org", kind="petition_in_review")
    assert "against the standards" in build.text_of(review)
    # What is no longer true is not sent: of the last three, none says how many more it takes.
    assert len(build.captured(to="ines@example.org", kind="supporter_joined")) == 2


def test_mails_about_a_state_that_has_passed_are_not_sent(app: Flask, client: PageCheckingClient) -> None:
    petition = build.pending_petition()
    client.post(page_of(petition), data={"action": "confirm"})
    client.post(page_of(petition), data={"action": "withdraw"})
    build.work()
    assert build.captured(kind="gather_supporters") == []


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "make",
    [
        lambda id: tokens.sign(Purpose.SUPPORT, id),
        lambda id: tokens.sign(Purpose.MY_SIGNATURE, id),
        lambda id: tokens.sign(Purpose.DRAFT, id),
        lambda id: tokens.sign(Purpose.PETITIONER, str(id)),
        lambda id: tokens.sign(Purpose.PETITIONER, [id]),
        lambda id: tokens.sign(Purpose.PETITIONER, id)[:-1],
        lambda id: tokens.sign(Purpose.PETITIONER, id) + "x",
        lambda id: tokens.sign(Purpose.PETITIONER, id + 1),
        lambda id: str(id),
        lambda id: "x" * 5000,
    ],
)
def test_other_links_find_nothing(app: Flask, client: PageCheckingClient, make: Callable[[int], str]) -> None:
    petition = build.pending_petition()
    path = f"/creators/{make(petition.id)}"
    assert client.get(path).status_code == 404
    assert client.post(path, data={"action": "confirm"}).status_code == 404
    assert client.get(f"{path}/edit").status_code == 404
    assert client.post(f"{path}/edit", data=TEXT).status_code == 404
    assert client.get(f"{path}/withdraw").status_code == 404
    assert fresh(petition).state is State.PENDING


def test_a_button_that_does_not_exist_is_a_bad_request(app: Flask, client: PageCheckingClient) -> None:
    petition = build.pending_petition()
    assert client.post(page_of(petition), data={"action": "publish"}).status_code == 400
    for posted in [{}, {"action": ""}, {"action": "publish"}]:
        assert client.post(page_of(build.gathering_petition()), data=posted).status_code == 400
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(page_of(petition), data={"action": "confirm"}, headers=cross).status_code == 403
    assert (
        client.post(page_of(petition), data={"action": "confirm"}, headers={"Origin": "null"}).status_code
        == 303
    )
