"""The forecast: three paces, a range around the middle one, and never a date after the petition closes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import sin

import pytest

from petitions.duties.forecast import Forecast, forecast

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPENED = NOW - 30 * DAY
CLOSES = NOW + 100 * DAY


def series(rate: Callable[[float], float], *, opened_at: datetime = OPENED) -> dict[datetime, int]:
    """Signatures by the hour up to now, of a pace in signatures a day at a number of days from now (below 0)."""
    floor = NOW.replace(minute=0)
    hours = {}
    carried = 0.0
    for number in range(int((NOW - opened_at) / HOUR), -1, -1):
        moment = floor - number * HOUR
        carried += max(0.0, rate((moment - NOW) / DAY)) / 24 * (0.5 if number == 0 else 1.0)
        hours[moment] = int(carried)
        carried -= int(carried)
    return hours


def of(
    rate: Callable[[float], float],
    missing: int,
    *,
    opened_at: datetime = OPENED,
    closes_at: datetime = CLOSES,
) -> Forecast | None:
    """The forecast for a petition with this pace."""
    return forecast(
        series(rate, opened_at=opened_at), missing=missing, opened_at=opened_at, closes_at=closes_at, now=NOW
    )


def true_day(rate: Callable[[float], float], missing: int) -> float:
    """The days after which so many more have signed, by adding up the pace hour by hour."""
    total, hour = 0.0, 0
    while total < missing:
        total += rate(hour / 24) / 24
        hour += 1
    return hour / 24


def days(moment: datetime | None) -> float | None:
    """Days from now."""
    return None if moment is None else (moment - NOW) / DAY


def test_an_even_pace_is_forecast_to_the_day() -> None:
    found = of(lambda _: 240.0, 2400)
    assert found is not None
    assert days(found.middle) == pytest.approx(10, abs=0.5)
    assert days(found.earliest) == pytest.approx(10 * 2 / 3, abs=0.5)
    assert days(found.latest) == pytest.approx(10 * 3 / 2, abs=0.5)


def test_day_and_night_make_no_difference() -> None:
    found = of(lambda day: 240.0 * (1 + sin(day * 6.2832)), 2400)
    assert found is not None
    assert days(found.middle) == pytest.approx(10, abs=1)


@pytest.mark.parametrize("daily", [0.85, 0.9, 0.95, 1.0, 1.05, 1.2])
def test_the_truth_lies_in_the_range_of_what_fades_or_grows_evenly(daily: float) -> None:
    def rate(day: float) -> float:
        return 1000 * daily**day

    missing = 2000
    found = of(rate, missing)
    assert found is not None
    truth = true_day(rate, missing)
    earliest, latest = days(found.earliest), days(found.latest)
    assert earliest is not None
    assert earliest <= truth + 0.5
    assert latest is None or truth <= latest + 0.5


def test_what_fades_away_may_never_get_there() -> None:
    found = of(lambda day: 1000 * 0.7**day, 5000)
    assert found is not None
    assert found.latest is None
    assert found.earliest is not None


def test_a_burst_that_is_over_is_not_taken_for_a_pace() -> None:
    found = of(lambda day: 3000.0 if -6 <= day < -5 else 20.0, 500)
    assert found is not None
    assert days(found.middle) == pytest.approx(25, abs=2), "the middle pace is the quiet one"
    assert days(found.earliest) == pytest.approx(500 / (3120 / 7), abs=0.3), "the quickest still counts it"


def test_nothing_is_said_of_what_stands_still_or_has_only_begun() -> None:
    assert of(lambda _: 0.0, 100) is None
    assert of(lambda _: 9000.0, 100, opened_at=NOW - 5 * HOUR) is None


def test_a_petition_of_a_day_is_measured_by_the_time_it_had() -> None:
    found = of(lambda _: 2400.0, 4800, opened_at=NOW - 12 * HOUR)
    assert found is not None
    assert days(found.middle) == pytest.approx(2, abs=0.2)


def test_no_date_lies_after_the_closing() -> None:
    found = of(lambda _: 10.0, 1000, closes_at=NOW + 20 * DAY)
    assert found == Forecast(None, None, None)
    assert not found.is_within(7 * DAY, NOW)


def test_a_number_beyond_all_calendars_is_no_date() -> None:
    assert of(lambda _: 0.2, 2_000_000_000) == Forecast(None, None, None)


def test_within_a_week_is_within_a_week() -> None:
    for missing, is_within in ((1600, True), (1800, False)):
        found = of(lambda _: 240.0, missing)
        assert found is not None
        assert found.is_within(7 * DAY, NOW) is is_within
