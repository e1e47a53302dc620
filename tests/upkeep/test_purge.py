"""Nothing is kept longer than the table says, and what is removed takes no count, place or series with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from petitions import audit, clock, forgetting
from petitions.database import Base, transactional
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.mail import outbox
from petitions.models import (
    AuditEntry,
    Campaign,
    CampaignState,
    CountryCount,
    Debate,
    HourCount,
    Mail,
    MailCap,
    OriginCount,
    Petition,
    PlaceCount,
    Signature,
    StaffSession,
)
from petitions.models.mail import FAILED, QUEUED, SENT
from petitions.retention import expiry, rules
from petitions.signing.confirming import UNDO, Standing, standing_of
from petitions.upkeep import purging
from petitions.worker import schedule
from tests import build, invariants

DAY = timedelta(days=1)


def purge_after(wait: timedelta) -> dict[str, int]:
    """Run the purge as if `wait` later. Returns what it removed, by rule."""
    with clock.fixed(clock.now() + wait):
        removed, done = purging.purge()
        assert done
        assert list(rules.overdue()) == []
    db.session.rollback()
    db.session.expire_all()
    return {key: number for key, number in removed.items() if number}


def there(row_id: int) -> Signature | None:
    """A signature as it stands now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Signature, row_id)


@transactional
def add(*rows: Any) -> None:
    """Put rows in."""
    db.session.add_all(rows)


@pytest.mark.parametrize(("days", "kept"), [(6, True), (8, False)])
def test_what_nobody_confirmed_is_deleted_after_seven_days(app: Flask, days: int, kept: bool) -> None:
    signature = build.signature(build.open_petition(), state="pending")
    signature_id = signature.id
    removed = purge_after(days * DAY)
    assert (there(signature_id) is not None) is kept
    assert removed == ({} if kept else {"unconfirmed": 1})


def test_the_seven_days_start_when_the_mail_server_took_the_mail(app: Flask) -> None:
    petition, sent = build.open_petition(), clock.now() + 5 * DAY
    late = build.signature(petition, state="pending", link_sent_at=sent).id
    never = build.signature(petition, state="pending", link_sent_at=None).id
    purge_after(8 * DAY)
    assert there(late)
    assert there(never) is None


def test_nobody_is_deleted_while_the_mail_still_waits(app: Flask) -> None:
    signature = build.signature(build.open_petition(), state="pending", link_sent_at=None)
    signature_id = signature.id
    _queue(signature)
    purge_after(30 * DAY)
    assert there(signature_id)
    _finish_mails()
    purge_after(30 * DAY)
    assert there(signature_id) is None
    assert db.session.execute(select(Mail)).all() == []


@transactional
def _queue(signature: Signature, kind: str = "confirm_signature", **columns: Any) -> None:
    outbox.queue(kind, key=f"{kind}:{signature.id}:1", signature=signature, **columns)


@transactional
def _finish_mails() -> None:
    for mail in db.session.execute(select(Mail).where(Mail.state == QUEUED)).scalars():
        mail.state, mail.finished_at = SENT, clock.now()


def test_a_wish_that_a_later_one_replaced_is_deleted_too(app: Flask) -> None:
    petition = build.open_petition()
    replaced = build.signature(petition, state="withdrawn", validated_at=None).id
    withdrawn = build.signature(petition, state="withdrawn", validated_at=clock.now()).id
    purge_after(8 * DAY)
    assert there(replaced) is None
    assert there(withdrawn)


def test_a_petitioner_who_has_not_confirmed_waits_for_the_petition_to_lapse(app: Flask) -> None:
    creator_id = build.creator_of(build.pending_petition()).id
    purge_after(8 * DAY)
    assert there(creator_id)
    schedule.prepare()
    with clock.fixed(clock.now() + 32 * DAY):
        build.work()
    purge_after(32 * DAY)
    assert there(creator_id) is None
    petition = db.session.execute(select(Petition)).scalar_one()
    assert (petition.state, petition.creator_name) == (State.LAPSED, None)


def test_a_mail_with_a_link_stays_as_long_as_somebody_may_press_it(app: Flask) -> None:
    """Nothing lapsed, because no worker ran for three months; somebody still ran the purge."""
    creator = build.creator_of(build.pending_petition())
    assert creator.link_sent_at
    _queue(creator, "confirm_creator")
    _finish_mails()
    assert purge_after(expiry.MAIL_DAYS * DAY + DAY) == {}
    invariants.check(at_rest=False)


def test_what_was_refused_keeps_only_the_mailbox_apart(app: Flask) -> None:
    signature = build.signature(
        build.open_petition(), state="refused", ip="192.0.2.7", domain_hash=bytes(32), network_hash=bytes(32)
    )
    purge_after(UNDO - timedelta(minutes=1))
    assert there(signature.id).email  # type: ignore[union-attr]
    assert purge_after(UNDO + timedelta(minutes=1)) == {"refused": 1}
    left = there(signature.id)
    assert left is not None
    assert [getattr(left, name) for name in expiry.PERSONAL] == [None] * len(expiry.PERSONAL)
    assert left.mailbox_hash
    with clock.fixed(clock.now() + 2 * DAY):
        assert standing_of(left) is Standing.FINAL


def test_the_undo_of_the_table_is_the_undo_of_the_link() -> None:
    assert expiry.REFUSAL_UNDO == UNDO


def personal(petition: Petition) -> list[Any]:
    """Everything personal that is left of a petition's signatures."""
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.execute(select(Signature).where(Signature.petition_id == petition.id)).scalars().all()
    left = [getattr(row, column) for row in rows for column in forgetting.FORGOTTEN]
    mails = db.session.execute(select(Mail.recipient_sealed)).scalars().all()
    return [each for each in [*left, *mails, db.session.get_one(Petition, petition.id).creator_name] if each]


def figures() -> list[tuple[Any, ...]]:
    """Every count of every kind, and where and when signatures came from."""
    db.session.rollback()
    queries = [
        select(Petition.id, Petition.signature_count, Petition.last_signed_at, Petition.updated_at),
        select(PlaceCount.petition_id, PlaceCount.place_id, PlaceCount.signature_count),
        select(CountryCount.petition_id, CountryCount.country, CountryCount.signature_count),
        select(HourCount.petition_id, HourCount.hour, HourCount.signature_count),
        select(Signature.id, Signature.state, Signature.place_id, Signature.country, Signature.counted_at),
    ]
    return [tuple(row) for query in queries for row in sorted(db.session.execute(query).all())]


def closed_petition() -> Petition:
    """A closed petition with signatures of every kind from two places and two countries."""
    petition, place = build.closed_petition(), build.place()
    for columns in ({"place": place}, {"place": place}, {"country": "FR", "postcode": None}):
        build.signature(petition, ip="192.0.2.7", network_hash=bytes(32), wants_updates=True, **columns)
    for state in ("held", "refused", "invalidated", "withdrawn"):
        build.signature(petition, state=state, validated_at=petition.closed_at)
    _queue(build.creator_of(petition), "already_signed", recipient="other.spelling@example.org")
    _finish_mails()
    return petition


def test_six_months_after_its_end_nothing_personal_is_left_and_every_figure_is(app: Flask) -> None:
    petition = closed_petition()
    before = figures()
    purge_after(175 * DAY)
    assert db.session.get_one(Petition, petition.id).anonymised_at is None
    assert personal(petition)
    assert purge_after(185 * DAY)["anonymised"] == 8
    assert personal(petition) == []
    assert figures() == before
    assert db.session.get_one(Petition, petition.id).anonymised_at
    assert list(audit.verify()) == []
    invariants.check()
    assert purge_after(186 * DAY) == {}


@pytest.mark.parametrize("state", ["rejected", "hidden", "withdrawn", "lapsed"])
def test_other_ends_are_ends_too(app: Flask, state: str) -> None:
    petition = build.petition(state)
    purge_after(175 * DAY)
    assert personal(petition)
    purge_after(185 * DAY)
    assert personal(petition) == []


def test_an_open_petition_keeps_its_signers_however_old_it_is(app: Flask) -> None:
    petition = build.open_petition(closes_at=clock.now() + 3000 * DAY)
    purge_after(365 * DAY)
    assert db.session.get_one(Petition, petition.id).creator_name
    assert len(personal(petition)) > 2


def test_one_month_after_the_answer_comes_first(app: Flask) -> None:
    petition = closed_petition()
    duty = build.cross(petition)
    _finish_mails()
    purge_after(40 * DAY)
    assert personal(petition), "the answer is still owed"
    build.change(duty, answered_at=clock.now() + 20 * DAY)
    purge_after(40 * DAY)
    assert personal(petition)
    purge_after(55 * DAY)
    assert personal(petition) == []


def test_a_debate_that_is_still_to_come_keeps_the_procedure_open(app: Flask) -> None:
    petition = closed_petition()
    build.change(build.cross(petition), answered_at=clock.now())
    _finish_mails()
    debate = Debate(petition_id=petition.id, scheduled_on=clock.now().date())
    add(debate)
    purge_after(60 * DAY)
    assert personal(petition)
    build.change(debate, debated=True, outcome_at=clock.now())
    purge_after(60 * DAY)
    assert personal(petition) == []


def test_nobody_is_forgotten_who_still_waits_for_news(app: Flask) -> None:
    petition = closed_petition()
    _mailing(petition)
    purge_after(200 * DAY)
    assert personal(petition)
    build.work()
    _finish_mails()
    purge_after(200 * DAY)
    assert personal(petition) == []


@transactional
def _mailing(petition: Petition) -> None:
    outbox.queue_mailing("petition_closed", key="news", petition=petition, audience="updates")


def test_a_petition_put_back_and_ended_again_is_made_anonymous_again(app: Flask) -> None:
    petition = build.petition("rejected")
    purge_after(185 * DAY)
    later = clock.now() + 200 * DAY
    build.change(petition, rejected_at=later)
    build.signature(petition, name="Later Signer")
    purge_after(370 * DAY)
    assert personal(petition)
    purge_after(400 * DAY)
    assert personal(petition) == []


def test_a_stopped_run_goes_on_where_it_stopped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = build.petition("rejected")
    build.signatures(petition, 4)
    monkeypatch.setattr(purging, "BATCH", 2)
    with clock.fixed(clock.now() + 185 * DAY):
        removed, done = purging.purge(most=1)
        assert (removed["anonymised"], done) == (2, False)
        assert purging.to_anonymise() == 3
        assert purging.purge()[0]["anonymised"] == 3
    assert personal(petition) == []
    lines = db.session.execute(select(AuditEntry).where(AuditEntry.action == "anonymised")).scalars().all()
    assert [line.details["rows"] for line in lines] == [5]


def test_the_address_of_origin_goes_after_thirty_days_and_its_network_a_month_after_the_end(
    app: Flask,
) -> None:
    petition = build.open_petition(closes_at=clock.now() + 60 * DAY)
    signature_id = build.signature(petition, ip="192.0.2.7", network_hash=bytes(32)).id
    purge_after(29 * DAY)
    assert there(signature_id).ip  # type: ignore[union-attr]
    assert purge_after(31 * DAY) == {"origins": 1}
    left = there(signature_id)
    assert left is not None
    assert (left.ip, left.network_hash, left.name) == (None, bytes(32), "Sam Signer")
    build.change(petition, state=State.CLOSED, closed_at=clock.now() + 60 * DAY)
    assert purge_after(89 * DAY) == {"names": 1}
    assert purge_after(91 * DAY) == {"networks": 1}


def test_counts_of_origins_caps_and_sessions_go(app: Flask) -> None:
    now, staff = clock.now(), build.staff()
    hour = now.replace(minute=0, second=0, microsecond=0)
    add(
        OriginCount(hour=hour, origin_hash=bytes(32), number=3),
        OriginCount(hour=hour, origin_hash=b"x" * 32, number=1),
        MailCap(day=now.date(), address_hash=bytes(32), moments=[now.isoformat()]),
        StaffSession(staff_id=staff.id, token_hash=b"1" * 32, ended_at=now),
        StaffSession(staff_id=staff.id, token_hash=b"2" * 32),
    )
    assert purge_after(1 * DAY) == {}
    assert purge_after(3 * DAY) == {"origin_counts": 2}
    assert purge_after(31 * DAY) == {}
    assert purge_after(33 * DAY) == {"mail_caps": 1}
    assert purge_after(89 * DAY) == {}
    assert purge_after(91 * DAY) == {"sessions": 2}


def test_finished_mails_go_but_those_to_staff_that_belong_to_a_petitions_record(app: Flask) -> None:
    petition = build.open_petition(closes_at=clock.now() + 1000 * DAY)
    creator, staff = build.creator_of(petition), build.staff()
    _queue_each(creator, staff)
    _finish_mails()
    assert purge_after(89 * DAY) == {}
    assert purge_after(91 * DAY) == {"mails": 3}
    assert db.session.execute(select(Mail.kind)).scalars().all() == ["duty_created"]


@transactional
def _queue_each(creator: Signature, staff: Any) -> None:
    outbox.queue("confirm_creator", key="1", signature=creator)
    outbox.queue("supporter_joined", key="2", signature=creator)
    outbox.queue("my_signatures", key="3", recipient="ada@example.org")
    outbox.queue("duty_created", key="4", staff=staff, petition=creator.petition)


def test_what_staff_searched_for_goes_after_six_months(app: Flask) -> None:
    petition, staff = build.open_petition(closes_at=clock.now() + 1000 * DAY), build.staff()
    made = [
        Campaign(
            petition_id=petition.id,
            action="hold",
            state=state,
            reason="Automated signing",
            staff_id=staff.id,
            conditions="{}",
        )
        for state in (CampaignState.DONE, CampaignState.RUNNING)
    ]
    add(*made)
    assert purge_after(150 * DAY) == {}
    assert purge_after(190 * DAY) == {"campaigns": 1}
    assert [campaign.conditions for campaign in made] == [None, "{}"]


def personal_anywhere() -> Iterator[str]:
    """Every sealed value and keyed hash of people in the database."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if column.name.endswith("_sealed") or column.name in {"mailbox_hash", "origin_hash"}:
                found = db.session.execute(select(column).where(column.is_not(None))).first()
                if found:
                    yield str(column)


def test_a_year_after_everything_ended_nothing_personal_is_left_anywhere(app: Flask) -> None:
    closed_petition()
    for state in ("pending", "gathering", "review", "open", "rejected", "hidden", "withdrawn", "lapsed"):
        petition = build.petition(state)
        build.signature(petition, state="pending", ip="192.0.2.7")
        _queue(build.creator_of(petition), "already_signed", recipient="ada@example.org")
    build.work()
    assert list(personal_anywhere())
    schedule.prepare()
    for days in (200, 400, 800):
        for petition in db.session.execute(select(Petition).where(Petition.state == State.REVIEW)).scalars():
            build.change(petition, state=State.REJECTED, rejected_at=clock.now())
        with clock.fixed(clock.now() + days * DAY):
            build.work()
            assert list(rules.overdue()) == []
    assert list(personal_anywhere()) == []
    assert list(audit.verify()) == []


def test_a_forgotten_rule_is_caught(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    build.signature(build.open_petition(), state="pending")
    monkeypatch.setattr(purging, "RULES", [rule for rule in rules.RULES if rule.key != "unconfirmed"])
    with clock.fixed(clock.now() + 8 * DAY):
        purging.purge()
        assert list(rules.overdue(slack=2 * DAY)) == []
        assert list(rules.overdue()) == ["1 rows of signatures are kept too long (unconfirmed)"]


def test_what_waited_for_its_mail_is_too_old_only_once_the_mail_was_given_up(app: Flask) -> None:
    """A mail server may be away for days: a daily purge cannot have removed before what a mail was still to go to."""
    signature = build.signature(build.open_petition(), state="pending")
    _queue(signature, "confirm_signature")
    given_up = clock.now() + 12 * DAY
    with clock.fixed(given_up):
        db.session.execute(update(Mail).values(state=FAILED, finished_at=given_up))
        db.session.commit()
        assert list(rules.overdue(slack=2 * DAY)) == []
    with clock.fixed(given_up + 3 * DAY):
        assert list(rules.overdue(slack=2 * DAY)) == ["1 rows of signatures are kept too long (unconfirmed)"]
    assert purge_after(12 * DAY)["unconfirmed"] == 1


def test_the_worker_purges_daily_a_part_at_a_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = build.petition("rejected")
    build.signatures(petition, 8)
    monkeypatch.setattr(purging, "BATCH", 1)
    schedule.prepare()
    with clock.fixed(clock.now() + 185 * DAY):
        build.work()
        assert list(rules.overdue()) == []
    assert personal(petition) == []


def test_the_command_says_what_it_removed(app: Flask) -> None:
    build.signature(build.open_petition(), state="pending")
    with clock.fixed(clock.now() + 8 * DAY):
        output = app.test_cli_runner().invoke(args=["purge"]).output
    assert "        1  A signature that nobody confirmed" in output
    assert len(output.splitlines()) == sum(rule.expired is not None for rule in rules.RULES)


def test_one_petition_alone_is_made_anonymous_by_the_same_rule(app: Flask) -> None:
    one, other = closed_petition(), build.petition("rejected")
    runner = app.test_cli_runner()
    assert "0 signatures made anonymous" in runner.invoke(args=["anonymise", str(one.id)]).output
    history = app.test_client().get(f"/petitions/{one.id}/history.json").get_json()
    assert history["data"]["attributes"]["steps"]
    with clock.fixed(clock.now() + 185 * DAY):
        assert "8 signatures made anonymous" in runner.invoke(args=["anonymise", str(one.id)]).output
        assert personal(other)
        assert "1 signatures made anonymous" in runner.invoke(args=["anonymise"]).output
    assert personal(one) == personal(other) == []
    assert app.test_client().get(f"/petitions/{one.id}/history.json").get_json() == history
