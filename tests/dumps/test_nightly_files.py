"""Whoever wants everything gets it in files: whole, true to the pages, explained column by column, and nothing that is not public."""

from __future__ import annotations

import csv
import gc
import gzip
import io
import json
import tracemalloc
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from petitions import clock
from petitions.database import transactional
from petitions.dumps import queries, writing
from petitions.dumps.dictionary import TABLES
from petitions.extensions import db, settings
from petitions.lifecycle import State
from petitions.models import HourCount, Petition
from petitions.opendata import queries as opendata
from petitions.worker import loop, schedule
from tests import build, world
from tests.client import PageCheckingClient


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """A table as a spreadsheet reads it."""
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def lines_of(folder: Path, name: str) -> list[dict[str, Any]]:
    """A table as a program reads it."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def in_a_cell(value: object) -> str:
    """What of JSON stands in a cell: nothing for null, a semicolon between, an apostrophe before what looks like a formula."""
    if isinstance(value, list):
        return in_a_cell("; ".join(value))
    text = "" if value is None else str(value)
    return (
        f"'{text}" if isinstance(value, str) and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    )


def moved_here() -> None:
    """A petition that was counted elsewhere for weeks, and here since noon of a day."""
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=5)
    row = build.imported_petition(opened_at=noon - timedelta(days=30))
    for hours in (0, 3, 30):
        build.add(HourCount(petition_id=row.id, hour=noon + timedelta(hours=hours), signature_count=7))


def test_the_files_are_what_the_pages_and_the_api_say(app: Flask, client: PageCheckingClient) -> None:
    found = world.make()
    formula = build.open_petition(action="=SUM(A1)").id
    moved_here()
    folder = writing.write(date(2026, 1, 31))
    public = {item["id"] for item in client.get("/petitions.json?count=50").json["data"]}  # type: ignore[index]
    rows = {int(row["petition_id"]): row for row in rows_of(folder, "petitions")}
    assert public <= rows.keys()
    for state in (State.PENDING, State.GATHERING, State.REVIEW, State.HIDDEN, State.WITHDRAWN, State.LAPSED):
        assert found.petitions[state] not in rows
    assert rows[formula]["action"] == "'=SUM(A1)"
    items = lines_of(folder, "petitions-api")
    assert {item["id"] for item in items} == rows.keys()
    for item in items[::7]:
        told = client.get(f"/petitions/{item['id']}.json").json["data"]["attributes"]  # type: ignore[index]
        assert item["attributes"] == told | {"creator_name": None}
    history = rows_of(folder, "history")
    for number in rows:
        if rows[number]["opened_at"]:
            steps = client.get(f"/petitions/{number}/history.json").json["data"]["attributes"]["steps"]  # type: ignore[index]
            told = [
                (step["since"], step["period"], str(step["signature_count"]))
                for step in steps
                if step["signature_count"]
            ]
            mine = [row for row in history if int(row["petition_id"]) == number]
            assert [(row["since"], row["period"], row["signature_count"]) for row in mine] == told
    board = client.get("/accountability.json?count=50").json["data"]  # type: ignore[index]
    assert {int(row["duty_id"]) for row in rows_of(folder, "duties")} == {each["id"] for each in board}
    assert rows_of(folder, "responses")[0]["summary"] == "Libraries will open."
    assert {row["event"].partition("-")[0] for row in rows_of(folder, "timelines")} >= {
        "published",
        "crossed",
        "answer",
    }


@pytest.mark.database("sqlite")
def test_the_dictionary_explains_every_column_and_both_forms_hold_the_same(
    app: Flask, client: PageCheckingClient
) -> None:
    world.make()
    build.open_petition(action="=SUM(A1), “so” to say", topics=[build.topic("Arts"), build.topic("Zoos")])
    folder = writing.write(date(2026, 1, 31))
    explained = [(row["file"], row["column"]) for row in rows_of(folder, "dictionary")]
    written = [
        (path.name, column)
        for path in folder.glob("*.csv")
        if path.name != "dictionary.csv"
        for column in next(csv.reader(io.StringIO(path.read_text())))
    ]
    assert sorted(written) == sorted(explained)
    page = client.get("/data").text
    for table in TABLES:
        lines, rows = lines_of(folder, table.name), rows_of(folder, table.name)
        assert len(lines) == len(rows)
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page
            assert str(column.meaning)
        for line, row in zip(lines, rows, strict=True):
            assert {name: in_a_cell(value) for name, value in line.items()} == row


@pytest.mark.database("sqlite")
def test_every_file_has_its_fingerprint_and_can_be_fetched_in_parts(
    app: Flask, client: PageCheckingClient
) -> None:
    build.open_petition()
    writing.write(date(2026, 1, 31))
    (dump,) = client.get("/data.json").json["data"]  # type: ignore[index]
    sums = client.get("/data/2026-01-31/SHA256SUMS", buffered=True).text
    assert {file["name"] for file in dump["files"]} >= {f"{table.name}.csv" for table in TABLES}
    for file in dump["files"]:
        path = file["url"].removeprefix("http://localhost")
        whole = client.get(path, buffered=True)
        assert (whole.status_code, len(whole.data)) == (200, file["bytes"])
        assert sha256(whole.data).hexdigest() == file["sha256"]
        # What a browser saves has the name that stands in SHA256SUMS.
        assert whole.headers["Content-Disposition"] == f"attachment; filename={file['name']}"
        assert f"{file['sha256']}  {file['name']}\n" in sums
        assert whole.headers["Access-Control-Allow-Origin"] == "*"
        assert "max-age=3600" in whole.headers["Cache-Control"]
        part = client.get(path, headers={"Range": "bytes=2-9"}, buffered=True)
        assert (part.status_code, part.data) == (206, whole.data[2:10])
        known = {"If-None-Match": whole.headers["ETag"]}
        assert client.get(path, headers=known, buffered=True).status_code == 304
    newest = client.get("/data/latest/petitions.csv")
    assert (newest.status_code, newest.location) == (303, "http://localhost/data/2026-01-31/petitions.csv")
    for wrong in (
        "2026-01-30/petitions.csv",
        "2026-01-31/nothing.csv",
        "2026-01-31/..%2fpetitions.csv",
        "x/y",
    ):
        assert client.get(f"/data/{wrong}").status_code == 404, wrong


@pytest.mark.database("sqlite")
def test_a_worker_writes_them_once_a_night_and_removes_the_oldest(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/data").status_code == 200
    assert client.get("/data/latest/petitions.csv").status_code == 404
    noon = clock.now().replace(hour=12)
    # In the afternoon a job that is due from now on would not be due at noon.
    with clock.fixed(noon):
        schedule.prepare()
    for days in range(3):
        with clock.fixed(noon + timedelta(days=days)):
            loop.run_until_idle()
            made = {path: path.stat().st_mtime_ns for path in Path(settings().dump_folder).iterdir()}
        with clock.fixed(noon + timedelta(days=days, hours=2)):
            loop.run_until_idle()
        assert made == {path: path.stat().st_mtime_ns for path in Path(settings().dump_folder).iterdir()}
    assert len(queries.days()) == 3
    # A run that breaks leaves nothing that is half, and what a dead one left is cleared away.
    left = Path(settings().dump_folder) / ".2020-01-01.dead"
    left.mkdir()
    with clock.fixed(noon + timedelta(days=settings().dump_days + 1)), monkeypatch.context() as broken:
        broken.setattr(writing, "_write_dictionary", lambda path: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            writing.write_due()
        assert len(queries.days()) == 3
    with clock.fixed(noon + timedelta(days=settings().dump_days + 1)):
        writing.write_due()
    assert not left.exists()
    assert len(queries.days()) == 2


@pytest.mark.database("sqlite")
def test_nothing_personal_is_in_any_file(app: Flask, client: PageCheckingClient) -> None:
    petition = build.open_petition(creator="Zebedee Quartermain")
    build.signature(
        petition, name="Wilhelmina Ottoline", email="wilhelmina@canary.example", postcode="ZZ99 9ZZ"
    )
    # Its page names the petitioner while it can be signed; a file would for ever.
    assert "Zebedee" in client.get(f"/petitions/{petition.id}.json").text
    action = petition.action.encode()
    folder = writing.write(date(2026, 1, 31))
    everything = b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in folder.iterdir()
    )
    for word in (b"Zebedee", b"Wilhelmina", b"canary", b"ZZ99"):
        assert word not in everything
    assert (
        everything.count(action) == 3
    )  # the petition itself is there: as a table, as lines, as the API has it


#: Petitions of which a dump is written that others are compared with.
FEW = 10


@transactional
def many_petitions(number: int) -> None:
    """So many petitions, closed long ago, with long texts and two steps of history each."""
    now = clock.now()
    opened = (now - timedelta(days=300)).replace(minute=0, second=0, microsecond=0)
    for _ in range(number):
        row = Petition(
            state=State.CLOSED, action="Bring back the ferry", background="w" * 300, additional_details="w" * 1_700,
            signature_count=9, opened_at=opened, closes_at=now - timedelta(days=100), closed_at=now - timedelta(days=100),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        db.session.add_all(
            HourCount(petition_id=row.id, hour=opened + timedelta(hours=hours), signature_count=4)
            for hours in (1, 5)
        )


def most_held_while_writing(day: date, monkeypatch: pytest.MonkeyPatch) -> int:
    """The most bytes that Python's objects held at the end of a batch, garbage not counted, beyond those before the first."""
    held: list[int] = []
    let_go = opendata.let_go

    def look() -> None:
        let_go()
        gc.collect()
        held.append(tracemalloc.get_traced_memory()[0])

    with monkeypatch.context() as changed:
        changed.setattr(opendata, "let_go", look)
        look()
        writing.write(day)
    return max(held) - held[0]


@pytest.mark.database("sqlite")
def test_ten_times_the_petitions_take_no_more_memory(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opendata, "BATCH", FEW // 2)
    many_petitions(FEW)
    # What is made once and kept, statements and such, is not to be counted.
    writing.write(date(2026, 1, 29))
    gc.collect()
    gc.freeze()
    tracemalloc.start()
    try:
        few = most_held_while_writing(date(2026, 1, 30), monkeypatch)
        many_petitions(9 * FEW)
        many = most_held_while_writing(date(2026, 1, 31), monkeypatch)
    finally:
        tracemalloc.stop()
        gc.unfreeze()
    # A list of what was written would hold the texts of 90 petitions more, 180,000 letters.
    assert many - few < 80_000, (few, many)
