"""What staff hear of: each warning and reminder once, in one mail a morning, or one for each, as they chose."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.extensions import db
from petitions.models import ClosedDay, Department, HourCount, Petition, Staff, StaffNotice
from petitions.models.staff import MailChoice
from petitions.notices import actions, early, reminders, telling
from petitions.responses import approvals, duty_actions
from tests import build
from tests.responses.answering import drafted, words
from tests.staff_visitor import StaffVisitor

NOW = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
DUE = date(2026, 11, 23)
DAY = timedelta(days=1)


def on(day: int, hour: int = 5, month: int = 11) -> datetime:
    """A moment of a day, early unless told otherwise."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(NOW):
        yield


@pytest.fixture
def transport(app: Flask) -> Department:
    return build.department("Department of Transport")


@pytest.fixture
def official(transport: Department) -> Staff:
    return build.staff("official", department=transport)


def keys(staff: Staff) -> list[str]:
    """The notices of somebody, oldest first."""
    db.session.rollback()
    query = select(StaffNotice.key).where(StaffNotice.staff_id == staff.id).order_by(StaffNotice.id)
    return list(db.session.execute(query).scalars())


def on_its_way(transport: Department | None, count: int, **columns: object) -> Petition:
    """An open petition with so many of the 10,000 signatures it needs."""
    return build.open_petition(departments=[transport] if transport else [], count=count, **columns)


def signed_lately(petition: Petition, a_day: int, days: int = 7) -> None:
    """So many signatures a day in the last days, as the counts by the hour have them."""
    rows = [
        HourCount(
            petition_id=petition.id,
            hour=NOW.replace(minute=0) - hours * timedelta(hours=1),
            signature_count=a_day // 24,
        )
        for hours in range(1, days * 24 + 1)
    ]
    build.add(*rows)


# Early warning


@pytest.mark.parametrize(
    ("count", "step"), [(4999, None), (5000, 50), (7499, 50), (7500, 75), (8999, 75), (9000, 90), (9999, 90)]
)
def test_half_three_quarters_and_nine_tenths_are_told_of_each_once(
    transport: Department, official: Staff, count: int, step: int | None
) -> None:
    petition = on_its_way(transport, count)
    for _ in range(3):
        early.warn_early()
    assert keys(official) == ([f"warning:{petition.id}:response:{step}"] if step else [])


def test_each_step_is_told_of_as_it_is_passed(transport: Department, official: Staff) -> None:
    petition = on_its_way(transport, 5000)
    for count in (5000, 6000, 8000, 9500):
        build.change(petition, signature_count=count, imported_signatures=count - 1)
        early.warn_early()
    assert keys(official) == [f"warning:{petition.id}:response:{step}" for step in (50, 75, 90)]


def test_after_the_answer_the_next_threshold_is_the_debate(transport: Department, official: Staff) -> None:
    petition = on_its_way(transport, 60_000)
    build.cross(petition)
    early.warn_early()
    assert keys(official) == [f"warning:{petition.id}:debate:50"]


def test_those_of_every_department_hear_of_it_and_moderators_where_there_is_none(
    transport: Department, official: Staff
) -> None:
    trade = build.department("Department of Trade")
    approver, moderator = build.staff("approver", department=trade), build.staff("moderator")
    both = build.open_petition(departments=[transport, trade], count=5000)
    nobodys = on_its_way(None, 5000)
    early.warn_early()
    assert keys(official) == keys(approver) == [f"warning:{both.id}:response:50"]
    assert keys(moderator) == [f"warning:{nobodys.id}:response:50"]


def test_a_crossing_that_is_forecast_within_a_week_is_told_of_once(
    transport: Department, official: Staff
) -> None:
    quick = on_its_way(transport, 3000, opened_at=NOW - 20 * DAY)
    slow = on_its_way(transport, 3000, opened_at=NOW - 20 * DAY)
    signed_lately(quick, 1200)
    signed_lately(slow, 720)
    for _ in range(2):
        early.warn_early()
    assert keys(official) == [f"forecast:{quick.id}:response"]
    with clock.fixed(on(2, 8)):
        telling.tell_staff()
        build.work()
    (mail,) = build.captured(to=official.email)
    text = " ".join(build.text_of(mail).split())
    assert "3,000 signatures, 30% of the 10,000 for an answer." in text
    assert "At its present pace it gets there on 8 November" in text


# Reminders


def test_before_the_date_on_it_and_while_it_is_late(transport: Department, official: Staff) -> None:
    duty = build.cross(build.open_petition(departments=[transport]))
    told = []
    for days in range(0, 40):
        with clock.fixed(NOW + days * DAY):
            if reminders.remind():
                told.append((DUE - (NOW + days * DAY).date()).days)
            assert reminders.remind() == 0
    assert told == [7, 3, 1, 0, -1, -8, -15]
    assert keys(official)[-1] == f"late:{duty.id}:2026-11-23:15"


def test_a_day_that_was_missed_is_made_up_for_once(transport: Department, official: Staff) -> None:
    duty = build.cross(build.open_petition(departments=[transport]))
    for day in (18, 19):
        with clock.fixed(on(day)):
            reminders.remind()
    assert keys(official) == [f"due:{duty.id}:2026-11-23:7"]


def test_a_pause_stops_reminders_and_a_new_date_has_its_own(transport: Department, official: Staff) -> None:
    duty = build.cross(build.open_petition(departments=[transport]))
    overseer = build.staff("overseer")
    with clock.fixed(on(16)):
        reminders.remind()
        pause = duty_actions.pause(
            duty.id, starts_on=on(17).date(), ends_on=None, reason="Flood", by=overseer
        )
    for day in (18, 22, 24, 28):
        with clock.fixed(on(day)):
            assert reminders.remind() == 0
    with clock.fixed(on(28)):
        duty_actions.end_pause(pause.id, ends_on=on(28).date(), by=overseer)
        reminders.remind()
    assert keys(official) == [f"due:{duty.id}:2026-11-23:7", f"due:{duty.id}:2026-12-04:7"]


# Mails


def digests(staff: Staff) -> list[str]:
    """The texts of the mails somebody got."""
    db.session.rollback()
    return [
        " ".join(build.text_of(mail).split()) for mail in build.captured(to=staff.email, kind="staff_digest")
    ]


def tell(moment: datetime) -> int:
    """A worker comes by."""
    with clock.fixed(moment):
        queued = telling.tell_staff()
        build.work()
    return queued


def test_one_mail_in_the_morning_has_everything_and_no_second_one_comes_that_day(
    transport: Department, official: Staff
) -> None:
    for count in (5000, 7600):
        on_its_way(transport, count)
    early.warn_early()
    assert [tell(on(2, hour)) for hour in (5, 6, 7, 8)] == [0, 0, 1, 0], "seven in the morning in London"
    (text,) = digests(official)
    assert "5,000 signatures, 50% of the 10,000" in text
    assert "7,600 signatures, 76% of the 10,000" in text
    on_its_way(transport, 9100)
    with clock.fixed(on(2, 9)):
        early.warn_early()
    assert [tell(moment) for moment in (on(2, 10), on(2, 23), on(3, 6), on(3, 7), on(3, 12))] == [
        0,
        0,
        0,
        1,
        0,
    ]
    assert "9,100 signatures" in digests(official)[1]
    assert "5,000 signatures" not in digests(official)[1]


def test_one_for_each_comes_in_office_hours_of_a_working_day(transport: Department, official: Staff) -> None:
    actions.choose_mails(choice=MailChoice.EACH, by=official)
    build.add(ClosedDay(day=on(9).date(), name="The office moves"))
    for count in (5000, 7600):
        on_its_way(transport, count)
    early.warn_early()
    # Saturday, Sunday, the closed Monday, then Tuesday from eight in London.
    asleep = [on(7, 12), on(8, 12), on(9, 12), on(10, 7), on(10, 18)]
    assert [tell(moment) for moment in asleep] == [0, 0, 0, 0, 0]
    assert (tell(on(10, 8)), tell(on(10, 9))) == (2, 0)
    assert len(digests(official)) == 2


def test_what_waits_for_somebody_is_told_as_each_chose(transport: Department, official: Staff) -> None:
    """Approvals, answers that were not published and promises: a line of the day's mail, or a mail of its own."""
    daily = build.staff("approver", department=transport)
    each = build.staff("approver", department=transport)
    none = build.staff("approver", department=transport)
    for staff, choice in ((each, MailChoice.EACH), (none, MailChoice.NONE)):
        actions.choose_mails(choice=choice, by=staff)
    duty = build.cross(build.open_petition(departments=[transport], action="Open the bridge"))
    build.work()
    drafted(duty, official)
    approvals.ask(duty.id, draft_version=1, by=official)
    assert tell(on(2, 6)) == 0, "nobody hears of it by night"
    assert tell(on(2, 8)) == 3
    for staff in (daily, none):
        (text,) = digests(staff)
        assert f"An answer waits for your approval: {words().summary}" in text
    assert digests(each) == []
    (mail,) = build.captured(to=each.email, kind="approval_asked")
    assert build.extract_link(mail, "/response/preview") == f"/staff/duties/{duty.id}/response/preview"
    assert [tell(on(2, hour)) for hour in (9, 17)] == [0, 0]


def test_whoever_the_duty_was_taken_from_is_not_asked_to_approve(
    transport: Department, official: Staff
) -> None:
    approver, trade = build.staff("approver", department=transport), build.department("Department of Trade")
    duty = build.cross(build.open_petition(departments=[transport]))
    drafted(duty, official)
    approvals.ask(duty.id, draft_version=1, by=official)
    duty_actions.transfer(duty.id, department_id=trade.id, reason="Theirs.", by=build.staff("administrator"))
    tell(on(2, 8))
    assert digests(approver) == []


def test_whoever_wants_none_still_hears_of_what_is_owed_and_late(
    transport: Department, official: Staff
) -> None:
    actions.choose_mails(choice=MailChoice.NONE, by=official)
    on_its_way(transport, 5000)
    build.cross(build.open_petition(departments=[transport], action="Open the bridge"))
    early.warn_early()
    with clock.fixed(on(20)):
        reminders.remind()
    assert tell(on(20, 8)) == 1
    (text,) = digests(official)
    assert "Open the bridge" in text
    assert "The Department of Transport owes an answer by 23 November; 3 days left." in text
    assert "5,000 signatures" not in text


def test_choosing_none_leaves_out_what_was_waiting_and_choosing_again_tells_it(
    transport: Department, official: Staff
) -> None:
    on_its_way(transport, 5000)
    early.warn_early()
    actions.choose_mails(choice=MailChoice.NONE, by=official)
    assert (keys(official), tell(on(2, 9))) == ([], 0)
    actions.choose_mails(choice=MailChoice.DAILY, by=official)
    early.warn_early()
    assert tell(on(2, 10)) == 1


def test_what_is_no_longer_true_is_left_out(transport: Department, official: Staff) -> None:
    duty = build.cross(build.open_petition(departments=[transport]))
    with clock.fixed(on(20)):
        reminders.remind()
    with clock.fixed(on(20, 6)):
        build.answer(duty)
    assert tell(on(20, 8)) == 1
    assert digests(official) == []


def test_it_is_told_once_whatever_crashes(
    transport: Department, official: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_its_way(transport, 5000)
    early.warn_early()
    with monkeypatch.context() as broken:
        broken.setattr(telling.outbox, "queue", _queue_and_fail(telling.outbox.queue))
        with clock.fixed(on(2, 8)), pytest.raises(RuntimeError):
            telling.tell_staff()
    assert digests(official) == []
    assert (tell(on(2, 9)), tell(on(2, 10))) == (1, 0)
    assert len(digests(official)) == 1


def _queue_and_fail(queue):  # type: ignore[no-untyped-def]
    def fail(*args: object, **words: object) -> None:
        queue(*args, **words)
        raise RuntimeError("power cut")

    return fail


@pytest.mark.settings(timezone="Pacific/Apia")
def test_the_morning_is_the_sites_own(transport: Department, official: Staff) -> None:
    on_its_way(transport, 5000)
    early.warn_early()
    # Apia is 13 hours ahead: its seven o'clock of the 3rd is 18:00 UTC on the 2nd; in the night before is no mail.
    assert [tell(on(2, hour)) for hour in (12, 17, 18, 19)] == [0, 0, 1, 0]


def test_who_left_is_told_nothing(transport: Department, official: Staff) -> None:
    on_its_way(transport, 5000)
    early.warn_early()
    build.change(official, is_active=False)
    assert tell(on(2, 9)) == 0
    assert keys(official) == []


def test_the_page_shows_and_takes_the_choice(app: Flask, official: Staff) -> None:
    visitor = StaffVisitor(app, official)
    page = visitor.get("/staff/account/mails").text
    assert 'value="daily" checked' in page
    assert visitor.post("/staff/account/mails", choice="sometimes").status_code == 422
    assert visitor.post("/staff/account/mails").status_code == 422
    reply = visitor.post("/staff/account/mails", choice="each")
    assert reply.status_code == 303
    assert 'value="each" checked' in visitor.get(reply.location).text
    assert "/staff/account/mails" in visitor.get("/staff/duties").text
