"""The lists for programs: links, paging, what is asked for, in which form it comes, who may keep it."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petitions import clock
from petitions.models import Petition
from petitions.opendata import petition_table
from tests import build
from tests.browsing.pages import count_queries

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HERE = "http://localhost"
#: The minute that the links name while nothing changed since noon, as it stands in an address.
AT = "2026-07-01T12%3A01Z"
JSON = {"Accept": "application/json"}

pytestmark = pytest.mark.database("sqlite")


def petitions(number: int) -> list[Petition]:
    """Open petitions, the first with the most signatures."""
    return [build.open_petition(action=f"Mend bridge {n}", count=1_000 - n) for n in range(number)]


def links(client: FlaskClient, query: str) -> dict[str, Any]:
    """The links of a page of the list."""
    found: dict[str, Any] = client.get(f"/petitions.json?{query}").get_json()["links"]
    assert list(found) == ["self", "first", "last", "next", "prev"]
    return found


def test_links_have_what_is_not_as_usual_in_the_order_of_the_alphabet(
    app: Flask, client: FlaskClient
) -> None:
    with clock.fixed(NOON):
        petitions(5)
    with clock.fixed(NOON + timedelta(minutes=5)):
        assert links(client, "state=open&q=bridge&count=2&page=2") == {
            "self": f"{HERE}/petitions.json?state=open&q=bridge&count=2&page=2",
            "first": f"{HERE}/petitions.json?count=2&q=bridge&state=open",
            "last": f"{HERE}/petitions.json?at={AT}&count=2&page=3&q=bridge&state=open",
            "next": f"{HERE}/petitions.json?after=997~4&at={AT}&count=2&page=3&q=bridge&state=open",
            "prev": f"{HERE}/petitions.json?at={AT}&before=998~3&count=2&q=bridge&state=open",
        }
        beyond = client.get("/petitions.json?count=2&page=9").get_json()
    nothing = links(client, "q=nowhere&topic[]=a&topic[]=b")
    first = f"{HERE}/petitions.json?q=nowhere&topic%5B%5D=a&topic%5B%5D=b"
    assert (nothing["first"], nothing["last"], nothing["next"], nothing["prev"]) == (first, first, None, None)
    assert beyond["data"] == []
    assert (beyond["links"]["prev"], beyond["links"]["next"]) == (
        f"{HERE}/petitions.json?at={AT}&count=2&page=3",
        None,
    )


def test_who_searches_gets_the_order_of_the_list_unless_another_is_asked_for(
    app: Flask, client: FlaskClient
) -> None:
    by_the_way = build.open_petition(
        action="Mend roads", background="And a bridge, some day, somewhere.", count=900
    )
    about_it = build.open_petition(action="Bridge bridge bridge", background="Bridge.", count=10)
    found = {
        sort: [row["id"] for row in client.get(f"/petitions.json?q=bridge&sort={sort}").get_json()["data"]]
        for sort in ("", "relevance")
    }
    assert found[""] == [by_the_way.id, about_it.id]
    assert found["relevance"] == [about_it.id, by_the_way.id]


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", 25), ("count=59", 50), ("count=60", 25), ("count=", 25), ("count[]=3", 25), ("count=many", 25), ("count=7", 7),
     ("page=" + "41" * 20, 25), ("page=0", 25), ("page=-1", 25), ("page=2", 25), ("page=3", 2)],
)  # fmt: skip
def test_odd_numbers_are_as_if_nothing_had_been_said(
    fifty_two: None, client: FlaskClient, query: str, shown: int
) -> None:
    assert len(client.get(f"/petitions.json?{query}").get_json()["data"]) == shown


@pytest.fixture
def fifty_two(app: Flask) -> None:
    """As many imported petitions as make two pages and two."""
    for _ in range(52):
        build.imported_petition()


def test_a_list_that_is_none_and_a_number_that_is_a_petition(app: Flask, client: FlaskClient) -> None:
    petition = build.open_petition()
    for query in ("state=new&q=bridge&page=2", "state[]=open&q=bridge&page=2", "state[x]=1&q=bridge&page=2"):
        response = client.get(f"/petitions.json?{query}")
        assert (response.status_code, response.location) == (302, "/petitions.json?page=2&q=bridge&state=all")
    # There the UK leads to the page of the petition.
    response = client.get(f"/petitions.json?q={petition.id}")
    assert (response.status_code, response.location) == (302, f"/petitions/{petition.id}.json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert str(petition.id) in client.get(f"/petitions.csv?q={petition.id}").text
    assert client.get("/petitions.json?q=%00").status_code == 400


def test_of_two_with_as_many_signatures_the_newer_number_comes_first(app: Flask, client: FlaskClient) -> None:
    first, second, third = (
        build.open_petition(count=5),
        build.open_petition(count=9),
        build.open_petition(count=5),
    )
    rows = client.get("/petitions.json").get_json()["data"]
    assert [row["id"] for row in rows] == [second.id, third.id, first.id]


def test_a_page_of_fifty_asks_the_database_no_more_than_a_page_of_two(
    app: Flask, client: FlaskClient
) -> None:
    for _ in range(12):
        build.answer(build.cross(build.open_petition(departments=[build.department(f"D {_}")])))
    build.petition("rejected")

    def asked(path: str) -> int:
        with count_queries() as statements:
            assert client.get(path).status_code == 200
        return len([each for each in statements if each.startswith(("SELECT", "WITH"))])

    few, many = asked("/petitions.json?count=2"), asked("/petitions.json?count=50")
    assert few <= many <= 11
    assert asked("/petitions/1.json") <= 20


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/javascript, */*;q=0.01"])
def test_who_accepts_json_and_no_page_gets_it_at_the_address_of_the_page(
    app: Flask, client: FlaskClient, accept: str
) -> None:
    petition = build.open_petition()
    for path in ("/petitions", f"/petitions/{petition.id}"):
        response = client.get(path, headers={"Accept": accept})
        assert (response.status_code, response.mimetype) == (200, "application/json")
        assert response.get_json()["links"]["self"] == HERE + path
        assert "Accept" in response.headers["Vary"]
        page = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
        assert (page.mimetype, "Accept" in page.headers["Vary"]) == ("text/html", True)
        assert client.get(path).mimetype == "text/html"


def test_a_format_that_is_not_to_be_had_is_406_and_an_unknown_ending_is_left_out(
    app: Flask, client: FlaskClient
) -> None:
    number = build.open_petition().id
    for path in (
        "/petitions.xml",
        f"/petitions/{number}.xml",
        "/help.json",
        "/topics",
        "/constituencies",
        "/parliaments",
    ):
        assert client.get(path).status_code == 406, path
    for path in ("/petitions", "/help", f"/petitions/{number}"):
        assert client.get(path, headers={"Accept": "application/xml"}).status_code == 406, path
    assert client.get("/help.json").get_json() == {"status": 406, "error": "Not Acceptable"}
    assert client.get("/topics", headers=JSON).get_json() == {}
    response = client.get("/help.php?a=1")
    assert (response.status_code, response.location) == (302, f"{HERE}/help?a=1")
    assert client.get("/nothing.php").status_code == 404


def fresh(response: TestResponse) -> tuple[str, str]:
    return response.headers["ETag"], response.headers["Last-Modified"]


def test_who_has_it_already_is_told_so_until_something_changes(app: Flask, client: FlaskClient) -> None:
    with clock.fixed(NOON):
        petition = build.open_petition()
    one = f"/petitions/{petition.id}"
    paths = ("/petitions.json", "/petitions.csv", f"{one}.json", f"{one}/count.json")
    with clock.fixed(NOON + timedelta(minutes=5)):
        before = {path: fresh(client.get(path)) for path in paths}
        for path, (tag, changed) in before.items():
            assert client.get(path, headers={"If-None-Match": tag}).status_code == 304, path
            assert client.get(path, headers={"If-Modified-Since": changed}).status_code == 304, path
            head = client.head(path)
            assert (head.status_code, head.data, fresh(head)) == (200, b"", before[path])
        build.signature(petition)
        for path, (tag, changed) in before.items():
            response = client.get(path, headers={"If-None-Match": tag, "If-Modified-Since": changed})
            assert response.status_code == 200, path
            assert client.get(path, headers={"If-Modified-Since": changed}).status_code == 200, path
            assert response.headers["Last-Modified"] == "Wed, 01 Jul 2026 12:05:00 GMT"
            control = response.cache_control
            seconds = 2 if path.endswith("count.json") else 10
            assert (control.public, control.max_age, control.s_maxage) == (True, seconds, seconds)
            assert "Set-Cookie" not in response.headers


def test_pages_of_other_sites_may_read_all_of_it_and_ask_before(app: Flask, client: FlaskClient) -> None:
    number = build.open_petition().id
    for path in ("/petitions.json", "/petitions.csv", f"/petitions/{number}.json", "/petitions/999.json",
                 f"/petitions/{number}/count.json", "/topics.json", "/constituencies.json", "/parliaments.json",
                 "/archived/petitions.json", f"/archived/petitions/{number}.json"):  # fmt: skip
        for response in (client.get(path), client.options(path)):
            assert response.headers["Access-Control-Allow-Origin"] == "*", path
            assert response.headers["Access-Control-Allow-Methods"] == "GET"
            assert "Accept" in response.headers["Access-Control-Allow-Headers"]


def test_the_table_is_whole_and_no_cell_of_it_is_a_formula(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(petition_table, "BATCH", 2)
    build.imported_petition(action='=HYPERLINK("x")', count=900)
    build.imported_petition(action="Say “yes”, and\nno", count=800)
    build.petition("rejected", action="@mention")
    build.review_petition(action="Unchecked")
    for number in range(3):
        build.imported_petition(action=f"Mend {number}", count=100 - number)
    response = client.get("/petitions.csv?count=1&page=2")
    assert response.headers["Content-Disposition"] == 'attachment; filename="filtered-petitions.csv"'
    assert response.content_type == "text/csv; charset=utf-8"
    head, first = response.text.split("\r\n")[:2]
    assert head == "Petition,URL,State,Signatures Count"
    assert first == f'"%3DHYPERLINK(""x"")","{HERE}/petitions/1","open",900'
    rows = list(csv.reader(io.StringIO(response.text, newline="")))[1:]
    assert [row[3] for row in rows] == ["900", "800", "100", "99", "98", "1"]
    assert rows[-1][0] == "%40mention"
    assert client.get("/petitions.csv?state=new").location == "/petitions.csv?state=all"
