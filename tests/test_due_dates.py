"""Dates that are promised: at the edges of days, zones, leap years and holidays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from petitions import clock, due_dates
from petitions.duties.duty_clock import status
from petitions.extensions import db
from petitions.models import ClosedDay, Duty, PetitionThreshold
from tests import build

ZONES = ("Europe/London", "America/St_Johns", "Pacific/Apia")


def owed(moment: datetime, *, days: int = 21, kind: str = "calendar") -> Duty:
    """A duty that arises at a moment, by a rule that was frozen before."""
    with clock.fixed(moment - timedelta(days=1)):
        petition = build.open_petition()
        threshold = db.session.get_one(PetitionThreshold, (petition.id, "response"))
        build.change(threshold, days=days, days_kind=kind)
    with clock.fixed(moment):
        return build.cross(petition)


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        pytest.param(zone, night, marks=pytest.mark.settings(timezone=zone))
        for zone, nights in {
            "Europe/London": ("2026-03-29", "2026-10-25"),
            "America/St_Johns": ("2026-03-08", "2026-11-01"),
            # No summer time since 2021; the day that its zone left out is long ago.
            "Pacific/Apia": ("2026-04-05", "2026-09-27"),
        }.items()
        for night in nights
    ],
)
def test_a_date_over_a_change_of_clocks_is_as_many_days_and_ends_at_midnight(
    app: Flask, zone: str, night: str
) -> None:
    here = ZoneInfo(zone)
    changes = date.fromisoformat(night)
    first = datetime(changes.year, changes.month, changes.day, 0, 5, tzinfo=here) - timedelta(days=10)
    for minute in (datetime.min.time(), datetime.max.time()):
        reached = datetime.combine(first.date(), minute, tzinfo=here)
        duty = owed(reached.astimezone(UTC))
        due = first.date() + timedelta(days=21)
        assert duty.due_on == due
        last = datetime.combine(due, datetime.max.time(), tzinfo=here)
        with clock.fixed(last):
            assert status(duty).short == "due today"
        with clock.fixed(last + timedelta(microseconds=1)):
            assert status(duty).short == "1 day late"


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        pytest.param("Europe/London", "2026-12-08", marks=pytest.mark.settings(timezone="Europe/London")),
        pytest.param(
            "America/St_Johns", "2026-12-07", marks=pytest.mark.settings(timezone="America/St_Johns")
        ),
        pytest.param("Pacific/Apia", "2026-12-08", marks=pytest.mark.settings(timezone="Pacific/Apia")),
    ],
)
def test_the_day_it_was_reached_on_is_the_sites(app: Flask, zone: str, due: str) -> None:
    assert owed(datetime(2026, 11, 17, 2, 0, tzinfo=UTC)).due_on == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("reached", "days", "due"),
    [
        ("2028-02-08", 21, "2028-02-29"),
        ("2028-02-29", 21, "2028-03-21"),
        ("2027-02-08", 21, "2027-03-01"),
        ("2028-02-28", 1, "2028-02-29"),
        ("2100-02-28", 1, "2100-03-01"),
        ("2026-12-31", 21, "2027-01-21"),
        ("2027-02-28", 366, "2028-02-29"),
    ],
)
def test_leap_days_and_years_are_days_like_others(app: Flask, reached: str, days: int, due: str) -> None:
    day = date.fromisoformat(reached)
    found = owed(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), days=days)
    assert found.due_on == date.fromisoformat(due)


@pytest.mark.settings(home_country="GB")
@pytest.mark.parametrize(
    ("reached", "days", "due"),
    [
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-12-23", 2, "2026-12-29"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-03-25", 1, "2027-03-29"),
        ("2028-02-25", 2, "2028-02-29"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(app: Flask, reached: str, days: int, due: str) -> None:
    day = date.fromisoformat(reached)
    found = owed(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), days=days, kind="working")
    assert found.due_on == date.fromisoformat(due)
    assert due_dates.is_working_day(date.fromisoformat(due))


@pytest.mark.settings(home_country="GB")
def test_the_bodys_own_closed_days_are_left_out_too(app: Flask) -> None:
    build.add(ClosedDay(day=date(2026, 11, 23), name="The founding of the town"))
    found = owed(datetime(2026, 11, 20, 12, tzinfo=UTC), days=1, kind="working")
    assert found.due_on == date(2026, 11, 24)
