"""A line that cannot be used is reported with its number and the reason, stores nothing, and the rest goes on."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from petitions.extensions import db
from petitions.models import Department, Petition
from tests.opendata import lines
from tests.opendata.lines import write
from tests.opendata.stored import everything, run

ANSWERED = lines.answered_petition(50)["attributes"]


def without(*keys: str) -> dict[str, Any]:
    line = lines.petition(50)
    for key in keys:
        del line["attributes"][key]
    return line


def changed(part: str, **values: Any) -> dict[str, Any]:
    return lines.answered_petition(50, **{part: ANSWERED[part] | values})


BROKEN: dict[str, tuple[Any, str]] = {
    "not JSON": ('{"id": 50,', "is not JSON"),
    "not UTF-8": (b'{"id": 50, "action": "\xff"}', "is not UTF-8"),
    "no object": ("[1, 2]", "the line must be an object"),
    "too deep": ("[" * 100_000, "too deep"),
    "huge number": ('{"id": ' + "9" * 5000 + "}", "too large"),
    "no id": ({"attributes": {}}, "id is missing"),
    "id of text": ({"id": "50", "attributes": {}}, "id must be a whole number"),
    "id too large": ({"id": 2**40, "attributes": {}}, "id must be a whole number"),
    "no attributes": ({"id": 50}, "attributes is missing"),
    "attributes a list": ({"id": 50, "attributes": []}, "attributes must be an object"),
    "no title": (without("action"), "action is missing"),
    "empty title": (lines.petition(50, action=" "), "action is empty"),
    "long title": (lines.petition(50, action="x" * 201), "action has 201 characters, more than 200"),
    "NUL": (
        lines.petition(50, background="a\x00b"),
        "background has a character in it that cannot be stored",
    ),
    "half a character": (json.dumps(lines.petition(50)).replace("bridge", "\\ud800"), "cannot be stored"),
    "unknown state": (
        lines.petition(50, state="stopped"),
        "state is “stopped”, not one of open, closed, rejected",
    ),
    "count of text": (lines.petition(50, signature_count="40"), "signature_count must be a whole number"),
    "count true": (lines.petition(50, signature_count=True), "signature_count must be a whole number"),
    "count below zero": (lines.petition(50, signature_count=-1), "signature_count must be a whole number"),
    "no moment": (lines.petition(50, created_at="yesterday"), "created_at must be a moment"),
    "no zone": (lines.petition(50, created_at="2021-03-03T12:25:09"), "created_at must be a moment"),
    "far year": (lines.petition(50, created_at="9999-12-31T23:59:59Z"), "created_at must be a moment"),
    "closed without a time": (lines.petition(50, closed_at=None), "closed_at is missing"),
    "open without a time": (lines.open_petition(50, opened_at=None), "opened_at is missing"),
    "refused without a reason": (lines.rejected_petition(50, rejection=None), "rejection is missing"),
    "response without words": (
        changed("government_response", summary=None),
        "government_response.summary is missing",
    ),
    "script for an address": (
        changed("debate", video_url="javascript:alert(1)"),
        "debate.video_url must be a web address",
    ),
    "no day": (changed("debate", debated_on="5 July"), "debate.debated_on must be a day"),
    "departments no list": (lines.petition(50, departments={}), "departments must be a list"),
    "nameless department": (
        lines.petition(50, departments=[{"name": None}]),
        "departments[0].name is missing",
    ),
    "unknown country": (
        lines.petition(50, signatures_by_country=[{"code": "NOWHERE", "signature_count": 1}]),
        "signatures_by_country has “NOWHERE”",
    ),
    "two kinds of place": (
        lines.answered_petition(50, signatures_by_region=[{"name": "Fairley", "ons_code": "E90000001"}]),
        "E90000001 is a region and a constituency",
    ),
}


@pytest.mark.parametrize(("line", "reason"), BROKEN.values(), ids=BROKEN)
@pytest.mark.database("sqlite")
def test_a_broken_line_is_named_and_the_rest_goes_on(
    app: Flask, tmp_path: Path, line: Any, reason: str
) -> None:
    file = write(tmp_path / "f.jsonl", lines.petition(1), "", line, lines.petition(2))
    result = run(app, "petitions", "import", file)
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    (report,) = result.stderr.splitlines()
    assert report.startswith("line 3: ")
    assert reason in report
    assert sorted(db.session.execute(select(Petition.id)).scalars()) == [1, 2]
    assert db.session.execute(select(Department)).first() is None


def test_broken_lines_of_every_kind_at_once(app: Flask, tmp_path: Path) -> None:
    file = write(tmp_path / "f.jsonl.gz", *(line for line, _ in BROKEN.values()), lines.petition(1))
    result = run(app, "petitions", "import", file)
    assert [report.partition(":")[0] for report in result.stderr.splitlines()] == [
        f"line {number}" for number in range(1, len(BROKEN) + 1)
    ]
    assert f"1 imported, 0 here already, {len(BROKEN)} lines broken." in result.stdout
    before = everything()
    assert run(app, "petitions", "import", file).exit_code == 1
    assert everything() == before


def test_a_petition_that_stands_twice_is_taken_once(app: Flask, tmp_path: Path) -> None:
    file = write(
        tmp_path / "f.jsonl", lines.petition(1), lines.petition(1), lines.petition(1, signature_count=41)
    )
    for _ in range(2):
        result = run(app, "petitions", "import", file)
        assert result.stderr.splitlines() == ["line 3: petition 1 stands on line 1 with other content"]
        assert db.session.get_one(Petition, 1).signature_count == 40


def test_a_line_that_does_not_go_with_what_is_stored_stops_one_line_not_its_batch(
    app: Flask, tmp_path: Path
) -> None:
    # The code of a constituency is a region's in the same batch: no single line shows it.
    region = [{"name": "Fairley", "ons_code": "E90000001"}]
    file = write(
        tmp_path / "f.jsonl",
        lines.petition(1),
        lines.petition(2, signatures_by_region=region),
        lines.answered_petition(3),
        lines.petition(4),
    )
    result = run(app, "petitions", "import", file)
    assert result.exit_code == 1
    assert result.stderr == "line 3: E90000001 is the code of a region already\n"
    assert sorted(db.session.execute(select(Petition.id)).scalars()) == [1, 2, 4]


def test_a_file_that_is_cut_short_gives_what_stood_before_the_cut(app: Flask, tmp_path: Path) -> None:
    whole = gzip.compress(b"\n".join(json.dumps(lines.petition(n)).encode() for n in range(1, 400)), mtime=0)
    file = tmp_path / "f.jsonl.gz"
    file.write_bytes(whole[: len(whole) // 2])
    result = run(app, "petitions", "import", file)
    assert result.exit_code == 1
    assert "f.jsonl.gz is damaged or cut short after line" in result.stderr
    file.write_bytes(whole)
    assert run(app, "petitions", "import", file).exit_code == 0
    assert len(db.session.execute(select(Petition.id)).all()) == 399
