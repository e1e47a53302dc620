"""What a site has published can outlive it: an archive reads from a disk, can be checked, and can be brought in again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from petitions import clock
from petitions.archiving import pages
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Duty, DutyTransfer
from petitions.moderation import decisions
from petitions.opendata.importing import Import
from tests import build, world
from tests.client import PageChecker
from tests.databases import Database, release
from tests.reading import Page


def export(app: Flask, folder: Path) -> int:
    """Write an archive. Returns the command's exit code."""
    return app.test_cli_runner().invoke(args=["petitions", "export", str(folder)]).exit_code


@pytest.fixture
def archive(app: Flask, tmp_path: Path) -> Path:
    """An archive of the whole small world."""
    world.make()
    build.open_petition(action="Éclairs for <all>")
    build.open_petition(action="۱۲ libraries")
    _asked_again()
    folder = tmp_path / "archive"
    done = app.test_cli_runner().invoke(args=["petitions", "export", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


@transactional
def _asked_again() -> None:
    """A petition whose answer was not enough: a second round is owed, to another department than at first."""
    roads, libraries = build.department("Roads"), build.department("Lending")
    petition = build.open_petition(action="Answer better", departments=[roads])
    first = build.cross(petition)
    build.answer(first)
    again = Duty(
        petition_id=petition.id, threshold_key=first.threshold_key, round=2, department_id=libraries.id,
        follow_up_reason="It said nothing of the bridges.", reached_at=clock.now(),
        due_on=clock.now().date() + timedelta(days=30), first_due_on=clock.now().date() + timedelta(days=20),
    )  # fmt: skip
    again.transfers.append(DutyTransfer(from_department=roads, to_department=libraries, reason="They lend."))
    db.session.add(again)


@pytest.mark.database("sqlite")
def test_every_page_opens_from_a_disk_and_leads_only_to_pages_that_are_there(archive: Path) -> None:
    found = list(archive.rglob("*.html"))
    assert archive / "index.html" in found
    reached, ahead = set(), [archive / "index.html"]
    while ahead:
        page = ahead.pop()
        if page in reached:
            continue
        reached.add(page)
        text = page.read_text()
        assert PageChecker(text).problems == [], page
        for element in Page(text).elements:
            for name in ("href", "src"):
                target = element.attributes.get(name, "")
                assert not target.startswith("/"), (page, target)
                assert "localhost" not in target, (page, target)
                if target and not target.startswith(("#", "http://", "https://")):
                    path = (page.parent / unquote(target.partition("#")[0])).resolve()
                    assert path.is_file(), (page, target)
                    ahead += [path] if path.suffix == ".html" else []
    assert reached == set(found)
    eclairs = (archive / "lists/e.html").read_text()
    assert "Éclairs for &lt;all&gt;" in eclairs
    assert "۱۲ libraries" in (archive / "lists/other.html").read_text()


@pytest.mark.database("sqlite")
def test_the_fingerprints_are_those_of_the_files_and_none_is_left_out(archive: Path) -> None:
    sums = dict(reversed(line.split("  ", 1)) for line in (archive / "SHA256SUMS").read_text().splitlines())
    files = {str(path.relative_to(archive)): path for path in archive.rglob("*") if path.is_file()}
    assert files.keys() == sums.keys() | {"SHA256SUMS"}
    for name, digest in sums.items():
        assert sha256(files[name].read_bytes()).hexdigest() == digest, name


@pytest.mark.database("sqlite")
def test_it_names_no_petitioner(app: Flask, tmp_path: Path) -> None:
    build.open_petition(action="Open the library", creator="Zebedee Quartermain")
    assert export(app, tmp_path / "archive") == 0
    files = [path.read_text() for path in (tmp_path / "archive").rglob("*") if path.is_file()]
    assert sum("Open the library" in text for text in files) >= 3
    assert [text for text in files if "Zebedee" in text] == []


@pytest.mark.database("sqlite")
def test_exported_again_it_holds_no_page_of_what_was_taken_down_since(app: Flask, tmp_path: Path) -> None:
    gone = build.open_petition(action="Xenon for all")
    number, kept = gone.id, build.open_petition(action="Open the library").id
    folder = tmp_path / "archive"
    assert export(app, folder) == 0
    assert (folder / pages.petition_file(number)).is_file()
    # A list that had more pages than it has now.
    (folder / pages.file_of("open", 2)).write_text("Xenon for all")
    decisions.refuse(
        petition_id=number, text_version=1, state="open", code="offensive",
        explanation="It names a person.", original_id=None, by=build.staff("moderator"),
    )  # fmt: skip
    assert export(app, folder) == 0
    assert (folder / pages.petition_file(kept)).is_file()
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert [name for name, path in files.items() if "Xenon" in path.read_text()] == []
    sums = (folder / "SHA256SUMS").read_text().splitlines()
    assert files.keys() == {line.split("  ", 1)[1] for line in sums} | {"SHA256SUMS"}


@pytest.mark.database("sqlite")
def test_a_folder_with_something_else_in_it_is_left_alone(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    done = app.test_cli_runner().invoke(args=["petitions", "export", str(tmp_path)])
    assert done.exit_code == 1
    assert "holds something else" in done.output
    assert [path.name for path in tmp_path.iterdir() if path.suffix in {".txt", ".html"}] == ["letter.txt"]


def facts(lines: Path) -> dict[int, dict[str, Any]]:
    """Every key of every petition on the lines, but for what belongs to one site: numbers of duties, and what readers said."""
    found = {}
    for line in lines.read_text().splitlines():
        item = json.loads(line)
        for duty in item["attributes"]["duties"]:
            del duty["id"]
        for answer in item["attributes"]["answers"]:
            del answer["opinions"]
        found[item["id"]] = item
    return found


@pytest.mark.database("sqlite")
def test_it_can_be_brought_in_again(
    app: Flask, archive: Path, database: Database, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    before = facts(archive / "petitions.jsonl")
    told = [duty for item in before.values() for duty in item["attributes"]["duties"]]
    for key in ("pauses", "extensions", "transfers", "holding_replies", "follow_up_reason"):
        assert any(duty[key] for duty in told), key
    assert any(
        len(answer["versions"]) > 1 for item in before.values() for answer in item["attributes"]["answers"]
    )
    release(app)
    database.reset()
    # What was public already is shown as it came, also where it is few.
    again = make_app(smallest_published_area=1)
    with again.app_context():
        broken: list[str] = []
        run = Import(archive / "petitions.jsonl", lambda number, reason: broken.append(f"{number}: {reason}"))
        run.run(lambda _: None)
        assert broken == []
        assert run.imported == len(before)
        folder = tmp_path / "again"
        assert again.test_cli_runner().invoke(args=["petitions", "export", str(folder)]).exit_code == 0
    after = facts(folder / "petitions.jsonl")
    assert after.keys() == before.keys()
    for number, item in before.items():
        for key, value in item["attributes"].items():
            assert after[number]["attributes"][key] == value, f"{key} of {number}"
    assert after == before


def test_titles_in_every_script_have_their_place() -> None:
    titles = {
        "Open": "o",
        "Éclairs": "e",
        "“quoted”": "q",
        "Äpfel": "a",
        "12 trees": "other",
        "Βουλή": "other",
        "…": "other",
    }
    assert {title: pages.letter_of(title) for title in titles} == titles
