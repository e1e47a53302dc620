"""The JSON of petitions has exactly the keys of the UK Parliament's, in their order, and ours behind them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.lifecycle import State
from petitions.models import Debate, Petition
from tests import build

#: Section 3.1 of the facts about the UK's service, and 3.2 for one petition alone.
KEYS = [
    "action", "background", "additional_details", "committee_note", "state", "signature_count", "closing_date",
    "created_at", "updated_at", "rejected_at", "opened_at", "closed_at", "moderation_threshold_reached_at",
    "response_threshold_reached_at", "government_response_at", "debate_threshold_reached_at", "debate_scheduled_on",
    "scheduled_debate_date", "debate_outcome_at", "creator_name", "rejection", "government_response", "debate",
    "departments", "topics",
]  # fmt: skip
ALONE = [
    "signatures_by_country", "signatures_by_constituency", "signatures_by_region", "other_parliamentary_business",
]  # fmt: skip
OURS = ["url", "history_url", "withdrawn_at", "closed_early_reason", "outcome", "thresholds", "duties"]

pytestmark = [pytest.mark.settings(smallest_published_area=1), pytest.mark.database("sqlite")]

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def alone(client: FlaskClient, number: int) -> dict[str, Any]:
    """The attributes of a petition's own document."""
    response = client.get(f"/petitions/{number}.json")
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json; charset=utf-8"
    document: dict[str, Any] = response.get_json()
    assert list(document) == ["links", "data"]
    assert document["links"] == {"self": f"http://localhost/petitions/{number}.json"}
    assert list(document["data"]) == ["type", "id", "attributes"]
    assert (document["data"]["type"], document["data"]["id"]) == ("petition", number)
    attributes: dict[str, Any] = document["data"]["attributes"]
    return attributes


def in_list(client: FlaskClient, number: int) -> dict[str, Any]:
    """The attributes of a petition in the list."""
    (found,) = [row for row in client.get("/petitions.json").get_json()["data"] if row["id"] == number]
    assert list(found) == ["type", "id", "links", "attributes"]
    assert found["links"] == {"self": f"http://localhost/petitions/{number}.json"}
    attributes: dict[str, Any] = found["attributes"]
    return attributes


def without(names: list[str], *left_out: str) -> list[str]:
    return [name for name in names if name not in left_out]


def everything_happened() -> Petition:
    """A petition with all that can have happened to one that is open."""
    department = build.department("Ministry of Works", acronym="MOW", url="https://example.org/mow")
    with clock.fixed(NOON):
        petition = build.open_petition(
            creator="Priya Petitioner", count=120_000, committee_note="Noted.",
            departments=[department, build.department("Board of Rivers")], topics=[build.topic("Zoos"), build.topic("Arts")],
        )  # fmt: skip
        north = build.place("North", kind="region", code="A", postcode_prefixes=())
        build.signature(
            petition, place=build.place("Fairley", code="E2", region_id=north.id, postcode_prefixes=())
        )
        build.signature(petition, country="FR", postcode=None)
        build.answer(build.cross(petition), body="We **will**.\n\nSee [it](https://example.org).")
        build.cross(petition, "debate")
        build.business(petition, url="https://example.org/letter")
        build.add(
            Debate(
                petition_id=petition.id, scheduled_on=date(2026, 6, 20), scheduled_at=NOON, debated=True,
                debated_on=date(2026, 6, 20), outcome_at=NOON, overview="Spoken of.", video_url="https://example.org/v",
            )
        )  # fmt: skip
    return petition


def test_an_open_petition_has_every_key_and_all_that_happened(app: Flask, client: FlaskClient) -> None:
    petition = everything_happened()
    with clock.fixed(NOON):
        attributes, listed = alone(client, petition.id), in_list(client, petition.id)
    assert list(attributes) == [*KEYS, *ALONE, *OURS, "answers"]
    assert list(listed) == [*KEYS, *OURS]
    assert all(attributes[key] == value for key, value in listed.items())
    at = "2026-07-01T12:00:00.000Z"
    expected: dict[str, Any] = {
        "committee_note": "Noted.", "state": "open", "signature_count": 120_002, "closing_date": "2027-01-01",
        "created_at": at, "opened_at": at, "closed_at": None, "rejected_at": None,
        "response_threshold_reached_at": at, "government_response_at": at, "debate_threshold_reached_at": at,
        "debate_scheduled_on": "2026-07-01", "scheduled_debate_date": "2026-06-20", "debate_outcome_at": at,
        "creator_name": "Priya Petitioner", "rejection": None, "topics": ["arts", "zoos"], "outcome": "partly_agreed",
        "government_response": {
            "responded_on": "2026-07-01", "summary": "We do it.", "details": "We will.\n\nSee it.",
            "created_at": at, "updated_at": at,
        },
        "debate": {
            "debated_on": "2026-06-20", "transcript_url": None, "video_url": "https://example.org/v",
            "debate_pack_url": None, "public_engagement_url": None, "debate_summary_url": None, "overview": "Spoken of.",
            "declined_reason": None, "considered_on": None,
        },
        "departments": [
            {"acronym": None, "name": "Board of Rivers", "url": None},
            {"acronym": "MOW", "name": "Ministry of Works", "url": "https://example.org/mow"},
        ],
        "signatures_by_country": [
            {"name": "France", "code": "FR", "signature_count": 1},
            {"name": "United Kingdom", "code": "GB", "signature_count": 2},
        ],
        "signatures_by_constituency": [
            {"name": "Fairley", "ons_code": "E2", "mp": "Niamh Clarke", "signature_count": 1}
        ],
        "signatures_by_region": [{"name": "North", "ons_code": "A", "signature_count": 1}],
    }  # fmt: skip
    assert {key: attributes[key] for key in expected} == expected
    (business,) = attributes["other_parliamentary_business"]
    assert list(business)[:5] == ["subject", "body", "occurred_on", "created_at", "updated_at"]
    assert business["occurred_on"] == "2026-07-01"
    assert [(row["key"], row["reached_at"]) for row in attributes["thresholds"]] == [
        ("response", at),
        ("debate", at),
    ]
    assert [(row["threshold"], row["status"]) for row in attributes["duties"]] == [
        ("response", "answered"), ("debate", "answered"),
    ]  # fmt: skip
    (answer,) = attributes["answers"]
    assert answer["markdown"].startswith("We **will**.")
    assert (answer["outcome"], answer["points"], answer["opinions"]) == ("partly_agreed", [], None)


def test_closed_and_rejected_ones_leave_out_what_the_uk_leaves_out(app: Flask, client: FlaskClient) -> None:
    with clock.fixed(NOON):
        over = build.open_petition(closes_at=NOON - timedelta(hours=1))
        rejected = build.petition("rejected")
        closed, refused = alone(client, over.id), alone(client, rejected.id)
        assert list(in_list(client, rejected.id)) == without([*KEYS, *OURS], "closing_date")
    assert list(closed) == without([*KEYS, *ALONE, *OURS, "answers"], "closing_date")
    # Closed by the clock, though nobody has written it down yet.
    assert (closed["state"], closed["closed_at"], closed["creator_name"]) == (
        "closed",
        "2026-07-01T11:00:00.000Z",
        None,
    )
    assert list(refused) == without([*KEYS, *OURS, "answers"], "closing_date")
    assert refused["rejection"] == {
        "code": "irrelevant", "details": "This is for the council to decide.", "original": None,
    }  # fmt: skip
    assert (refused["creator_name"], refused["government_response"], refused["debate"]) == (None, None, None)


@pytest.mark.parametrize("state", [State.GATHERING, State.REVIEW])
def test_before_it_is_published_its_words_are_not_told(app: Flask, client: FlaskClient, state: State) -> None:
    petition = build.petition(state, action="Something unchecked", supporters=2, topics=[build.topic()])
    attributes = alone(client, petition.id)
    assert list(attributes) == without([*KEYS, *OURS, "answers"], "closing_date")
    assert attributes["state"] == state.value
    kept = {"state", "signature_count", "created_at", "updated_at", "moderation_threshold_reached_at", "url"}
    assert [value for key, value in attributes.items() if key not in kept and value not in (None, [])] == []


def test_what_is_not_public_is_an_error_in_json_that_every_origin_may_read(
    app: Flask, client: FlaskClient
) -> None:
    hidden = build.petition("hidden", opened_at=NOON)
    for number, status, words in (
        (build.pending_petition().id, 404, "Not Found"),
        (build.petition("hidden").id, 404, "Not Found"),
        (hidden.id, 410, "Gone"),
        (999_999, 404, "Not Found"),
    ):
        for path, headers in (
            (f"/petitions/{number}.json", {}),
            (f"/petitions/{number}", {"Accept": "application/json"}),
        ):
            response = client.get(path, headers=headers)
            assert (response.status_code, response.get_json()) == (status, {"status": status, "error": words})
            assert response.headers["Access-Control-Allow-Origin"] == "*"
