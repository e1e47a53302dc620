"""Looking changes nothing: every address, by every role, with good and bad ids and links, leaves every table as it was."""

from __future__ import annotations

from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select

from petitions.database import Base
from petitions.extensions import db
from petitions.signing import confirming, mailed_views
from petitions.tokens import Purpose, sign
from tests import world
from tests.client import PageCheckingClient

OTHER_LOOKS = ("HEAD", "OPTIONS")
QUERIES = ("?page=2&state=open&q=library", "?step=erase", "?answer=yes&action=withdraw&confirm=1")


def content_hash() -> str:
    """A hash of every row of every table."""
    db.session.rollback()
    digest = sha256()
    for table in Base.metadata.sorted_tables:
        rows = sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        digest.update(f"{table.name}{rows}".encode())
    db.session.rollback()
    return digest.hexdigest()


def look_at(client: PageCheckingClient, path: str, methods: tuple[str, ...]) -> None:
    """Open an address in ways that only look."""
    for method in methods:
        response = world.fetch(client, path, method)
        assert response.status_code < 500, f"{method} {path}: {response.status_code}"


def test_looking_at_every_address_as_everybody_writes_nothing(app: Flask, database_kind: str) -> None:
    # What a page does depends on who looks at what, not on the database: on PostgreSQL a part of all that is looked at.
    everything, something = (1, 4) if database_kind == "sqlite" else (4, 12)
    found = world.make()
    visitors = list(world.visitors(app, found))
    before = content_hash()
    for who, client in visitors:
        for rule in world.rules(app, "GET"):
            if who != "anonymous" and not rule.rule.startswith("/staff"):
                continue
            paths = world.paths(app, found, rule)
            # Those who see most look at everything, and in every way at two of each kind; others at some of each.
            sees_most = who in {"anonymous", "administrator"}
            for path in paths[:: everything if sees_most else something]:
                look_at(client, path, ("GET",))
            for path in paths[: 2 if everything == 1 else 1] if sees_most else ():
                look_at(client, path, OTHER_LOOKS)
                for query in QUERIES:
                    look_at(client, path + query, ("GET",))
        assert content_hash() == before, f"{who} changed something by looking"


def test_looking_at_addresses_that_lead_nowhere_writes_nothing(app: Flask) -> None:
    found = world.make()
    visitors = dict(world.visitors(app, found))
    before = content_hash()
    for rule in world.rules(app, "GET"):
        client = visitors["administrator" if rule.rule.startswith("/staff") else "anonymous"]
        for path in world.bad_paths(app, found, rule):
            status = world.fetch(client, path).status_code
            assert 400 <= status < 500, f"GET {path}: {status}"
    assert content_hash() == before


def test_a_page_that_confirms_on_get_is_caught(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = world.make()
    page = mailed_views._confirm_page

    def confirming_page(signature, status=None):  # type: ignore[no-untyped-def]
        confirming.confirm(signature_id=signature.id)
        return page(signature, status)

    monkeypatch.setattr(mailed_views, "_confirm_page", confirming_page)
    waiting = found.signatures[0]
    before = content_hash()
    client.get(f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, waiting)}")
    assert content_hash() != before
