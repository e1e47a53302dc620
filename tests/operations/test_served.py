"""A real gunicorn of several processes, loaded before it forks: one of them tells what all did, and each line of its log is JSON."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from tests.databases import Database, release
from tests.faults.postgres import children_of
from tests.faults.processes import Site

PAGE = "/help"
WAIT = 20.0


@pytest.fixture
def site(app: Flask, database: Database, tmp_path: Path) -> Iterator[Site]:
    """A site of two processes."""
    started = Site(tmp_path, database_url=database.url, log_format="json", access_log="yes")
    started.start_web()
    yield started
    started.stop()
    release(app)


def ask(site: Site, path: str, **headers: str) -> str:
    """Fetch a page as a machine beside the site does."""
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            said: str = answer.read().decode()
            return said
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return ""


def times(site: Site, path: str = PAGE) -> float:
    """How often a page was answered, whichever process did it and is asked."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(ask(site, "/metrics"))
        for sample in family.samples
        if sample.name == "petitions_requests_total" and sample.labels["route"] == path
    )


def files(master: int) -> list[Path]:
    """Where the processes of a master keep what they count."""
    return list(Path("/dev/shm").glob(f"petitions-metrics-{master}/*.db"))  # noqa: S108


@pytest.mark.database("sqlite")
def test_every_process_knows_what_all_did_and_nothing_is_forgotten_when_they_are_replaced(site: Site) -> None:
    assert site.web is not None
    for _ in range(20):
        ask(site, PAGE)
    assert {times(site) for _ in range(10)} == {20}
    master = site.web.pid
    before = set(children_of(master))
    assert len(before) == 2
    os.kill(min(before), signal.SIGKILL)
    site.web.send_signal(signal.SIGHUP)
    ends = time.monotonic() + WAIT
    while before & set(children_of(master)) and time.monotonic() < ends:
        time.sleep(0.05)
    ask(site, PAGE)
    assert {times(site) for _ in range(6)} == {21}
    while not _all_files_have_an_owner(master) and time.monotonic() < ends:
        time.sleep(0.05)
    assert _all_files_have_an_owner(master)
    ask(
        site,
        "/signatures/confirm/ada@example.org",
        **{"X-Request-Id": "11111111-2222-3333-4444-555555555555"},
    )
    ask(site, PAGE, **{"X-Request-Id": "ada@example.org 0123456789"})
    _the_log_is_json(site)
    site.stop()
    assert files(master) == []


def _all_files_have_an_owner(master: int) -> bool:
    owners = {each.stem.rpartition("_")[2] for each in files(master)}
    return owners <= {"ended", str(master), *map(str, children_of(master))}


def _the_log_is_json(site: Site) -> None:
    said = site.logs[0].read_text()
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    answered = [line for line in lines if line["logger"] == "petitions.access"]
    page = next(line for line in answered if line["route"] == PAGE)
    assert (page["method"], page["status"]) == ("GET", 200)
    assert 0 < page["ms"] < 20_000
    assert len({line["request"] for line in answered}) == len(answered)
    # The proxy's number where it is one, else our own.
    token = next(line for line in answered if "<token>" in line["route"])
    assert token["request"] == "11111111-2222-3333-4444-555555555555"
    assert "ada@" not in said
