"""Round trip: the 3 150 real petitions come in, and out of the running service come the same documents.

All of them on SQLite, each alone and in every page of the list; on PostgreSQL a sample, or all of them with
`ROUND_TRIP=all pytest tests/opendata/test_round_trip.py`.
"""

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from tests.browsing.pages import count_queries
from tests.opendata.lines import write
from tests.opendata.stored import run
from tests.opendata.test_real_petitions import FILE

pytestmark = [
    pytest.mark.skipif(not FILE.exists(), reason="the real petitions are not beside the project"),
    # The figures are public already.
    pytest.mark.settings(smallest_published_area=1, ratelimit_enabled=False),
]

Data = dict[str, Any]
Differences = Counter[str]

#: The day on which the file was made: by the clock of that day what it calls open was open.
THAT_DAY = datetime(2023, 1, 3, 12, tzinfo=UTC)
#: On PostgreSQL one line in so many.
SAMPLE = 1 if os.environ.get("ROUND_TRIP") == "all" else 30


def name_without_its_space(key: str, theirs: Any, ours: Any) -> bool:
    """One department's name ends with a space there. It is stored without: two that differ by a space are one."""
    names = [row["name"].strip() for row in theirs]
    return (
        key == "departments"
        and [row | {"name": row["name"].strip()} for row in theirs] == ours
        and names != [row["name"] for row in theirs]
    )


def without_places_of_nobody(key: str, theirs: Any, ours: Any) -> bool:
    """A place whose last signature was removed stands there with 0. Here a place is listed while somebody signs there."""
    return key == "signatures_by_constituency" and equal(
        [row for row in theirs if row["signature_count"]], ours
    )


#: All that may differ, each with how often in 3 150 petitions.
JUSTIFIED: dict[Callable[[str, Any, Any], bool], int] = {
    name_without_its_space: 54,
    without_places_of_nobody: 1,
}


def given() -> Iterator[Data]:
    with gzip.open(FILE) as file:
        for line in file:
            yield json.loads(line)


def compare(theirs: Data, ours: Data, differences: Differences) -> None:
    """Every key of the source, in its order, with its value; ours may have more keys."""
    for key in ("type", "id"):
        assert ours[key] == theirs[key]
    attributes = ours["attributes"]
    shared = [key for key in attributes if key in theirs["attributes"]]
    assert shared == [key for key in theirs["attributes"] if key in shared], f"order of {theirs['id']}"
    for key, value in theirs["attributes"].items():
        if key in attributes and equal(value, attributes[key]):
            continue
        reason = next((rule for rule in JUSTIFIED if rule(key, value, attributes.get(key))), None)
        assert reason, (
            f"{theirs['id']} {key}: {str(value)[:300]!r} came out as {str(attributes.get(key, 'absent'))[:300]!r}"
        )
        differences[reason.__name__] += 1


def equal(theirs: Any, ours: Any) -> bool:
    """Whether ours says the same in every key that theirs has; in a list, of each in its place."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return all(key in ours and equal(value, ours[key]) for key, value in theirs.items())
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(theirs) == len(ours) and all(map(equal, theirs, ours))
    return type(theirs) is type(ours) and bool(theirs == ours)


def test_every_petition_comes_out_as_it_came_in(
    app: Flask, client: FlaskClient, database_kind: str, tmp_path: Path
) -> None:
    step = 1 if database_kind == "sqlite" else SAMPLE
    source = {each["id"]: each for each in list(given())[::step]}
    file = FILE if step == 1 else write(tmp_path / "some.jsonl", *source.values())
    with clock.fixed(THAT_DAY):
        assert run(app, "petitions", "import", file).exit_code == 0
        differences: Differences = Counter()
        for number in source:
            document = client.get(f"/petitions/{number}.json").get_json()
            assert document["links"] == {"self": f"http://localhost/petitions/{number}.json"}
            compare(source[number], document["data"], differences)
        if step == 1:
            assert differences == {rule.__name__: times for rule, times in JUSTIFIED.items()}
        _lists(client, source)


def _lists(client: FlaskClient, source: dict[int, Data]) -> None:
    """Every page, by the links alone: each petition once, in the order of the list."""
    seen: list[Data] = []
    url, most = "/petitions.json?count=50", 0
    while url:
        with count_queries() as statements:
            page = client.get(url.removeprefix("http://localhost")).get_json()
        most = max(most, len(statements))
        seen += page["data"]
        url = page["links"]["next"]
    assert most <= 11
    assert sorted(row["id"] for row in seen) == sorted(source)
    counts = [row["attributes"]["signature_count"] for row in seen]
    assert counts == sorted(counts, reverse=True)
    differences: Differences = Counter()
    for row in seen:
        assert row["links"]["self"].partition("/petitions/")[2] == f"{row['id']}.json"
        alone = source[row["id"]]["attributes"]
        listed = {
            key: value for key, value in alone.items() if not key.startswith(("signatures_by", "other_parl"))
        }
        compare(source[row["id"]] | {"attributes": listed}, row, differences)
    assert set(differences) <= {"name_without_its_space"}
