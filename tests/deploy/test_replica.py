"""Public pages are read from a real streaming replica: while it is there and not behind, and never by who has just acted."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from petitions import create_app, engines, replica
from petitions.extensions import db
from petitions.operations import replicas
from tests import build
from tests.databases import Unavailable, database_on, migrate, release
from tests.faults.bench import folder_of_a_run
from tests.faults.postgres import PostgresServer, ReplicaServer
from tests.settings import make_settings

LAG = 2
#: Nothing here is about power cuts.
HASTY = {"fsync": "off"}


@dataclass
class Pair:
    """A primary with its replica, and the site on both."""

    primary: PostgresServer
    second: ReplicaServer
    app: Flask

    def get(self, path: str, **headers: str) -> int:
        """What a reader gets, in a context of its own."""
        return self.app.test_client().get(path, headers=headers).status_code

    def wait_until_read(self, wanted: bool) -> None:
        """Until public pages are read from the replica, or until they are not."""
        end = time.monotonic() + 20
        while self.found.may_be_read() is not wanted:
            assert time.monotonic() < end
            time.sleep(0.05)

    @property
    def found(self) -> replica.Replica:
        known = self.app.extensions["replica"]
        assert isinstance(known, replica.Replica)
        return known

    def publish(self) -> int:
        """A new petition, on the primary."""
        return build.open_petition().id

    def await_replay(self) -> None:
        """Until the replica has everything."""
        written = self.primary.execute("SELECT pg_current_wal_lsn()")[0][0]
        end = time.monotonic() + 20
        while not self.second.execute(f"SELECT pg_last_wal_replay_lsn() >= '{written}'")[0][0]:
            assert time.monotonic() < end
            time.sleep(0.02)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Left out aloud where no replica can be made."""
    with ExitStack() as stack:
        try:
            folders = [stack.enter_context(folder_of_a_run()) for _ in range(2)]
            primary = PostgresServer(folders[0], **HASTY)
            stack.callback(primary.stop)
            url = primary.make_database("petitions")
            migrate(url)
            second = ReplicaServer(folders[1], primary, **HASTY)
            stack.callback(second.stop)
        except Unavailable as reason:
            pytest.skip(str(reason))
        app = create_app(
            make_settings(
                database_url=url,
                database_replica_url=database_on(second.address, "petitions"),
                database_replica_lag=LAG,
                erasure_ledger=folders[0] / "ledger",
            )
        )
        with app.app_context():
            yield Pair(primary, second, app)
            release(app)


@pytest.fixture(autouse=True)
def short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "EVERY", 0.2)
    monkeypatch.setattr(replica, "REST", 0.5)


def test_public_pages_are_read_from_the_replica_and_own_acts_from_the_primary(pair: Pair) -> None:
    pair.await_replay()
    pair.wait_until_read(True)
    # However slow this machine is, it is not behind for too long yet.
    pair.found.limit = 3600
    pair.second.execute("SELECT pg_wal_replay_pause()")
    try:
        new = pair.publish()
        assert pair.get(f"/petitions/{new}") == 404, "the replica, which does not know it yet"
        assert pair.get(f"/petitions/{new}/signatures/thank-you") == 200
        assert pair.get(f"/petitions/{new}/signatures/confirmed") == 200
        posted = pair.app.test_client().post(f"/petitions/{new}/signatures/new", data=build.sign_form())
        assert posted.status_code == 303
        pair.found.limit = LAG
        pair.wait_until_read(False)
        assert pair.get(f"/petitions/{new}") == 200, "behind for too long: the primary"
    finally:
        pair.found.limit = LAG
        pair.second.execute("SELECT pg_wal_replay_resume()")
    pair.wait_until_read(True)
    assert pair.get(f"/petitions/{new}") == 200


def test_the_doctor_says_what_is_wrong_with_a_replica(pair: Pair) -> None:
    def said() -> str:
        return "".join(each.sentence for each in replicas.replica())

    pair.await_replay()
    assert said() == ""
    pair.second.execute("SELECT pg_wal_replay_pause()")
    try:
        pair.publish()
        assert f"more than {LAG} seconds behind" in said()
    finally:
        pair.second.execute("SELECT pg_wal_replay_resume()")
    known = pair.app.extensions["sqlalchemy"]
    of_replica = known.engines[engines.REPLICA]
    for url, sentence in (
        (pair.app.config["SQLALCHEMY_DATABASE_URI"], "a server that follows no other"),
        (database_on(pair.second.address, "postgres"), "a replica of another database"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/nothing", "cannot be asked"),
    ):
        known.engines[engines.REPLICA] = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        try:
            assert sentence in said()
        finally:
            known.engines[engines.REPLICA] = of_replica


def test_a_site_where_nothing_happens_is_not_taken_for_one_that_lags(pair: Pair) -> None:
    pair.await_replay()
    pair.wait_until_read(True)
    end = time.monotonic() + LAG + 1
    while time.monotonic() < end:
        assert pair.found.may_be_read()
        time.sleep(0.1)


def test_a_replica_killed_under_load_fails_nobody_and_is_used_again(pair: Pair) -> None:
    number = pair.publish()
    pair.await_replay()
    pair.wait_until_read(True)
    seen: Counter[int] = Counter()
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            for path in (f"/petitions/{number}", "/petitions", f"/petitions/{number}/count.json"):
                seen[pair.get(path)] += 1

    readers = [threading.Thread(target=read, daemon=True) for _ in range(3)]
    for reader in readers:
        reader.start()
    time.sleep(0.5)
    pair.second.kill()
    time.sleep(1)
    assert not pair.found.may_be_read()
    pair.second.start()
    pair.wait_until_read(True)
    time.sleep(0.3)
    over.set()
    for reader in readers:
        reader.join(20)
    assert set(seen) == {200}
    assert seen[200] > 10


def test_whoever_accepts_json_gets_it_too_where_the_replica_is_lost(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = pair.publish()
    pair.await_replay()
    pair.wait_until_read(True)
    for path in (f"/petitions/{number}", "/petitions"):
        pair.wait_until_read(True)
        # Nobody looks before the request does.
        monkeypatch.setattr(pair.found, "_next_look", time.monotonic() + 60)
        pair.second.kill()
        try:
            assert pair.get(path, Accept="application/json") == 200
            assert not pair.found.may_be_read()
        finally:
            pair.second.start()


def test_without_the_primary_reading_goes_on(pair: Pair, tmp_path: Path) -> None:
    number = pair.publish()
    pair.await_replay()
    pair.wait_until_read(True)
    release(pair.app)
    pair.primary.stop()
    try:
        for _ in range(3):
            assert pair.get(f"/petitions/{number}") == 200
            time.sleep(0.3)
        assert (pair.get("/readyz?for=pages"), pair.get("/readyz")) == (200, 503)
        refused = pair.app.test_client().post(
            f"/petitions/{number}/signatures/new", data=build.sign_form(email="later@example.org")
        )
        assert refused.status_code == 503
        pair.found.distrust()
        assert pair.get(f"/petitions/{number}/count.json") == 503, "neither answers: a planned refusal"
        pair.found.distrust()
        assert pair.get("/readyz?for=pages") == 503
    finally:
        pair.primary.start()
    db.session.remove()
