"""`flask places load` and `flask places postcodes`."""

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from petitions.demo.country import DISTRICTS, REGIONS, hexjson
from petitions.extensions import db
from petitions.models import AuditEntry, Place
from petitions.places import boundaries
from petitions.places.postcodes import place_of
from tests import build
from tests.opendata.stored import everything, run

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def write(folder: Path, document: Any) -> Path:
    file = folder / "map.hexjson"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return file


def hexagons(**areas: Any) -> dict[str, Any]:
    return {"layout": "odd-r", "hexes": areas}


def fairley(**values: Any) -> dict[str, Any]:
    return {"n": "Fairley", "q": 1, "r": -2, "a": "N1", "region": "North", "e": 700} | values


def places() -> dict[str, Place]:
    return {row.code: row for row in db.session.execute(select(Place)).scalars()}


def test_a_map_becomes_places_in_regions(app: Flask, tmp_path: Path) -> None:
    result = run(app, "places", "load", write(tmp_path, hexjson()))
    assert result.exit_code == 0
    assert f"{len(DISTRICTS) + len(REGIONS)} places made, 0 changed, 0 the same." in result.stdout
    found = places()
    for district in DISTRICTS:
        place = found[district.code]
        assert (place.kind, place.name, place.electorate) == (
            "constituency",
            district.name,
            district.electorate,
        )
        assert (place.hex_q, place.hex_r) == (district.q, district.r)
        assert place.region is not None
        assert (place.region.kind, place.region.name) == ("region", district.region.name)
    assert len({place.slug for place in found.values()}) == len(found)


def test_loading_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    file = write(tmp_path, hexjson())
    run(app, "places", "load", file)
    before = everything()
    assert "0 places made, 0 changed" in run(app, "places", "load", file).stdout
    assert everything() == before


def test_a_new_map_updates_what_it_knows_and_leaves_the_rest(app: Flask, tmp_path: Path) -> None:
    run(app, "places", "load", write(tmp_path, hexagons(F1=fairley(), F2=fairley(n="Old Mills", q=2))))
    build.department()
    first = places()["F1"].id
    new = hexagons(F1=fairley(n="Fairley Marsh", e=None), F3=fairley(n="Old Mills", q=3))
    assert "1 places made, 1 changed, 1 the same." in run(app, "places", "load", write(tmp_path, new)).stdout
    found = places()
    assert (found["F1"].id, found["F1"].slug, found["F1"].electorate) == (first, "fairley-marsh", 700)
    assert (found["F2"].slug, found["F3"].slug) == ("old-mills", "old-mills-f3")
    actions = db.session.execute(select(AuditEntry.action)).scalars().all()
    assert actions == ["places_loaded", "places_loaded"]


def test_who_represents_an_area_stays(app: Flask, tmp_path: Path) -> None:
    build.place("Fairley", code="F1", representative="Niamh Clarke", party="Commons")
    assert run(app, "places", "load", write(tmp_path, hexagons(F1=fairley()))).exit_code == 0
    place = places()["F1"]
    assert (place.representative, place.party, place.hex_r) == ("Niamh Clarke", "Commons", -2)


UNUSABLE: dict[str, tuple[Any, str]] = {
    "not JSON": ("{", "map.hexjson is not a JSON file."),
    "no hexes": ({"layout": "odd-r"}, "has no “hexes”"),
    "another layout": ({"layout": "even-q", "hexes": {"F1": fairley()}}, "has not the layout “odd-r”"),
    "no object": (hexagons(F1=[]), "“F1” is not an object"),
    "no position": (hexagons(F1=fairley(q=None)), "“F1” has no place on the map"),
    "position of text": (hexagons(F1=fairley(q="1")), "“F1” has a q that is not a whole number"),
    "no name": (hexagons(F1=fairley(n=" ")), "“F1” has no name"),
    "NUL": (hexagons(F1=fairley(n="a\x00")), "“F1” has a n that is not a text"),
    "one hexagon twice": (hexagons(F1=fairley(), F2=fairley()), "“F1” and “F2” stand on the same hexagon"),
    "area and region": (hexagons(F1=fairley(a="F1")), "“F1” is an area and a region"),
    "code too long": (hexagons(**{"F" * 21: fairley()}), "is not a code of 1 to 20 characters"),
}


@pytest.mark.parametrize(("document", "reason"), UNUSABLE.values(), ids=UNUSABLE)
@pytest.mark.database("sqlite")
def test_a_file_that_cannot_be_used_is_refused_whole(
    app: Flask, tmp_path: Path, document: Any, reason: str
) -> None:
    result = run(app, "places", "load", write(tmp_path, document))
    assert result.exit_code == 1
    assert reason in result.stderr
    assert places() == {}


def test_a_code_of_another_kind_of_place_is_refused_whole(app: Flask, tmp_path: Path) -> None:
    build.place("The North", code="F2", kind="region")
    result = run(app, "places", "load", write(tmp_path, hexagons(F1=fairley(), F2=fairley(q=5))))
    assert result.exit_code == 1
    assert "“F2” is the code of a region already" in result.stderr
    assert list(places()) == ["F2"]


@pytest.mark.skipif(not DATA.exists(), reason="the real maps are not beside the project")
@pytest.mark.parametrize("year", [2010, 2023])
def test_real_maps_load_with_their_regions(app: Flask, year: int) -> None:
    file = DATA / f"uk-constituencies-{year}.hexjson"
    assert "662 places made" in run(app, "places", "load", file).stdout
    found = places()
    regions = {place.code: place.name for place in found.values() if place.kind == "region"}
    assert (len(regions), regions["D"], regions["M"]) == (12, "Yorkshire and The Humber", "Scotland")
    assert all(place.region_id for place in found.values() if place.kind == "constituency")
    assert "0 places made, 0 changed, 662 the same." in run(app, "places", "load", file).stdout


def test_postcodes_lead_to_their_places(app: Flask, tmp_path: Path) -> None:
    build.place("Fairley", code="F1", postcode_prefixes=())
    build.place("Old Mills", code="F2", postcode_prefixes=["AB3"])
    file = tmp_path / "postcodes.csv"
    file.write_text("\ufeffprefix,code\nab1,F1\nAB1 2,F2\nAB3,F1\n")
    for _ in range(2):
        assert "3 postcodes stored, 0 lines broken." in run(app, "places", "postcodes", file).stdout
        assert [getattr(place_of(code), "code", None) for code in ("AB1 9XX", "ab12zz", "AB3 1AA", "ZZ1")] == [
            "F1", "F2", "F1", None,
        ]  # fmt: skip


def test_broken_postcodes_are_named_and_the_rest_goes_on(app: Flask, tmp_path: Path) -> None:
    build.place("Fairley", code="F1", postcode_prefixes=())
    file = tmp_path / "postcodes.csv"
    file.write_text("prefix,code\nAB1,F1\nAB2,F9\n,F1\nABCDEFGHIJK,F1\nAB4\nAB5,F1\n")
    result = run(app, "places", "postcodes", file)
    assert result.exit_code == 1
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        f"line {n}" for n in (3, 4, 5, 6)
    ]
    assert place_of("AB5") is not None
    file.write_text("a,b\n1,2\n")
    assert "needs the columns" in run(app, "places", "postcodes", file).stderr


def test_postcodes_come_from_any_table_that_names_them(app: Flask, tmp_path: Path) -> None:
    """Semicolons, gzip, other columns between, another encoding, capitals in the first line, a column of no matter."""
    build.place("Fairley", code="F1", postcode_prefixes=())
    file = tmp_path / "postcodes.csv.gz"
    table = 'PCDS;Town;"Area code"\r\n"AB1 2CD";M\xfcnchen;F1\r\nab1 2ce;"Old; Mills";F1\r\nAB9;;\r\n'
    file.write_bytes(gzip.compress(table.encode("latin-1")))
    columns = ("--postcode-column", "pcds", "--area-column", "area CODE")
    result = run(app, "places", "import-postcodes", file, *columns)
    assert "2 postcodes stored, 1 lines broken." in result.stdout
    assert result.stderr == "line 4: it names no area\n"
    assert [place_of(code) is not None for code in ("AB12CD", "AB1 2CE", "AB9")] == [True, True, False]


@pytest.mark.database("sqlite")
def test_areas_come_from_a_table_or_from_geojson(app: Flask, tmp_path: Path) -> None:
    table = tmp_path / "areas.csv"
    table.write_text(
        "ward_code\tname\tregion_code\tregion\telectorate\tpopulation\nW1\tAsh\tN\tNorth\t1,200\t1800\nW2\tBirch\t\t\t\t\n"
    )
    assert "3 places made" in run(app, "places", "load", table, "--code-column", "ward_code").stdout
    ash = places()["W1"]
    assert (ash.name, ash.electorate, ash.population, ash.region.name if ash.region else "") == (
        "Ash",
        1200,
        1800,
        "North",
    )
    features = [
        {"type": "Feature", "geometry": None, "properties": {"id": "W3", "NAME": "Cedar", "q": 1, "r": 2.0}}
    ]
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    names = ("--code-column", "id", "--name-column", "NAME")
    assert "1 places made" in run(app, "places", "load", file, *names).stdout
    assert (places()["W3"].name, places()["W3"].hex_r) == ("Cedar", 2)
    for text, reason in (
        ("code,name\nW4\n", "line 2: “W4” has no name"),
        ("code,name,electorate\nW4,Dale,many\n", "line 2: “many” is not a number (electorate)"),
        ("code,name,q\nW4,Dale,1\n", "line 2: “W4” has no place on the map"),
        ("code,name\nW4,Dale\nW4,Elm\n", "has a code twice"),
        ("a,b\n1,2\n", "needs the columns “code”, “name”"),
    ):
        table.write_text(text)
        assert reason in run(app, "places", "load", table).stderr
    file.write_text("[]")
    assert "is not a GeoJSON file" in run(app, "places", "load", file).stderr


def test_a_map_has_the_boundaries_of_its_day_and_areas_their_days(app: Flask, tmp_path: Path) -> None:
    old = hexagons(O1=fairley(n="Fairley"), S1=fairley(n="Same", q=2))
    new = hexagons(X1=fairley(n="Fairley", q=5), S1=fairley(n="Same", q=6))
    assert (
        run(app, "places", "load", write(tmp_path, old), "--set", "2010", "--from", "2010-05-06").exit_code
        == 0
    )
    for _ in range(2):
        run(app, "places", "load", write(tmp_path, new), "--set", "2024", "--from", "2024-05-30")
    found = places()
    days = {
        code: (place.start_date, place.end_date)
        for code, place in found.items()
        if place.kind == "constituency"
    }
    first, second = date(2010, 5, 6), date(2024, 5, 30)
    assert days == {"O1": (first, second), "S1": (first, None), "X1": (second, None)}
    assert found["O1"].slug == found["X1"].slug == "fairley"

    def on(day: date) -> list[tuple[str, int | None]]:
        return [(area.place.code, area.q) for area in boundaries.on(day).areas]

    assert on(date(2009, 1, 1)) == on(date(2024, 5, 29)) == [("O1", 1), ("S1", 2)]
    assert on(second) == [("S1", 6), ("X1", 5)]


def test_loading_sets_again_in_any_order_changes_no_day(app: Flask, tmp_path: Path) -> None:
    old, new = hexagons(O1=fairley(n="Fairley")), hexagons(X1=fairley(n="Fairley", q=5))
    sets = ((old, "2010", "2010-05-06"), (new, "2024", "2024-05-30"))

    def days() -> dict[str, tuple[date | None, date | None]]:
        db.session.expire_all()
        found = places().values()
        return {row.code: (row.start_date, row.end_date) for row in found if row.kind == "constituency"}

    for document, name, first in sets:
        run(app, "places", "load", write(tmp_path, document), "--set", name, "--from", first)
    before = days()
    assert before["O1"] == (date(2010, 5, 6), date(2024, 5, 30))
    for document, name, first in sets:
        run(app, "places", "load", write(tmp_path, document), "--set", name, "--from", first)
        assert days() == before


def test_an_area_that_a_corrected_file_leaves_out_is_not_there_now(app: Flask, tmp_path: Path) -> None:
    given = ("--set", "2024", "--from", "2024-05-30")
    run(app, "places", "load", write(tmp_path, hexagons(TYPO=fairley(), S1=fairley(n="Same", q=2))), *given)
    run(app, "places", "load", write(tmp_path, hexagons(F1=fairley(), S1=fairley(n="Same", q=2))), *given)
    db.session.expire_all()
    now = {row.code for row in places().values() if row.kind == "constituency" and row.end_date is None}
    assert now == {"F1", "S1"}


@pytest.mark.database("sqlite")
def test_representatives_come_from_a_table_and_an_empty_name_is_a_vacant_seat(
    app: Flask, tmp_path: Path
) -> None:
    build.place("Fairley", code="F1", representative="Old Member", party="Commons")
    build.place("Old Mills", code="F2", postcode_prefixes=())
    build.place("Third", code="F3", representative="Stays", postcode_prefixes=())
    file = tmp_path / "members.csv"
    file.write_text(
        "Seat,name,party,url\nF1,,,\nold mills,Niamh O’Hara,Unity,https://example.org/ohara\nF9,Nobody,,\nF3,X,,javascript:x\nF3,X,,https://[x\n"
    )
    result = run(app, "places", "representatives", file, "--area-column", "seat")
    assert "2 seats changed, 0 the same, 1 vacant, 3 lines broken." in result.stdout
    assert result.stderr.splitlines() == [
        "line 4: no area is “F9”",
        "line 5: the url is no address of a page",
        "line 6: the url is no address of a page",
    ]
    found = places()
    assert (found["F1"].representative, found["F1"].party) == (None, None)
    assert (found["F2"].representative, found["F2"].representative_url) == (
        "Niamh O’Hara",
        "https://example.org/ohara",
    )
    assert found["F3"].representative == "Stays"
    assert (
        "0 seats changed, 2 the same"
        in run(app, "places", "representatives", file, "--area-column", "seat").stdout
    )
