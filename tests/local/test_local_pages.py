"""Local pages: a postcode leads to its area, an area says what is signed there, as a page, as JSON and as a table."""

from datetime import timedelta

import pytest
from flask import Flask

from petitions import clock
from petitions.counts import published_places, publishing_places
from petitions.models import CountryCount, Petition, Place, PlaceCount
from tests import build
from tests.client import PageCheckingClient

pytestmark = pytest.mark.database("sqlite")


def signed(petition: Petition, *places: tuple[Place, int]) -> None:
    """Counts of a petition by area, and what may be seen of them."""
    home = sum(number for _, number in places)
    build.add(
        CountryCount(petition_id=petition.id, country="GB", signature_count=home, imported_signatures=home),
        *(
            PlaceCount(
                petition_id=petition.id, place_id=place.id, signature_count=number, imported_signatures=number
            )
            for place, number in places
        ),
    )
    publishing_places.publish_due()


@pytest.fixture
def marsh(app: Flask) -> Place:
    return build.place("Fairley Marsh", electorate=70_000, representative_url="https://example.org/clarke")


def test_a_postcode_leads_to_its_area_or_to_a_choice_or_says_that_it_is_not_known(
    client: PageCheckingClient, marsh: Place
) -> None:
    build.place("Fairley Hill", postcode_prefixes=("AB2",))
    assert client.get("/petitions/local?postcode=ab1 2cd").location == "/petitions/local/fairley-marsh"
    assert client.get("/petitions/local?area=fairley-hill").location == "/petitions/local/fairley-hill"
    choice = client.get("/petitions/local?postcode=AB")
    assert choice.status_code == 200
    assert 'href="/petitions/local/fairley-hill"' in choice.text
    assert 'href="/petitions/local/fairley-marsh"' in choice.text
    unknown = client.get("/petitions/local?postcode=ZZ9 9ZZ")
    assert unknown.status_code == 200
    assert "We know no area for “ZZ9 9ZZ”" in unknown.text
    assert client.get("/petitions/local/nowhere").status_code == 404


def test_an_area_in_the_shape_of_the_uks_api_open_ones_and_all(
    client: PageCheckingClient, marsh: Place
) -> None:
    hill = build.place("Fairley Hill", postcode_prefixes=(), representative=None)
    popular = build.imported_petition(count=4000, action="=Popular")
    signed(popular, (marsh, 57), (hill, 3000))
    closed = build.imported_petition(count=900, action="Closed", closes_at=clock.now() - timedelta(days=1))
    signed(closed, (marsh, 123))
    signed(build.imported_petition(count=500), (marsh, 9))
    response = client.get("/petitions/local/fairley-marsh.json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    document = response.json
    (item,) = document["petitions"]
    assert item.pop("url").endswith(f"/petitions/{popular.id}")
    assert document == {
        "constituency": "Fairley Marsh",
        "mp": {"name": "Niamh Clarke", "url": "https://example.org/clarke"},
        "petitions": [
            {
                "action": "=Popular",
                "state": "open",
                "constituency_signature_count": 50,
                "total_signature_count": 4000,
            }
        ],
    }
    everything = client.get("/petitions/local/fairley-marsh/all.json").json["petitions"]
    assert [each["constituency_signature_count"] for each in everything] == [120, 50]
    assert "mp" not in client.get("/petitions/local/fairley-hill.json").json
    table = client.get("/petitions/local/fairley-marsh/all.csv")
    assert "all-popular-petitions-in-fairley-marsh.csv" in table.headers["Content-Disposition"]
    lines = table.text.splitlines()
    assert lines[0] == "Petition,URL,State,Local Signatures,Total Signatures"
    assert lines[1].endswith(",closed,120,900")
    assert lines[2].startswith("'=Popular,")


def test_what_is_signed_more_here_than_elsewhere_stands_first(
    client: PageCheckingClient, marsh: Place
) -> None:
    city = build.place("City", electorate=7_000_000, postcode_prefixes=())
    local = build.imported_petition(count=200, action="Keep the marsh wet")
    signed(local, (marsh, 100), (city, 50))
    signed(build.imported_petition(count=90_000, action="Everywhere"), (marsh, 800), (city, 80_000))
    page = client.get("/petitions/local/fairley-marsh").text
    first, _, rest = page.partition("Signed most here")
    assert "Keep the marsh wet" in first
    assert "Everywhere" not in first
    assert rest.index("Everywhere") < rest.index("Keep the marsh wet")


def test_a_petitions_places_as_map_tables_json_and_csv(client: PageCheckingClient, marsh: Place) -> None:
    north = build.place("North", kind="region", code="N", postcode_prefixes=())
    build.change(marsh, region_id=north.id, hex_q=0, hex_r=1, population=100_000)
    build.place("Empty", hex_q=1, hex_r=1, region_id=north.id, postcode_prefixes=())
    petition = build.imported_petition(count=400)
    signed(petition, (marsh, 300))
    page = client.get(f"/petitions/{petition.id}/places").text
    assert "<title>Fairley Marsh: 300 signatures</title>" in page
    assert "<title>Empty: fewer than 10</title>" in page
    assert page.count('tabindex="-1"') >= 2, "the map takes no place in the order of the keyboard"
    by_share = client.get(f"/petitions/{petition.id}/places?show=share&sort=name").text
    assert "4.3 for every 1,000 electors" in by_share
    by_people = client.get(f"/petitions/{petition.id}/places?show=people&sort=people").text
    assert "Fairley Marsh: 3.0 for every 1,000 people" in by_people
    assert by_people.count('<td class="r">3.0</td>') == 2, (
        "the area's row and its region's say what the map says"
    )
    assert "North" in client.get(f"/petitions/{petition.id}/places?show=regions").text
    document = client.get(f"/petitions/{petition.id}/places.json").json
    assert document["smallest_published"] == published_places.smallest() == 10
    assert [each["signature_count"] for each in document["signatures_by_constituency"]] == [300]
    assert [each["per_thousand_people"] for each in document["signatures_by_constituency"]] == [3.0]
    table = client.get(f"/petitions/{petition.id}/places.csv").text.splitlines()
    assert table[1].endswith("Fairley Marsh,North,300,70000,4.29,100000,3.0")
    assert client.get(f"/petitions/{build.review_petition().id}/places").status_code == 404
