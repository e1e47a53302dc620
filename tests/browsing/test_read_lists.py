"""Every list holds what its name says, in the order it says; paging and filters take any value."""

from datetime import UTC, date, datetime, timedelta

import pytest

from petitions import clock
from petitions.browsing.lists import LISTS
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Debate, Outcome, Petition, Response
from tests import build
from tests.browsing.pages import count_queries, titles, words
from tests.client import PageCheckingClient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@transactional
def answer(petition: Petition, at: datetime) -> None:
    db.session.add(
        Response(
            petition_id=petition.id,
            summary="We agree.",
            body="We do it.",
            outcome=Outcome.AGREED,
            responded_on=at.date(),
            published_at=at,
        )
    )


@transactional
def debate(petition: Petition, **columns: object) -> None:
    db.session.add(Debate(petition_id=petition.id, **columns))


def list_of(client: PageCheckingClient, state: str, **more: object) -> list[str]:
    response = client.get("/petitions", query_string={"state": state, **more})
    assert response.status_code == 200
    return titles(response.text)


@pytest.fixture
def country(client: PageCheckingClient) -> PageCheckingClient:
    """One or two petitions for every list."""
    ago = {days: NOON - timedelta(days=days) for days in range(60)}
    with clock.fixed(ago[50]):
        for state in ("pending", "gathering", "review", "hidden", "withdrawn", "lapsed"):
            build.petition(state, action=f"never {state}", supporters=5)
        build.open_petition(action="small", count=10, opened_at=ago[40])
        build.open_petition(action="new", count=20, opened_at=ago[1])
        build.open_petition(action="over by the clock", count=30, closes_at=ago[2])
        build.closed_petition(action="over", count=40)
        build.petition("rejected", action="refused first", created_at=ago[30])
        build.petition("rejected", action="refused last", created_at=ago[20])
        waiting_short = build.open_petition(action="waiting short", count=90)
        waiting_long = build.open_petition(action="waiting long", count=80)
        answered_first = build.open_petition(action="answered first", count=70)
        answered_last = build.closed_petition(action="answered last", count=60)
        debated_first = build.open_petition(action="debated first", count=100)
        debated_last = build.open_petition(action="debated last", count=200)
        refused = build.open_petition(action="no debate", count=300)
        set_soon = build.open_petition(action="debate soon", count=400)
        set_late = build.open_petition(action="debate late", count=500)
        unset = build.open_petition(action="debate unset", count=600)
    for petition, days in (
        (waiting_long, 20),
        (waiting_short, 10),
        (answered_first, 30),
        (answered_last, 30),
    ):
        with clock.fixed(ago[days]):
            build.cross(petition)
    with clock.fixed(ago[5]):
        build.cross(unset, "debate")
        build.cross(set_late, "debate")
        build.cross(refused, "debate")
    answer(answered_first, ago[9])
    answer(answered_last, ago[8])
    debate(debated_first, debated=True, debated_on=date(2026, 11, 1), outcome_at=ago[1])
    debate(debated_last, debated=True, debated_on=date(2026, 11, 9), outcome_at=ago[3])
    debate(refused, debated=False, outcome_at=ago[1])
    debate(set_soon, scheduled_on=date(2026, 12, 1), scheduled_at=ago[1])
    debate(set_late, scheduled_on=date(2026, 12, 9), scheduled_at=ago[2])
    return client


OPEN_BY_COUNT = [
    "debate unset", "debate late", "debate soon", "no debate", "debated last", "debated first",
    "waiting short", "waiting long", "answered first", "new", "small",
]  # fmt: skip
EXPECTED = {
    "open": OPEN_BY_COUNT,
    "closed": ["answered last", "over", "over by the clock"],
    "rejected": ["refused last", "refused first"],
    "awaiting_response": ["waiting long", "waiting short"],
    "with_response": ["answered last", "answered first"],
    "awaiting_debate": ["debate soon", "debate late", "debate unset"],
    "debated": ["debated last", "debated first"],
    "not_debated": ["no debate"],
}


def test_every_list_holds_what_its_name_says_in_its_order(country: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        assert {state: list_of(country, state) for state in EXPECTED} == EXPECTED
        recent = list_of(country, "recent")
        assert recent[:2] == ["new", "small"]
        assert sorted(recent) == sorted(OPEN_BY_COUNT)
        everything = list_of(country, "all")
        assert everything[:3] == ["debate unset", "debate late", "debate soon"]
        assert set(everything) == {*OPEN_BY_COUNT, *EXPECTED["closed"], *EXPECTED["rejected"]}


def test_the_lists_are_offered_with_their_true_counts(country: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        page = words(country.get("/petitions").text)
        for state in LISTS:
            label = str(LISTS[state].label)
            assert f"{label} {len(list_of(country, state))} " in page


def test_a_list_takes_few_queries_however_long_it_is(country: PageCheckingClient) -> None:
    with clock.fixed(NOON), count_queries() as statements:
        country.get("/petitions")
    assert len(statements) <= 9


def test_an_unknown_list_leads_to_all_and_keeps_the_words(client: PageCheckingClient) -> None:
    response = client.get("/petitions?state=nonsense&q=bus+%26+train")
    assert response.status_code == 303
    assert response.location == "/petitions?state=all&q=bus+%26+train"


@pytest.mark.parametrize(
    "page", ["0", "-1", "1000000000000000000", "9" * 400, "a", "١٢", "", "1.5", "1 2", "%F0"]
)
@pytest.mark.parametrize("name", ["page", "count"])
def test_any_page_number_and_length_gives_a_page(client: PageCheckingClient, name: str, page: str) -> None:
    build.open_petition(action="alone")
    response = client.get(f"/petitions?{name}={page}")
    assert response.status_code == 200
    assert titles(response.text) == ["alone"]


def test_pages_follow_each_other_and_the_end_is_the_last(client: PageCheckingClient) -> None:
    for number in range(5):
        build.open_petition(action=f"petition {number}", count=100 - number)
    pages = [titles(client.get(f"/petitions?count=2&page={number}").text) for number in (1, 2, 3, 4, 10**18)]
    assert pages == [
        ["petition 0", "petition 1"],
        ["petition 2", "petition 3"],
        ["petition 4"],
        ["petition 4"],
        ["petition 4"],
    ]
    middle = client.get("/petitions?count=2&page=2&state=open").text
    assert 'rel="prev" href="/petitions?count=2&amp;state=open"' in middle
    assert 'rel="next" href="/petitions?count=2&amp;page=3&amp;state=open"' in middle
    assert "All petitions (page 3 of 3)" in client.get("/petitions?count=2&page=3").text


def test_a_page_holds_25_unless_asked_and_never_more_than_50(client: PageCheckingClient) -> None:
    for number in range(51):
        build.open_petition(action=f"petition {number}")
    assert [len(titles(client.get(f"/petitions?count={count}").text)) for count in ("", "7", "50", "51", "9999", "0")] == [
        25, 7, 50, 50, 50, 25,
    ]  # fmt: skip


def test_a_list_narrows_to_a_topic_and_a_department(client: PageCheckingClient) -> None:
    libraries, buses = build.topic("Libraries"), build.topic("Buses")
    transport = build.department("Department of Transport")
    build.open_petition(action="books", topics=[libraries])
    build.open_petition(action="night bus", topics=[buses], departments=[transport])
    build.open_petition(action="train", departments=[transport])
    assert titles(client.get("/petitions?topic=libraries").text) == ["books"]
    assert set(titles(client.get("/petitions?topic=libraries&topic=buses").text)) == {"books", "night bus"}
    assert set(titles(client.get("/petitions?department=department-of-transport").text)) == {
        "night bus",
        "train",
    }
    both = client.get("/petitions?department=department-of-transport&topic=buses&state=open").text
    assert titles(both) == ["night bus"]
    assert '<option value="buses" selected>' in both
    assert titles(client.get("/petitions?topic=nonsense").text) == []


def test_a_list_without_petitions_says_so(client: PageCheckingClient) -> None:
    assert "No petition is in this list now." in words(client.get("/petitions?state=debated").text)
    found_nothing = words(client.get("/petitions?state=open&q=unicorn").text)
    assert "Nothing found" in found_nothing
    assert "Look in all petitions" in found_nothing


def test_the_title_says_what_is_listed(client: PageCheckingClient) -> None:
    build.open_petition(action="A night bus")
    assert "<title>Open petitions with “bus” – " in client.get("/petitions?state=open&q=bus").text
    assert "<title>Petitions owed an answer – " in client.get("/petitions?state=awaiting_response").text


def test_a_refused_petition_that_was_never_published_shows_no_total(client: PageCheckingClient) -> None:
    build.petition("rejected", action="refused", supporters=5)
    page = words(client.get("/petitions?state=rejected").text)
    assert "refused" in page
    assert "signature" not in page


def test_a_title_cannot_bring_markup_along(client: PageCheckingClient) -> None:
    build.open_petition(action='<script>alert("1")</script> & "quotes"')
    page = client.get("/petitions?q=quotes").text
    assert titles(page) == ['<script>alert("1")</script> & "quotes"']
    assert "<script>alert" not in page
    evil = client.get("/petitions", query_string={"q": '"><script>alert(1)</script>', "topic": '"><b>'}).text
    assert "<script>alert" not in evil
    assert '"><b>' not in evil
