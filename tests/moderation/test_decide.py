"""Each decision with its state, its pages, its line in the history and its mails; whoever comes second changes nothing."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock, due_dates, links
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import AuditEntry, Crossing, Duty, Petition, PetitionThreshold, Rejection, Staff
from petitions.moderation import decisions
from petitions.starting import actions as starting
from tests import build
from tests.staff_visitor import StaffVisitor

NOON = datetime(2026, 8, 31, 12, 0, tzinfo=UTC)


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Who decides."""
    return build.staff("moderator", name="Maren Holt")


@pytest.fixture
def visitor(app: Flask, moderator: Staff) -> StaffVisitor:
    """A moderator at work."""
    return StaffVisitor(app, moderator)


@pytest.fixture
def administrator(app: Flask) -> StaffVisitor:
    """Somebody who may put petitions back."""
    return StaffVisitor(app, build.staff("administrator"))


def refusal(petition: Petition, code: str = "irrelevant", **fields: str) -> dict[str, str]:
    """The form that refuses, filled in."""
    filled = {
        "text_version": str(petition.text_version),
        "state": petition.state.value,
        "code": code,
        "explanation": "Ask the town council.",
    }
    return filled | fields


def last_line(petition: Petition) -> AuditEntry:
    """The newest line of the history about a petition."""
    query = select(AuditEntry).where(AuditEntry.petition_id == petition.id).order_by(AuditEntry.id.desc())
    return db.session.execute(query.limit(1)).scalar_one()


def publish(visitor: StaffVisitor, petition: Petition) -> int:
    """Press Publish; the answer's status."""
    return visitor.post(
        f"/staff/petitions/{petition.id}/publish", text_version=petition.text_version
    ).status_code


def refuse(visitor: StaffVisitor, petition: Petition, code: str = "irrelevant", **fields: str) -> int:
    """Send the form that refuses; the answer's status."""
    return visitor.post(
        f"/staff/petitions/{petition.id}/refuse", **refusal(petition, code, **fields)
    ).status_code


def mails_of(kind: str) -> list[str]:
    """Everybody a kind of mail went to, once for each mail."""
    build.work()
    build.work()
    return sorted(mail["To"] for mail in build.captured(kind=kind))


def test_publishing_opens_it_to_everybody(visitor: StaffVisitor, moderator: Staff, app: Flask) -> None:
    petition = build.review_petition(creator_email="priya@example.org")
    before = clock.now()
    assert publish(visitor, petition) == 303
    assert petition.state is State.OPEN
    assert petition.opened_at is not None
    assert before <= petition.opened_at <= clock.now()
    assert petition.closes_at == due_dates.closing_time(petition.opened_at, 6)
    thresholds = db.session.execute(
        select(PetitionThreshold).order_by(PetitionThreshold.signatures)
    ).scalars()
    assert [(t.key, t.signatures, t.days) for t in thresholds] == [
        ("response", 10_000, 21),
        ("debate", 100_000, None),
    ]
    line = last_line(petition)
    assert (line.action, line.staff_id) == ("published", moderator.id)
    assert line.details["thresholds"].keys() == {"response", "debate"}
    assert app.test_client().get(f"/petitions/{petition.id}").status_code == 200


def test_the_deadline_is_the_end_of_the_last_day_six_months_later(moderator: Staff) -> None:
    with clock.fixed(NOON):
        petition = build.review_petition()
        decisions.publish(petition_id=petition.id, text_version=1, by=moderator)
    assert petition.closes_at == datetime(2027, 2, 28, 23, 59, 59, 999_000, tzinfo=UTC)


def test_publishing_tells_the_petitioner_and_every_supporter_once(visitor: StaffVisitor) -> None:
    petition = build.review_petition(creator_email="priya@example.org", supporters=5)
    publish(visitor, petition)
    people = mails_of("petition_published")
    assert len(people) == len(set(people)) == 6
    (mail,) = build.captured("priya@example.org", "petition_published")
    assert mail["Subject"].startswith("Your petition is published")
    assert f"http://localhost/petitions/{petition.id}" in build.text_of(mail).splitlines()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    others = [each for each in build.captured(kind="petition_published") if each["To"] != "priya@example.org"]
    assert {each["Subject"].strip() for each in others} == {
        f"A petition you supported is published: {petition.action}"
    }
    assert all("you supported the petition" in build.text_of(each) for each in others)


@pytest.mark.settings(response_threshold=3, debate_threshold=50)
def test_a_threshold_that_supporters_have_reached_is_crossed_at_publication(visitor: StaffVisitor) -> None:
    department = build.department()
    petition = build.review_petition(supporters=5, departments=[department])
    publish(visitor, petition)
    crossing = db.session.execute(select(Crossing)).scalar_one()
    duty = db.session.execute(select(Duty)).scalar_one()
    assert (crossing.threshold_key, crossing.signature_count, duty.department_id) == (
        "response",
        6,
        department.id,
    )


def test_refusing_shows_the_reason_on_its_page(visitor: StaffVisitor, moderator: Staff, app: Flask) -> None:
    petition = build.review_petition(creator_email="priya@example.org")
    assert refuse(visitor, petition) == 303
    assert (petition.state, petition.rejected_at is None) == (State.REJECTED, False)
    page = app.test_client().get(f"/petitions/{petition.id}")
    assert page.status_code == 200
    assert "Ask the town council." in page.text
    line = last_line(petition)
    assert (line.action, line.staff_id, line.details["code"]) == ("rejected", moderator.id, "irrelevant")
    people = mails_of("petition_rejected")
    assert len(people) == len(set(people)) == 6
    (mail,) = build.captured("priya@example.org", "petition_rejected")
    assert "not published" in mail["Subject"]
    assert "Ask the town council." in build.text_of(mail)
    assert f"/petitions/{petition.id}" in build.text_of(mail)


@pytest.mark.parametrize("code", ["libellous", "offensive", "personal", "advert"])
def test_a_reason_that_hides_leaves_nothing_to_see(visitor: StaffVisitor, app: Flask, code: str) -> None:
    petition = build.review_petition(creator_email="priya@example.org", action="Something vile")
    assert refuse(visitor, petition, code, explanation="It names a neighbour.") == 303
    assert (petition.state, petition.hidden_at is None) == (State.HIDDEN, False)
    assert app.test_client().get(f"/petitions/{petition.id}").status_code == 404
    people = mails_of("petition_hidden")
    assert len(people) == len(set(people)) == 6
    for mail in build.captured(kind="petition_hidden"):
        assert "Something vile" not in mail.as_string()
        assert f"/petitions/{petition.id}" not in build.text_of(mail)
        assert ("It names a neighbour." in build.text_of(mail)) == (mail["To"] == "priya@example.org")


def test_taking_down_a_published_petition(visitor: StaffVisitor, app: Flask) -> None:
    shown, hidden = (
        build.open_petition(creator_email="a@example.org"),
        build.open_petition(creator_email="b@example.org"),
    )
    assert "Take this petition down" in visitor.get(f"/staff/petitions/{shown.id}/refuse").text
    assert refuse(visitor, shown) == refuse(visitor, hidden, "offensive") == 303
    client = app.test_client()
    assert client.get(f"/petitions/{shown.id}").status_code == 200
    assert client.get(f"/petitions/{hidden.id}").status_code == 410
    assert last_line(shown).details["taken_down"] is True
    build.work()
    (mail,) = build.captured("a@example.org", "petition_rejected")
    assert "taken down" in mail["Subject"]
    (mail,) = build.captured("b@example.org", "petition_hidden")
    assert "taken down" in mail["Subject"]


def test_a_duplicate_leads_to_its_original(visitor: StaffVisitor) -> None:
    original = build.open_petition()
    petition = build.review_petition(creator_email="priya@example.org")
    assert refuse(visitor, petition, "duplicate", original_id=str(original.id)) == 303
    assert db.session.get_one(Rejection, petition.id).original_id == original.id
    build.work()
    (mail,) = build.captured("priya@example.org", "petition_rejected")
    assert f"http://localhost/petitions/{original.id}" in build.text_of(mail).splitlines()


def test_an_original_is_kept_only_for_duplicates(visitor: StaffVisitor) -> None:
    original, petition = build.open_petition(), build.review_petition()
    assert refuse(visitor, petition, "irrelevant", original_id=str(original.id)) == 303
    assert db.session.get_one(Rejection, petition.id).original_id is None


@pytest.mark.parametrize(
    "fields",
    [
        {"code": ""},
        {"code": "made-up"},
        {"code": "duplicate"},
        {"code": "duplicate", "original_id": "x"},
        {"code": "duplicate", "original_id": "99999999999999999999"},
        {"code": "duplicate", "original_id": "-1"},
        {"code": "duplicate", "original_id": "itself"},
        {"code": "duplicate", "original_id": "unseen"},
        {"explanation": ""},
        {"explanation": "x" * 4001},
        {"explanation": "a\u202eb"},
        {"text_version": ""},
    ],
)
def test_a_refusal_that_is_not_whole_is_shown_again(visitor: StaffVisitor, fields: dict[str, str]) -> None:
    petition, unseen = build.review_petition(), build.gathering_petition()
    numbers = {"itself": str(petition.id), "unseen": str(unseen.id)}
    sent = {name: numbers.get(value, value) for name, value in fields.items()}
    response = visitor.post(f"/staff/petitions/{petition.id}/refuse", **(refusal(petition) | sent))
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert petition.state is State.REVIEW
    assert mails_of("petition_rejected") == []


def test_an_explanation_of_four_thousand_characters_is_taken(visitor: StaffVisitor) -> None:
    petition = build.review_petition()
    assert refuse(visitor, petition, explanation="é" * 4000) == 303


def test_putting_back_a_refused_petition(
    visitor: StaffVisitor, administrator: StaffVisitor, app: Flask
) -> None:
    petition = build.review_petition()
    refuse(visitor, petition, "offensive")
    assert visitor.post(f"/staff/petitions/{petition.id}/restore").status_code == 404
    assert administrator.post(f"/staff/petitions/{petition.id}/restore").status_code == 303
    assert petition.state is State.REVIEW
    assert petition.words_are_hidden, "until somebody has checked them again"
    assert db.session.get(Rejection, petition.id) is None
    assert last_line(petition).details["code"] == "offensive"
    assert mails_of("petition_hidden") == [], "it was put back before the mails left"
    assert refuse(visitor, petition) == 303
    assert len(mails_of("petition_rejected")) == 6


def test_published_again_it_keeps_its_first_day_deadline_and_thresholds(
    moderator: Staff, administrator: StaffVisitor, visitor: StaffVisitor
) -> None:
    with clock.fixed(clock.now() - timedelta(days=30)):
        petition = build.review_petition(supporters=2)
        decisions.publish(petition_id=petition.id, text_version=1, by=moderator)
    first = (petition.opened_at, petition.closes_at)
    refuse(visitor, petition)
    administrator.post(f"/staff/petitions/{petition.id}/restore")
    assert "It was published on" in visitor.get(f"/staff/petitions/{petition.id}").text
    assert publish(visitor, petition) == 303
    assert (petition.opened_at, petition.closes_at) == first
    assert len(mails_of("petition_published")) == 6, "three people, told twice"


def test_words_that_were_hidden_stay_hidden_when_the_petition_is_taken_back(
    visitor: StaffVisitor, administrator: StaffVisitor, app: Flask
) -> None:
    petition = build.open_petition()
    pending = build.signature(petition, state="pending")
    supporters = links.support(petition).removeprefix("http://localhost")
    signer = links.confirm_signature(pending).removeprefix("http://localhost")
    mine = links.my_signature(pending).removeprefix("http://localhost")
    refuse(visitor, petition, "offensive")
    administrator.post(f"/staff/petitions/{petition.id}/restore")
    reader = app.test_client()
    paths = ["", "/signatures/thank-you", "/signatures/confirmed", "/signatures/new", "/history.json"]
    private = [supporters, signer, mine]
    for path in [*(f"/petitions/{petition.id}{path}" for path in paths), *private]:
        assert petition.action not in reader.get(path, follow_redirects=True).text, path
    starting.withdraw(petition_id=petition.id)
    for path in paths:
        response = reader.get(f"/petitions/{petition.id}{path}", follow_redirects=True)
        assert response.status_code == 410, path
        assert petition.action not in response.text
    for path in private:
        assert petition.action not in reader.get(path).text, path


def test_published_anew_its_words_are_shown_again(
    visitor: StaffVisitor, administrator: StaffVisitor, app: Flask
) -> None:
    petition = build.open_petition()
    refuse(visitor, petition, "offensive")
    administrator.post(f"/staff/petitions/{petition.id}/restore")
    assert publish(visitor, petition) == 303
    starting.withdraw(petition_id=petition.id)
    response = app.test_client().get(f"/petitions/{petition.id}")
    assert response.status_code == 200
    assert petition.action in response.text


def test_a_petition_hidden_before_it_was_checked_joins_the_queue_now(administrator: StaffVisitor) -> None:
    petition = build.petition(State.HIDDEN, moderation_threshold_reached_at=None)
    assert administrator.post(f"/staff/petitions/{petition.id}/restore").status_code == 303
    assert petition.moderation_threshold_reached_at is not None


@pytest.mark.parametrize("state", [state for state in State if state is not State.REVIEW])
def test_only_what_is_checked_can_be_published(visitor: StaffVisitor, state: State) -> None:
    petition = build.petition(state)
    assert publish(visitor, petition) == 409
    assert petition.state is state


@pytest.mark.parametrize("state", [state for state in State if state not in {State.REVIEW, State.OPEN}])
def test_only_what_is_checked_or_open_can_be_refused(visitor: StaffVisitor, state: State) -> None:
    petition = build.petition(state)
    assert visitor.get(f"/staff/petitions/{petition.id}/refuse").status_code == 409
    assert refuse(visitor, petition) == 409
    assert petition.state is state


@pytest.mark.parametrize("state", [state for state in State if state not in {State.REJECTED, State.HIDDEN}])
def test_only_what_was_refused_can_be_put_back(administrator: StaffVisitor, state: State) -> None:
    petition = build.petition(state)
    assert administrator.post(f"/staff/petitions/{petition.id}/restore").status_code == 409
    assert petition.state is state


def test_a_petition_past_its_deadline_is_not_taken_down(visitor: StaffVisitor, moderator: Staff) -> None:
    petition = build.open_petition(closes_at=clock.now() - timedelta(minutes=1))
    assert refuse(visitor, petition) == 409
    with pytest.raises(StateChanged):
        decisions.refuse(
            petition_id=petition.id,
            text_version=1,
            state="open",
            code="advert",
            explanation="x",
            original_id=None,
            by=moderator,
        )


def test_whoever_decides_second_learns_who_was_first_and_keeps_the_explanation(
    app: Flask, visitor: StaffVisitor
) -> None:
    petition = build.review_petition()
    second = StaffVisitor(app, build.staff("moderator"))
    assert publish(visitor, petition) == 303
    assert publish(second, petition) == 409
    petition = build.review_petition()
    form = refusal(petition, explanation="Thought over for an hour.")
    publish(visitor, petition)
    late = second.post(f"/staff/petitions/{petition.id}/refuse", **form)
    assert (late.status_code, petition.state) == (409, State.OPEN)
    assert "Somebody else was first" in late.text
    assert "Maren Holt" in late.text
    assert "Thought over for an hour." in late.text


def test_nobody_decides_on_words_that_were_changed_meanwhile(visitor: StaffVisitor) -> None:
    petition = build.review_petition()
    for verb, form in (("publish", {}), ("refuse", refusal(petition))):
        sent = form | {"text_version": "2"}
        assert visitor.post(f"/staff/petitions/{petition.id}/{verb}", **sent).status_code == 409
    assert visitor.post(f"/staff/petitions/{petition.id}/publish").status_code == 409
    assert petition.state is State.REVIEW


def test_of_many_decisions_at_once_one_wins(app: Flask, moderator: Staff) -> None:
    petition = build.review_petition()
    number, person = petition.id, moderator.id
    start, won = threading.Barrier(8), []

    def decide(index: int) -> None:
        with app.app_context():
            by = db.session.get_one(Staff, person)
            start.wait()
            try:
                if index % 2:
                    decisions.publish(petition_id=number, text_version=1, by=by)
                else:
                    decisions.refuse(
                        petition_id=number,
                        text_version=1,
                        state="review",
                        code="advert",
                        explanation="x",
                        original_id=None,
                        by=by,
                    )
                won.append(index)
            except StateChanged:
                pass
            finally:
                db.session.remove()

    threads = [threading.Thread(target=decide, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    lines = (
        db.session.execute(select(AuditEntry.action).where(AuditEntry.petition_id == number)).scalars().all()
    )
    assert list(lines) in (["published"], ["hidden"])
    assert len(won) == 1
    kinds = {mail["X-Petitions-Message"] for mail in _all_mails()}
    assert kinds <= {"petition_published", "petition_hidden"}


def _all_mails() -> list[dict[str, str]]:
    build.work()
    return [dict(mail.items()) for mail in build.captured()]
