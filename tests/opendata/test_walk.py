"""A list is read to its end by its links while people sign, withdraw, and petitions come and go: nothing is missed or repeated."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.counts import counting, rollups
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Debate, Petition, Signature, SignatureState, Term
from tests import build

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HERE = "http://localhost"
MINUTE = timedelta(minutes=1)
#: How petitions begin that come while somebody reads.
NEW = "Mend one more"
#: Every order that is offered, by the list that has it. The first are walked on both databases, the others on SQLite.
LISTS = (
    "",
    "q=bridge&sort=relevance",
    "sort=closing",
    "state=with_response",
    "state=awaiting_debate",
    "sort=signatures&signatures_from=3",
    "state=recent",
    "sort=newest",
    "state=awaiting_response",
    "state=debated",
    "state=not_debated",
    "state=closed",
    "state=rejected",
)
ON_BOTH = 5

Step = Callable[[list[int], int], None]


@pytest.fixture
def world(app: Flask) -> list[int]:
    """Petitions in every list, several with as many signatures as another. Returns the open ones without more to tell."""
    plain = []
    for number in range(24):
        with clock.fixed(NOON - timedelta(days=2, minutes=number % 7)):
            petition = _one(number)
        if number % 6 == 0:
            with clock.fixed(NOON - timedelta(hours=1)):
                build.signatures(petition, 2)
            plain.append(petition.id)
    return plain


def _one(number: int) -> Petition:
    words = {
        "action": f"Mend bridge {number}" if number % 2 else f"Mend road {number}",
        "additional_details": "A bridge.",
    }
    match number % 6:
        case 1:
            return build.closed_petition(count=20 + number % 4, **words)
        case 2:
            return build.petition("rejected", **words)
        case 3 | 4:
            petition = build.open_petition(count=5, **words)
            duty = build.cross(petition)
            if number % 6 == 4:
                build.answer(duty)
            return petition
        case 5:
            petition = build.open_petition(count=8, **words)
            debated = (None, True, False, None)[number // 6]
            build.add(
                Debate(
                    petition_id=petition.id,
                    debated=debated,
                    scheduled_on=date(2026, 8, 1) if debated is None else None,
                    scheduled_at=NOON,
                    debated_on=date(2026, 6, 1) if debated else None,
                    outcome_at=None if debated is None else NOON - timedelta(days=number),
                )
            )
            return petition
    return build.open_petition(count=2 + number % 5, **words)


def walk(client: FlaskClient, url: str, between: Step, *, link: str = "next") -> Iterator[dict[str, Any]]:
    """Every page from an address on, by its links; `between` any two something happens. The clock runs on."""
    moment, seen, turn = clock.now(), list[int](), 0
    following: str | None = url
    while following:
        with clock.fixed(moment + turn * timedelta(seconds=25)):
            page = client.get(following.removeprefix(HERE)).get_json()
            yield page
            seen += [row["id"] for row in page["data"]]
            between(seen, turn)
        following, turn = page["links"][link], turn + 1
        assert turn < 100


def life(world: list[int]) -> Step:
    """What happens between two pages: a petition loses a signature, one that was not seen yet rises, others come."""

    def happens(seen: list[int], turn: int) -> None:
        _lose(world[turn % len(world)], turn)
        waiting = [number for number in world if number not in seen]
        if waiting:
            build.signatures(db.session.get_one(Petition, waiting[0]), 4)
        build.imported_petition(action=f"{NEW} bridge {turn}", count=4)
        if turn == 1:
            build.answer(build.cross(build.imported_petition(action=f"{NEW} bridge, answered", count=7)))
            rejected = {"state": "rejected", "opened_at": None, "closes_at": None, "rejected_at": clock.now()}
            build.imported_petition(action=f"{NEW} bridge, refused", count=0, **rejected)

    return happens


@transactional
def _lose(petition_id: int, turn: int) -> None:
    """A petition loses a signature that was counted before: taken back by the signer, or by staff."""
    found = db.session.execute(
        db.select(Signature)
        .where(
            Signature.petition_id == petition_id,
            Signature.counted_at.is_not(None),
            Signature.role == "signer",
        )
        .order_by(Signature.id)
    ).scalar()
    if found is None:
        return
    if turn % 2:
        counting.uncount(found)
    else:
        counting.uncount_many(counting.lock_petition(petition_id), [found.id])
        db.session.refresh(found)
    counting.end(found, SignatureState.WITHDRAWN)


@transactional
def _hide_the_new() -> None:
    """So that the next list is no longer than the first."""
    new = db.update(Petition).where(Petition.action.startswith(NEW))
    db.session.execute(new.values(state="hidden", hidden_at=clock.now()))


def ids(pages: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for page in pages for row in page["data"]]


def test_who_follows_the_links_sees_all_that_was_there_once_and_in_order(
    client: FlaskClient, world: list[int], database_kind: str
) -> None:
    for turn, query in enumerate(LISTS if database_kind == "sqlite" else LISTS[:ON_BOTH]):
        with clock.fixed(NOON + turn * timedelta(minutes=15)):
            whole = ids([client.get(f"/petitions.json?count=50&{query}").get_json()])
            assert len(whole) == len(set(whole)) > 0, query
            count = max(1, len(whole) // 4)
            pages = list(walk(client, f"/petitions.json?count={count}&{query}", life(world)))
        seen = ids(pages)
        assert len(seen) == len(set(seen)), f"{query}: repeated"
        gone = {row.id for row in db.session.query(Petition).where(Petition.signature_count < 3)}
        kept = [number for number in whole if "signatures_from" not in query or number not in gone]
        missed = set(kept) - set(seen)
        assert not missed, f"{query}: missed"
        assert [number for number in seen if number in kept] == kept, f"{query}: another order"
        _hide_the_new()


@pytest.mark.database("sqlite")
def test_the_way_back_from_the_end_is_the_same(app: Flask, client: FlaskClient, world: list[int]) -> None:
    for turn, query in enumerate(("", "sort=closing", "state=awaiting_debate")):
        with clock.fixed(NOON + turn * timedelta(minutes=15)):
            first = client.get(f"/petitions.json?count=50&{query}").get_json()
            end = client.get(f"/petitions.json?count=3&{query}").get_json()["links"]["last"]
            pages = list(walk(client, end, life(world), link="prev"))
        seen = [row for page in reversed(pages) for row in ids([page])]
        assert len(seen) == len(set(seen))
        assert [number for number in seen if number in ids([first])] == ids([first])


@pytest.mark.database("sqlite")
def test_the_archive_is_read_in_the_same_way(app: Flask, client: FlaskClient) -> None:
    build.add(
        Term(period="2020-2026", government="The old one", opens_at=datetime(2020, 1, 1, tzinfo=UTC), dissolves_at=NOON - 50 * timedelta(days=1),
             archived_at=NOON - timedelta(days=30), response_threshold=10_000, debate_threshold=100_000)
    )  # fmt: skip
    with clock.fixed(NOON - timedelta(days=90)):
        for number in range(8):
            build.closed_petition(count=number // 2)
    with clock.fixed(NOON):
        every = ids([client.get("/archived/petitions.json?count=50").get_json()])
        assert len(every) == 8
        assert ids(list(walk(client, "/archived/petitions.json?count=3", lambda _seen, _turn: None))) == every


def test_the_order_is_that_of_the_minute_that_the_links_name(app: Flask, client: FlaskClient) -> None:
    with clock.fixed(NOON):
        small, large = build.open_petition(count=5), build.open_petition(count=9)
    with clock.fixed(NOON + timedelta(minutes=2, seconds=30)):
        build.signatures(small, 6)
        before = client.get("/petitions.json?count=1").get_json()
    assert ids([before]) == [large.id]
    assert "at=2026-07-01T12%3A02Z" in before["links"]["next"]
    with clock.fixed(NOON + timedelta(minutes=3, seconds=10)):
        after = client.get("/petitions.json?count=1").get_json()
        assert ids([after]) == [small.id]
        assert after["data"][0]["attributes"]["signature_count"] == 11
        assert ids([client.get(before["links"]["next"].removeprefix(HERE)).get_json()]) == [small.id]


@pytest.mark.database("sqlite")
def test_a_minute_that_is_none_or_too_old_gets_a_clear_answer(app: Flask, client: FlaskClient) -> None:
    for number in range(3):
        build.open_petition(count=number)
    for query, status in (
        ("at=yesterday", 400), ("at=2999-01-01T00:00Z", 400), ("after=1", 400), ("before=x~y", 400),
        ("after=9999999999~1", 400), ("after=now~1&sort=newest", 400), ("at=2026-01-01T00:00Z", 410),
    ):  # fmt: skip
        response = client.get(f"/petitions.json?{query}")
        assert (response.status_code, response.get_json()["status"]) == (status, status), query
        assert len(response.get_json()["error"]) > 40, "it says what to do"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.cache_control.no_store
    assert client.get("/petitions.json?after=1~1").status_code == 200


def test_the_minutes_are_kept_for_as_long_as_links_are_good(app: Flask, client: FlaskClient) -> None:
    with clock.fixed(NOON):
        small = build.open_petition(count=5)
        build.open_petition(count=9)
    with clock.fixed(NOON + MINUTE):
        following = client.get("/petitions.json?count=1").get_json()["links"]["next"]
        build.signatures(small, 6)
    with clock.fixed(NOON + timedelta(hours=2) - MINUTE):
        rollups.forget_minutes()
        assert ids([client.get(following.removeprefix(HERE)).get_json()]) == [small.id]
    with clock.fixed(NOON + timedelta(hours=2, minutes=2)):
        assert client.get(following.removeprefix(HERE)).status_code == 410
    with clock.fixed(NOON + timedelta(hours=5)):
        assert rollups.forget_minutes() > 0


@pytest.mark.database("sqlite")
def test_a_list_where_nothing_happens_stays_as_it_is_within_the_hour(app: Flask, client: FlaskClient) -> None:
    with clock.fixed(NOON):
        for number in range(3):
            build.open_petition(count=number)
    answers = []
    for minutes in (2, 30, 59):
        with clock.fixed(NOON + timedelta(minutes=minutes)):
            answers.append(client.get("/petitions.json?count=1"))
    assert all(one.get_etag() == other.get_etag() for one, other in pairwise(answers))
