"""Every figure of the board, held to a slow count that was written for itself: on the demo, and month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import text

from petitions import clock
from petitions.demo.load import load
from petitions.extensions import db
from petitions.models import Department
from petitions.responses import duty_actions, queries
from tests import build
from tests.accountability.duties import owed
from tests.client import PageCheckingClient
from tests.keeping import kept_or_made

NOON = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


@dataclass
class Plain:
    """One duty out of the tables, day by day."""

    department: str | None
    reached: date
    due: date | None
    answered: date | None
    pauses: list[tuple[date, date | None]]

    def stands_still_on(self, day: date) -> bool:
        """Whether a pause covers a day."""
        return any(start <= day and (end is None or day < end) for start, end in self.pauses)

    def holds(self, day: date) -> date | None:
        """The date that holds on a day: each day of a pause that has not come yet is taken off, of an open one added."""
        if self.due is None:
            return None
        due = self.due
        for start, end in self.pauses:
            step = start
            while step < (end or day):
                if end is not None and step >= day:
                    due -= timedelta(days=1)
                if end is None:
                    due += timedelta(days=1)
                step += timedelta(days=1)
        return due


def to_day(value: object) -> date | None:
    """A day as either database hands it out."""
    return date.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]


def to_local(value: object) -> date | None:
    """The day of a moment in London, as either database hands it out."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(moment, datetime)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(LONDON).date()


def plain_duties() -> list[Plain]:
    """Read by statements that share nothing with the service."""
    pauses: defaultdict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for duty_id, start, end in db.session.execute(
        text("SELECT duty_id, starts_on, ends_on FROM duty_pauses ORDER BY starts_on")
    ):
        first = to_day(start)
        assert first is not None
        pauses[duty_id].append((first, to_day(end)))
    rows = db.session.execute(
        text(
            "SELECT d.id, dep.name, d.reached_at, d.due_on, d.answered_at FROM duties d"
            " JOIN petitions p ON p.id = d.petition_id"
            " JOIN petition_thresholds t ON t.petition_id = d.petition_id AND t.key = d.threshold_key"
            " LEFT JOIN departments dep ON dep.id = d.department_id"
            " WHERE t.duty = 'response' AND p.state IN ('open', 'closed')"
        )
    )
    found = []
    for duty_id, name, reached_at, due_on, answered_at in rows:
        reached = to_local(reached_at)
        assert reached is not None
        found.append(Plain(name, reached, to_day(due_on), to_local(answered_at), pauses[duty_id]))
    return found


def plain_figures(duties: Iterable[Plain], today: date) -> dict[str, object]:
    """The figures by counting one after the other."""
    owed_now = overdue = on_time = judged = 0
    taken = []
    for duty in duties:
        if duty.answered is None:
            owed_now += 1
            due = duty.holds(today)
            if due is not None and today > due and not duty.stands_still_on(today):
                overdue += 1
                judged += 1
        else:
            taken.append((duty.answered - duty.reached).days)
            if duty.answered.year == today.year:
                due = duty.holds(duty.answered)
                judged += 1
                on_time += due is None or duty.answered <= due
    taken.sort()

    def least(percent: int) -> int | None:
        return next(
            (n for n in range(5000) if sum(t <= n for t in taken) * 100 >= percent * len(taken)), None
        )

    return {
        "owed_now": owed_now,
        "overdue": overdue,
        "answered": len(taken),
        "on_time_share_this_year": round(on_time / judged, 4) if judged else None,
        "median_days": least(50) if taken else None,
        "ninety_percent_days": least(90) if taken else None,
    }


@pytest.fixture
def told(app: Flask) -> Iterable[None]:
    with clock.fixed(NOON):
        kept_or_made(load)
        yield


def test_on_the_demo_every_place_gives_the_figures_of_a_plain_count(
    told: None, client: PageCheckingClient
) -> None:
    today, duties = NOON.date(), plain_duties()
    board = client.get("/accountability.json").json
    assert board is not None
    assert board["meta"]["figures"] == plain_figures(duties, today)
    assert board["meta"]["total"] == len(duties) > 15
    by_name = {each["name"]: each["figures"] for each in board["meta"]["departments"]}
    assert by_name.keys() == {duty.department for duty in duties if duty.department}
    for name, figures in by_name.items():
        own = [duty for duty in duties if duty.department == name]
        assert figures == plain_figures(own, today), name
        slug = next(each["slug"] for each in board["meta"]["departments"] if each["name"] == name)
        page = client.get(f"/departments/{slug}.json").json
        assert page is not None
        assert page["meta"]["figures"] == figures
    home = " ".join(client.get("/").text.split())
    assert f"{board['meta']['figures']['owed_now']} now" in home
    assert f"{board['meta']['figures']['median_days']} days</dd>" in home


def test_on_the_demo_each_duty_is_as_late_as_a_plain_count_says(told: None) -> None:
    today = NOON.date()
    facts = {fact.id: fact for fact in queries.duty_facts()}
    rows = queries.duty_rows(list(facts))
    assert len(rows) == len(facts)
    for row in rows:
        fact = facts[row.duty.id]
        assert (fact.standing, fact.days, fact.due_on) == (
            row.status.standing,
            row.status.days,
            row.status.due_on,
        ), "what is counted is what is said"
        assert fact.is_overdue is row.status.is_overdue
        assert fact.was_on_time is row.status.was_on_time
    assert sum(fact.is_overdue for fact in facts.values()) == plain_figures(plain_duties(), today)["overdue"]


def test_on_the_demo_each_month_is_that_of_a_plain_count(told: None) -> None:
    duties = plain_duties()
    months = queries.by_month(queries.duty_facts())
    assert len(months) > 6
    assert sum(month.answered for month in months) == sum(duty.answered is not None for duty in duties)
    for month in months:
        in_month = [
            duty
            for duty in duties
            if duty.answered
            and (duty.answered.year, duty.answered.month) == (month.first.year, month.first.month)
        ]
        assert month.answered == len(in_month)
        on_time = [
            duty
            for duty in in_month
            if duty.answered and duty.answered <= (duty.holds(duty.answered) or date.max)
        ]
        assert month.on_time == len(on_time)


def month_of(first: date) -> queries.Month:
    """One month of the trend."""
    return next(month for month in queries.by_month(queries.duty_facts()) if month.first == first)


def test_a_later_date_does_not_rewrite_the_month_before_it(app: Flask) -> None:
    with clock.fixed(datetime(2026, 9, 30, 12, tzinfo=UTC)):
        duty = owed("Late in August", date(2026, 8, 1), build.department())
        assert month_of(date(2026, 8, 1)).overdue == 1, "due on 22 August"
        duty_actions.extend(
            duty.id, due_on=date(2026, 10, 30), reason="Figures.", by=build.staff("administrator")
        )
        assert month_of(date(2026, 8, 1)).overdue == 1
        assert month_of(date(2026, 9, 1)).overdue == 0
    with clock.fixed(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        assert [month.overdue for month in queries.by_month(queries.duty_facts())] == [1, 0, 1, 1]


def test_what_is_paused_at_the_end_of_a_month_is_not_overdue_then(app: Flask) -> None:
    with clock.fixed(datetime(2026, 10, 15, 12, tzinfo=UTC)):
        duty = owed("Paused over the end", date(2026, 9, 20), build.department())
        duty_actions.pause(
            duty.id,
            starts_on=date(2026, 10, 10),
            ends_on=date(2026, 11, 10),
            reason="Recess",
            by=build.staff("administrator"),
        )
    with clock.fixed(datetime(2026, 11, 12, 12, tzinfo=UTC)):
        assert [month.overdue for month in queries.by_month(queries.duty_facts())] == [0, 0, 1]


def test_no_duty_is_no_month_but_this_one(app: Flask) -> None:
    with clock.fixed(NOON):
        (only,) = queries.by_month(queries.duty_facts())
    assert (only.first, only.answered, only.median_days, only.on_time_share, only.overdue) == (
        date(2026, 11, 1),
        0,
        None,
        None,
        0,
    )


def test_a_department_is_never_measured_by_anothers_duty(app: Flask) -> None:
    mine, yours = build.department("Department of Mine"), build.department("Department of Yours")
    with clock.fixed(NOON):
        owed("Mine", date(2026, 10, 1), mine, answered_on=date(2026, 10, 5))
        owed("Yours", date(2026, 10, 1), yours)
        owed("Nobody’s", date(2026, 10, 1))
        found: dict[str, queries.Figures] = {
            row.department.name: row.figures
            for row in queries.by_department(queries.duty_facts(), queries.departments_by_id())
        }
    assert found["Department of Mine"].answered == 1
    assert found["Department of Yours"].overdue == 1
    assert db.session.query(Department).count() == len(found) == 2
