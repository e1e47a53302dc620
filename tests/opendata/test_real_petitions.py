"""The 3 150 real petitions beside the project, where they are there: all of them come in, and nothing is lost."""

import gzip
import json
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from petitions.database import Base
from petitions.extensions import db
from petitions.models import (
    CountryCount,
    Crossing,
    Debate,
    Duty,
    OtherBusiness,
    Petition,
    Place,
    PlaceCount,
    Rejection,
    Response,
)
from petitions.responses import queries
from tests import invariants, replay
from tests.opendata.stored import run

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILE = DATA / "uk-petitions.jsonl.gz"
MAP = DATA / "uk-constituencies-2010.hexjson"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the real petitions are not beside the project")


@pytest.fixture(scope="module")
def given() -> list[dict[str, Any]]:
    with gzip.open(FILE) as file:
        return [json.loads(line)["attributes"] for line in file]


def total(column: Any) -> int:
    return int(db.session.execute(select(func.coalesce(func.sum(column), 0))).scalar_one())


def number_of(model: Any) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def times_of(given: list[dict[str, Any]], key: str) -> int:
    return sum(1 for each in given if each[key])


def items_of(given: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [item for each in given for item in each.get(key) or []]


def at_a_glance() -> tuple[dict[str, int], list[Any]]:
    """How many rows each table has, and every petition as it is; smaller tests compare every row."""
    petitions = select(Petition.__table__).order_by(Petition.id)
    rows = {table.name: number_of(table) for table in Base.metadata.sorted_tables}
    return rows, [tuple(row) for row in db.session.execute(petitions)]


def test_all_of_them_come_in_quickly_and_a_second_run_changes_nothing(
    app: Flask, given: list[dict[str, Any]]
) -> None:
    # The process's own time: how busy the machine is must not decide.
    started = time.process_time()
    result = run(app, "petitions", "import", FILE)
    assert result.exit_code == 0, result.stderr
    assert time.process_time() - started < 30
    assert f"{len(given)} imported, 0 here already, 0 lines broken." in result.stdout
    _agrees(given)
    _answers_took_as_long(given)
    _duplicates_name_their_originals()
    invariants.check()
    # The map, loaded afterwards, finds the places by their codes.
    before_map = {row.code: row.representative for row in db.session.execute(select(Place)).scalars()}
    loaded = run(app, "places", "load", MAP)
    assert "0 places made, 650 changed, 12 the same." in loaded.stdout
    places = db.session.execute(select(Place).where(Place.kind == "constituency")).scalars().all()
    assert all(place.region_id and place.electorate for place in places)
    assert {row.code: row.representative for row in db.session.execute(select(Place)).scalars()} == before_map
    before = at_a_glance()
    again = run(app, "petitions", "import", FILE)
    assert f"0 imported, {len(given)} here already, 0 lines broken." in again.stdout
    assert at_a_glance() == before


def _duplicates_name_their_originals() -> None:
    """Each of those of which moderators said which petition they repeat, and no other."""
    said = {each["duplicate"]: each["originals"] for each in json.loads(replay.DUPLICATES.read_text())}
    query = select(Rejection.petition_id, Rejection.original_id).where(Rejection.original_id.is_not(None))
    named = dict(db.session.execute(query).all())
    assert named.keys() == said.keys()
    assert all(named[number] in originals for number, originals in said.items())


def _agrees(given: list[dict[str, Any]]) -> None:
    petitions = db.session.execute(select(Petition).order_by(Petition.id)).scalars().all()
    assert Counter(row.state.value for row in petitions) == Counter(each["state"] for each in given)
    assert sorted((row.action, row.background, row.additional_details) for row in petitions) == sorted(
        (each["action"], each["background"], each["additional_details"]) for each in given
    )
    count = sum(each["signature_count"] for each in given)
    assert total(Petition.signature_count) == total(Petition.imported_signatures) == count
    codes = db.session.execute(select(Rejection.code)).scalars()
    assert Counter(codes) == Counter(each["rejection"]["code"] for each in given if each["rejection"])
    assert number_of(Response) == times_of(given, "government_response")
    assert number_of(Debate) == sum(1 for each in given if each["debate"] or each["scheduled_debate_date"])
    debated = select(func.count()).where(Debate.debated.is_(True))
    held = sum(1 for each in given if each["debate"] and each["debate"]["debated_on"])
    assert db.session.execute(debated).scalar_one() == held
    crossed = sum(times_of(given, f"{key}_threshold_reached_at") for key in ("response", "debate"))
    assert number_of(Crossing) == number_of(Duty) == crossed
    assert number_of(OtherBusiness) == len(items_of(given, "other_parliamentary_business"))
    for model, key in ((CountryCount, "country"), (PlaceCount, "constituency")):
        items = items_of(given, f"signatures_by_{key}")
        assert number_of(model) == len(items)
        assert total(model.signature_count) == sum(item["signature_count"] for item in items)
    assert sum(len(row.departments) for row in petitions) == len(items_of(given, "departments"))
    assert sum(len(row.topics) for row in petitions) == len(items_of(given, "topics"))


def _answers_took_as_long(given: list[dict[str, Any]]) -> None:
    """The board's figures are those of a plain recomputation from the file, and the command prints them."""
    london = ZoneInfo("Europe/London")
    taken: dict[str, list[int]] = {}
    for each in given:
        if each["government_response_at"] and each["response_threshold_reached_at"]:
            reached, answered = (
                datetime.fromisoformat(each[key]).astimezone(london).date()
                for key in ("response_threshold_reached_at", "government_response_at")
            )
            taken.setdefault(each["departments"][0]["name"].strip(), []).append((answered - reached).days)
    assert sum(map(len, taken.values())) == 74
    facts = queries.duty_facts()
    found = queries.by_department(facts, queries.departments_by_id())
    figures = {row.department.name: row.figures for row in found if row.figures.answered}
    assert figures.keys() == taken.keys()
    for name, days in taken.items():
        assert figures[name].answered == len(days)
        assert figures[name].median_days == least_days(days, 50)
        assert figures[name].ninety_percent_days == least_days(days, 90)
    everybody = [each for days in taken.values() for each in days]
    assert queries.measure(facts).median_days == least_days(everybody, 50)
    printed = run(current_app, "response-times").stdout
    assert f"| All | 74 | {least_days(everybody, 50)} | {least_days(everybody, 90)} |" in printed
    documented = (Path(__file__).resolve().parents[2] / "docs" / "response-times.md").read_text()
    assert printed.strip() in documented


def least_days(days: list[int], percent: int) -> int:
    """Tried one after the other: the least number of days in which so many percent of the answers came."""
    return next(
        limit for limit in range(10_000) if sum(each <= limit for each in days) * 100 >= percent * len(days)
    )
