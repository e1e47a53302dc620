"""A petition's history for people: the chart with what happened, every day, and several petitions side by side."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from petitions import clock, ticks
from petitions.browsing.compare_page import compare_page
from petitions.browsing.comparing import read
from petitions.browsing.drawing import FLAG_ROOM, NAME_ROOM, Line, flags_of, with_names_apart
from petitions.browsing.history_page import history_page
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Correction, HourCount, Petition
from tests import build
from tests.browsing.pages import count_queries, words
from tests.client import PageCheckingClient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")

pytestmark = pytest.mark.database("sqlite")


@transactional
def grown(petition: Petition, *days: int) -> Petition:
    """A petition that got so many signatures at noon of each day since it was published, counted by the hour."""
    assert petition.opened_at is not None
    start = petition.opened_at.replace(minute=0, second=0)
    for place, number in enumerate(days):
        hour = start + timedelta(days=place)
        row = HourCount(
            petition_id=petition.id, hour=hour, signature_count=number, imported_signatures=number
        )
        db.session.merge(row)
    petition.signature_count = petition.imported_signatures = sum(days)
    return petition


def published(days_ago: int, *days: int, **columns: object) -> Petition:
    """An imported petition with a history."""
    opened = NOON - timedelta(days=days_ago, hours=3)
    return grown(build.imported_petition(opened_at=opened, **columns), *days)


@pytest.mark.parametrize(
    ("top", "most", "expected"),
    [
        (4, 5, [1, 2, 3, 4]),
        (9_000, 5, [2_000, 4_000, 6_000, 8_000]),
        (137_000, 5, [50_000, 100_000]),
        (2_500_000, 5, [500_000, 1_000_000, 1_500_000, 2_000_000, 2_500_000]),
        (1, 5, [1]),
    ],
)
def test_the_marks_of_an_axis_are_round(top: float, most: int, expected: list[int]) -> None:
    assert ticks.numbers(top, most) == expected


@pytest.mark.parametrize("days", [1, 2, 5, 9, 30, 70, 100, 190, 400, 2_000, 6_000])
@pytest.mark.parametrize(
    "start", [datetime(2026, 1, 31, 23, 30, tzinfo=UTC), datetime(2026, 3, 28, 12, tzinfo=UTC)]
)
def test_the_marks_of_time_begin_days_and_months_of_the_site(start: datetime, days: int) -> None:
    found = ticks.moments(start, start + timedelta(days=days), LONDON, 6)
    assert 1 <= len(found) <= 7
    assert all((each.hour, each.minute) == (0, 0) for each in found)
    assert found == sorted(set(found))
    assert start < found[0]
    assert found[-1] <= start + timedelta(days=days)
    if days > 90:
        assert {each.day for each in found} == {1}


def test_flags_and_names_near_each_other_stand_apart() -> None:
    flags = flags_of([(0.0, "Published"), (0.02, "Reached"), (0.05, "Answered"), (0.5, "Debated")])
    assert [flag.number for flag in flags] == [1, 2, 3, 4]
    for one in flags:
        for other in flags:
            if one is not other and one.row == other.row:
                assert abs(one.at - other.at) >= FLAG_ROOM
    lines = with_names_apart(
        [Line(name, [(0.0, 0.0), (1.0, y)]) for name, y in zip("ABCD", (0.5, 0.5, 0.52, 0.9), strict=True)]
    )
    heights = sorted(line.named_at or 0 for line in lines)
    assert all(higher - lower >= NAME_ROOM - 1e-9 for lower, higher in pairwise(heights))


def test_the_page_marks_what_happened_and_names_every_day(app: Flask, client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        petition = published(4, 300, 9_800, 20, 5, 1, action="Bring back the ferry")
        build.cross(petition)
        build.add(Correction(petition_id=petition.id, change=-412, reason="Made by a program."))
        with count_queries() as statements:
            reply = client.get(f"/petitions/{petition.id}/history")
        assert len(statements) <= 12, "\n".join(statements)
        text = words(reply.text)
        with app.test_request_context():
            page = history_page(petition)
    assert [event.title for event in page.milestones] == [
        "Published",
        "Reached 10,000: an answer is owed",
        "412 signatures removed",
    ]
    assert "Made by a program." in text
    assert [day.signatures for day in page.days] == [1, 5, 20, 9_800, 300]
    assert page.days[0].total == petition.signature_count == 10_126
    assert "20 Nov 9,800 10,100" in text
    assert "10,000: an answer is owed" in reply.text
    assert reply.cache_control.public
    assert f"/petitions/{petition.id}/history.csv" in reply.text
    assert f'href="/petitions/{petition.id}/history"' in client.get(f"/petitions/{petition.id}").text


def test_the_line_runs_on_level_to_an_answer_after_the_last_signature(app: Flask) -> None:
    with clock.fixed(NOON - timedelta(days=20)):
        petition = build.closed_petition(
            opened_at=NOON - timedelta(days=60),
            closes_at=NOON - timedelta(days=30),
            closed_at=NOON - timedelta(days=30),
        )
        grown(petition, 10, 20)
        duty = build.cross(petition)
    with clock.fixed(NOON), app.test_request_context():
        build.answer(duty)
        picture = history_page(petition).picture
    assert picture is not None
    assert picture.lines[0].points[-1] == (1.0, picture.lines[0].points[-2][1])
    assert picture.flags[-1].at == 1.0


def test_a_petition_counted_without_its_times_says_so(client: PageCheckingClient) -> None:
    petition = build.imported_petition()
    text = words(client.get(f"/petitions/{petition.id}/history").text)
    assert "there is no curve to draw" in text
    gone = build.petition("hidden", opened_at=clock.now() - timedelta(days=3))
    assert client.get(f"/petitions/{gone.id}/history").status_code == 410
    assert client.get(f"/petitions/{build.gathering_petition().id}/history").status_code == 404


def test_of_a_count_without_its_times_the_known_moments_are_drawn(
    app: Flask, client: PageCheckingClient
) -> None:
    with clock.fixed(NOON), app.test_request_context():
        opened, closed = NOON - timedelta(days=200), NOON - timedelta(days=20)
        times = {"opened_at": opened, "closes_at": closed, "closed_at": closed}
        petition = build.imported_petition(state="closed", count=30_000, **times)
        with clock.fixed(NOON - timedelta(days=110)):
            build.cross(petition)
        page = history_page(petition)
        reply = client.get(f"/petitions/compare?id={petition.id}")
    assert page.picture is not None
    assert page.is_sparse
    assert [round(x, 3) for x, _y in page.picture.lines[0].points] == [0.0, 0.5, 1.0]
    assert page.days == []
    assert "Between them the line is straight." in words(reply.text)


def test_petitions_stand_side_by_side(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        first = published(4, 300, 9_800, 20, 5, 1, action="Bring back the ferry")
        second = published(2, 10, 20, action="Repair the bridge")
        build.cross(first)
        address = f"/petitions/compare?id={first.id}&id=http://localhost/petitions/{second.id}%23share&id={first.id}"
        page = client.get(address)
        text = words(page.text)
        by_date = compare_page(read(MultiDict([("id", str(first.id)), ("id", str(second.id))])))
        by_age = compare_page(read(MultiDict([("id", str(first.id)), ("id", str(second.id)), ("by", "age")])))
    assert page.status_code == 200
    assert text.count("confirmed signatures") == 2
    assert "Bring back the ferry" in text
    assert "reached on 23 November 2026" in text
    assert "99,970 to go" in text
    # 21 November begins after three of the first's days and before the second was published.
    assert ("21 November 2026", [10_100, None]) in by_date.rows
    assert by_date.rows[-1][1] == [10_126, 30]
    assert by_age.rows[0] == ("1", [300, 10])
    assert by_age.rows[2] == ("3", [10_120, None]), "the second has not lived three days"
    assert all(line.points[0][0] == 0 for line in by_age.picture.lines) if by_age.picture else False
    assert f"?id={first.id}&amp;id={second.id}&amp;by=age" in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{hidden}", "Petition {hidden} was taken down"),
        ("{gathering}", "There is no published petition {gathering}"),
        ("999", "There is no published petition 999"),
        ("0", "“0” is no petition"),
        ("<b>ferry</b>", "“<b>ferry</b>” is no petition"),
        ("٤٢", "“٤٢” is no petition"),
        ("99999999999999999999", "is no petition"),
    ],
)
def test_what_cannot_be_compared_is_named_and_the_rest_is_shown(
    client: PageCheckingClient, typed: str, said: str
) -> None:
    ids = {
        "hidden": build.petition("hidden", opened_at=clock.now(), action="Name somebody").id,
        "gathering": build.gathering_petition().id,
    }
    shown = build.open_petition(action="Repair the bridge")
    reply = client.get(
        "/petitions/compare", query_string=[("id", typed.format(**ids)), ("id", str(shown.id))]
    )
    assert reply.status_code == 422
    text = words(reply.text)
    assert "There is a problem" in text
    assert said.format(**ids) in text
    assert "Repair the bridge" in text
    assert "Name somebody" not in text
    assert "<b>ferry" not in reply.text
    assert re.search(r'href="#id-1"', reply.text)


def test_more_than_four_are_too_many_and_none_is_the_form(client: PageCheckingClient) -> None:
    ids = [build.open_petition().id for _ in range(5)]
    reply = client.get("/petitions/compare", query_string=[("id", str(each)) for each in ids])
    assert reply.status_code == 422
    assert "1 was left out" in words(reply.text)
    empty = client.get("/petitions/compare?id=&id=")
    assert empty.status_code == 200
    assert "There is a problem" not in empty.text
