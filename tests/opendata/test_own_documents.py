"""Our own documents can be imported too: what they say beyond the UK Parliament's comes back with them."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.models import Commitment, CommitmentCheck, Kept, ResponseVersion
from petitions.opendata.queries import whole_items
from petitions.responses.queries import responses_to
from tests import build
from tests.databases import Database, release
from tests.opendata.lines import write
from tests.opendata.stored import run
from tests.opendata.test_petition_json import NOON, everything_happened

pytestmark = pytest.mark.settings(smallest_published_area=1)


def without_numbers_of_rows(document: dict[str, Any]) -> dict[str, Any]:
    """A document without the numbers that duties happen to have."""
    duties = [{k: v for k, v in duty.items() if k != "id"} for duty in document["attributes"]["duties"]]
    return document | {"attributes": document["attributes"] | {"duties": duties}}


def test_what_was_exported_is_the_same_after_it_was_imported_elsewhere(
    app: Flask, client: FlaskClient, database: Database, tmp_path: Path
) -> None:
    with clock.fixed(NOON):
        petition = everything_happened()
        (answer,) = responses_to(petition.id)
        point = {"ask": "Open it", "answer": "On *Sundays*.", "outcome": "agreed"}
        words: dict[str, Any] = {
            "summary": "We do it soon.", "body": "In **May**.", "outcome": "agreed", "points": [point],
            "links": [{"title": "The plan", "url": "https://example.org/plan"}], "reason": "A month was missing.",
        }  # fmt: skip
        build.add(ResponseVersion(response_id=answer.id, version=2, published_at=NOON, **words))
        promise = Commitment(response_id=answer.id, promise="Open by May", due_on=NOON.date())
        promise.checks.append(
            CommitmentCheck(months=6, asked_at=NOON, answered_at=NOON, kept=Kept.PARTLY, note="Nearly.")
        )
        build.add(promise)
        rejected = build.petition("rejected")
        before = whole_items([petition, rejected])
        assert before[0]["attributes"]["answers"][0]["commitments"][0]["checks"][0]["kept"] == "partly"
        file = write(tmp_path / "export.jsonl", *before)
        release(app)
        database.reset()
        result = run(app, "petitions", "import", file)
        assert result.exit_code == 0, result.output
        after = [
            {"links": document["links"], **document["data"]}
            for row in before
            for document in [client.get(f"/petitions/{row['id']}.json").get_json()]
        ]
    for theirs, ours in zip(
        map(without_numbers_of_rows, before), map(without_numbers_of_rows, after), strict=True
    ):
        for key, value in theirs["attributes"].items():
            assert ours["attributes"][key] == value, key
        assert ours == theirs
