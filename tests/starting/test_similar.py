"""Petitions like the one being written: the nearest first, none that is not public, a duplicate by its original."""

from datetime import timedelta

import pytest
from flask import Flask

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Outcome, Petition, Rejection, Response
from petitions.resemblance import lists
from petitions.starting.similar import similar_to
from tests import build
from tests.browsing.pages import count_queries
from tests.client import PageCheckingClient
from tests.starting.writing import ADDRESS, ANSWERS, Writer

TITLE = "Guarantee a night bus to every town"


def titles(*arguments: str) -> list[str]:
    return [each.petition.action for each in similar_to(*arguments)]


@transactional
def duplicate_of(original: Petition, title: str) -> Petition:
    petition = build.petition(State.REJECTED, action=title)
    db.session.get_one(Rejection, petition.id).original_id = original.id
    return petition


@transactional
def answer(petition: Petition, outcome: Outcome) -> None:
    from petitions import clock

    row = Response(
        petition_id=petition.id, summary="s", body="b", outcome=outcome, responded_on=clock.now().date(),
        published_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)


def test_the_nearest_title_comes_first_and_five_are_enough(app: Flask) -> None:
    for number in range(7):
        build.open_petition(action=f"Paint bus {number} blue")
    build.open_petition(action="Run buses at night to all towns")
    build.open_petition(action="Ban fireworks", background="They frighten dogs.")
    found = titles("Night buses for every town")
    assert found[0] == "Run buses at night to all towns"
    assert len(found) == 5
    assert "Ban fireworks" not in found


def test_the_background_counts_too(app: Flask) -> None:
    build.open_petition(action="Extend the timetable", background="Nurses finish late and walk home.")
    assert titles("Something else", "Nurses walk home late") == ["Extend the timetable"]
    assert titles("Something else") == []


@pytest.mark.parametrize("state", list(State))
def test_only_petitions_whose_words_are_public_are_shown(app: Flask, state: State) -> None:
    build.petition(state, action=TITLE)
    shown = state in {State.OPEN, State.CLOSED, State.REJECTED}
    assert titles(TITLE) == ([TITLE] if shown else [])


def test_a_known_duplicate_is_represented_by_its_original_once(app: Flask) -> None:
    original = build.open_petition(action="Run coaches through the small hours")
    duplicate_of(original, TITLE)
    duplicate_of(original, "Guarantee night buses")
    assert titles(TITLE) == ["Run coaches through the small hours"]


def test_a_duplicate_of_a_petition_that_is_not_shown_stands_for_itself(app: Flask) -> None:
    duplicate_of(build.petition(State.HIDDEN), TITLE)
    assert titles(TITLE) == [TITLE]


def test_the_form_offers_them_with_state_count_and_outcome(app: Flask, client: PageCheckingClient) -> None:
    answered = build.closed_petition(action="Guarantee night buses in towns", count=12345)
    answer(answered, Outcome.PARTLY_AGREED)
    build.petition(State.REJECTED, action="Guarantee a bus for me")
    build.open_petition(action="Every town needs a night bus <now>")
    writer = Writer(client)
    page = writer.go_to("similar").text
    for words in [
        "Answered: partly agreed",
        "12,345 signatures",
        "Rejected",
        "Open",
        "&lt;now&gt;",
        "None of these is the same: go on",
    ]:
        assert words in page
    assert f'href="/petitions/{answered.id}"' in page
    writer.press()
    assert writer.stage == "background"


def test_the_form_says_when_there_is_none(client: PageCheckingClient) -> None:
    assert "We found no petition like yours." in Writer(client).go_to("similar").text


def test_programs_get_the_list_in_its_envelope(app: Flask, client: PageCheckingClient) -> None:
    petition = build.closed_petition(action=TITLE, count=77)
    answer(petition, Outcome.AGREED)
    response = client.get("/petitions/similar.json", query_string={"q": "night bus", "background": "x"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" in response.headers["Cache-Control"]
    (item,) = response.json["data"]
    assert (item["type"], item["id"]) == ("petition", petition.id)
    assert item["links"] == {"self": f"http://localhost/petitions/{petition.id}.json"}
    attributes = item["attributes"]
    assert (attributes["action"], attributes["state"], attributes["signature_count"]) == (TITLE, "closed", 77)
    assert (attributes["outcome"], attributes["rejection"]) == ("agreed", None)
    assert client.get("/petitions/similar.json").json["data"] == []


@pytest.mark.parametrize("name", ["endpoint", "values", "_external", "_anchor", "self"])
def test_no_name_in_the_address_is_special(app: Flask, client: PageCheckingClient, name: str) -> None:
    response = client.get("/petitions/similar.json", query_string={"q": "library", name: "x"})
    assert response.status_code == 200
    assert response.json["links"]["self"].endswith("/petitions/similar.json?q=library")


def test_the_part_of_a_page_is_a_list_alone(app: Flask, client: PageCheckingClient) -> None:
    build.open_petition(action=TITLE)
    client.checks_pages = False
    response = client.get("/petitions/similar", query_string={"q": TITLE})
    assert TITLE in response.text
    assert "<html" not in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "q", ["", '"', "'", "a OR b", "NEAR(", "*", "-", "a" * 9000, "💥", "the of and", "\\", "%", "title:bus"]
)
def test_any_text_may_be_asked_for(app: Flask, client: PageCheckingClient, q: str) -> None:
    build.open_petition(action=TITLE)
    assert client.get("/petitions/similar.json", query_string={"q": q, "background": q}).status_code == 200
    client.post(ADDRESS, data=ANSWERS | {"stage": "action", "action": q})


def test_a_petition_shows_a_few_that_ask_for_much_the_same_and_never_hidden_words(
    app: Flask, client: PageCheckingClient
) -> None:
    asked = build.open_petition(action=TITLE, background="Nurses walk home late.")
    same = build.closed_petition(action="A night bus to every town", background="Nurses wait.", count=4_321)
    gone = build.open_petition(action="A night bus for every town", background="Nurses sleep.")
    build.open_petition(action="Ban fireworks", background="They frighten dogs.")
    assert lists.make_due() == 4
    assert lists.make_due() == 0
    build.change(gone, state=State.HIDDEN, hidden_at=clock.now())
    with count_queries() as statements:
        page = client.get(f"/petitions/{asked.id}").text
    assert len(statements) <= 12
    part = page.partition("Similar petitions</h2>")[2]
    assert f'href="/petitions/{same.id}"' in part
    assert "4,321 signatures" in part
    assert gone.action not in page
    assert "Ban fireworks" not in page
    with clock.fixed(clock.now() + lists.OPEN_FOR + timedelta(hours=1)):
        assert lists.make_due() == 2
