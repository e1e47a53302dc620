"""Made-up petitions in any number, as various as real ones: each part of a text is the beginning of one real petition and the
end of another, and every tenth word is swapped for one that real petitions use as often.

Made anew in every run, from the petitions beside the project where they are there, else from the demo's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, insert

from petitions import clock
from petitions.demo.texts import STORIES
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Petition, SearchTerm, SearchText
from petitions.search_index import indexing, vocabulary, words
from tests import replay

AT_ONCE = 2_000
#: Of a hundred petitions: so many are open, so many closed; the rest is rejected. As in the real ones.
OPEN, CLOSED = 5, 25
SWAPPED = 0.1
SEED = 5
#: PostgreSQL's index of all words, and the statement that makes it.
INDEX = "ix_search_texts_search_document"
INDEX_MADE_BY = f"SELECT indexdef FROM pg_indexes WHERE indexname = '{INDEX}'"


@dataclass(frozen=True)
class Source:
    """The texts that others are made of."""

    texts: list[tuple[str, str, str]]
    words: list[str]
    """Every word as often as it is used."""


def source() -> Source:
    """The real petitions, or the demo's where those are not here."""
    if replay.PETITIONS.exists():
        texts = [(each.title, each.background, each.details) for each in replay.petitions().values()]
    else:
        texts = [(each.action, each.background, each.details) for each in STORIES]
    return Source(texts, [word for text in texts for part in text for word in part.split()])


def varied(number: int, made_of: Source) -> Iterator[tuple[str, str, str]]:
    """So many petitions' title, background and details; the same in every run."""
    choose = random.Random(SEED)
    for _ in range(number):
        one, other = choose.choice(made_of.texts), choose.choice(made_of.texts)
        title, background, details = (
            _mixed(a, b, made_of.words, choose) for a, b in zip(one, other, strict=True)
        )
        yield title[:200], background, details


def _mixed(one: str, other: str, known: list[str], choose: random.Random) -> str:
    first, second = one.split(), other.split()
    part = choose.random()
    mixed = first[: round(len(first) * part)] + second[round(len(second) * part) :]
    return " ".join(choose.choice(known) if choose.random() < SWAPPED else word for word in mixed)


def store(number: int, made_of: Source, *, similar: bool = True) -> None:
    """Fill an empty database with so many petitions, their words, and the counts of words.

    `similar`: also with what similar petitions are found by. It is forty rows each, of which a search asks none.
    """
    connection = db.session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    index = "" if is_sqlite else connection.exec_driver_sql(INDEX_MADE_BY).scalar_one()
    if index:
        # In one go at the end it takes a tenth of the time.
        connection.exec_driver_sql(f"DROP INDEX {INDEX}")
    batch: list[tuple[str, str, str]] = []
    for texts in varied(number, made_of):
        batch.append(texts)
        if len(batch) == AT_ONCE:
            _store(connection, batch, similar=similar)
            batch = []
    _store(connection, batch, similar=similar)
    if index:
        connection.exec_driver_sql(index)
    db.session.commit()
    vocabulary.recount()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
        own.exec_driver_sql("ANALYZE" if is_sqlite else "VACUUM ANALYZE")


def _store(connection: Connection, batch: list[tuple[str, str, str]], *, similar: bool) -> None:
    if not batch:
        return
    choose = random.Random(len(batch[0][0]))
    ids = connection.execute(
        insert(Petition.__table__).returning(Petition.id, sort_by_parameter_order=True),  # type: ignore[arg-type]
        [_row(texts, choose) for texts in batch],
    ).scalars()
    stored, terms = [], []
    for petition_id, texts in zip(ids, batch, strict=True):
        title, background, details = (" ".join(filter(None, map(_stems, text.split()))) for text in texts)
        parts = {"title": title, "background": background, "details": details}
        stored.append({"petition_id": petition_id, "language": words.language(), **parts})
        if similar:
            found = indexing.terms_of(words.telling(texts[0]), words.telling(texts[1]))
            terms += [{"term": term, "petition_id": petition_id} for term in found]
    connection.execute(insert(SearchText), stored)
    if terms:
        connection.execute(insert(SearchTerm), terms)


@lru_cache(words.REMEMBERED)
def _stems(piece: str) -> str:
    """The stems of what stands between two spaces: no word reaches over one."""
    return " ".join(words.stems(piece))


def _row(texts: tuple[str, str, str], choose: random.Random) -> dict[str, Any]:
    """A petition's columns. Few have many signatures, as in life."""
    title, background, details = texts
    made = clock.now() - timedelta(days=choose.uniform(1, 3_000))
    chance = choose.randrange(100)
    facts: dict[str, Any] = {
        "state": State.REJECTED,
        "rejected_at": made,
        "opened_at": None,
        "closes_at": None,
        "closed_at": None,
    }
    if chance < OPEN + CLOSED:
        is_open = chance < OPEN
        opened = clock.now() - timedelta(days=choose.uniform(1, 180)) if is_open else made
        closes = opened + timedelta(days=183)
        facts = {
            "state": State.OPEN if is_open else State.CLOSED, "rejected_at": None, "opened_at": opened,
            "closes_at": closes, "closed_at": None if is_open else closes,
        }  # fmt: skip
    count = int(choose.paretovariate(0.6)) if chance < OPEN + CLOSED else 0
    return {
        "action": title, "background": background, "additional_details": details, "created_at": made, "updated_at": made,
        "signature_count": min(count, 6_000_000), "imported_signatures": min(count, 6_000_000), **facts,
    }  # fmt: skip
