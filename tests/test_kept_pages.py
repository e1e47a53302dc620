"""Whatever is changed that the public can see, the next page has it, though pages are kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func

from petitions import changes, clock, kept_pages
from petitions.browsing import views
from petitions.browsing.petition_page import PetitionPage
from petitions.counts import counting
from petitions.database import Base, transactional
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Petition, PublicChanges, Signature, Topic
from petitions.signing import actions, confirming
from petitions.signing.confirming import Standing
from tests import build
from tests.browsing.pages import count_queries
from tests.client import PageCheckingClient

pytestmark = pytest.mark.settings(pages_kept=50)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def numbers() -> tuple[int, int]:
    """Of all changes but counting, and of counting."""
    db.session.rollback()
    row = db.session.get(PublicChanges, 1, populate_existing=True)
    return (row.number, row.counted) if row else (0, 0)


def sign(petition_id: int, name: str) -> None:
    person = actions.Person(
        name=name, email=f"{name}@example.org", country="GB", postcode="N1 1AA", wants_updates=False
    )
    actions.sign(petition_id=petition_id, person=person)
    signed = db.session.execute(db.select(func.max(Signature.id))).scalar_one()
    assert confirming.confirm(signature_id=signed).standing is Standing.CONFIRMED


def test_the_same_page_again_costs_one_question(client: PageCheckingClient) -> None:
    paths = [f"/petitions/{build.open_petition().id}", "/petitions", "/trending", "/", "/petitions.json"]
    with clock.fixed(NOON):
        for path in paths:
            pages = [client.get(path) for _ in range(3)]
            with count_queries() as statements:
                kept = client.get(path)
            assert len(statements) == 1, path
            assert {page.text for page in pages} == {kept.text}
            assert dict(pages[0].headers) == dict(kept.headers)
            again = client.get(path, headers={"If-None-Match": kept.headers["ETag"]})
            assert again.status_code == 304
            assert not again.data


def test_what_one_reader_asks_for_changes_nothing_for_the_next(client: PageCheckingClient) -> None:
    paths = [
        f"/petitions/{build.open_petition().id}",
        "/petitions",
        "/petitions.csv",
        "/petitions.json",
        "/data.json",
    ]
    with clock.fixed(NOON):
        for path in paths:
            plain = client.get(path)
            mark = plain.headers["ETag"]
            for headers in (
                {"If-None-Match": mark, "If-Match": mark.removeprefix("W/")},
                {"If-None-Match": mark},
                {"If-Match": '"another"'},
                {"Range": "bytes=0-9"},
                {"Accept": "application/json"},
                {"Accept": "image/png"},
            ):
                for _ in range(2):
                    client.get(path, headers=headers)
                client.head(path, headers=headers)
                assert client.get(path).data == plain.data, (path, headers)


def test_a_signature_is_on_the_page_when_it_is_counted_and_before_that_pages_stay(
    client: PageCheckingClient,
) -> None:
    petition = build.open_petition()
    path, count, before = f"/petitions/{petition.id}", petition.signature_count, numbers()
    with clock.fixed(NOON):
        for _ in range(3):
            assert '<p class="count" data-count-url' in client.get(path).text
        sign(petition.id, "ada")
        assert numbers() == before
        counting.sweep()
        assert numbers() == (before[0], before[1] + 1)
        assert f">{count + 1}</p>" in client.get(path).text


def test_while_others_are_counted_a_page_stays_and_the_list_is_seconds_behind(
    client: PageCheckingClient,
) -> None:
    signed, other = build.open_petition(), build.open_petition()
    own, others, lists = f"/petitions/{signed.id}", f"/petitions/{other.id}", "/petitions?state=open"

    def count_one_more(name: str) -> None:
        sign(signed.id, name)
        counting.sweep()
        db.session.rollback()

    with clock.fixed(NOON):
        count_one_more("ada")
        pages = {path: [client.get(path).text for _ in range(3)][-1] for path in (own, others, lists)}
    with clock.fixed(NOON + timedelta(seconds=kept_pages.COUNTS_SECONDS - 1)):
        count_one_more("bob")
        assert client.get(own).text != pages[own]
        for path in (others, lists):
            with count_queries() as statements:
                assert client.get(path).text == pages[path]
            assert len(statements) == 1
    with clock.fixed(NOON + timedelta(seconds=kept_pages.COUNTS_SECONDS)):
        assert client.get(lists).text != pages[lists]


@pytest.mark.settings(response_threshold=2)
def test_a_threshold_that_is_crossed_is_on_every_page_at_once(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    before = numbers()
    sign(petition.id, "ada")
    counting.sweep()
    assert numbers() == (before[0] + 1, before[1])


def test_a_page_that_many_ask_for_is_made_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/petitions/{build.open_petition().id}"
    made, begun = [], Barrier(2)
    client = app.test_client()
    client.get(path)
    whole = views.petition_page

    def slowly(petition: Petition) -> PetitionPage:
        made.append(petition.id)
        begun.wait(10)
        sleep(0.2)
        return whole(petition)

    monkeypatch.setattr(views, "petition_page", slowly)
    pages: list[str] = []
    with clock.fixed(NOON):
        asking = [Thread(target=lambda: pages.append(app.test_client().get(path).text)) for _ in range(3)]
        asking[0].start()
        begun.wait(10)
        for each in asking[1:]:
            each.start()
        for each in asking:
            each.join(10)
    assert len(made) == 1
    assert len(pages) == 3
    assert len(set(pages)) == 1


@transactional
def rename(petition: Petition) -> None:
    petition.action = "Another title"


@transactional
def hide(petition: Petition) -> None:
    petition.state, petition.hidden_at = State.HIDDEN, clock.now()


@transactional
def by_statement(petition: Petition) -> None:
    db.session.execute(db.update(Petition).where(Petition.id == petition.id).values(action="Another title"))


@pytest.mark.parametrize("change", [rename, hide, by_statement])
def test_what_changes_is_on_the_very_next_page(
    client: PageCheckingClient, change: Callable[[Petition], None]
) -> None:
    petition = build.open_petition()
    title = petition.action
    with clock.fixed(NOON):
        for path in ("/petitions", f"/petitions/{petition.id}"):
            for _ in range(3):
                assert title in client.get(path).text
        change(petition)
        for path in ("/petitions", f"/petitions/{petition.id}"):
            assert title not in client.get(path).text


def test_a_page_is_made_anew_each_minute(client: PageCheckingClient) -> None:
    path = f"/petitions/{build.open_petition().id}"
    for passed in (timedelta(), timedelta(minutes=1)):
        with clock.fixed(NOON + passed), count_queries() as statements:
            client.get(path)
            client.get(path)
            made = len(statements)
            client.get(path)
        assert made > 2
        assert len(statements) == made + 1


def test_what_is_taken_back_raises_no_number(app: Flask) -> None:
    @transactional
    def fails() -> None:
        db.session.add(Topic(code="x", name="X"))
        db.session.flush()
        raise ValueError("taken back")

    before = numbers()
    with pytest.raises(ValueError, match="taken back"):
        fails()
    assert numbers() == before


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT id FROM petitions FOR UPDATE", set()),
        ("INSERT INTO mails (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2", {"mails"}),
        (
            "WITH claimed AS (SELECT id FROM mails FOR NO KEY UPDATE SKIP LOCKED) UPDATE mails SET x = 1",
            {"mails"},
        ),
        ('DELETE FROM "topics" WHERE id = 1', {"topics"}),
        (
            "WITH gone AS (DELETE FROM topics RETURNING id) INSERT INTO mails SELECT id FROM gone",
            {"topics", "mails"},
        ),
        ("VACUUM", {"?"}),
    ],
)
@pytest.mark.database("sqlite")
def test_the_tables_that_a_statement_writes_to_are_known(statement: str, tables: set[str]) -> None:
    assert changes.tables_of(statement) == tables


@pytest.mark.database("sqlite")
def test_what_is_said_not_to_be_seen_are_tables(app: Flask) -> None:
    assert set(Base.metadata.tables) >= changes.UNSEEN | changes.COUNTS
