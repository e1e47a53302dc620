"""How a duty stands: the table of tones and sentences, at midnight of the site's zone, and through pauses."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from petitions import clock
from petitions.duties.duty_clock import Standing, due_on, owner_name, pause_in_words, pause_to_end, status

LONDON = ZoneInfo("Europe/London")
REACHED = datetime(2026, 11, 18, 14, 6, tzinfo=UTC)
DUE = date(2026, 12, 9)


def a_duty(*, debate: bool = False, **columns: Any) -> Any:
    """A duty that is not in a database: reached on 18 November 2026, due on 9 December."""
    threshold = SimpleNamespace(duty="debate" if debate else "response", signatures=10_000)
    return SimpleNamespace(
        **(
            {
                "threshold": threshold,
                "department": SimpleNamespace(name="Department of Transport"),
                "reached_at": REACHED,
                "due_on": None if debate else DUE,
                "answered_at": None,
                "pauses": [],
                "extensions": [],
                "round": 1,
                "follow_up_reason": "",
            }
            | columns
        )
    )


def a_pause(starts_on: date, ends_on: date | None) -> Any:
    """A pause for an election."""
    return SimpleNamespace(
        starts_on=starts_on, ends_on=ends_on, reason="An election was called", house_pause_id=None
    )


@pytest.fixture(autouse=True)
def _stand_in_november(app_without_database: Flask) -> Any:
    with app_without_database.test_request_context(), clock.fixed(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        yield


@pytest.mark.parametrize(
    ("on", "standing", "tone", "sentence", "short"),
    [
        (
            date(2026, 11, 23),
            "awaiting",
            "wait",
            "The Department of Transport owes an answer by 9 December.",
            "16 days left",
        ),
        (
            date(2026, 12, 1),
            "awaiting",
            "wait",
            "The Department of Transport owes an answer by 9 December.",
            "8 days left",
        ),
        (
            date(2026, 12, 2),
            "due_soon",
            "soon",
            "The Department of Transport owes an answer by 9 December.",
            "7 days left",
        ),
        (
            date(2026, 12, 8),
            "due_soon",
            "soon",
            "The Department of Transport owes an answer by 9 December.",
            "1 day left",
        ),
        (
            date(2026, 12, 9),
            "due_soon",
            "soon",
            "The Department of Transport owes an answer by 9 December.",
            "due today",
        ),
        (
            date(2026, 12, 10),
            "overdue",
            "late",
            "The Department of Transport is 1 day late with its answer.",
            "1 day late",
        ),
        (
            date(2026, 12, 21),
            "overdue",
            "late",
            "The Department of Transport is 12 days late with its answer.",
            "12 days late",
        ),
        (
            date(2030, 12, 9),
            "overdue",
            "late",
            "The Department of Transport is 1,461 days late with its answer.",
            "1,461 days late",
        ),
    ],
)
def test_what_is_owed_says_how_long_there_is(
    on: date, standing: str, tone: str, sentence: str, short: str
) -> None:
    found = status(a_duty(), on=on)
    assert (found.standing, found.tone, found.sentence, found.short) == (standing, tone, sentence, short)
    assert found.days == (DUE - on).days


@pytest.mark.parametrize(
    ("answered_on", "sentence", "short"),
    [
        (date(2026, 12, 5), "The Department of Transport answered 4 days early.", "answered, 4 days early"),
        (date(2026, 12, 8), "The Department of Transport answered 1 day early.", "answered, 1 day early"),
        (date(2026, 12, 9), "The Department of Transport answered on time.", "answered on time"),
        (date(2026, 12, 10), "The Department of Transport answered 1 day late.", "answered, 1 day late"),
        (date(2026, 12, 29), "The Department of Transport answered 20 days late.", "answered, 20 days late"),
    ],
)
def test_an_answer_says_whether_it_came_in_time(answered_on: date, sentence: str, short: str) -> None:
    answered_at = datetime(answered_on.year, answered_on.month, answered_on.day, 23, 30, tzinfo=LONDON)
    found = status(a_duty(answered_at=answered_at), on=date(2027, 6, 1))
    assert (found.sentence, found.short) == (sentence, short)
    assert found.tone == ("done" if answered_on <= DUE else "quiet")
    assert found.was_on_time == (answered_on <= DUE)


@pytest.mark.parametrize(
    ("moment", "standing"),
    [
        (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), Standing.DUE_SOON),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), Standing.OVERDUE),
        (datetime(2026, 12, 9, 23, 59, 59, tzinfo=UTC), Standing.DUE_SOON),
        (datetime(2026, 12, 10, 0, 0, tzinfo=UTC), Standing.OVERDUE),
    ],
)
def test_a_day_ends_at_midnight_of_the_site_and_not_of_utc(moment: datetime, standing: Standing) -> None:
    due = date(2026, 6, 30) if moment.month == 6 else DUE
    with clock.fixed(moment):
        assert status(a_duty(due_on=due)).standing is standing


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_nights_on_which_clocks_change_are_days_like_others(night: date) -> None:
    before = datetime(night.year, night.month, night.day, 0, 0, tzinfo=LONDON)
    after = datetime(night.year, night.month, night.day, 23, 59, tzinfo=LONDON)
    for moment in (before, after):
        with clock.fixed(moment):
            assert status(a_duty(due_on=night)).short == "due today"
            assert status(a_duty(due_on=night + timedelta(days=1))).short == "1 day left"
            assert status(a_duty(due_on=night - timedelta(days=1))).short == "1 day late"


def test_while_a_pause_runs_the_days_left_stand_still() -> None:
    # 5 days were left on 4 December; the end was known from the beginning, so the date holds the whole pause.
    duty = a_duty(due_on=date(2027, 1, 8), pauses=[a_pause(date(2026, 12, 4), date(2027, 1, 3))])
    for day in (date(2026, 12, 4), date(2026, 12, 20), date(2027, 1, 2)):
        found = status(duty, on=day)
        assert (found.standing, found.tone, found.days) == (Standing.PAUSED, "paused", 5)
    assert status(duty, on=date(2027, 1, 3)).short == "5 days left"
    assert status(duty, on=date(2027, 1, 9)).short == "1 day late"


def test_a_pause_says_its_reason_and_its_days() -> None:
    duty = a_duty(due_on=date(2027, 1, 8), pauses=[a_pause(date(2026, 12, 4), date(2027, 1, 3))])
    found = status(duty, on=date(2026, 12, 6))
    assert found.sentence == "The Department of Transport owes an answer; the clock stands still."
    assert found.short == "paused for 3 days"
    assert found.detail == (
        "An election was called. The clock stands still from 4 December and runs again on 3 January 2027."
    )


def test_a_pause_that_is_to_come_says_from_when() -> None:
    assert pause_in_words(a_pause(date(2026, 12, 4), None)) == (
        "An election was called. The clock stands still from 4 December on; no end is set."
    )
    assert "since 20 November" in pause_in_words(a_pause(date(2026, 11, 20), None))


def test_a_pause_without_an_end_stands_still_for_as_long_as_it_lasts() -> None:
    duty = a_duty(pauses=[a_pause(date(2026, 12, 4), None)])
    assert status(duty, on=date(2027, 5, 4)).days == 5
    assert status(duty, on=date(2026, 12, 3)).short == "6 days left"


def test_a_delay_stands_still_too() -> None:
    duty = a_duty(pauses=[a_pause(date(2026, 12, 14), None)])
    assert status(duty, on=date(2026, 12, 13)).short == "4 days late"
    assert status(duty, on=date(2027, 2, 1)).days == -5


@pytest.mark.parametrize("ends_on", [None, date(2027, 3, 1)])
def test_an_answer_in_a_pause_is_as_early_as_the_days_that_were_left(ends_on: date | None) -> None:
    starts_on = date(2026, 12, 4)
    due = DUE + (ends_on - starts_on) if ends_on else DUE
    duty = a_duty(
        due_on=due,
        pauses=[a_pause(starts_on, ends_on)],
        answered_at=datetime(2027, 1, 15, 12, tzinfo=UTC),
    )
    assert status(duty, on=date(2027, 6, 1)).short == "answered, 5 days early"


def test_two_pauses_move_the_date_by_both() -> None:
    pauses = [a_pause(date(2026, 11, 20), date(2026, 11, 22)), a_pause(date(2026, 12, 1), None)]
    duty = a_duty(due_on=DUE + timedelta(days=2), pauses=pauses)
    assert due_on(duty, date(2026, 12, 11)) == DUE + timedelta(days=12)


def test_the_pause_whose_end_can_be_set_is_the_one_that_is_not_over() -> None:
    over, running = (
        a_pause(date(2026, 11, 1), date(2026, 11, 5)),
        a_pause(date(2026, 11, 20), date(2026, 11, 30)),
    )
    assert pause_to_end(a_duty(pauses=[over])) is None
    assert pause_to_end(a_duty(pauses=[over, running])) is running


def test_an_extension_is_named_with_its_reason() -> None:
    extension = SimpleNamespace(due_on=date(2027, 1, 20), reason="Figures of all boards are still missing")
    found = status(a_duty(due_on=date(2027, 1, 20), extensions=[extension]), on=date(2026, 12, 1))
    assert (found.standing, found.tone, found.short) == (Standing.EXTENDED, "wait", "50 days left")
    assert found.detail == "The date was moved to 20 January 2027: Figures of all boards are still missing."


def test_the_body_owes_while_no_department_is_named() -> None:
    found = status(a_duty(department=None), on=date(2026, 12, 21))
    assert found.sentence == "The Government is 12 days late with its answer."


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("Department of Transport", "The Department of Transport"),
        ("Home Office", "The Home Office"),
        ("HM Treasury", "HM Treasury"),
        ("The Treasury", "The Treasury"),
    ],
)
def test_a_department_begins_a_sentence(name: str, owner: str) -> None:
    department: Any = SimpleNamespace(name=name)
    assert owner_name(department) == owner


def test_an_answer_without_a_promised_date_is_owed_and_never_late() -> None:
    assert status(a_duty(due_on=None), on=date(2040, 1, 1)).short == "no date promised"
    answered = status(a_duty(due_on=None, answered_at=REACHED), on=date(2040, 1, 1))
    assert (answered.sentence, answered.was_on_time) == ("The Department of Transport answered.", True)


@pytest.mark.parametrize(
    ("debate", "tone", "sentence"),
    [
        (None, "wait", "Parliament will consider this petition for a debate."),
        ({"scheduled_on": date(2026, 12, 3)}, "done", "Parliament debates this petition on 3 December."),
        (
            {"debated": True, "debated_on": date(2026, 11, 2)},
            "done",
            "Parliament debated this petition on 2 November.",
        ),
        ({"debated": True}, "done", "Parliament debated this petition."),
        ({"debated": False}, "done", "Parliament decided not to debate this petition."),
    ],
)
def test_a_debate_is_considered_set_held_or_refused(
    debate: dict[str, Any] | None, tone: str, sentence: str
) -> None:
    fact: Any = debate and SimpleNamespace(
        **(
            {
                "debated": None,
                "debated_on": None,
                "scheduled_on": None,
                "considered_on": None,
                "declined_reason": "",
            }
            | debate
        )
    )
    found = status(a_duty(debate=True), debate=fact)
    assert (found.tone, found.sentence, found.days) == (tone, sentence, None)


def test_a_debate_whose_day_has_passed_waits_for_its_outcome() -> None:
    fact: Any = SimpleNamespace(
        debated=None,
        debated_on=None,
        scheduled_on=date(2026, 11, 20),
        considered_on=None,
        declined_reason="",
    )
    found = status(a_duty(debate=True), debate=fact)
    assert (found.tone, found.short) == ("quiet", "outcome to come")
