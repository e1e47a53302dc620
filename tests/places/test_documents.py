"""A reader takes every public document after every few signatures and withdrawals, and looks for a few people.

The reader of `test_reader.py` knows the rule and misses nothing, in small worlds; this one knows only the documents of a running
site, all of them, with the real smallest number.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from petitions.counts import counting, published_places, publishing_places
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Petition, Place, Signature, SignatureState
from tests import build
from tests.client import PageCheckingClient

STEPS = 8


@dataclass
class Reader:
    """What was seen: every figure of a place, and the petition's count beside it, look by look."""

    client: PageCheckingClient
    petition_id: int
    slugs: list[str]
    looks: list[tuple[int, dict[str, int]]] = field(default_factory=list)
    learnt: list[str] = field(default_factory=list)
    moved_at: int = 0
    """The petition's count when figures moved last."""

    def look(self) -> None:
        total = self.get(f"/petitions/{self.petition_id}/count.json").json["signature_count"]
        figures: dict[str, int] = {}
        for name, number in self.all_figures():
            if figures.setdefault(name, number) != number:
                self.learnt.append(f"documents differ about {name}: {figures[name]} and {number}")
        for name, number in figures.items():
            if number < 10:
                self.learnt.append(f"{name} has {number}")
        self.sum_up(total, figures)
        if self.looks and figures != self.looks[-1][1]:
            self.compare(self.moved_at, self.looks[-1][1], total, figures)
            self.moved_at = total
        self.looks.append((total, figures))

    def get(self, path: str) -> Any:
        response = self.client.get(path)
        assert response.status_code == 200, path
        return response

    def all_figures(self) -> Iterator[tuple[str, int]]:
        """Every figure of every document that has any."""
        for path in (f"/petitions/{self.petition_id}.json", f"/petitions/{self.petition_id}/places.json"):
            document = self.get(path).json
            facts = document["data"]["attributes"] if "data" in document else document
            for kind in ("country", "region", "constituency"):
                for each in facts[f"signatures_by_{kind}"]:
                    yield f"{kind} {each['name']}", each["signature_count"]
        kinds = {"area": "constituency", "region": "region", "country": "country"}
        for row in csv.DictReader(io.StringIO(self.get(f"/petitions/{self.petition_id}/places.csv").text)):
            yield f"{kinds[row['Kind']]} {row['Name']}", int(row["Signatures"])
        for slug in self.slugs:
            document = self.get(f"/petitions/local/{slug}/all.json").json
            for each in document["petitions"]:
                yield f"constituency {document['constituency']}", each["constituency_signature_count"]

    def sum_up(self, total: int, figures: dict[str, int]) -> None:
        """What is left of a whole when its known parts are taken off: a handful, which could be but in the rest."""
        for whole, parts in (("region", "constituency"), ("country", "region")):
            above = sum(n for name, n in figures.items() if name.startswith(whole))
            below = sum(n for name, n in figures.items() if name.startswith(parts))
            if 0 < above - below < 10:
                self.learnt.append(f"{above - below} are of a {whole} but of no {parts} shown")
        abroad = total - sum(n for name, n in figures.items() if name.startswith("country"))
        if self.looks and 0 < abroad < 10 and total == self.looks[-1][0]:
            self.learnt.append(f"{abroad} are of no country shown")

    def compare(self, before: int, old: dict[str, int], total: int, new: dict[str, int]) -> None:
        """Figures that move after a few have come since they moved last say where these few are from."""
        for name in {*old, *new}:
            moved = new.get(name, 0) - old.get(name, 0)
            if moved and abs(total - before) < 10:
                self.learnt.append(f"{name} moved by {moved} while the whole moved by {total - before}")


@transactional
def withdraw(petition: Petition, number: int, chance: random.Random) -> None:
    query = select(Signature).where(Signature.petition_id == petition.id, Signature.counted_at.is_not(None))
    there = list(db.session.execute(query.order_by(Signature.id)).scalars())
    for row in chance.sample(there[1:], min(number, len(there) - 1)):
        counting.uncount(row)
        counting.end(row, SignatureState.WITHDRAWN)


def play(app: Flask, client: PageCheckingClient) -> Reader:
    """A petition with the signatures of three areas in two regions, and of another country; a few come, some leave."""
    chance = random.Random(3)
    north = build.place("North", kind="region", code="N", postcode_prefixes=())
    areas = [
        build.place(name, code=f"A{name}", region_id=north.id, postcode_prefixes=())
        for name in ("Ash", "Birch", "Cedar")
    ]
    petition = build.open_petition()
    reader = Reader(client, petition.id, [area.slug for area in areas])
    places: list[Place | None] = [*areas, None]
    for step in range(STEPS):
        if step in {5, 7}:
            withdraw(petition, 12, chance)
        else:
            sign(petition, places, chance)
        for _ in range(2):
            publishing_places.publish_due()
            reader.look()
    return reader


@transactional
def sign(petition: Petition, places: list[Place | None], chance: random.Random) -> None:
    for number in range(9):
        place = chance.choices(places, (6, 3, 1, 1))[0]
        abroad = place is None and number % 2 == 0
        build.signature(petition, place=place, country="FR" if abroad else None, counted=False)
    counting.sweep()


@pytest.mark.database("sqlite")
def test_no_document_and_no_difference_of_documents_shows_a_few(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = play(app, client)
    assert reader.learnt == []
    assert any(figures for _, figures in reader.looks), "something was shown"


@pytest.mark.database("sqlite")
def test_the_same_reader_finds_a_few_where_counts_are_shown_as_they_are(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published_places, "exact", lambda: True)
    assert play(app, client).learnt
