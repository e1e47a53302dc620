"""Whatever leaves the site about places is made from what is published of them, and from nothing that is exact.

The reader of `test_reader` is given what is published. Here it is held that no document of any kind tells more: where people
signed is changed in the database, behind the back of what is published, and every document stays as it is to the letter.
"""

import gzip
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from petitions import clock, terms
from petitions.admin.terms import TermFacts, add, archive
from petitions.counts import publishing_places
from petitions.database import transactional
from petitions.dumps import writing
from petitions.extensions import db
from petitions.models import CountryCount, Petition, Place, PlaceCount
from tests import build


@transactional
def move_everybody(here: int, there: int) -> None:
    """The exact counts by place and country become others; what is published of them does not."""
    for place, number in ((here, 31), (there, 4)):
        db.session.execute(
            update(PlaceCount).where(PlaceCount.place_id == place).values(signature_count=number)
        )
    db.session.execute(update(CountryCount).values(signature_count=CountryCount.signature_count - 3))


@pytest.mark.database("sqlite")
def test_no_document_tells_more_of_places_than_what_is_published(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    with clock.fixed(clock.now()):
        here, there = places = (
            build.place("Here", code="E1"),
            build.place("There", code="E2", postcode_prefixes=()),
        )
        petition = build.open_petition(opened_at=clock.now() - timedelta(days=2))
        over = datetime(2019, 7, 1, tzinfo=UTC)
        old = build.closed_petition(created_at=over - timedelta(days=300), closes_at=over, closed_at=over)
        number, old_number, one, other = petition.id, old.id, here.id, there.id
        sign(petition, places)
        sign(old, places)
        publishing_places.publish_due()
        a_term_is_archived()
        with clock.fixed(clock.now() + timedelta(minutes=2)):
            before = everything(app, client, number, old_number, tmp_path)
            move_everybody(one, other)
            after = everything(app, client, number, old_number, tmp_path)
    assert before.keys() == after.keys()
    assert [name for name, content in before.items() if after[name] != content] == []
    told = [name for name, content in before.items() if b"Here" in content]
    assert f"/petitions/{number}/places.csv" in told
    assert f"/archived/petitions/{old_number}.json" in told
    assert {"data/places.csv", "data/places.jsonl.gz", "data/petitions-api.jsonl.gz"} <= set(told)
    assert "archive/petitions.jsonl" in told


def sign(petition: Petition, places: tuple[Place, Place]) -> None:
    """Two dozen from one area, a few from the other."""
    for number in range(30):
        build.signature(petition, place=places[number % 5 == 0], counted=number == 29)


def a_term_is_archived() -> None:
    """The term of the older petition, whose documents have addresses of their own from then on."""
    opens, ends = date(2017, 6, 13), date(2019, 11, 6)
    administrator = build.staff("administrator")
    facts = TermFacts("2017-2019", "Conservative", opens, ends, 10_000, 100_000)
    add(facts, by=administrator)
    archive(terms.named("2017-2019").id, by=administrator)


def everything(
    app: Flask, client: FlaskClient, petition_id: int, old_id: int, folder: Path
) -> dict[str, bytes]:
    """All that a stranger can fetch about places, by its name; what is compressed as it is inside."""
    paths = [
        f"/petitions/{petition_id}", f"/petitions/{petition_id}.json", f"/petitions/{petition_id}/places",
        f"/petitions/{petition_id}/places.json", f"/petitions/{petition_id}/places.csv", "/petitions/local/here",
        "/petitions/local/here.json", "/petitions/local/here.csv", "/petitions/local/here/all.csv",
        "/petitions/local/there.json", "/petitions/local/there.csv", "/petitions/local/here.atom",
        "/trending?place=here", "/trending.json?place=here&period=day", "/trending.json?place=there",
        "/petitions.json?place=here", "/petitions.json?place=there", "/petitions.csv?place=there", "/statistics",
        f"/petitions/compare?id={petition_id}", f"/petitions/{old_id}/places.json", f"/archived/petitions/{old_id}.json",
        "/archived/petitions.json", "/archived/petitions.csv", "/parliaments/2017-2019.json", "/constituencies.json",
    ]  # fmt: skip
    found = {path: client.get(path, buffered=True).data for path in paths}
    archive = folder / "archive"
    assert app.test_cli_runner().invoke(args=["petitions", "export", str(archive)]).exit_code == 0
    for name, written in (("data", writing.write(date(2026, 1, 31))), ("archive", archive)):
        for file in sorted(written.rglob("*")):
            if file.is_file():
                content = file.read_bytes()
                inside = gzip.decompress(content) if file.suffix == ".gz" else content
                found[f"{name}/{file.relative_to(written).as_posix()}"] = inside
        shutil.rmtree(written)
    return found
