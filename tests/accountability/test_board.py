"""The public board: every duty with its department, dates and status, and figures that are worked out in one way."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from petitions import clock
from petitions.extensions import db
from petitions.models import Petition
from petitions.responses import duty_actions, queries
from petitions.responses.figures import within
from tests import build
from tests.accountability.duties import owed
from tests.client import PageCheckingClient

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(NOW):
        yield


def titles(page: str) -> list[str]:
    """The petitions on the board, from the top."""
    part = page.split('id="duties"', 1)[1].split("<h2", 1)[0]
    return re.findall(r'<th scope="row">\s*<a [^>]*>([^<]+)</a>', part)


def test_an_empty_board_says_so(client: PageCheckingClient) -> None:
    page = client.get("/accountability").text
    assert "Nothing is owed now" in page
    assert "By department" not in page


def test_everything_is_there_with_the_most_late_first_then_the_paused_then_the_answered(
    client: PageCheckingClient,
) -> None:
    transport = build.department("Department of Transport")
    owed("Late", date(2026, 10, 20), transport)
    owed("Later", date(2026, 9, 20), transport)
    owed("Soon", date(2026, 11, 5), transport)
    paused = owed("Paused", date(2026, 10, 1), transport)
    owed("Nobody's yet", date(2026, 11, 20))
    owed("Answered", date(2026, 9, 1), transport, answered_on=date(2026, 9, 20))
    owed("Answered last", date(2026, 9, 2), transport, answered_on=date(2026, 9, 29))
    duty_actions.pause(
        paused.id,
        starts_on=date(2026, 10, 10),
        ends_on=None,
        reason="An election",
        by=build.staff("administrator"),
    )
    page = client.get("/accountability").text
    assert titles(page) == [
        "Later",
        "Late",
        "Soon",
        "Nobody&#39;s yet",
        "Paused",
        "Answered last",
        "Answered",
    ]
    assert "An election. The clock stands still since 10 October" in page
    assert "not named yet" in page
    assert "43 days late" in page
    assert "Answered, 6 days late" in page
    assert "Agreed" in page


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("due", ["Old", "New", "Middle"]),
        ("-due", ["Middle", "New", "Old"]),
        ("petition", ["Middle", "New", "Old"]),
        ("days", ["Old", "New", "Middle"]),
        ("-reached", ["New", "Middle", "Old"]),
        ("reached", ["Old", "Middle", "New"]),
        ("department", ["Middle", "Old", "New"]),
        ("status", ["Old", "New", "Middle"]),
        ("nonsense", ["Old", "New", "Middle"]),
        ("", ["Old", "New", "Middle"]),
    ],
)
def test_it_can_be_sorted_by_its_headings(
    client: PageCheckingClient, order: str, expected: list[str]
) -> None:
    works, arts = build.department("Department of Works"), build.department("Department of Arts")
    owed("Old", date(2026, 10, 1), works)
    middle = owed("Middle", date(2026, 11, 8), arts)
    owed("New", date(2026, 11, 9), works)
    administrator = build.staff("administrator")
    duty_actions.extend(middle.id, due_on=date(2026, 12, 20), reason="Figures are missing.", by=administrator)
    assert titles(client.get(f"/accountability?sort={order}").text) == expected


def test_the_figures_are_those_of_a_plain_count(app: Flask) -> None:
    trade, works = build.department("Department of Trade"), build.department("Department of Works")
    taken = [3, 5, 21, 22, 40]
    for number, days in enumerate(taken):
        start = date(2026, 6, 1) + timedelta(days=number)
        owed(f"Answered in {days}", start, trade, answered_on=start + timedelta(days=days))
    owed("Last year", date(2025, 6, 1), trade, answered_on=date(2025, 12, 1))
    owed("Overdue", date(2026, 10, 1), works)
    owed("Not due", date(2026, 11, 20), works)
    facts = queries.duty_facts()
    figures = queries.measure(facts)
    assert (figures.owed_now, figures.overdue, figures.answered) == (2, 1, 6)
    assert figures.on_time_share == 3 / 6
    assert (figures.median_days, figures.ninety_percent_days) == (21, 183)
    by_name = {
        row.department.name: row.figures for row in queries.by_department(facts, queries.departments_by_id())
    }
    assert by_name["Department of Trade"].on_time_share == 3 / 5
    assert by_name["Department of Works"].on_time_share == 0
    assert by_name["Department of Works"].median_days is None


@pytest.mark.parametrize(
    ("days", "half", "nine_of_ten"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([3, 1, 2], 2, 3),
        (list(range(1, 11)), 5, 9),
        ([5] * 9 + [100], 5, 5),
    ],
)
def test_within_is_the_nearest_rank(days: list[int], half: int | None, nine_of_ten: int | None) -> None:
    assert (within(days, 0.5), within(days, 0.9)) == (half, nine_of_ten)


def test_nothing_is_owed_to_what_was_taken_down(app: Flask, client: PageCheckingClient) -> None:
    owed("Taken down", date(2026, 11, 1), state="hidden")
    owed("Refused later", date(2026, 11, 1), state="rejected")
    owed("Closed", date(2026, 11, 1), state="closed")
    assert [row.petition.action for row in queries.owed_now(9)] == ["Closed"]
    page = client.get("/accountability").text
    assert "Taken down" not in page
    assert "Refused later" not in page


def test_debates_to_consider_have_a_list_of_their_own(client: PageCheckingClient) -> None:
    petition = build.open_petition(action="Debate this", count=100_000)
    db.session.rollback()
    page = client.get("/accountability").text
    assert "Waiting to be considered for a debate" in page
    assert petition.action in page.split("Waiting to be considered")[1]


def test_a_department_has_a_page(client: PageCheckingClient) -> None:
    trade, works = build.department("Department of Trade"), build.department("Department of Works")
    owed("Theirs", date(2026, 11, 1), trade)
    owed("Answered by them", date(2026, 10, 1), trade, answered_on=date(2026, 10, 18))
    owed("Not theirs", date(2026, 11, 1), works)
    page = client.get("/departments/department-of-trade").text
    assert "Theirs" in page
    assert "Answered by them" in page
    assert "Not theirs" not in page
    assert client.get("/departments/nobody").status_code == 404


def test_the_pages_are_the_same_for_everybody_and_may_be_kept(client: PageCheckingClient) -> None:
    build.department("Department of Trade")
    for path in ("/accountability", "/accountability?sort=status", "/departments/department-of-trade"):
        reply = client.get(path)
        assert "s-maxage" in reply.headers["Cache-Control"]
        assert "Set-Cookie" not in reply.headers
        assert "Cookie" not in reply.headers.get("Vary", "")
        assert client.get(path, headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304


def test_markup_in_a_title_stays_text(client: PageCheckingClient) -> None:
    owed("<script>alert(1)</script>", date(2026, 11, 1))
    assert "<script>alert" not in client.get("/accountability").text


def test_lists_can_ask_how_several_petitions_stand(app: Flask) -> None:
    duty = owed("Late", date(2026, 10, 20))
    other: Petition = build.open_petition()
    found = queries.statuses_of([duty.petition_id, other.id])
    assert {number: status.short for number, status in found.items()} == {duty.petition_id: "13 days late"}
    assert queries.statuses_of([]) == {}
