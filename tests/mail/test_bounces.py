"""Reports of what could not be delivered: read on standard input, believed only where the return path is ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from petitions import clock
from petitions.extensions import db
from petitions.mail import reports, return_path
from petitions.mail.cli import BAD_DATA, TRY_AGAIN
from petitions.models import Mail, Signature
from petitions.models.mail import BOUNCED, FAILED, QUEUED, SENT
from tests import build
from tests.mail.outboxes import mails, only, queue, run_until_quiet, send_to, waiting_signature
from tests.smtp import SmtpServer

BOUNCES = "bounces@mail.example.org"
pytestmark = pytest.mark.settings(bounce_address=BOUNCES)

REPORT = """\
From: MAILER-DAEMON@relay.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

I could not deliver your message to ines@example.org.

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.net

Final-Recipient: rfc822; ines@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--edge
Content-Type: {returned}

From: petitions@example.org
Message-ID: {message_id}
Subject: Confirm your signature

--edge--
"""


@pytest.fixture
def sent(app: Flask, smtp: SmtpServer) -> Mail:
    """A confirm mail that the mail server took."""
    queue(waiting_signature())
    run_until_quiet()
    return only()


def report(**fields: str) -> str:
    """A delivery report as mail servers write them: for good, unless told otherwise."""
    return REPORT.format(
        **{
            "to": BOUNCES,
            "action": "failed",
            "status": "5.1.1",
            "returned": "text/rfc822-headers",
            "message_id": "<nobody@example.org>",
        }
        | fields
    )


def bounce(app: Flask, content: str | bytes, *options: str) -> Result:
    """Run `flask mail bounce` with a report on standard input."""
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["mail", "bounce", *options], input=content)


def signature() -> Signature:
    """Whoever the mail went to."""
    db.session.rollback()
    signature = only().signature
    assert signature is not None
    return signature


def test_each_mail_has_a_return_path_of_its_own_and_the_usual_sender(smtp: SmtpServer, sent: Mail) -> None:
    (envelope,) = smtp.envelopes
    assert envelope.mail_from == return_path.address_of(sent)
    local, _, domain = str(envelope.mail_from).partition("@")
    assert (local.partition(".")[0], domain) == (f"bounces+{sent.id}", "mail.example.org")
    assert len(local) <= 64
    assert "petitions@example.org" in str(smtp.messages[0]["From"])


@pytest.mark.settings(bounce_address="")
def test_without_a_bounce_address_mail_comes_back_to_the_sender(smtp: SmtpServer, sent: Mail) -> None:
    assert smtp.envelopes[0].mail_from == "petitions@example.org"


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To", "--recipient"])
def test_a_report_marks_the_mail_and_the_address(app: Flask, sent: Mail, header: str) -> None:
    address = str(return_path.address_of(sent))
    if header == "--recipient":
        result = bounce(app, report(), "--recipient", address.upper())
    elif header == "To":
        result = bounce(app, report(to=f"<{address}>"))
    else:
        result = bounce(app, f"{header}: {address}\n{report()}")
    assert (result.exit_code, result.output) == (
        0,
        f"Mail {sent.id} came back for good: no more news is sent there.\n",
    )
    assert (only().state, only().last_error) == (BOUNCED, "delivery report: 5.1.1")
    assert signature().undeliverable_at is not None


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_without_a_return_path_of_ours_the_message_id_of_the_returned_mail_tells(
    app: Flask, sent: Mail, returned: str
) -> None:
    result = bounce(app, report(to="petitions@example.org", message_id=sent.message_id, returned=returned))
    assert result.exit_code == 0
    assert only().state == BOUNCED


def test_the_same_report_twice_is_once(app: Flask, sent: Mail) -> None:
    content = report(to=str(return_path.address_of(sent)))
    bounce(app, content)
    before = signature().undeliverable_at
    with clock.fixed(clock.now() + timedelta(hours=1)):
        result = bounce(app, content)
    assert result.exit_code == 0
    assert "known already" in result.output
    assert signature().undeliverable_at == before


@pytest.mark.parametrize(
    ("action", "status"), [("failed", "4.4.7"), ("delayed", "4.0.0"), ("delayed", "5.0.0")]
)
def test_a_delay_is_noted_and_nothing_else(app: Flask, sent: Mail, action: str, status: str) -> None:
    result = bounce(app, report(to=str(return_path.address_of(sent)), action=action, status=status))
    assert result.exit_code == 0
    assert "is delayed" in result.output
    assert only().state == SENT
    assert (only().last_error or "").startswith("delivery report: 4.")
    assert signature().undeliverable_at is None


def test_no_more_news_goes_there_but_a_link_asked_for_anew_does_and_gives_another_chance(
    app: Flask, smtp: SmtpServer, sent: Mail
) -> None:
    bounce(app, report(to=str(return_path.address_of(sent))))
    who = db.session.get_one(Signature, sent.signature_id)
    queue(who, "news", "already_signed")
    run_until_quiet()
    assert len(smtp.messages) == 1
    queue(who, "link")
    run_until_quiet()
    assert len(smtp.messages) == 2
    db.session.rollback()
    assert db.session.get_one(Signature, sent.signature_id).undeliverable_at is None


def test_a_mail_to_another_spelling_of_the_mailbox_says_nothing_about_the_signature(
    app: Flask, smtp: SmtpServer
) -> None:
    who = waiting_signature()
    queue(who, recipient="in.es+x@example.org")
    run_until_quiet()
    bounce(app, report(to=str(return_path.address_of(only()))))
    assert only().state == BOUNCED
    assert signature().undeliverable_at is None


def test_what_came_back_before_it_was_marked_came_back(app: Flask, smtp: SmtpServer) -> None:
    queue(waiting_signature())
    assert only().state == QUEUED
    bounce(app, report(to=str(return_path.address_of(only()))))
    assert only().state == BOUNCED
    run_until_quiet()
    assert smtp.messages == []


def unchanged(sent: Mail) -> bool:
    """Whether the mail and its signature are as they were."""
    return only().state == SENT and only().last_error is None and signature().undeliverable_at is None


def test_a_forged_return_path_changes_nothing_even_with_a_true_message_id(app: Flask, sent: Mail) -> None:
    genuine = str(return_path.address_of(sent))
    last = "0" if genuine.partition("@")[0][-1] != "0" else "1"
    forged = (
        genuine.replace("@", "", 1)[:0]
        + genuine.partition("@")[0][:-1]
        + last
        + "@"
        + genuine.partition("@")[2]
    )
    result = bounce(app, report(to=forged, message_id=sent.message_id))
    assert result.exit_code == BAD_DATA
    assert "was not made by this site" in result.output
    assert unchanged(sent)


def test_the_return_path_of_one_mail_is_good_for_no_other(app: Flask, sent: Mail) -> None:
    queue(waiting_signature(email="omar@example.org"), "other")
    other = mails()[-1]
    swapped = str(return_path.address_of(other)).replace(f"+{other.id}.", f"+{other.id + 1}.")
    assert bounce(app, report(to=swapped)).exit_code == BAD_DATA


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"Subject: hello\n\nJust a letter, 5.1.1 failed",
        report(action="delivered", status="2.0.0").encode(),
        report(status="nonsense").encode(),
        report().replace("report-type=delivery-status", "report-type=feedback-report").encode(),
        (
            "Content-Type: multipart/mixed; boundary=a\n\n"
            + "--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 5000
        ).encode(),
        report().encode() + b"x" * reports.LARGEST,
    ],
    ids=["nothing", "bytes", "letter", "delivered", "no status", "feedback", "nested", "too large"],
)
def test_what_is_no_report_is_refused_with_a_sentence(app: Flask, sent: Mail, content: bytes) -> None:
    result = bounce(app, content, "--recipient", str(return_path.address_of(sent)))
    assert (result.exit_code, type(result.exception)) == (BAD_DATA, SystemExit)
    assert result.output.startswith("This is no delivery report: it ")
    assert unchanged(sent)


def test_a_report_about_a_mail_of_somebody_else_is_refused(app: Flask, sent: Mail) -> None:
    result = bounce(app, report())
    assert (result.exit_code, result.output) == (
        BAD_DATA,
        "The report is about no mail of this site. Nothing was changed.\n",
    )
    assert unchanged(sent)


def test_no_address_is_printed(app: Flask, sent: Mail, caplog: pytest.LogCaptureFixture) -> None:
    for content in (report(), report(to=str(return_path.address_of(sent))), "ines@example.org"):
        result = bounce(app, content)
        assert "@" not in result.output + caplog.text


def test_a_database_that_is_away_asks_for_the_report_again(
    app: Flask, sent: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    @db.event.listens_for(db.engine, "before_cursor_execute")
    def gone(*_: object) -> None:
        raise db.exc.OperationalError("SELECT", {}, Exception("gone"))

    result = bounce(app, report(to=str(return_path.address_of(sent))))
    db.event.remove(db.engine, "before_cursor_execute", gone)
    assert result.exit_code == TRY_AGAIN
    assert unchanged(sent)


@given(st.binary(max_size=400), st.integers(0, 900), st.integers(0, 900))
def test_any_bytes_are_a_report_or_refused(noise: bytes, start: int, end: int) -> None:
    whole = report().encode()
    for content in (noise, whole[:start] + noise + whole[end:]):
        try:
            reports.read(content)
        except reports.NotAReport:
            continue


def test_staff_mail_that_came_back_marks_the_mail_alone(app: Flask, smtp: SmtpServer) -> None:
    official = build.staff("official")
    waiting_signature()
    queue_staff(official.id)
    send_to(app, smtp.mail_url)
    build.change(only(), state=SENT)
    assert bounce(app, report(to=str(return_path.address_of(only())))).exit_code == 0
    assert only().state == BOUNCED
    queue(waiting_signature(), 2)
    build.change(only(), state=FAILED)
    assert bounce(app, report(to=str(return_path.address_of(only())))).exit_code == 0
    assert only().state == FAILED, "what it is already stays"


def queue_staff(staff_id: int) -> None:
    """A mail to somebody of the staff."""
    from petitions.database import transactional
    from petitions.mail import outbox
    from petitions.models import Staff

    @transactional
    def write() -> None:
        outbox.queue("duty_created", key="test:staff", staff=db.session.get_one(Staff, staff_id), duty_id=1)

    write()
