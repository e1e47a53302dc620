"""A list is narrowed and sorted as asked, on the page, in the address, from page to page; a search that finds nothing helps."""

from datetime import UTC, datetime, timedelta

import pytest

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Petition, PublishedPlaceCount
from petitions.search_index import vocabulary
from tests import build
from tests.browsing.pages import titles, words
from tests.client import PageCheckingClient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@transactional
def signed_in(petition: Petition, name: str, number: int) -> None:
    place = build.place(name=name)
    db.session.add(PublishedPlaceCount(petition_id=petition.id, place_id=place.id, signature_count=number))


@pytest.fixture
def shelf(client: PageCheckingClient) -> PageCheckingClient:
    """Four petitions that differ in everything one may narrow by."""
    with clock.fixed(NOON):
        buses = build.open_petition(action="Night bus", count=12_000, opened_at=NOON - timedelta(days=40))
        build.cross(buses)
        signed_in(buses, "Kélda North", 20)
        late = build.open_petition(action="Bus lanes", count=11_000, opened_at=NOON - timedelta(days=90))
        duty = build.cross(late)
        build.change(duty, due_on=(NOON - timedelta(days=1)).date())
        build.open_petition(
            action="Cheap bus",
            count=300,
            opened_at=NOON - timedelta(days=1),
            closes_at=NOON + timedelta(days=9),
        )
        build.petition("rejected", action="A bus for me", created_at=NOON - timedelta(days=2))
    return client


NARROWED = {
    "place=kelda+north": ["Night bus"],
    "place=Kel": ["Night bus"],
    "place=nowhere": [],
    "from=2026-11-20": ["Cheap bus", "A bus for me"],
    "to=2026-10-14": ["Night bus", "Bus lanes"],
    "from=2026-10-14&to=2026-10-14": ["Night bus"],
    "from=9999-12-31": [],
    "to=9999-12-31&from=0001-01-01": ["Night bus", "Bus lanes", "Cheap bus", "A bus for me"],
    "signatures_from=11,000": ["Night bus", "Bus lanes"],
    "signatures_from=300&signatures_to=11000": ["Bus lanes", "Cheap bus"],
    "response=owed": ["Night bus", "Bus lanes"],
    "response=overdue": ["Bus lanes"],
    "response=none&state=open": ["Cheap bus"],
    "response=answered": [],
    "response=nonsense&from=yesterday&signatures_from=-1&sort=nonsense&state=open": ["Night bus", "Bus lanes", "Cheap bus"],
    "sort=newest": ["Cheap bus", "A bus for me", "Night bus", "Bus lanes"],
    "sort=closing": ["Cheap bus", "Bus lanes", "Night bus", "A bus for me"],
    "q=bus+lanes": ["Bus lanes"],
    "q=bus&sort=newest&state=open": ["Cheap bus", "Night bus", "Bus lanes"],
}  # fmt: skip


def test_a_list_is_narrowed_and_sorted_as_asked(shelf: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        found = {asked: titles(shelf.get(f"/petitions?{asked}").text) for asked in NARROWED}
    assert found == NARROWED


def test_what_narrows_is_in_the_form_and_stays_from_page_to_page(shelf: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        page = shelf.get(
            "/petitions?q=bus&count=1&signatures_from=1&sort=newest&from=2026-01-01&response=owed"
        ).text
        assert "<details" in page.partition("More filters")[0].rpartition("<form")[2]
        assert 'name="from" value="2026-01-01"' in page
        assert '<option value="owed" selected>' in page
        following = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        assert following == (
            "/petitions?count=1&from=2026-01-01&page=2&q=bus&response=owed&signatures_from=1&sort=newest"
        )
        assert titles(shelf.get(following).text) == ["Bus lanes"]
        assert "at least 1 signature remove" in words(page)


def test_the_words_found_are_marked_in_title_and_text_and_nothing_else_is_markup(
    client: PageCheckingClient,
) -> None:
    build.open_petition(
        action="Café <b>terraces</b>", additional_details="",
        background="Nothing here. " * 30 + "We want a Terrace & a café in <i>summer</i>. " + "Nothing there. " * 30,
    )  # fmt: skip
    page = client.get("/petitions?q=terrace+CAFE").text
    assert "<mark>Café</mark> &lt;b&gt;<mark>terraces</mark>&lt;/b&gt;" in page
    assert "a <mark>Terrace</mark> &amp; a <mark>café</mark> in &lt;i&gt;summer" in page
    assert "… " in page
    assert len(words(page)) < 1_500


def test_best_match_is_the_title_first_then_the_most_signed(client: PageCheckingClient) -> None:
    build.open_petition(action="Trains", background="A night bus is no train.", count=9_000)
    build.open_petition(action="Bus at night", count=10)
    build.open_petition(action="The bus by night", count=500)
    build.open_petition(action="A night bus", count=5)
    assert titles(client.get("/petitions?q=night+bus").text) == [
        "A night bus",
        "The bus by night",
        "Bus at night",
        "Trains",
    ]
    assert titles(client.get("/petitions?q=night+bus&sort=signatures").text)[0] == "Trains"


def test_a_mistyped_word_is_understood_where_nothing_has_it(client: PageCheckingClient) -> None:
    build.open_petition(action="Open the library on Sundays", background="Reading.", additional_details="")
    build.petition("review", action="Lobrary of a secret", background="Hidden.", additional_details="")
    vocabulary.recount()
    page = client.get("/petitions", query_string={"q": "libary sunday"})
    assert titles(page.text) == ["Open the library on Sundays"]
    assert "No petition has “libary sunday”. These have “library sunday”." in words(page.text)
    assert "“library sunday”" in words(page.text)
    for q in ("secrt", "zzzzzz", "lib"):
        assert "Nothing found" in words(client.get(f"/petitions?q={q}").text), q


def test_a_search_for_too_much_offers_less(client: PageCheckingClient) -> None:
    build.open_petition(action="Night bus", background="To town.", additional_details="")
    vocabulary.recount()
    page = client.get("/petitions?q=night+bus+unicorn&state=open&signatures_to=5000").text
    text = words(page)
    assert "Search for “night” alone (1 petition)" in text
    assert "unicorn” alone" not in text
    assert "Look in all petitions" in text
    assert "Look for the words alone, without any filter" in text
    assert titles(page) == ["Night bus"]
    assert "These share some of your words" in text
