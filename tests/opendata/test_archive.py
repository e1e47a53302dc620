"""Terms of the body: their petitions go into the archive for programs, under the same numbers, and pages stay."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from petitions import terms
from petitions.extensions import db
from petitions.models import AuditEntry, Petition, Term
from tests import build
from tests.staff_visitor import StaffVisitor

PAGE = "/staff/settings/terms"
FIELDS = {
    "period": "2017-2019",
    "government": "Conservative",
    "opens_on": "2017-06-13",
    "dissolves_on": "2019-11-06",
    "response_threshold": "10000",
    "debate_threshold": "100000",
}
HERE = "http://localhost"

pytestmark = [pytest.mark.database("sqlite"), pytest.mark.settings(smallest_published_area=1)]


@pytest.fixture
def visitor(app: Flask) -> StaffVisitor:
    """An administrator at work."""
    return StaffVisitor(app, build.staff("administrator"))


def at(year: int) -> datetime:
    return datetime(year, 7, 1, tzinfo=UTC)


def archived(visitor: StaffVisitor, **fields: str) -> Term:
    """A term, made and archived on the staff's pages."""
    assert visitor.post(f"{PAGE}/new", **(FIELDS | fields)).status_code == 303
    term = terms.named((FIELDS | fields)["period"])
    number = term.id
    assert visitor.post(f"{PAGE}/{number}/archive").status_code == 303
    return db.session.get_one(Term, number)


def closed(year: int, **columns: Any) -> Petition:
    """A petition that was created in a year and is over."""
    return build.closed_petition(
        created_at=at(year), closes_at=at(year + 1), closed_at=at(year + 1), **columns
    )


def test_a_term_that_is_over_takes_its_petitions_into_the_archive(
    app: Flask, client: FlaskClient, visitor: StaffVisitor
) -> None:
    old, new = closed(2018, action="Old bridge", count=70), closed(2020, action="New bridge")
    still_open = build.open_petition(created_at=at(2018))
    fairley = build.place("Fairley", code="E1", postcode_prefixes=(), end_date=date(2024, 5, 30))
    build.signature(old, place=fairley)
    before = client.get(f"/petitions/{old.id}.json").get_json()["data"]["attributes"]
    term = archived(visitor)
    listed = [row["id"] for row in client.get("/petitions.json").get_json()["data"]]
    assert sorted(listed) == sorted([new.id, still_open.id])
    assert "Old bridge" not in client.get("/petitions.csv").text
    # Once and for ever the same number; the page stays where it is.
    for headers in ({}, {"Accept": "application/json"}):
        address = f"/petitions/{old.id}" + ("" if headers else ".json")
        moved = client.get(address, headers=headers)
        assert (moved.status_code, moved.location) == (302, f"/archived/petitions/{old.id}.json")
        assert moved.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/petitions/{old.id}").status_code == 200
    assert client.get(f"/archived/petitions/{old.id}").location == f"/petitions/{old.id}"
    document = client.get(f"/archived/petitions/{old.id}.json").get_json()
    assert document["links"] == {"self": f"{HERE}/archived/petitions/{old.id}.json"}
    data = document["data"]
    assert list(data) == ["type", "id", "parliament", "attributes"]
    assert (data["type"], data["id"]) == ("archived-petition", old.id)
    parliament = {
        "period": "2017-2019", "dissolution_at": "2019-11-06T00:00:00.000+00:00", "government": "Conservative",
        "response_threshold": 10_000, "debate_threshold": 100_000,
    }  # fmt: skip
    assert data["parliament"] == parliament
    assert data["attributes"] == {key: value for key, value in before.items() if key != "creator_name"}
    # One that is not there leads to where it is.
    assert client.get(f"/archived/petitions/{new.id}.json").location == f"/petitions/{new.id}.json"
    assert client.get("/parliaments.json").get_json() == [parliament]
    area = {"constituency": "Fairley", "ons_code": "E1", "start_date": None, "end_date": "2024-05-30"}
    assert client.get("/parliaments/2017-2019.json").get_json() == parliament | {
        "constituencies": {"E1": area}
    }
    assert client.get("/parliaments/2017-2019/constituencies.json").get_json() == {
        "E1": {"mp": "Niamh Clarke", "party": "Commons", **area}
    }
    assert client.get("/constituencies.json").get_json() == {}
    assert client.get("/parliaments/current/constituencies.json").get_json() == {}
    assert client.get("/parliaments/1900-1905.json").get_json() == {"status": 404, "error": "Not Found"}
    assert visitor.post(f"{PAGE}/{term.id}/take-out").status_code == 303
    assert client.get(f"/petitions/{old.id}.json").status_code == 200


def test_the_lists_of_the_archive(app: Flask, client: FlaskClient, visitor: StaffVisitor) -> None:
    most = closed(2018, action="Old bridge", count=70)
    least = closed(2018, action="Old road", count=20)
    refused = build.petition("rejected", created_at=at(2018), action="Bridge again")
    build.answer(build.cross(least))
    older = closed(2016, action="Older bridge")
    archived(visitor)
    first = archived(
        visitor, period="2015-2017", opens_on="2015-05-18", dissolves_on="2017-05-03", government="Before"
    )

    def found(query: str = "") -> list[int]:
        return [row["id"] for row in client.get(f"/archived/petitions.json?{query}").get_json()["data"]]

    assert found() == [most.id, least.id, refused.id]
    assert found("state=published") == [most.id, least.id]
    assert found("state=rejected") == [refused.id]
    assert found("state=with_response") == [least.id]
    assert found("state=debated") == found("state=not_debated") == found("topic=none") == []
    assert found("q=bridge") == [most.id, refused.id]
    assert found(f"parliament={first.id}") == [older.id]
    assert found("parliament=4711") == []
    page = client.get(f"/archived/petitions.json?state=published&count=1&parliament={first.id}").get_json()
    assert (
        page["links"]["first"]
        == f"{HERE}/archived/petitions.json?count=1&parliament={first.id}&state=published"
    )
    (row,) = page["data"]
    assert list(row) == ["type", "id", "links", "parliament", "attributes"]
    assert row["links"] == {"self": f"{HERE}/archived/petitions/{older.id}.json"}
    assert {"closing_date", "creator_name"} & set(row["attributes"]) == set()
    assert [term["period"] for term in client.get("/parliaments.json").get_json()] == [
        "2017-2019",
        "2015-2017",
    ]
    assert client.get("/archived/petitions.json?parliament=x").status_code == 400
    assert (
        client.get("/archived/petitions.json?state=open&q=a").location
        == "/archived/petitions.json?q=a&state=all"
    )
    table = client.get("/archived/petitions.csv?state=published")
    assert 'filename="filtered-archived-petitions.csv"' in table.headers["Content-Disposition"]
    assert [line.split(",")[0] for line in table.text.splitlines()] == [
        "Petition",
        '"Old bridge"',
        '"Old road"',
    ]


def test_hidden_petitions_are_in_no_archive(app: Flask, client: FlaskClient, visitor: StaffVisitor) -> None:
    archived(visitor)
    never = build.petition("hidden", created_at=at(2018))
    taken_down = build.petition("hidden", created_at=at(2018), opened_at=at(2018))
    for prefix in ("", "/archived"):
        assert client.get(f"{prefix}/petitions/{never.id}.json").status_code == 404
        assert client.get(f"{prefix}/petitions/{taken_down.id}.json").status_code == 410


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"period": "current"}, "stands for the term that runs"),
        ({"period": "2015 to 2017"}, "Use small letters"),
        ({"dissolves_on": "2017-01-01"}, "Enter a day after the first day"),
        ({"period": "other"}, "Terms must not overlap"),
        ({"opens_on": "2019-12-17", "dissolves_on": ""}, "Another term has this period"),
        ({"debate_threshold": "0"}, "Enter a number above 0"),
    ],
)
def test_what_cannot_be_a_term_is_refused_with_what_to_do(
    visitor: StaffVisitor, fields: dict[str, str], says: str
) -> None:
    assert visitor.post(f"{PAGE}/new", **FIELDS).status_code == 303
    response = visitor.post(f"{PAGE}/new", **(FIELDS | fields))
    assert response.status_code == 422
    assert says in response.text


def test_only_a_term_that_is_over_is_archived_and_every_change_is_in_the_history(
    visitor: StaffVisitor,
) -> None:
    assert visitor.post(f"{PAGE}/new", **(FIELDS | {"dissolves_on": ""})).status_code == 303
    number = terms.named("2017-2019").id
    assert visitor.post(f"{PAGE}/{number}/archive").status_code == 409
    assert 'value="2017-06-13"' in visitor.get(f"{PAGE}/{number}").text
    assert visitor.post(f"{PAGE}/{number}", **FIELDS).status_code == 303
    assert visitor.post(f"{PAGE}/{number}/archive").status_code == 303
    assert visitor.post(f"{PAGE}/{number}", **(FIELDS | {"dissolves_on": ""})).status_code == 422
    assert visitor.post(f"{PAGE}/{number}/remove").status_code == 303
    lines = db.session.execute(select(AuditEntry.action).where(AuditEntry.action.like("term_%"))).scalars()
    assert list(lines) == ["term_added", "term_changed", "term_archived", "term_removed"]
    assert visitor.get("/staff/history").status_code == 200
