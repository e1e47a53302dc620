"""The site's key changes while people confirm: nobody's link fails, until the old key is dropped; then a page says what to do.

`ROTATIONS` says how often the key changes (two by default); every second time by a reload, else by a new gunicorn.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock, create_app
from petitions.extensions import db
from petitions.models import Signature
from petitions.tokens import Purpose, sign
from tests import build
from tests.databases import Database, release
from tests.faults.served import Served
from tests.settings import make_settings

#: Links are signed and read without the database.
pytestmark = pytest.mark.database("sqlite")

ROTATIONS = int(os.environ.get("ROTATIONS", "2"))
CLIENTS = 4


def key(number: int) -> str:
    """The site's key after so many changes."""
    return f"the key number {number} of this site: {random.Random(number).randbytes(24).hex()}"


def links_of(app: Flask, number: int, signature_ids: list[int]) -> list[str]:
    """Confirm links as they were mailed while the key `number` signed."""
    made = create_app(
        make_settings(database_url=app.config["SQLALCHEMY_DATABASE_URI"], secret_key=key(number))
    )
    with made.app_context():
        return [f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, each)}" for each in signature_ids]


@dataclass
class Crowd:
    """People who open their link and press the button, until there are no more links or they are told to stop."""

    served: Served
    waiting: list[str]
    answers: list[tuple[int, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """One of them after the other."""
        while not self.is_over.is_set():
            try:
                path = self.waiting.pop()
            except IndexError:
                return
            try:
                page = self.served.ask("GET", path)
                pressed = self.served.ask("POST", path, {"answer": "yes"})
            except OSError as problem:
                self.failed.append(type(problem).__name__)
                continue
            self.answers.append((page[0], pressed[1].rpartition("/")[2].partition("?")[0]))
            time.sleep(0.01)


@pytest.fixture
def served(app: Flask, database: Database, tmp_path: Path) -> Iterator[Served]:
    """The site under its first key, on the test's database."""
    site = Served(tmp_path, web=1, database_url=database.url, secret_key=key(0))
    site.start()
    yield site
    site.stop()
    release(app)


def test_no_link_fails_while_the_key_changes(app: Flask, served: Served) -> None:
    petition = build.open_petition()
    sent = clock.now()
    ids = [
        build.signature(petition, state="pending", link_sent_at=sent, counted=False).id
        for _ in range(150 * (ROTATIONS + 1))
    ]
    crowd = Crowd(served, links_of(app, 0, ids))
    random.Random(1).shuffle(crowd.waiting)
    threads = [threading.Thread(target=crowd.run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for number in range(1, ROTATIONS + 1):
        keys = {
            "secret_key": key(number),
            "secret_key_fallbacks": ",".join(key(old) for old in range(number)),
        }
        if number % 2:
            served.reload(**keys)
        else:
            served.follow(**keys)
    for thread in threads:
        thread.join()
    assert crowd.failed == []
    assert set(crowd.answers) == {(200, "confirmed")}
    db.session.rollback()
    valid = select(Signature.id).where(Signature.validated_at.is_not(None), Signature.role == "signer")
    assert sorted(db.session.execute(valid).scalars()) == ids


def test_when_the_old_key_is_dropped_a_page_says_what_to_do(app: Flask, served: Served) -> None:
    petition = build.open_petition()
    kept, lost, new = (build.signature(petition, state="pending", link_sent_at=clock.now()) for _ in range(3))
    old_links = links_of(app, 0, [kept.id, lost.id])
    assert served.ask("POST", old_links[0], {"answer": "yes"})[0] == 303
    served.reload(secret_key=key(1), secret_key_fallbacks="")
    for path in old_links:
        for method, form in (("GET", None), ("POST", {"answer": "yes"}), ("POST", {"action": "resend"})):
            status, _, words = served.ask(method, path, form)
            assert status == 404
            assert "This link does not work" in words
            assert 'href="/signatures/find"' in words
            assert 'href="/petitions"' in words
    assert served.ask("GET", "/signatures/find")[0] == 200
    assert served.ask("POST", links_of(app, 1, [new.id])[0], {"answer": "yes"})[1].endswith("/confirmed")
    db.session.rollback()
    assert (kept.is_valid, lost.is_valid, new.is_valid) == (True, False, True)
    assert "ERROR" not in served.log
