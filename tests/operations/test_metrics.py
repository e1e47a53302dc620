"""/metrics: what a site does, in numbers; for operators alone, the same from whichever process is asked, never too many labels."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from petitions import clock, measuring
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Petition, Signature
from petitions.operations import heartbeats
from petitions.tokens import Purpose, sign
from petitions.worker import loop, schedule
from tests import build
from tests.client import PageCheckingClient

TOKEN = "a token of the tests, 0123456789 abc"
PROXIED = {"X-Forwarded-For": "203.0.113.9"}


def figures(client: PageCheckingClient) -> dict[str, float]:
    """Every figure by its name and labels: `petitions_signing_total{outcome=taken}`."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    found = {}
    for family in text_string_to_metric_families(response.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def risen(before: dict[str, float], after: dict[str, float], name: str) -> float:
    """By how much a figure has risen."""
    return after.get(name, 0.0) - before.get(name, 0.0)


def test_requests_are_counted_by_the_pattern_of_their_address(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    before = figures(client)
    client.get(f"/petitions/{petition.id}")
    client.get(f"/petitions/{petition.id}?q=anything")
    client.get("/nowhere/ada@example.org")
    client.get("/nowhere/else")
    client.open("/help", method="BREW")
    after = figures(client)
    page = "petitions_requests_total{method=GET,route=/petitions/<int:petition_id>,status=200}"
    assert risen(before, after, page) == 2
    assert risen(before, after, "petitions_requests_total{method=GET,route=unknown,status=404}") == 2
    assert risen(before, after, "petitions_requests_total{method=OTHER,route=unknown,status=405}") == 1
    took = "petitions_request_seconds_count{route=/petitions/<int:petition_id>}"
    assert risen(before, after, took) == 2
    assert "BREW" not in str(after)


def test_signing_and_confirming_are_counted_by_what_became_of_them(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    before = figures(client)
    form = f"/petitions/{petition.id}/signatures/new"
    client.post(form, data=build.sign_form())
    client.post(form, data=build.sign_form(email="nobody"))
    waiting = [build.signature(petition, state="pending", link_sent_at=clock.now()) for _ in range(2)]
    for each, answer in zip(waiting, ("yes", "no"), strict=True):
        link = f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, each.id)}"
        assert client.post(link, data={"answer": answer}).status_code == 303
    after = figures(client)
    for outcome in ("taken", "mistakes"):
        assert risen(before, after, f"petitions_signing_total{{outcome={outcome}}}") == 1, outcome
    for outcome in ("confirmed", "refused"):
        assert risen(before, after, f"petitions_confirming_total{{outcome={outcome}}}") == 1, outcome


@pytest.mark.database("sqlite")
def test_a_form_that_fails_for_the_first_time_is_seen_to_rise(client: PageCheckingClient) -> None:
    """Prometheus takes a figure that appears for one that has always stood there: an alarm on it stays silent."""
    alarms = (Path(__file__).resolve().parents[2] / "deploy/prometheus/alerts.yml").read_text()
    (outcomes,) = re.findall(r'petitions_signing_total\{outcome=~"([a-z_|]+)"\}', alarms)
    found = figures(client)
    for outcome in outcomes.split("|"):
        assert f"petitions_signing_total{{outcome={outcome}}}" in found


@transactional
def queue(signature: Signature) -> None:
    """A mail in the outbox."""
    outbox.queue("already_signed", key="1", signature=signature)


def test_the_outbox_the_sweep_and_what_is_held_are_read_at_that_moment(
    app: Flask, client: PageCheckingClient
) -> None:
    petition = build.open_petition()
    build.signature(petition, state="held")
    signature = build.signature(petition, counted=False)
    queue(signature)
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        found = figures(client)
    assert found["petitions_signatures_held"] == 1
    assert found["petitions_signatures_uncounted"] >= 1
    assert found["petitions_sweep_lag_seconds"] >= 110
    assert found["petitions_mails_waiting{kind=already_signed}"] == 1
    assert found["petitions_mails_oldest_due_seconds{kind=already_signed}"] >= 110
    assert found["petitions_mails_late_seconds"] >= 110
    assert found["petitions_database_up"] == 1
    assert found["petitions_migrations_behind"] == 0
    build.work()
    found = figures(client)
    assert found["petitions_mails_late_seconds"] == 0
    assert found["petitions_signatures_uncounted"] == 0
    assert found["petitions_sweep_lag_seconds"] == 0


def test_what_workers_did_is_added_up_and_a_failing_task_shows(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition_id = build.open_petition().id
    tasks = (schedule.Task("bad", timedelta(minutes=5), lambda: 1 // 0),)
    monkeypatch.setattr(schedule, "TASKS", tasks)
    schedule.prepare()
    pulse = heartbeats.Pulse()
    pulse.beat()
    before = figures(client)
    for _ in range(3):
        build.signature(db.session.get_one(Petition, petition_id), counted=False)
    while loop.step():
        pulse.stepped()
    pulse.beat()
    after = figures(client)
    assert risen(before, after, "petitions_signatures_counted_total") == 3
    assert risen(before, after, "petitions_task_failures_total") == 1
    assert after["petitions_task_failing{task=bad}"] == 1
    assert after["petitions_workers"] == 1
    assert 0 <= after["petitions_worker_beat_age_seconds"] < 60


def test_an_overdue_answer_is_counted(app: Flask, client: PageCheckingClient) -> None:
    duty = build.cross(build.open_petition())
    assert figures(client)["petitions_duties_overdue"] == 0
    assert duty.due_on is not None
    with clock.fixed(clock.now() + timedelta(days=90)):
        assert figures(client)["petitions_duties_overdue"] == 1


@pytest.mark.database("sqlite")
def test_nobody_else_may_read_them(make_app: Callable[..., Flask]) -> None:
    for settings, environ, headers, status in (
        ({}, {}, {}, 200),
        ({}, {"REMOTE_ADDR": "::ffff:127.0.0.1"}, {}, 200),
        ({}, {"REMOTE_ADDR": "203.0.113.9"}, {}, 404),
        ({}, {"REMOTE_ADDR": ""}, {}, 404),
        # A proxy on this machine that the settings do not know of: the visitor is not taken for it.
        ({}, {}, PROXIED, 404),
        ({}, {}, {"Forwarded": "for=203.0.113.9"}, 404),
        ({"trusted_proxies": 1}, {}, PROXIED, 404),
        ({"trusted_proxies": 1}, {}, {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}, 404),
        ({"trusted_proxies": 1}, {}, {}, 200),
        ({"metrics_from": "10.0.0.0/8"}, {}, {}, 404),
        ({"metrics_from": "10.0.0.0/8"}, {"REMOTE_ADDR": "10.2.3.4"}, {}, 200),
        ({"metrics_from": "10.0.0.0/8", "trusted_proxies": 1}, {"REMOTE_ADDR": "10.2.3.4"}, PROXIED, 404),
        ({"metrics_from": ""}, {}, {}, 404),
        ({"metrics_from": "", "metrics_token": TOKEN}, {}, {"Authorization": f"Bearer {TOKEN}"}, 200),
        ({"metrics_from": "", "metrics_token": TOKEN}, {}, {"Authorization": f"Bearer {TOKEN}x"}, 404),
        ({"metrics_from": "", "metrics_token": TOKEN}, {}, {"Authorization": "Bearer "}, 404),
        ({"metrics_from": ""}, {}, {"Authorization": "Bearer "}, 404),
    ):
        client = make_app(**settings).test_client()
        response = client.get("/metrics", environ_overrides=environ, headers=headers)
        assert response.status_code == status, (settings, environ, headers)


def test_a_process_that_ended_still_counts_and_leaves_no_file(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prometheus_client.mmap_dict import MmapedDict, mmap_key

    monkeypatch.setenv(measuring.FOLDER, str(tmp_path))
    monkeypatch.setattr(measuring, "IS_SHARED", True)
    key = mmap_key("petitions_signing", "petitions_signing_total", ["outcome"], ["taken"], "says")
    for pid, number in ((11, 2.0), (12, 3.0), (13, 4.0)):
        file = MmapedDict(str(tmp_path / f"counter_{pid}.db"))
        file.write_value(key, number, 0.0)
        file.close()
    said = b'petitions_signing_total{outcome="taken"} 9.0'
    assert said in measuring.exposition()
    for pid in (11, 12, 4711):
        measuring.process_ended(pid)
    assert said in measuring.exposition()
    assert sorted(each.name for each in tmp_path.glob("*.db")) == ["counter_13.db", "counter_ended.db"]


@pytest.mark.database("sqlite")
def test_the_master_adds_up_without_loading_the_program(tmp_path: Path) -> None:
    """Its processes are copies of it: what it has loaded of one release would stay through every reload."""
    from prometheus_client.mmap_dict import MmapedDict, mmap_key

    file = MmapedDict(str(tmp_path / "counter_11.db"))
    file.write_value(mmap_key("petitions_x", "petitions_x_total", [], [], "says"), 2.0, 0.0)
    file.close()
    program = """
import os, runpy, sys
from types import SimpleNamespace
runpy.run_path("gunicorn.conf.py")["child_exit"](SimpleNamespace(LISTENERS=[1]), SimpleNamespace(pid=11))
os.wait()
print(*{name.partition(".")[0] for name in sys.modules} & {"petitions", "config", "flask", "prometheus_client"})
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {measuring.FOLDER: str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ""
    assert [each.name for each in tmp_path.glob("*.db")] == ["counter_ended.db"]


def test_every_label_is_one_of_few(client: PageCheckingClient, app: Flask) -> None:
    patterns = {rule.rule for rule in app.url_map.iter_rules()} | {measuring.NOWHERE}
    client.get("/petitions/1")
    client.get("/static/nothing.css")
    text = client.get("/metrics").text
    assert set(re.findall(r'route="([^"]+)"', text)) <= patterns
    assert set(re.findall(r'method="([^"]+)"', text)) <= {*measuring.METHODS, measuring.OTHER_METHOD}
