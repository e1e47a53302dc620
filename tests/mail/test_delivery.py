"""Mail goes out once it was committed, is tried again when the server is away, and is never marked sent before it was accepted."""

import smtplib
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import claiming, delivery, mailings, marking, outbox
from petitions.mail.message import KINDS
from petitions.models import Mail, Mailing, Petition, Signature
from petitions.models.mail import CANCELLED, FAILED, QUEUED, SENT
from tests import build
from tests.smtp import SmtpServer


@pytest.fixture
def pending(app: Flask) -> Signature:
    """A signature that waits for its confirm mail."""
    signature = build.signature(
        build.open_petition(), state="pending", email="ines@example.org", link_sent_at=None
    )
    forget_mails()
    return signature


@transactional
def forget_mails() -> None:
    """Empty the outbox of what building the rows put there."""
    db.session.execute(db.delete(Mail))


@transactional
def queue(signature: Signature, number: int = 1, kind: str = "confirm_signature") -> bool:
    """Put the confirm mail into the outbox."""
    return outbox.queue(kind, key=f"test:{signature.id}:{number}", signature=signature)


def mails() -> list[Mail]:
    """What the outbox holds, oldest first."""
    db.session.rollback()
    return list(db.session.execute(db.select(Mail).order_by(Mail.id)).scalars())


def ours() -> Mail:
    """The mail that the test queued."""
    return next(mail for mail in mails() if mail.key.startswith("test:"))


def run_until_quiet() -> None:
    """Deliver until nothing is due."""
    while delivery.deliver():
        pass


def test_a_mail_reaches_its_one_recipient_in_two_forms(smtp: SmtpServer, pending: Signature) -> None:
    queue(pending)
    run_until_quiet()
    (message,) = smtp.messages_to("ines@example.org")
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert message["X-Petitions-Message"] == "confirm_signature"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == ours().message_id
    assert message["List-Unsubscribe"] is None, "a confirmation is no list mail"
    assert ours().state == SENT


def test_one_key_is_one_mail_for_ever(smtp: SmtpServer, pending: Signature) -> None:
    assert queue(pending) is True
    run_until_quiet()
    assert queue(pending) is False
    run_until_quiet()
    assert len(smtp.messages_to("ines@example.org")) == 1


def test_no_commit_no_mail(smtp: SmtpServer, pending: Signature) -> None:
    @transactional
    def fails() -> None:
        queue(pending)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    run_until_quiet()
    assert smtp.messages_to("ines@example.org") == []


def test_the_links_life_starts_when_the_server_accepts(smtp: SmtpServer, pending: Signature) -> None:
    smtp.script = [451]
    queue(pending)
    delivery.deliver()
    db.session.refresh(pending)
    assert pending.link_sent_at is None
    later = clock.now() + timedelta(hours=6)
    with clock.fixed(later):
        delivery.deliver()
    db.session.refresh(pending)
    assert pending.link_sent_at == later


def test_not_now_means_later_with_the_same_message_id(smtp: SmtpServer, pending: Signature) -> None:
    smtp.script = [451]
    queue(pending)
    delivery.deliver()
    mail = ours()
    assert (mail.state, mail.attempts) == (QUEUED, 1)
    assert mail.due_at > clock.now()
    assert delivery.deliver() == 0, "not before it is due again"
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        delivery.deliver()
    assert smtp.messages[-1]["Message-ID"] == mail.message_id


@pytest.mark.parametrize("script", ["script", "recipient_script"])
def test_never_means_failed_and_others_pass(smtp: SmtpServer, pending: Signature, script: str) -> None:
    other = build.signature(pending.petition, state="pending", email="omar@example.org")
    queue(pending)
    queue(other)
    setattr(smtp, script, [550])
    run_until_quiet()
    assert ours().state == FAILED
    assert ours().last_error == "refused: 550"
    assert len(smtp.messages_to("omar@example.org")) == 1


@pytest.mark.database("sqlite")
def test_it_is_tried_for_three_days_and_then_given_up_aloud(
    smtp: SmtpServer, pending: Signature, caplog: pytest.LogCaptureFixture
) -> None:
    queue(pending)
    first = moment = clock.now()
    while ours().state == QUEUED:
        smtp.script = [451]
        moment = max(moment, ours().due_at)
        with clock.fixed(moment):
            delivery.deliver()
    assert moment - first >= timedelta(hours=72)
    assert (ours().state, ours().last_error) == (FAILED, "put off: 451")
    assert f"is failed after {marking.MOST_ATTEMPTS} tries" in caplog.text


def test_a_mail_that_is_no_longer_true_is_not_sent(smtp: SmtpServer, pending: Signature) -> None:
    queue(pending)

    @transactional
    def erase() -> None:
        db.session.get_one(Signature, pending.id).email = None

    erase()
    run_until_quiet()
    assert ours().state == CANCELLED
    assert smtp.messages == []


def test_a_message_that_cannot_be_composed_holds_up_nobody(
    smtp: SmtpServer, pending: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(mail: Mail) -> None:
        raise ZeroDivisionError

    broken = type(KINDS["confirm_signature"])("confirm_signature", breaks, False, False)
    queue(pending)
    monkeypatch.setitem(KINDS, "confirm_signature", broken)
    delivery.deliver()
    assert ours().last_error == "cannot be composed: ZeroDivisionError"
    assert ours().state == QUEUED
    with clock.fixed(clock.now() + timedelta(hours=2)):
        run_until_quiet()


@pytest.mark.parametrize("address", ["ün@example.org", "a\u2028b@example.org"])
def test_an_address_that_cannot_be_written_holds_up_nobody(
    smtp: SmtpServer, pending: Signature, address: str
) -> None:
    other = build.signature(pending.petition, state="pending", email="omar@example.org")
    build.change(pending, email=address)
    queue(pending)
    queue(other)
    run_until_quiet()
    assert len(smtp.messages_to("omar@example.org")) == 1
    assert ours().state == QUEUED
    assert (ours().last_error or "").startswith("cannot be ")


def test_a_domain_in_another_script_is_written_as_the_mail_needs_it(
    smtp: SmtpServer, pending: Signature
) -> None:
    build.change(pending, email="jo@straße.example")
    queue(pending)
    run_until_quiet()
    assert len(smtp.messages_to("jo@xn--strae-oqa.example")) == 1


def test_a_server_that_hangs_up_after_accepting_changes_nothing(
    smtp: SmtpServer, pending: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hangs_up(self: smtplib.SMTP) -> None:
        self.close()
        raise smtplib.SMTPServerDisconnected("gone")

    queue(pending)
    monkeypatch.setattr(smtplib.SMTP, "quit", hangs_up)
    with clock.fixed(clock.now() + timedelta(hours=80)):
        delivery.deliver()
    assert (ours().state, ours().last_error) == (SENT, None)


def test_what_another_worker_has_sent_is_not_sent_again(
    smtp: SmtpServer, pending: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(pending)
    taken = claiming.claim()
    marking.accepted({taken[0].id: None})
    monkeypatch.setattr(delivery, "claim", lambda: taken)
    delivery.deliver()
    assert smtp.messages == []


def test_a_slow_server_is_left_before_another_worker_takes_over(
    smtp: SmtpServer, pending: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = build.signature(pending.petition, state="pending", email="omar@example.org")
    queue(pending)
    queue(other)
    monkeypatch.setattr(delivery, "HOLD_OTHERS", timedelta())
    assert delivery.deliver() == 2
    assert smtp.messages == []
    assert [(mail.attempts, mail.locked_until) for mail in mails()] == [(0, None), (0, None)]


def test_a_worker_that_died_with_a_mail_in_hand_delays_it_and_does_not_lose_it(
    smtp: SmtpServer, pending: Signature
) -> None:
    queue(pending)
    claiming.claim()
    assert delivery.deliver() == 0, "another worker leaves it alone for the length of the lease"
    with clock.fixed(clock.now() + claiming.LEASE + timedelta(seconds=1)):
        assert delivery.deliver() == 1
    assert ours().state == SENT


def test_confirmations_go_before_news_and_mailings(smtp: SmtpServer, pending: Signature) -> None:
    other = build.signature(pending.petition, state="pending", email="omar@example.org")

    @transactional
    def both() -> None:
        outbox.queue("confirm_signature", key="test:bulk", signature=other, priority=outbox.BULK)
        outbox.queue("confirm_signature", key="test:first", signature=pending, priority=outbox.CONFIRMATION)

    both()
    run_until_quiet()
    assert [str(message["To"]) for message in smtp.messages] == ["ines@example.org", "omar@example.org"]


@transactional
def queue_mailing(petition: Petition, key: str = "test") -> None:
    """One message to all who asked."""
    outbox.queue_mailing("petition_closed", key=key, petition=petition, audience="updates")


def test_a_mailing_reaches_everybody_who_asked_once_however_often_it_is_fed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailings, "BATCH", 2)
    petition = build.open_petition()
    wanting = [build.signature(petition, wants_updates=True).id for _ in range(5)]
    build.signature(petition, wants_updates=False)
    build.signature(petition, state="pending", wants_updates=True)
    queue_mailing(petition)
    queue_mailing(petition)
    while mailings.feed():
        pass
    queued = [mail.signature_id for mail in mails() if mail.key.startswith("mailing:")]
    assert sorted(queued, key=int) == wanting  # type: ignore[arg-type]
    assert db.session.execute(db.select(Mailing.finished_at)).scalar_one() is not None


def test_no_address_stands_in_the_outbox_in_clear(pending: Signature) -> None:
    @transactional
    def direct() -> None:
        outbox.queue("confirm_signature", key="test:direct", recipient="canary@example.org")

    direct()
    row = db.session.execute(db.text("SELECT * FROM mails WHERE key = 'test:direct'")).one()
    assert "canary" not in str(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row))
    assert ours().recipient == "canary@example.org"


def test_links_in_mails_begin_with_the_sites_own_address(smtp: SmtpServer, pending: Signature) -> None:
    queue(pending)
    run_until_quiet()
    message: EmailMessage = smtp.messages[-1]
    body = message.get_body(("plain",))
    assert body is not None
    assert "http://localhost/signatures/confirm/" in body.get_content()


def test_who_stopped_the_mails_gets_none_whatever_the_part_in_the_petition(
    smtp: SmtpServer, app: Flask
) -> None:
    petition = build.open_petition()
    creator = build.creator_of(petition)
    forget_mails()

    @transactional
    def stop() -> None:
        db.session.get_one(Signature, creator.id).mails_stopped_at = clock.now()

    queue(creator, 1, "petition_published")
    run_until_quiet()
    assert len(smtp.messages) == 1
    assert "List-Unsubscribe" in smtp.messages[0]
    stop()
    queue(creator, 2, "petition_published")
    run_until_quiet()
    assert len(smtp.messages) == 1
