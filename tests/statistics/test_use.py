"""The figures of use: the same as a slow count, gathered by a worker, and bounds between which the number of people lies."""

import csv
import io
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Correction, HourCount, MonthFigure, Petition, PlaceCount
from petitions.statistics import gathering
from petitions.statistics.use import use
from petitions.worker.schedule import TASKS
from tests import build
from tests.browsing.pages import count_queries, words
from tests.client import PageCheckingClient

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@transactional
def counted(petition: Petition, hour: datetime, number: int) -> None:
    """Signatures counted in an hour, without rows of their own."""
    row = HourCount(petition_id=petition.id, hour=hour, signature_count=number, imported_signatures=number)
    db.session.add(row)


def gathered() -> dict[str, MonthFigure]:
    """The months after a worker has gathered all."""
    while not gathering.gather():
        pass
    return {f"{row.month:%Y-%m}": row for row in use().months}


def test_months_are_those_of_the_site_s_zone_and_count_everything_once(app: Flask) -> None:
    with clock.fixed(NOON):
        # In London July begins an hour before it does in UTC.
        late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
        one = build.imported_petition(created_at=late - timedelta(days=40), opened_at=late, count=0)
        two = build.imported_petition(
            created_at=late, opened_at=NOON - timedelta(days=2), closes_at=NOON + timedelta(days=9), count=0
        )
        for petition, hour, number in (
            (one, late.replace(minute=0), 30),
            (one, late.replace(minute=0) - timedelta(hours=1), 5),
            (two, late.replace(minute=0), 12),
            (two, NOON - timedelta(hours=30), 7),
        ):
            counted(petition, hour, number)
        build.petition("rejected", created_at=NOON - timedelta(days=40), rejected_at=NOON)
        build.petition("pending", created_at=NOON - timedelta(days=40))
        with clock.fixed(late):
            build.cross(one)
        build.add(Correction(petition_id=one.id, change=-4, reason="Made by a program.", created_at=late))
        build.add(Correction(petition_id=one.id, change=1, reason="It was a person.", created_at=NOON))
        months = gathered()
    assert list(months) == ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
    july, november = months["2026-07"], months["2026-11"]
    assert (july.signatures, july.most_on_one) == (42, 30)
    assert months["2026-06"].signatures == 5
    assert (july.started, july.published, july.crossed, july.removed) == (1, 1, 1, 4)
    assert (november.published, november.refused, november.put_back) == (1, 1, 1)
    assert months["2026-10"].started == 1, "who never confirmed has started nothing"


@pytest.mark.database("sqlite")
def test_how_many_were_started_stays_when_what_came_to_nothing_is_deleted(app: Flask) -> None:
    with clock.fixed(NOON):
        lapsed = build.petition("lapsed", created_at=NOON - timedelta(days=100), lapsed_at=NOON)
        kept = build.imported_petition(opened_at=NOON - timedelta(days=100), count=0)
        counted(kept, NOON - timedelta(days=100), 50)
        before = gathered()["2026-08"]
        assert before.started == 1
    with clock.fixed(NOON + timedelta(days=2)):
        build.change(lapsed, created_at=NOON)
        build.change(db.session.get_one(HourCount, (kept.id, NOON - timedelta(days=100))), signature_count=44)
        after = gathered()["2026-08"]
        assert (after.started, after.signatures) == (1, 44)


@pytest.mark.database("sqlite")
def test_a_worker_gathers_a_part_at_a_time(app: Flask) -> None:
    with clock.fixed(NOON):
        build.imported_petition(created_at=NOON - timedelta(days=800), opened_at=NOON)
        assert not gathering.gather()
        assert use().months[-1].month == date(2026, 11, 1), "the newest are gathered first"
        assert not gathering.gather()
        assert gathering.gather()
        with count_queries() as statements:
            assert gathering.gather()
    assert len(use().months) == 27
    assert len(statements) < 30, "what is fresh was gathered again"
    assert "gather_statistics" in {task.name for task in TASKS}


@pytest.mark.database("sqlite")
@pytest.mark.settings(smallest_published_area="1")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_number_of_people_lies_between_the_bounds(app: Flask, seed: int) -> None:
    """People with one home each sign some petitions; what the site shows must hold their true number."""
    chance = random.Random(seed)
    areas = [build.place(f"Area {number}", postcode_prefixes=[f"A{number}"]) for number in range(4)]
    homes = {person: chance.randrange(len(areas)) for person in range(60)}
    petitions = [build.imported_petition(count=0) for _ in range(5)]
    signed = {p.id: {who for who in homes if chance.random() < chance.choice((0.1, 0.5))} for p in petitions}
    for petition in petitions:
        _signed_by(petition, Counter(areas[homes[who]].id for who in signed[petition.id]))
    people = use_after_gathering().people
    distinct = len(set().union(*signed.values()))
    assert people.least <= distinct <= people.most
    assert people.most == sum(map(len, signed.values()))
    assert people.least >= max(map(len, signed.values()))


@transactional
def _signed_by(petition: Petition, homes: Counter[int]) -> None:
    petition.signature_count = petition.imported_signatures = homes.total()
    for place, number in homes.items():
        row = PlaceCount(petition_id=petition.id, place_id=place, signature_count=number)
        row.imported_signatures = number
        db.session.add(row)


def use_after_gathering() -> Any:
    """The figures after a worker has gathered all."""
    gathered()
    return use()


@pytest.mark.database("sqlite")
@pytest.mark.settings(smallest_published_area="1")
def test_page_json_and_tables_say_the_same(client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        place = build.place("=SUM(Fairley)", electorate=2_000)
        petition = build.imported_petition(opened_at=NOON - timedelta(days=5), count=0)
        _signed_by(petition, Counter({place.id: 300}))
        counted(petition, NOON - timedelta(days=3), 250)
        # Its petitioner's signature was counted like any other.
        hidden = build.petition("hidden", opened_at=NOON - timedelta(days=5))
        build.add(Correction(petition_id=petition.id, change=-12, reason="Made by a program."))
        build.add(Correction(petition_id=hidden.id, change=-5, reason="Names a private person."))
        gathered()
        with count_queries() as statements:
            page = client.get("/statistics")
        text = words(page.text)
        document = client.get("/statistics.json").get_json()["data"]["use"]
        months = list(csv.DictReader(io.StringIO(client.get("/statistics/months.csv").text)))
        places = list(csv.DictReader(io.StringIO(client.get("/statistics/places.csv").text)))
    read = " ".join(statements)
    assert "FROM signatures" not in read
    assert "FROM hour_counts" not in read, "the page counts nothing itself"
    assert "As many as there are signatures: 300." in text
    assert "49 signatures are in no month" in text
    assert "Made by a program. 12 1" in text
    assert "Names a private person." not in page.text
    assert (document["people_at_least"], document["people_at_most"]) == (300, 300)
    assert document["removals"] == [{"reason": "Made by a program.", "signatures": 12, "petitions": 1}]
    assert (months[-1]["month"], months[-1]["signatures"], months[-1]["signatures_removed"]) == (
        "2026-11",
        "251",
        "17",
    )
    assert [each["month"] for each in document["months"]] == [row["month"] for row in months]
    assert places[0]["name"] == "'=SUM(Fairley)"
    assert (places[0]["signatures"], places[0]["signatures_per_thousand"]) == ("300", "150.0")


@pytest.mark.database("sqlite")
def test_before_anything_is_gathered_the_page_says_so(client: PageCheckingClient) -> None:
    text = words(client.get("/statistics").text)
    assert "There are none yet." in text
    assert "Staff removed none in the last year." in text
    assert client.get("/statistics/months.csv").text.count("\n") == 1


@pytest.mark.database("sqlite")
def test_where_nothing_has_happened_for_long_the_picture_ends_with_the_last_that_did(app: Flask) -> None:
    with clock.fixed(NOON):
        old = NOON - timedelta(days=1_500)
        build.imported_petition(created_at=old, opened_at=old, closes_at=old, closed_at=old, state="closed")
        gathered()
        shown = use().shown_months
    assert f"{shown[-1].month:%Y-%m}" == "2022-10"
    assert shown[-1].published == 1
