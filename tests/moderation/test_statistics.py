"""The public figures of moderation: every week as the site's zone has it, the same as a slow count of what the history says."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from petitions import clock, due_dates
from petitions.demo.load import load
from petitions.extensions import db, settings
from petitions.models import Appeal, AuditEntry
from petitions.moderation.statistics import WEEKS, Figures, Week, monday_of, statistics
from tests import build
from tests.client import PageCheckingClient
from tests.keeping import kept_or_made

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
#: The moment at which the demo is told in other tests too, so that it is made once.
OF_THE_DEMO = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)


@pytest.fixture
def client(app: Flask) -> PageCheckingClient:
    """Somebody who reads."""
    found = app.test_client()
    assert isinstance(found, PageCheckingClient)
    return found


def week_of(day: date) -> Week:
    """The week that begins on a day."""
    return next(week for week in statistics().weeks if week.starts_on == day)


def decided(at: datetime, kind: str = "published", days: int | None = 3, code: str | None = None) -> None:
    """A petition that was decided about at a moment."""
    state = {"published": "open", "closed_early": "closed", "taken_down": "rejected"}.get(kind, kind)
    with clock.fixed(at):
        petition = build.petition(state, moderation_threshold_reached_at=at - timedelta(days=days or 0))
    build.decision(petition, kind, decided_at=at, working_days=days, code=code)


def test_there_is_a_year_of_weeks_the_present_one_last(app: Flask) -> None:
    with clock.fixed(NOON):
        weeks = statistics().weeks
    assert len(weeks) == WEEKS == 53
    assert weeks[-1].starts_on == date(2026, 11, 23)
    assert [week.is_running for week in weeks] == [False] * 52 + [True]
    assert all((b.starts_on - a.starts_on).days == 7 for a, b in pairwise(weeks))
    assert (weeks[0].name, weeks[-1].name) == ("2025-W48", "2026-W48")


def test_weeks_begin_on_monday_in_the_site_s_zone(app: Flask) -> None:
    # In London the 6th of July begins an hour before it does in UTC.
    sunday, monday = (datetime(2026, 7, 5, 22, 59, tzinfo=UTC), datetime(2026, 7, 5, 23, 1, tzinfo=UTC))
    assert (monday_of(sunday), monday_of(monday)) == (date(2026, 6, 29), date(2026, 7, 6))
    with clock.fixed(NOON):
        decided(sunday)
        decided(monday)
        assert (week_of(date(2026, 6, 29)).published, week_of(date(2026, 7, 6)).published) == (1, 1)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 28), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_week_at_the_turn_of_the_year_has_its_iso_name(day: date, name: str) -> None:
    assert Week(starts_on=day).name == name


def test_decisions_are_counted_by_what_they_were(app: Flask) -> None:
    with clock.fixed(NOON):
        decided(NOON, "published", 2)
        decided(NOON, "rejected", 4, "irrelevant")
        decided(NOON, "rejected", 12, "irrelevant")
        decided(NOON, "hidden", 0, "personal")
        decided(NOON, "taken_down", None, "libellous")
        decided(NOON, "closed_early", None)
        week = week_of(date(2026, 11, 23))
    assert (week.published, week.number_refused, week.checked) == (1, 3, 4)
    assert week.refused == Counter({"irrelevant": 2, "personal": 1})
    assert (week.taken_down, week.closed_early) == (Counter({"libellous": 1}), 1)
    assert (week.median_days, week.slow_days, week.share_in_time) == (3, 12, 0.75)


def test_a_decision_older_than_a_year_is_in_no_figure(app: Flask) -> None:
    with clock.fixed(NOON):
        decided(NOON - timedelta(days=366))
        decided(NOON - timedelta(days=600))
        found = statistics()
    assert found.year.published == 0
    assert sum(week.published for week in found.weeks) == 1, "the week in which the year began is whole"


def test_an_appeal_counts_when_it_is_made_and_when_it_is_decided(app: Flask) -> None:
    with clock.fixed(NOON):
        for upheld in (True, False, None):
            petition = build.petition("rejected")
            times = {"decided_at": NOON, "upheld": upheld} if upheld is not None else {}
            build.appeal(petition, made_at=NOON - timedelta(days=9), **times)
        made, done, year = week_of(date(2026, 11, 16)), week_of(date(2026, 11, 23)), statistics().year
    assert (made.appeals, made.upheld, made.dismissed) == (3, 0, 0)
    assert (done.appeals, done.upheld, done.dismissed) == (0, 1, 1)
    assert (year.appeals, year.upheld, year.dismissed) == (3, 1, 1)


def test_what_came_from_elsewhere_was_not_received_here(app: Flask) -> None:
    build.imported_petition(moderation_threshold_reached_at=clock.now(), confirmed_at=None)
    build.review_petition()
    assert statistics().year.received == 1


@given(some.lists(some.integers(0, 60), min_size=1, max_size=40))
def test_the_median_and_the_slow_end_are_what_they_say(days: list[int]) -> None:
    figures = Figures(working_days=list(days))
    assert figures.median_days == median(days)
    slow = figures.slow_days
    assert slow in days
    assert sum(each <= slow for each in days) >= 0.9 * len(days)
    assert sum(each < slow for each in days) < 0.9 * len(days)


def test_nothing_yet_is_said_without_figures(client: PageCheckingClient) -> None:
    page = client.get("/statistics")
    assert page.status_code == 200
    assert "None was refused." in page.text
    figures = client.get("/statistics.json").get_json()["data"]["moderation"]["year"]
    assert (figures["median_working_days"], figures["share_in_time"]) == (None, None)


def test_programs_get_the_same_figures_and_may_keep_them(app: Flask, client: PageCheckingClient) -> None:
    decided(clock.now(), "rejected", 4, "irrelevant")
    document = client.get("/statistics.json")
    last = document.get_json()["data"]["moderation"]["weeks"][-1]
    assert (last["refused"], last["refused_by_reason"], last["p90_working_days"]) == (1, {"irrelevant": 1}, 4)
    table = client.get("/statistics.csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert len(rows) == 53
    assert (rows[-1]["week"], rows[-1]["refused"], rows[-1]["refused_irrelevant"]) == (last["week"], "1", "1")
    for path in ("/statistics", "/statistics.json", "/statistics.csv"):
        first = client.get(path)
        assert "s-maxage=60" in first.headers["Cache-Control"]
        assert "Set-Cookie" not in first.headers
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
    assert document.headers["Access-Control-Allow-Origin"] == "*"


def counted_slowly() -> dict[str, Any]:
    """The last twelve months told from the permanent history alone, line by line."""
    zone, now = settings().timezone, clock.now()
    year_ago = due_dates.months_before(now, 12)
    came: dict[int, datetime] = {}
    figures: dict[str, Any] = {"received": 0, "published": 0, "appeals": 0, "upheld": 0, "dismissed": 0}
    refused: Counter[str] = Counter()
    taken_down: Counter[str] = Counter()
    days: list[int] = []
    for line in db.session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars():
        counts = line.at >= year_ago
        if line.action in {"supporters_found", "restored", "appeal_upheld"} and line.petition_id:
            came[line.petition_id] = line.at
        if line.action == "supporters_found":
            figures["received"] += counts
        if line.action == "appealed":
            figures["appeals"] += counts
        if line.action in {"appeal_upheld", "appeal_dismissed"}:
            figures[line.action.removeprefix("appeal_")] += counts
        if line.action not in {"published", "rejected", "hidden"} or not counts:
            continue
        if line.details.get("taken_down"):
            taken_down[line.details["code"]] += 1
            continue
        if line.action == "published":
            figures["published"] += 1
        else:
            refused[line.details["code"]] += 1
        assert line.petition_id
        since, until = came[line.petition_id].astimezone(zone).date(), line.at.astimezone(zone).date()
        days.append(
            sum(
                due_dates.is_working_day(since + timedelta(days=offset))
                for offset in range(1, (until - since).days + 1)
            )
        )
    return figures | {"refused": refused, "taken_down": taken_down, "days": sorted(days)}


def test_the_demo_s_figures_are_those_of_a_slow_count_of_its_history(app: Flask) -> None:
    with clock.fixed(OF_THE_DEMO):
        kept_or_made(load)
        year, slow = statistics().year, counted_slowly()
    found = {name: getattr(year, name) for name in slow if name != "days"}
    assert found | {"days": sorted(year.working_days)} == slow
    assert year.received > 10
    assert year.refused.total() > 5
    assert year.taken_down
    assert year.upheld
    assert year.dismissed
    assert len(db.session.execute(select(Appeal)).scalars().all()) >= 2
