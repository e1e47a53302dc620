"""A petition goes back to its petitioner with questions, is changed and answered there, and returns to the queue."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import checking, clock, links
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import AuditEntry, Petition, PetitionQuestion, Staff
from petitions.moderation import asking, decisions, queries
from petitions.moderation.promise import Age, promise_of
from petitions.moderation.queue import Wanted
from petitions.starting import actions as starting
from tests import build
from tests.client import PageCheckingClient
from tests.staff_visitor import StaffVisitor

#: A Monday.
MONDAY = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Who asks."""
    return build.staff("moderator", name="Maren Holt")


@pytest.fixture
def visitor(app: Flask, moderator: Staff) -> StaffVisitor:
    """A moderator at work."""
    return StaffVisitor(app, moderator)


def own_page(petition: Petition) -> str:
    """The path of the petitioner's page."""
    return links.petitioner(petition).removeprefix("http://localhost")


def ask(petition: Petition, by: Staff, questions: str = "Which library do you mean?") -> None:
    """Send it back."""
    asking.ask(petition_id=petition.id, text_version=petition.text_version, questions=questions, by=by)


def test_the_petitioner_is_asked_changes_the_words_answers_and_it_is_back(
    app: Flask, client: PageCheckingClient, visitor: StaffVisitor
) -> None:
    petition = build.review_petition(creator_email="priya@example.org")
    sent = visitor.post(
        f"/staff/petitions/{petition.id}/ask", text_version="1", questions="Which library?\n\nWhich town?"
    )
    assert (sent.status_code, sent.location) == (303, "/staff/queue")
    assert petition.action not in visitor.get("/staff/queue").text.partition("Decided lately")[0]
    assert "With the petitioner since" in visitor.get("/staff/queue?age=asked").text
    build.work()
    (mail,) = build.captured("priya@example.org", "petition_questions")
    assert "Which town?" in build.text_of(mail)
    path = build.extract_link(mail, "/creators/")
    page = client.get(path).text
    assert "Which library?" in page
    assert "Change the text" in page
    words = {"action": "Open the library at Fairley", "background": "It is closed.", "additional_details": ""}
    assert client.post(f"{path}/edit", data=words).status_code == 303
    answered = client.post(f"{path}/answer", data={"answer": "The one at Fairley."})
    assert (answered.status_code, answered.location) == (303, path)
    assert "Your petition is being checked" in client.get(path).text
    assert "Open the library at Fairley" in visitor.get("/staff/queue").text
    shown = visitor.get(f"/staff/petitions/{petition.id}").text
    assert "The one at Fairley." in shown
    assert petition.text_version == 2
    done = select(AuditEntry.action).where(AuditEntry.petition_id == petition.id).order_by(AuditEntry.id)
    assert list(db.session.execute(done).scalars())[-3:] == [
        "petitioner_asked",
        "text_changed",
        "petitioner_answered",
    ]
    assert client.post(f"{path}/edit", data=words | {"action": "Too late"}).status_code == 409


def test_while_it_is_asked_nothing_is_late_and_the_public_page_says_why(
    app: Flask, client: PageCheckingClient, moderator: Staff
) -> None:
    with clock.fixed(MONDAY):
        petition = build.review_petition()
    with clock.fixed(MONDAY + timedelta(days=2)):
        ask(petition, moderator)
    with clock.fixed(MONDAY + timedelta(days=30)), app.test_request_context():
        promise = promise_of(petition)
        assert (promise.age, promise.working_days) == (Age.ASKED, 8)
        public = client.get(f"/petitions/{petition.id}").text
        assert "asked the petitioner a question on 4 November" in public
        assert "are late" not in public
        assert "Which library" not in public
        starting.answer(petition_id=petition.id, answer="All of them.")
        assert (promise_of(petition).age, promise_of(petition).working_days) == (Age.NEW, 8)


def test_after_two_weeks_without_an_answer_moderators_see_it_again(
    visitor: StaffVisitor, moderator: Staff
) -> None:
    now = clock.now()
    with clock.fixed(now - timedelta(days=13, hours=23)):
        petition = build.review_petition()
        ask(petition, moderator)
    assert queries.queue().items == []
    assert queries.queue().total == 0
    build.change(checking.open_question(petition.id), asked_at=now - timedelta(days=14, minutes=1))
    assert [item.petition.id for item in queries.queue().items] == [petition.id]
    assert queries.queue(Wanted(age=Age.ASKED)).items
    page = visitor.get("/staff/queue").text
    assert "1 petitioner has not answered your questions" in page
    assert "No answer since" in page


def test_who_answers_twice_says_the_same_once(client: PageCheckingClient, moderator: Staff) -> None:
    petition = build.review_petition()
    ask(petition, moderator)
    for _ in range(2):
        assert client.post(f"{own_page(petition)}/answer", data={"answer": "Fairley."}).status_code == 303
    late = client.post(f"{own_page(petition)}/answer", data={"answer": "No, all of them."})
    assert late.status_code == 409
    assert "No, all of them." in late.text
    assert [each.answer for each in checking.questions_of(petition.id)] == ["Fairley."]


def test_decided_without_an_answer_the_questions_are_closed(
    client: PageCheckingClient, visitor: StaffVisitor, moderator: Staff
) -> None:
    petition = build.review_petition()
    ask(petition, moderator)
    assert "has not answered yet" in visitor.get(f"/staff/petitions/{petition.id}").text
    decisions.publish(petition_id=petition.id, text_version=1, by=moderator)
    late = client.post(f"{own_page(petition)}/answer", data={"answer": "Typed for an hour."})
    assert (late.status_code, "Typed for an hour." in late.text) == (409, True)
    (question,) = checking.questions_of(petition.id)
    assert (question.answer, question.answered_at is None) == ("", False)
    assert "there is no answer" in visitor.get(f"/staff/petitions/{petition.id}").text
    build.work()
    assert build.captured(kind="petition_questions") == [], "nobody is asked about what is decided"


@pytest.mark.parametrize("answer", ["", "  ", "x" * 2001, "a\u202eb"])
def test_an_answer_that_cannot_be_is_refused(
    client: PageCheckingClient, moderator: Staff, answer: str
) -> None:
    petition = build.review_petition()
    ask(petition, moderator)
    refused = client.post(f"{own_page(petition)}/answer", data={"answer": answer})
    assert (refused.status_code, "There is a problem" in refused.text) == (422, True)
    assert checking.open_question(petition.id) is not None


@pytest.mark.parametrize("questions", ["", " ", "x" * 2001, "a\u202eb"])
def test_questions_that_cannot_be_are_refused(visitor: StaffVisitor, questions: str) -> None:
    petition = build.review_petition()
    path = f"/staff/petitions/{petition.id}/ask"
    refused = visitor.post(path, text_version="1", questions=questions)
    assert (refused.status_code, "There is a problem" in refused.text) == (422, True)
    assert checking.questions_of(petition.id) == []


@pytest.mark.parametrize("state", list(State))
def test_only_who_can_be_asked_is_asked(visitor: StaffVisitor, state: State) -> None:
    petition = build.petition(state)
    expected = 200 if state is State.REVIEW else 409
    assert visitor.get(f"/staff/petitions/{petition.id}/ask").status_code == expected


def test_who_is_asked_already_or_gets_no_mails_is_not_asked(visitor: StaffVisitor, moderator: Staff) -> None:
    asked, silent = build.review_petition(), build.review_petition()
    ask(asked, moderator)
    build.change(build.creator_of(silent), mails_stopped_at=clock.now())
    for petition in (asked, silent):
        response = visitor.post(
            f"/staff/petitions/{petition.id}/ask", text_version="1", questions="Typed with care"
        )
        assert (response.status_code, "Typed with care" in response.text) == (409, True)
        assert "Ask the petitioner…" not in visitor.get(f"/staff/petitions/{petition.id}").text
    stale = visitor.post(f"/staff/petitions/{asked.id}/ask", text_version="7", questions="Old words")
    assert (stale.status_code, "Old words" in stale.text) == (409, True)
    assert db.session.execute(select(PetitionQuestion)).scalars().all() == [checking.open_question(asked.id)]
