"""Search finds what was meant on both databases, takes any text, and never shows what is not public."""

import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from petitions import resemblance
from petitions.browsing import search
from petitions.browsing.asking import Asked
from petitions.browsing.list_counts import count_lists
from petitions.database import reading_engine
from petitions.extensions import db
from petitions.models import Petition
from petitions.search_index import words as spelled
from tests import build
from tests.browsing.pages import count_queries, titles
from tests.client import PageCheckingClient


@pytest.fixture
def library(client: PageCheckingClient) -> PageCheckingClient:
    """Five petitions about different things."""
    build.open_petition(
        action="Guarantee night buses",
        background="Towns have no transport after eight.",
        additional_details="",
        count=50,
    )
    build.open_petition(
        action="Ban night flights",
        background="People cannot sleep.",
        additional_details="Run a bus instead.",
        count=40,
    )
    build.closed_petition(
        action="Café terraces all year", background="It's warm.", additional_details="", count=30
    )
    build.petition("rejected", action="Fewer trains", background="Too loud at night.", additional_details="")
    build.petition("hidden", action="night night night", background="Not to be seen.", additional_details="")
    return client


def found(client: PageCheckingClient, q: str) -> list[str]:
    response = client.get("/petitions", query_string={"q": q})
    assert response.status_code == 200
    return titles(response.text)


def public() -> set[int]:
    """The numbers of the petitions that may be shown."""
    return set(db.session.execute(select(Petition.id).where(Petition.action.in_(PUBLIC))).scalars())


BUSES, FLIGHTS, TERRACES, TRAINS = (
    "Guarantee night buses",
    "Ban night flights",
    "Café terraces all year",
    "Fewer trains",
)
PUBLIC = (BUSES, FLIGHTS, TERRACES, TRAINS)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("bus", [BUSES, FLIGHTS]),
        ("NIGHT bus", [BUSES, FLIGHTS]),
        ("night", [BUSES, FLIGHTS, TRAINS]),
        ('"night flights"', [FLIGHTS]),
        ('"flights night"', []),
        ("night -flights", [BUSES, TRAINS]),
        ("a bus for the night", [BUSES, FLIGHTS]),
        ("terrace", [TERRACES]),
        ("sleeping", [FLIGHTS]),
        ("seen", []),
        ("!!!", []),
        ("-bus", []),
    ],
)
def test_search_finds_words_in_all_their_forms(
    library: PageCheckingClient, q: str, expected: list[str]
) -> None:
    assert found(library, q) == expected


@pytest.mark.parametrize(
    "q",
    [
        '"', "'", '""', '"""', "*", "bus*", "^bus", "bus AND", "AND OR NOT", "NEAR(bus, 2)", "action:bus", "{a b}: c", "-",
        "--", "- -bus", "(((", ")", "bus & | ! <->", "%", "_", "\\", "';--", "' OR '1'='1", "\u202e\u200b", "😀", "ﷺ",
        "\ud7ff", "x" * 65536, "a " * 5000, '" ' * 500, "<b>", "１２", "0", "+", "\t\n\r", "\x01\x1f", "pg_sleep(9)", "::",
    ],
)  # fmt: skip
def test_any_text_may_be_searched_for(library: PageCheckingClient, q: str) -> None:
    found(library, q)
    assert db.session.execute(db.select(search.matching(q))).all() is not None
    alike = {each.petition_id for each in resemblance.likest(q, q, most=5)}
    assert alike <= public()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("हिन्दी में रात की बस चाहिए", ["हिन्दी", "में", "रात", "की", "बस", "चाहिए"]),
        ("பேருந்து வேண்டும்", ["பேருந்து", "வேண்டும்"]),
        ("Новый трамвай, ёлка", ["новый", "трамвай", "елка"]),
        ("Cafe\u0301 ZÜRICH Ą̈b", ["cafe", "zurich", "ab"]),
        ("مُحَمَّد", ["محمد"]),
        ("1\ufe0f\u20e3 N.H.S. 10,000 bus's", ["1", "nhs", "10000", "bus"]),
    ],
)
@pytest.mark.database("sqlite")
def test_words_are_whole_in_any_script(app: Flask, text: str, expected: list[str]) -> None:
    assert spelled.words(text) == [unicodedata.normalize("NFC", word) for word in expected]
    assert spelled.words(unicodedata.normalize("NFD", text)) == spelled.words(text)


@pytest.mark.database("sqlite")
def test_russian_words_are_found_in_all_their_forms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelled, "settings", lambda: SimpleNamespace(languages=["ru"]))
    assert len({spelled.stem(word) for word in spelled.words("Новый новая новые НОВЫМИ")}) == 1
    assert len({spelled.stem(word) for word in spelled.words("синий синяя синие")}) == 1


def test_a_search_in_hindi_finds_words_and_no_letters(client: PageCheckingClient) -> None:
    build.open_petition(action="रात की बस चलाओ", background="x", additional_details="")
    build.open_petition(action="तारा घर बनाओ", background="x", additional_details="")
    assert found(client, "रात") == ["रात की बस चलाओ"]


def test_a_nul_or_broken_text_is_refused_and_breaks_nothing(library: PageCheckingClient) -> None:
    assert library.get("/petitions?q=%00bus").status_code == 400
    assert library.get("/petitions?q=%ff%fe").status_code == 200
    alike = {each.petition_id for each in resemblance.likest("bus\x00night", most=5)}
    assert alike
    assert alike <= public()


def test_a_number_leads_to_the_petition_it_names(client: PageCheckingClient) -> None:
    shown = build.open_petition()
    hidden = build.petition("review", supporters=5)
    response = client.get(f"/petitions?q={shown.id}")
    assert (response.status_code, response.location) == (303, f"/petitions/{shown.id}")
    for q in (hidden.id, 10**9 - 1, 2**31, 2**63, "9" * 100, "٤", "0"):
        assert client.get("/petitions", query_string={"q": q}).status_code == 200


def test_pages_of_a_search_go_on_from_titles_to_the_rest(client: PageCheckingClient) -> None:
    in_titles = [
        build.open_petition(action=f"Ferry {number}", count=10 - number).action for number in range(3)
    ]
    rest = [
        build.open_petition(action=f"Harbour {number}", background="A ferry.", count=90 - number).action
        for number in range(2)
    ]
    build.open_petition(action="Ferry by night", background="Loud.", count=99)
    pages = [titles(client.get(f"/petitions?q=ferry+-loud&count=2&page={page}").text) for page in (1, 2, 3)]
    assert pages == [in_titles[:2], [in_titles[2], rest[0]], [rest[1]]]


@pytest.mark.database("postgresql")
def test_where_titles_fill_the_page_texts_are_looked_at_once(client: PageCheckingClient) -> None:
    """To count them. Of a word that half of all petitions have, each look takes a tenth of a second."""
    for number in range(2):
        build.open_petition(action=f"Ferry {number}")
    with count_queries() as statements:
        client.get("/petitions?q=ferry&count=2")
    assert len([each for each in statements if "search_document" in each]) == 1


@pytest.mark.database("postgresql")
def test_the_lists_are_counted_from_an_index_alone(app: Flask) -> None:
    """What an index does not hold is read from the rows of all petitions, with their words."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    event.listen(reading_engine(), "before_cursor_execute", note)
    count_lists(Asked())
    event.remove(reading_engine(), "before_cursor_execute", note)
    ((statement, parameters),) = asked
    connection = db.session.connection()
    # Of an empty table any way is as quick.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
    assert any("Index Only Scan using ix_petitions_state_closes_at on petitions" in line for line in plan), (
        plan
    )
