"""The mail server is away, silent, slow, rude or not to be trusted: mail waits, nothing is lost, nothing leaves in clear."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from petitions import clock
from petitions.extensions import db
from petitions.mail import claiming, conversation, delivery, outbox, server, transport
from petitions.models import MailServer, Signature
from petitions.models.mail import FAILED, QUEUED, SENT
from tests import build
from tests.mail import certificates
from tests.mail.outboxes import (
    forget_mails,
    mails,
    only,
    queue,
    queue_many,
    run_until_quiet,
    send_to,
    waiting_signature,
)
from tests.mail.rude_server import RudeServer
from tests.smtp import SmtpServer

#: About the conversation with the mail server alone.
ON_ONE = pytest.mark.database("sqlite")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def pending(app: Flask) -> Signature:
    """A signature that waits for its confirm mail."""
    return waiting_signature()


@pytest.fixture
def rude(app: Flask, pending: Signature) -> Iterator[RudeServer]:
    """A server that misbehaves; the application sends there."""
    found = RudeServer("well")
    send_to(app, found.mail_url)
    yield found
    found.stop()


def reason() -> str | None:
    """Why the mail server is left alone now."""
    db.session.rollback()
    return db.session.execute(db.select(MailServer.reason)).scalar_one_or_none()


def test_a_server_that_is_away_costs_no_mail_a_try(app: Flask, pending: Signature) -> None:
    send_to(app, "smtp://127.0.0.1:9")
    for number in range(3):
        queue(pending, number)
    assert delivery.deliver() == 3
    assert [(m.state, m.attempts, m.locked_until) for m in mails()] == [(QUEUED, 0, None)] * 3
    assert reason() == "unreachable: ConnectionRefusedError"


def test_nobody_knocks_while_it_is_left_alone_and_the_pause_stays_under_two_minutes(
    app: Flask, rude: RudeServer, pending: Signature
) -> None:
    rude.behaviour = "hangs_up"
    start = now = clock.now()
    queue_many([pending], "confirm_signature", outbox.CONFIRMATION, 0, 100)
    while now < start + timedelta(hours=1):
        with clock.fixed(now):
            delivery.deliver()
        now += timedelta(seconds=15)
    assert 45 <= rude.connections <= 70
    rude.behaviour = "well"
    with clock.fixed(now + 2 * MINUTE):
        assert delivery.deliver() > 0
        assert reason() is None


def test_several_workers_that_find_it_away_make_one_pause(app: Flask) -> None:
    server.away("unreachable: TimeoutError")
    first = db.session.execute(db.select(MailServer.next_try_at, MailServer.failures)).one()
    server.away("unreachable: TimeoutError")
    assert db.session.execute(db.select(MailServer.next_try_at, MailServer.failures)).one() == first


def test_a_silent_server_is_left(
    rude: RudeServer, pending: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "TIMEOUT_SECONDS", 0.3)
    rude.behaviour = "silent"
    queue(pending)
    begun = time.monotonic()
    delivery.deliver()
    assert time.monotonic() - begun < 5
    assert (only().state, only().attempts, only().locked_until) == (QUEUED, 0, None)
    assert (reason() or "").startswith("unreachable")


def test_a_server_that_drips_is_cut_off_before_the_lease_is_over(
    rude: RudeServer, pending: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(seconds=transport.LONGEST_CONVERSATION) < claiming.LEASE
    monkeypatch.setattr(transport, "LONGEST_CONVERSATION", 0.5)
    rude.behaviour = "dripping"
    queue(pending)
    begun = time.monotonic()
    delivery.deliver()
    assert time.monotonic() - begun < 5
    assert (only().state, only().attempts) == (QUEUED, 0)


def test_a_server_that_hangs_up_half_way_gets_the_mail_again(rude: RudeServer, pending: Signature) -> None:
    rude.behaviour = "hangs_up"
    queue(pending)
    delivery.deliver()
    assert (only().state, only().attempts) == (QUEUED, 1)
    assert reason() == "hung_up"
    rude.behaviour = "well"
    with clock.fixed(clock.now() + MINUTE):
        run_until_quiet()
    assert only().state == SENT
    assert len(rude.raw) == 1


def test_a_server_that_took_it_and_did_not_say_so_gets_the_same_message_again(
    rude: RudeServer, pending: Signature
) -> None:
    rude.behaviour = "swallows"
    queue(pending)
    delivery.deliver()
    assert only().state == QUEUED, "nobody said that it was taken"
    rude.behaviour = "well"
    with clock.fixed(clock.now() + MINUTE):
        run_until_quiet()
    assert only().state == SENT
    first, second = ([line for line in raw.splitlines() if not line.startswith(b"Date:")] for raw in rude.raw)
    assert [line for line in first if b"=====" not in line] == [
        line for line in second if b"=====" not in line
    ]
    assert f"Message-ID: {only().message_id}".encode() in first


def test_a_server_that_closes_puts_off_one_mail_and_not_the_queue(
    rude: RudeServer, pending: Signature
) -> None:
    rude.behaviour = "closing"
    for number in range(3):
        queue(pending, number)
    delivery.deliver()
    assert [m.attempts for m in mails()] == [1, 0, 0]
    assert rude.connections == 1


def test_a_server_that_does_not_know_us_loses_no_mail(rude: RudeServer, pending: Signature) -> None:
    rude.behaviour = "sender_refused"
    for number in range(3):
        queue(pending, number)
    delivery.deliver()
    assert {m.state for m in mails()} == {QUEUED}
    assert reason() == "sender_refused: 550"
    rude.behaviour = "well"
    with clock.fixed(clock.now() + MINUTE):
        run_until_quiet()
    assert {m.state for m in mails()} == {SENT}


def test_a_server_that_puts_everything_off_is_asked_little(smtp: SmtpServer, pending: Signature) -> None:
    for number in range(20):
        queue(pending, number)
    smtp.script = [452] * 100
    run_until_quiet()
    assert len(smtp.script) == 100 - delivery.MOST_PUT_OFF
    assert reason() == "busy"


def test_greylisting_costs_time_and_no_mail(smtp: SmtpServer, pending: Signature) -> None:
    petition = pending.petition
    for number in range(8):
        queue(build.signature(petition, state="pending", email=f"p{number}@example.org"), number)
    smtp.recipient_script = [451] * 8
    now = clock.now()
    for _ in range(40):
        now += timedelta(seconds=10)
        with clock.fixed(now):
            run_until_quiet()
    assert sorted(str(m["To"]) for m in smtp.messages) == [f"p{number}@example.org" for number in range(8)]


def test_a_mailbox_that_does_not_exist_gets_no_more_news(smtp: SmtpServer, pending: Signature) -> None:
    build.change(pending, state="validated", validated_at=clock.now(), wants_updates=True)
    smtp.recipient_script = [550]
    queue(pending, 1, "already_signed")
    run_until_quiet()
    assert only().state == FAILED
    db.session.refresh(pending)
    assert pending.undeliverable_at is not None
    queue(pending, 2, "already_signed")
    run_until_quiet()
    assert smtp.messages == []


def test_a_message_refused_for_its_words_says_nothing_about_the_mailbox(
    smtp: SmtpServer, pending: Signature
) -> None:
    smtp.script = [554]
    queue(pending)
    run_until_quiet()
    assert (only().state, only().last_error) == (FAILED, "refused: 554")
    db.session.refresh(pending)
    assert pending.undeliverable_at is None


def test_six_hours_away_and_everything_leaves_once_confirmations_first(
    app: Flask, smtp: SmtpServer, pending: Signature
) -> None:
    at_work, bulk, links = smtp.mail_url, 80, 80
    send_to(app, "smtp://127.0.0.1:9")
    people = [build.signature(pending.petition, state="pending", counted=False) for _ in range(10)]
    told = [build.signature(pending.petition, wants_updates=True, counted=False) for _ in range(10)]
    forget_mails()
    queue_many(told, "already_signed", outbox.BULK, 0, bulk)
    start = clock.now()
    for hour in range(6):
        with clock.fixed(start + timedelta(hours=hour)):
            queue_many(
                people,
                "confirm_signature",
                outbox.CONFIRMATION,
                bulk + hour * 100,
                links // 4 if hour < 4 else 0,
            )
            run_until_quiet()
    assert {(m.state, m.attempts) for m in mails()} == {(QUEUED, 0)}
    send_to(app, at_work)
    with clock.fixed(start + timedelta(hours=6)):
        run_until_quiet()
    assert {m.state for m in mails()} == {SENT}
    ids = [str(message["Message-ID"]) for message in smtp.messages]
    assert len(ids) == len(set(ids)) == bulk + links
    by_id = {m.message_id: m.id for m in mails()}
    order = [by_id[each] for each in ids]
    confirmations = order[:links]
    assert confirmations == sorted(confirmations), "oldest first"
    assert min(confirmations) > max(order[links:]), "the mailing waited"


def test_a_confirmation_overtakes_ten_thousand_mails_toqueue_many(
    app: Flask, smtp: SmtpServer, pending: Signature
) -> None:
    queue_many([pending], "already_signed", outbox.BULK, 0, 10_000)
    delivery.deliver()
    sent = len(smtp.messages)
    assert sent > 0
    queue(pending, "link")
    delivery.deliver()
    assert smtp.messages[sent]["X-Petitions-Message"] == "confirm_signature"


def test_a_slow_server_does_not_let_a_mailing_keep_a_confirmation_waiting(
    app: Flask, smtp: SmtpServer, pending: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "HOLD_OTHERS", timedelta(seconds=0.02))
    queue_many([pending], "already_signed", outbox.BULK, 0, claiming.BATCH)
    delivery.deliver()
    assert 0 < len(smtp.messages) < claiming.BATCH
    assert all(m.locked_until is None for m in mails())


# Encryption


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine counts as another one."""
    monkeypatch.setattr(transport, "LOOPBACK", set())


@pytest.fixture(params=["starttls", "smtps"])
def encrypted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[SmtpServer, Path]]:
    """A server that speaks TLS, and the file that makes its certificate trusted."""
    public, context = certificates.make(tmp_path)
    found = SmtpServer(context, from_the_start=request.param == "smtps")
    found.start()
    yield found, public
    found.stop()


@ON_ONE
@pytest.mark.usefixtures("far_away")
def test_a_trusted_server_gets_mail_encrypted(
    app: Flask, pending: Signature, encrypted: tuple[SmtpServer, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, public = encrypted
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    send_to(app, found.mail_url)
    queue(pending)
    run_until_quiet()
    assert only().state == SENT
    assert len(found.messages_to("ines@example.org")) == 1


@ON_ONE
@pytest.mark.usefixtures("far_away")
@pytest.mark.parametrize("mail_tls", ["required", "offered"])
def test_a_server_with_an_unknown_certificate_gets_nothing_whatever_the_setting(
    app: Flask,
    pending: Signature,
    encrypted: tuple[SmtpServer, Path],
    mail_tls: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    found, _ = encrypted
    send_to(app, found.mail_url, mail_tls=mail_tls)
    queue(pending)
    run_until_quiet()
    assert (only().state, only().attempts) == (QUEUED, 0)
    assert found.messages == []
    assert "takes no mail, all mail waits: certificate: self-signed certificate" in caplog.text


@ON_ONE
@pytest.mark.usefixtures("far_away")
def test_a_certificate_for_another_name_is_refused(
    app: Flask, pending: Signature, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, context = certificates.make(tmp_path, host="192.0.2.1")
    found = SmtpServer(context)
    found.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    send_to(app, found.mail_url)
    queue(pending)
    run_until_quiet()
    found.stop()
    assert only().state == QUEUED
    assert (reason() or "").startswith("certificate: ")


@ON_ONE
@pytest.mark.usefixtures("far_away")
def test_a_server_without_encryption_gets_nothing_and_the_log_says_why(
    rude: RudeServer, pending: Signature, caplog: pytest.LogCaptureFixture
) -> None:
    queue(pending)
    run_until_quiet()
    assert (only().state, only().attempts) == (QUEUED, 0)
    assert rude.raw == []
    assert not any(command.startswith("MAIL") for command in rude.commands)
    assert "MAIL_TLS is required, and the server offers no STARTTLS" in caplog.text


@pytest.mark.usefixtures("far_away")
def test_mail_leaves_in_clear_where_the_setting_says_so_but_no_password_does(
    app: Flask, rude: RudeServer, pending: Signature
) -> None:
    send_to(app, rude.mail_url.replace("//", "//user:secret-word@"), mail_tls="offered")
    queue(pending)
    run_until_quiet()
    assert only().state == QUEUED
    assert not any("AUTH" in command.upper() for command in rude.commands)
    send_to(app, rude.mail_url, mail_tls="offered")
    with clock.fixed(clock.now() + MINUTE):
        run_until_quiet()
    assert only().state == SENT
