"""The queue by age against the public promise, a petition beside what helps to judge it, search over every state."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from petitions import clock
from petitions.lifecycle import State
from petitions.models import Petition
from petitions.moderation import queries
from petitions.moderation.promise import Age, promise_of
from petitions.moderation.queue import Wanted
from tests import build
from tests.staff_visitor import StaffVisitor

#: A Monday; ten working days later is Monday 16 November.
REACHED = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def visitor(app: Flask) -> StaffVisitor:
    """A moderator at work."""
    return StaffVisitor(app, build.staff("moderator"))


@pytest.mark.parametrize(
    ("today", "age", "words"),
    [
        (date(2026, 11, 2), Age.NEW, "10 working days left"),
        (date(2026, 11, 11), Age.NEW, "3 working days left"),
        (date(2026, 11, 12), Age.SOON, "2 working days left"),
        (date(2026, 11, 14), Age.SOON, "1 working day left"),
        (date(2026, 11, 16), Age.SOON, "Due today"),
        (date(2026, 11, 17), Age.LATE, "1 working day late"),
        (date(2026, 11, 18), Age.LATE, "2 working days late"),
        (date(2027, 1, 4), Age.LATE, "32 working days late"),
    ],
)
def test_age_is_counted_in_working_days(app: Flask, today: date, age: Age, words: str) -> None:
    petition = Petition(moderation_threshold_reached_at=REACHED)
    with (
        clock.fixed(datetime(today.year, today.month, today.day, 12, tzinfo=UTC)),
        app.test_request_context(),
    ):
        promise = promise_of(petition)
        assert (promise.due_on, promise.age, promise.short) == (date(2026, 11, 16), age, words)


def test_a_promise_that_ended_on_friday_is_late_on_saturday(app: Flask) -> None:
    petition = Petition(moderation_threshold_reached_at=REACHED - timedelta(days=3))
    with clock.fixed(datetime(2026, 11, 14, 12, tzinfo=UTC)), app.test_request_context():
        promise = promise_of(petition)
        assert (promise.due_on, promise.age, promise.short) == (date(2026, 11, 13), Age.LATE, "Late")


def test_the_queue_holds_what_waits_the_longest_waiting_first(app: Flask, visitor: StaffVisitor) -> None:
    now = clock.now()
    late = build.review_petition(
        action="Waited long", moderation_threshold_reached_at=now - timedelta(days=40)
    )
    new = build.review_petition(action="Came today", moderation_threshold_reached_at=now)
    build.gathering_petition(action="Not ready")
    build.open_petition(action="Long decided")
    page = visitor.get("/staff/queue").text
    assert page.index("Waited long") < page.index("Came today")
    assert "Not ready" not in page
    assert "Long decided" not in page
    assert [item.petition.id for item in queries.queue(Wanted(age=Age.LATE)).items] == [late.id]
    assert [item.petition.id for item in queries.queue(Wanted(age=Age.NEW)).items] == [new.id]
    assert "Came today" not in visitor.get("/staff/queue?age=late").text
    assert "Came today" in visitor.get("/staff/queue?age=nonsense").text


def test_a_petition_is_shown_with_all_that_helps_to_judge_it(app: Flask, visitor: StaffVisitor) -> None:
    build.open_petition(action="Open the castle gardens on Sundays")
    petition = build.review_petition(
        action="Open the castle gardens on Mondays", creator="Nguyễn Thị", creator_email="nguyen@example.org"
    )
    page = visitor.get(f"/staff/petitions/{petition.id}").text
    for part in (
        "Mondays",
        petition.background,
        "Nguyễn Thị",
        "nguyen@example.org",
        "on Sundays",
        "No department",
    ):
        assert part in page
    assert page.index("Supporters") < page.index("<dd>5</dd>")


def test_who_does_not_decide_does_not_see_who_asks(app: Flask) -> None:
    petition = build.review_petition(creator_email="private@example.org")
    page = StaffVisitor(app, build.staff("auditor")).get(f"/staff/petitions/{petition.id}").text
    assert petition.action in page
    assert "private@example.org" not in page
    assert "Publish" not in page


def test_words_are_never_markup(app: Flask, visitor: StaffVisitor) -> None:
    petition = build.review_petition(action="<script>alert(1)</script>", background="<b>bold</b>\n\nnext")
    page = visitor.get(f"/staff/petitions/{petition.id}").text
    assert "<script>alert" not in page
    assert "<b>bold" not in page


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_page_and_is_found(app: Flask, visitor: StaffVisitor, state: State) -> None:
    petition = build.petition(state, action=f"Something 100% {state}")
    assert visitor.get(f"/staff/petitions/{petition.id}").status_code == 200
    assert petition.action in visitor.get(f"/staff/petitions?state={state}&q=100%25").text
    other = State.OPEN if state is not State.OPEN else State.CLOSED
    assert petition.action not in visitor.get(f"/staff/petitions?state={other}").text


def test_search_finds_words_and_numbers(app: Flask, visitor: StaffVisitor) -> None:
    petition = build.petition(State.HIDDEN, action="Bring back the tram")
    build.open_petition(action="Another matter")
    for query in ("TRAM", str(petition.id)):
        page = visitor.get(f"/staff/petitions?q={query}").text
        assert "Bring back the tram" in page
    for query in ("tram_", "%25", "\u0661", "9" * 30, "'; drop table petitions; --"):
        assert "Bring back the tram" not in visitor.get(f"/staff/petitions?q={query}").text


@pytest.mark.parametrize("page", ["0", "-3", "2", "99999999999999999999", "x", "\u0662"])
def test_a_page_that_is_not_there_is_the_nearest(app: Flask, visitor: StaffVisitor, page: str) -> None:
    build.open_petition(action="The only one")
    response = visitor.get(f"/staff/petitions?page={page}&state=nonsense")
    assert response.status_code == 200
    assert "The only one" in response.text


def test_long_lists_have_pages(app: Flask, visitor: StaffVisitor) -> None:
    for _ in range(queries.PER_PAGE + 1):
        build.petition(State.PENDING)
    first = visitor.get("/staff/petitions?state=pending").text
    assert "/staff/petitions?state=pending&amp;page=2" in first
    assert visitor.get("/staff/petitions?state=pending&page=2").text.count("<td>") < first.count("<td>")


def test_a_petition_that_is_not_there_is_not_found(app: Flask, visitor: StaffVisitor) -> None:
    for path in ("/staff/petitions/77", "/staff/petitions/77/text", "/staff/petitions/77/refuse"):
        assert visitor.get(path).status_code == 404
    for verb in ("publish", "restore", "subjects"):
        assert visitor.post(f"/staff/petitions/77/{verb}", text_version="1").status_code == 404
