"""The clock is paused, the date moved, a duty given away, a word said in between: with a reason, in public."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import delete, select

from petitions import clock
from petitions.duties.duty_clock import status
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import AuditEntry, Duty, DutyPause, Staff
from petitions.responses import duty_actions, house_pauses
from tests import build
from tests.client import PageCheckingClient
from tests.invariants import check
from tests.reading import Page
from tests.responses.conftest import StaffBrowser

SignIn = Callable[[Staff], StaffBrowser]
DUE = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(datetime(2026, 11, 2, 9, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def duty(app: Flask) -> Duty:
    department = build.department("Department of Transport")
    found = build.cross(build.open_petition(departments=[department]))
    assert found.due_on == DUE
    return found


@pytest.fixture
def administrator(app: Flask) -> Staff:
    return build.staff("administrator")


def fresh(duty: Duty) -> Duty:
    """The duty as the database has it now."""
    db.session.rollback()
    return db.session.get_one(Duty, duty.id)


def test_a_pause_with_an_end_moves_the_date_by_its_length(duty: Duty, administrator: Staff) -> None:
    duty_actions.pause(
        duty.id, starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 17), reason="Recess", by=administrator
    )
    found = fresh(duty)
    assert (found.due_on, found.first_due_on) == (date(2026, 11, 30), DUE)
    line = db.session.execute(select(AuditEntry).where(AuditEntry.action == "duty_paused")).scalar_one()
    assert (line.details["before"], line.details["after"]) == ("2026-11-23", "2026-11-30")
    assert line.details["reason"] == "Recess"


def test_a_pause_without_an_end_moves_the_date_when_it_ends(duty: Duty, administrator: Staff) -> None:
    pause = duty_actions.pause(
        duty.id, starts_on=date(2026, 11, 10), ends_on=None, reason="Election", by=administrator
    )
    assert fresh(duty).due_on == DUE
    with clock.fixed(datetime(2026, 12, 24, 9, 0, tzinfo=UTC)):
        assert status(fresh(duty)).tone == "paused"
        duty_actions.end_pause(pause.id, ends_on=date(2026, 12, 24), by=administrator)
        assert fresh(duty).due_on == date(2027, 1, 6)
        assert status(fresh(duty)).short == "13 days left", "as many as on 10 November"


def test_an_end_that_is_set_anew_replaces_the_old(duty: Duty, administrator: Staff) -> None:
    pause = duty_actions.pause(
        duty.id, starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 20), reason="Recess", by=administrator
    )
    duty_actions.end_pause(pause.id, ends_on=date(2026, 11, 12), by=administrator)
    assert fresh(duty).due_on == date(2026, 11, 25)


def test_pauses_never_overlap(duty: Duty, administrator: Staff) -> None:
    def pause(first: int, last: int | None) -> DutyPause:
        ends_on = date(2026, 11, last) if last else None
        return duty_actions.pause(
            duty.id, starts_on=date(2026, 11, first), ends_on=ends_on, reason="Recess", by=administrator
        )

    pause(10, 12)
    for first, last in ((11, 13), (9, 11), (9, 13), (10, 12), (5, None)):
        with pytest.raises(StateChanged):
            pause(first, last)
    pause(12, 14)
    assert fresh(duty).due_on == date(2026, 11, 27)


def test_an_extension_sets_the_date(duty: Duty, administrator: Staff, client: PageCheckingClient) -> None:
    duty_actions.extend(duty.id, due_on=date(2026, 12, 20), reason="Figures are missing", by=administrator)
    assert fresh(duty).due_on == date(2026, 12, 20)
    page = client.get("/accountability").text
    assert "The date was moved to 20 December: Figures are missing." in page


@pytest.mark.parametrize("due_on", [DUE, date(2026, 11, 1)])
def test_an_extension_is_only_to_a_later_day(duty: Duty, administrator: Staff, due_on: date) -> None:
    with pytest.raises(StateChanged):
        duty_actions.extend(duty.id, due_on=due_on, reason="No", by=administrator)


@pytest.fixture
def official(duty: Duty) -> Staff:
    return build.staff("official", department=duty.department)


def test_a_department_moves_its_date_once_and_the_overseer_as_often_as_there_is_a_reason(
    duty: Duty, official: Staff
) -> None:
    duty_actions.extend(duty.id, due_on=date(2026, 12, 1), reason="Figures", by=official)
    with pytest.raises(StateChanged):
        duty_actions.extend(duty.id, due_on=date(2026, 12, 9), reason="More figures", by=official)
    overseer = build.staff("overseer")
    for day in (9, 16):
        duty_actions.extend(duty.id, due_on=date(2026, 12, day), reason="A fire", by=overseer)
    found = fresh(duty)
    assert [row.by_overseer for row in found.extensions] == [False, True, True]
    assert found.due_on == date(2026, 12, 16)
    check()


def test_a_department_moves_its_date_by_no_more_than_the_time_it_had(
    duty: Duty, official: Staff, sign_in: SignIn
) -> None:
    """Twenty-one days were given, so the department takes twenty-one more at most: more only the overseeing body gives."""
    page = f"/staff/duties/{duty.id}"
    too_far = {"extend-due_on": "2026-12-15", "extend-reason": "Figures are missing"}
    browser = sign_in(official)
    assert "14 December" in browser.get(page).text
    refused = browser.post(f"{page}/extensions", page, **too_far)
    assert refused.status_code == 422
    assert "Enter a day up to 14 December. If you need longer, ask the petitions committee" in refused.text
    with pytest.raises(StateChanged):
        duty_actions.extend(duty.id, due_on=date(2026, 12, 15), reason="Figures", by=official)
    assert fresh(duty).due_on == DUE
    assert sign_in(build.staff("overseer")).post(f"{page}/extensions", page, **too_far).status_code == 303
    assert fresh(duty).due_on == date(2026, 12, 15)


def test_another_departments_date_is_not_for_an_official(duty: Duty) -> None:
    stranger = build.staff("official", department=build.department("Department of Trade"))
    with pytest.raises(NotFound):
        duty_actions.extend(duty.id, due_on=date(2026, 12, 1), reason="Figures", by=stranger)


def test_the_page_offers_a_department_the_one_extension_it_has(
    duty: Duty, official: Staff, sign_in: SignIn
) -> None:
    page, browser = f"/staff/duties/{duty.id}", sign_in(official)
    assert "Your department may do this once for an answer" in browser.get(page).text
    moved = {"extend-due_on": "2026-12-14", "extend-reason": "Figures are missing"}
    assert browser.post(f"{page}/extensions", page, **moved).status_code == 303
    assert "Your department may do this once" not in browser.get(page).text
    again = browser.post(f"{page}/extensions", page, **moved | {"extend-due_on": "2026-12-24"})
    assert again.status_code == 409


def test_a_pause_that_has_not_begun_is_taken_back(duty: Duty, administrator: Staff, sign_in: SignIn) -> None:
    page, browser = f"/staff/duties/{duty.id}", sign_in(administrator)
    fields = {"pause-starts_on": "2026-11-10", "pause-ends_on": "2026-11-17", "pause-reason": "Recess"}
    assert browser.post(f"{page}/pauses", page, **fields).status_code == 303
    pause_id = db.session.execute(select(DutyPause.id)).scalar_one()
    assert "Take back the pause from" in browser.get(page).text
    assert browser.post(f"{page}/pauses/{pause_id}/withdraw", page).status_code == 303
    found = fresh(duty)
    assert (found.due_on, found.pauses) == (DUE, [])
    check()


def test_a_pause_that_has_begun_can_only_end(duty: Duty, administrator: Staff) -> None:
    pause = duty_actions.pause(
        duty.id, starts_on=date(2026, 11, 2), ends_on=None, reason="Recess", by=administrator
    )
    with pytest.raises(StateChanged):
        duty_actions.withdraw_pause(pause.id, by=administrator)
    assert len(fresh(duty).pauses) == 1


def test_a_holding_reply_is_public_moves_no_date_and_the_petitioner_hears_of_it(
    duty: Duty, official: Staff, sign_in: SignIn, client: PageCheckingClient
) -> None:
    page, browser = f"/staff/duties/{duty.id}", sign_in(official)
    assert browser.post(f"{page}/holding-replies", page, **{"holding-body": " "}).status_code == 422
    said = {"holding-body": "We are asking nineteen towns for their figures."}
    assert browser.post(f"{page}/holding-replies", page, **said).status_code == 303
    assert fresh(duty).due_on == DUE
    for public in (f"/petitions/{duty.petition_id}", "/accountability"):
        assert "We are asking nineteen towns for their figures." in client.get(public).text
    build.work()
    (mail,) = build.captured(kind="holding_reply")
    text = build.text_of(mail)
    assert mail["To"] == build.creator_of(fresh(duty).petition).email
    assert "We are asking nineteen towns for their figures." in text
    assert "The Department of Transport owes an answer by 23 November." in text
    check()


def test_nobody_speaks_for_another_department(duty: Duty, sign_in: SignIn) -> None:
    for role in ("overseer", "moderator", "press"):
        browser = sign_in(build.staff(role))
        said = browser.post(f"/staff/duties/{duty.id}/holding-replies", "/staff", **{"holding-body": "Soon."})
        assert said.status_code == 404


def test_no_date_is_set_while_a_pause_has_no_end(duty: Duty, administrator: Staff) -> None:
    duty_actions.pause(
        duty.id, starts_on=date(2026, 11, 10), ends_on=None, reason="Election", by=administrator
    )
    with pytest.raises(StateChanged):
        duty_actions.extend(duty.id, due_on=date(2027, 2, 1), reason="No", by=administrator)


def test_another_department_is_told_and_the_date_stays(duty: Duty, administrator: Staff) -> None:
    trade = build.department("Department of Trade")
    official = build.staff("official", department=trade)
    duty_actions.transfer(duty.id, department_id=trade.id, reason="They pay for it.", by=administrator)
    found = fresh(duty)
    assert (found.department_id, found.due_on) == (trade.id, DUE)
    build.work()
    (mail,) = build.captured(to=official.email, kind="duty_created")
    assert "The Department of Trade owes an answer by 23 November." in build.text_of(mail)
    with pytest.raises(StateChanged):
        duty_actions.transfer(duty.id, department_id=trade.id, reason="Again", by=administrator)


def test_the_page_of_a_duty_takes_each_form(
    duty: Duty, administrator: Staff, sign_in: SignIn, client: PageCheckingClient
) -> None:
    page, browser = f"/staff/duties/{duty.id}", sign_in(administrator)
    trade = build.department("Department of Trade")
    paused = {"pause-starts_on": "2026-11-02", "pause-reason": "An election was called"}
    assert browser.post(f"{page}/pauses", page, **paused).status_code == 303
    public = client.get(f"/petitions/{duty.petition_id}").text
    assert "the clock stands still" in public
    assert "An election was called." in public
    pause_id = db.session.execute(select(DutyPause.id)).scalar_one()
    assert browser.post(f"{page}/pauses/{pause_id}", page, **{"end-ends_on": "2026-11-05"}).status_code == 303
    extended = {"extend-due_on": "2026-12-20", "extend-reason": "Figures are missing"}
    assert browser.post(f"{page}/extensions", page, **extended).status_code == 303
    given = {"transfer-department_id": str(trade.id), "transfer-reason": "They pay for it."}
    assert browser.post(f"{page}/department", page, **given).status_code == 303
    shown = browser.get(page).text
    for sentence in (
        "The date was moved to 20 December",
        "Given to the Department of Trade",
        "They pay for it.",
    ):
        assert sentence in shown
    assert sentence in client.get(f"/petitions/{duty.petition_id}").text


@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        ("pauses", {"pause-starts_on": "2026-11-05"}, "Give the reason: it is published."),
        ("pauses", {"pause-reason": "x"}, "Enter the first day of the pause."),
        ("pauses", {"pause-starts_on": "soon", "pause-reason": "x"}, "Enter a date such as 2026-12-09."),
        ("pauses", {"pause-starts_on": "9999-01-01", "pause-reason": "x"}, "Enter a date of this century."),
        ("pauses", {"pause-starts_on": "2026-10-31", "pause-reason": "x"}, "Enter a day from 2 November on."),
        ("pauses", {"pause-starts_on": "2026-12-31", "pause-reason": "x"}, "Enter a day up to 23 November."),
        (
            "pauses",
            {"pause-starts_on": "2026-11-05", "pause-ends_on": "2026-11-05", "pause-reason": "x"},
            "Enter a day after the first day of the pause.",
        ),
        (
            "extensions",
            {"extend-due_on": "2026-11-23", "extend-reason": "x"},
            "Enter a day after 23 November.",
        ),
        (
            "extensions",
            {"extend-due_on": "2027-02-30", "extend-reason": "x"},
            "Enter a date such as 2026-12-09.",
        ),
        (
            "extensions",
            {"extend-due_on": "2026-12-23", "extend-reason": "x" * 501},
            "Shorten this by 1 character.",
        ),
        ("department", {"transfer-department_id": "999", "transfer-reason": "x"}, "There is a problem"),
        ("department", {"transfer-department_id": "x", "transfer-reason": "x"}, "There is a problem"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(
    duty: Duty, administrator: Staff, sign_in: SignIn, path: str, fields: dict[str, str], sentence: str
) -> None:
    build.department("Department of Trade")
    page = f"/staff/duties/{duty.id}"
    reply = sign_in(administrator).post(f"{page}/{path}", page, **fields)
    assert reply.status_code == 422
    assert sentence in reply.text
    assert fresh(duty).due_on == DUE


def test_the_desk_shows_what_is_coming(administrator: Staff, sign_in: SignIn) -> None:
    for count in (4999, 5000, 7500, 9000, 60_000):
        build.open_petition(action=f"With {count}", count=count)
    page = sign_in(administrator).get("/staff/duties").text
    assert "With 4999" not in page
    for share in (
        "50% of 10,000: an answer",
        "75% of 10,000: an answer",
        "90% of 10,000: an answer",
        "60% of 100,000: a debate",
    ):
        assert share in page


@pytest.mark.parametrize(
    ("what", "path", "first", "second", "told"),
    [
        (
            "extend-seen",
            "extensions",
            {"extend-due_on": "2026-12-09"},
            {"extend-due_on": "2026-12-20"},
            "to 9 December",
        ),
        ("transfer-seen", "department", {}, {}, "The Department of Trade has it by now."),
    ],
)
def test_the_second_of_two_who_change_a_duty_is_told_what_the_first_did(
    duty: Duty,
    sign_in: SignIn,
    what: str,
    path: str,
    first: dict[str, str],
    second: dict[str, str],
    told: str,
) -> None:
    """From pages that both had open: nothing is replaced unseen, nothing that was written is lost."""
    trade, works = build.department("Department of Trade"), build.department("Department of Works")
    if not first:
        first = {"transfer-department_id": str(trade.id)}
        second = {"transfer-department_id": str(works.id)}
    page, browsers = f"/staff/duties/{duty.id}", [sign_in(build.staff("overseer")) for _ in range(2)]
    (seen,) = {form[what] for form in values_on(browsers[0].get(page).text) if what in form}
    reason = f"{what.split('-')[0]}-reason"
    sent = {what: seen, reason: "Theirs."}
    assert browsers[0].post(f"{page}/{path}", page, **first, **sent).status_code == 303
    reply = browsers[1].post(f"{page}/{path}", page, **second, **sent | {reason: "Figures are missing."})
    assert reply.status_code == 422
    assert told in reply.text
    assert "Figures are missing." in reply.text
    (again,) = {form[what] for form in values_on(reply.text) if what in form}
    assert browsers[1].post(f"{page}/{path}", page, **second, **sent | {what: again}).status_code == 303


def test_the_second_of_two_who_set_an_end_is_told_the_end_of_the_first(duty: Duty, sign_in: SignIn) -> None:
    overseers = [build.staff("overseer") for _ in range(2)]
    pause = duty_actions.pause(
        duty.id, starts_on=date(2026, 11, 2), ends_on=None, reason="Flood", by=overseers[0]
    )
    house = house_pauses.pause_all(starts_on=date(2027, 3, 1), ends_on=None, reason="Recess", by=overseers[0])
    for page, path in (
        (f"/staff/duties/{duty.id}", f"/staff/duties/{duty.id}/pauses/{pause.id}"),
        ("/staff/duties/pauses", f"/staff/duties/pauses/{house.id}"),
    ):
        browsers = [sign_in(staff) for staff in overseers]
        (seen,) = {form["end-seen"] for form in values_on(browsers[0].get(page).text) if "end-seen" in form}
        first, second = {"end-ends_on": "2027-03-09"}, {"end-ends_on": "2027-03-20"}
        assert browsers[0].post(path, page, **first, **{"end-seen": seen}).status_code == 303
        reply = browsers[1].post(path, page, **second, **{"end-seen": seen})
        assert reply.status_code == 422
        assert "Somebody else set 9 March 2027 meanwhile." in reply.text
        assert 'value="2027-03-20"' in reply.text


def test_a_pause_that_is_taken_back_while_its_end_is_set_is_a_clear_page(
    duty: Duty, administrator: Staff
) -> None:
    pause = duty_actions.pause(
        duty.id, starts_on=date(2026, 11, 10), ends_on=None, reason="Flood", by=administrator
    )
    pause_id, real = pause.id, duty_actions._unanswered

    def somebody_was_first(duty_id: int) -> Duty:
        row = real(duty_id)
        db.session.execute(delete(DutyPause).where(DutyPause.id == pause_id))
        return row

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(duty_actions, "_unanswered", somebody_was_first)
        with pytest.raises(StateChanged):
            duty_actions.end_pause(pause_id, ends_on=date(2026, 11, 20), by=administrator)


def values_on(page: str) -> list[dict[str, str]]:
    """What every form of a page would send."""
    return [form.first_values() for form in Page(page).forms]
