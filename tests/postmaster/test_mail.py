"""Staff see what waits and what went wrong, and see to it; no address stands on the page."""

from datetime import timedelta

import pytest
from flask import Flask

from petitions import clock, suppressions
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import delivery, mailings, marking, outbox, server
from petitions.models import AuditEntry, Mail, Mailing, Petition, Signature
from petitions.models.mail import BOUNCED, CANCELLED, FAILED, PARKED, QUEUED, SENT
from tests import build
from tests.staff_visitor import StaffVisitor

MAIL = "/staff/mail"


@pytest.fixture
def signature(app: Flask) -> Signature:
    """Somebody who waits for a confirm link; the outbox is empty."""
    row = build.signature(build.open_petition(), state="pending", email="ines@canary.example")
    forget_mails()
    return row


@pytest.fixture
def postmaster(app: Flask) -> StaffVisitor:
    """An administrator."""
    return StaffVisitor(app, build.staff("administrator"))


@transactional
def forget_mails() -> None:
    """Empty the outbox."""
    db.session.execute(db.delete(Mail))


@transactional
def queue(signature: Signature, key: str = "1", kind: str = "confirm_signature") -> int:
    """Put a mail into the outbox."""
    outbox.queue(kind, key=f"test:{key}", signature=signature, priority=outbox.CONFIRMATION)
    return db.session.execute(db.select(Mail.id).where(Mail.key == f"test:{key}")).scalar_one()


def mail(mail_id: int) -> Mail:
    """The mail as it is now."""
    db.session.rollback()
    return db.session.get_one(Mail, mail_id)


def in_trouble(signature: Signature, state: str, key: str = "1", **columns: object) -> int:
    """A mail that did not arrive."""
    mail_id = queue(signature, key)
    error = {
        FAILED: "refused: 550",
        PARKED: "cannot be composed: KeyError",
        BOUNCED: "delivery report: 5.1.1",
    }
    columns = {"last_error": error[state], "attempts": 4, "finished_at": clock.now()} | columns
    build.change(mail(mail_id), state=state, **columns)
    return mail_id


def history() -> list[tuple[str, dict[str, object]]]:
    """What is kept about mail."""
    entries = db.session.execute(db.select(AuditEntry).order_by(AuditEntry.id)).scalars()
    return [(entry.action, entry.details) for entry in entries if entry.action.startswith("mail")]


def test_what_waits_is_shown_by_kind_with_the_oldest(signature: Signature, postmaster: StaffVisitor) -> None:
    queue(signature, "1")
    build.change(mail(queue(signature, "2")), created_at=clock.now() - timedelta(minutes=3))
    page = postmaster.get(MAIL).text
    assert "Confirm a signature" in page
    assert "3 minutes" in page
    assert "Confirm links are late" not in page


def test_a_confirm_link_that_waits_for_more_than_five_minutes_is_a_warning(
    signature: Signature, postmaster: StaffVisitor
) -> None:
    build.change(mail(queue(signature)), created_at=clock.now() - timedelta(minutes=6))
    assert "Confirm links are late" in postmaster.get(MAIL).text


def test_the_page_says_why_the_mail_server_takes_nothing(
    signature: Signature, postmaster: StaffVisitor
) -> None:
    server.away("certificate: self-signed certificate")
    assert "Its certificate is not trusted" in postmaster.get(MAIL).text
    server.back()
    assert "The mail server takes no mail" not in postmaster.get(MAIL).text


def test_each_trouble_says_its_reason_and_no_address(signature: Signature, postmaster: StaffVisitor) -> None:
    for state in (FAILED, PARKED, BOUNCED):
        in_trouble(signature, state, state)
    page = postmaster.get(MAIL).text
    for words in (
        "refused it (550)",
        "could not write this message. Its log says more (KeyError)",
        "cannot be delivered (5.1.1)",
        "4 tries",
    ):
        assert words in page
    assert "canary" not in page
    assert "Sam Signer" not in page
    only = postmaster.get(f"{MAIL}?state=parked").text
    assert "KeyError" in only
    assert "5.1.1" not in only


@pytest.mark.parametrize("state", [FAILED, PARKED])
def test_try_again_sends_it(app: Flask, signature: Signature, postmaster: StaffVisitor, state: str) -> None:
    mail_id = in_trouble(signature, state)
    build.change(signature, undeliverable_at=clock.now())
    assert postmaster.post(f"{MAIL}/{mail_id}/try-again").status_code == 303
    again = mail(mail_id)
    assert (again.state, again.attempts, again.last_error) == (QUEUED, 0, None)
    assert db.session.get_one(Signature, signature.id).undeliverable_at is None
    delivery.deliver()
    assert mail(mail_id).state == SENT
    assert history() == [("mail_tried_again", {"mail": mail_id, "message": "confirm_signature"})]


def test_try_all_again_leaves_what_came_back(signature: Signature, postmaster: StaffVisitor) -> None:
    ids = [in_trouble(signature, state, state) for state in (FAILED, PARKED, BOUNCED)]
    assert postmaster.post(f"{MAIL}/try-again").status_code == 303
    assert [mail(each).state for each in ids] == [QUEUED, QUEUED, BOUNCED]
    assert postmaster.post(f"{MAIL}/try-again").status_code == 303
    assert history() == [("mails_tried_again", {"number": 2})]


def test_what_is_cancelled_never_leaves(app: Flask, signature: Signature, postmaster: StaffVisitor) -> None:
    mail_id = queue(signature)
    assert postmaster.post(f"{MAIL}/{mail_id}/cancel").status_code == 303
    assert delivery.deliver() == 0
    assert mail(mail_id).state == CANCELLED
    assert history() == [("mail_cancelled", {"mail": mail_id, "message": "confirm_signature"})]


@pytest.mark.parametrize("action", ["try-again", "cancel"])
def test_what_was_sent_meanwhile_is_a_clear_page(
    signature: Signature, postmaster: StaffVisitor, action: str
) -> None:
    mail_id = queue(signature)
    marking.accepted({mail_id: None})
    assert postmaster.post(f"{MAIL}/{mail_id}/{action}").status_code == 409
    assert mail(mail_id).state == SENT
    assert history() == []


@transactional
def queue_mailing(petition: Petition) -> int:
    """One message to all who asked."""
    outbox.queue_mailing(
        "response_published", key="test", petition=petition, audience="updates", response_id=1
    )
    return db.session.execute(db.select(Mailing.id)).scalar_one()


def test_a_mailing_is_stopped_and_goes_on(
    app: Flask, postmaster: StaffVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailings, "BATCH", 2)
    petition = build.open_petition()
    for _ in range(5):
        build.signature(petition, wants_updates=True)
    mailing_id = queue_mailing(petition)
    mailings.feed()
    assert postmaster.post(f"{MAIL}/mailings/{mailing_id}/stop").status_code == 303
    assert "Stopped" in postmaster.get(MAIL).text
    assert mailings.feed() == 0
    assert postmaster.post(f"{MAIL}/mailings/{mailing_id}/stop").status_code == 303
    assert postmaster.post(f"{MAIL}/mailings/{mailing_id}/continue").status_code == 303
    assert postmaster.post(f"{MAIL}/mailings/{mailing_id}/continue").status_code == 303
    while mailings.feed():
        pass
    assert "Running" in postmaster.get(MAIL).text
    while delivery.deliver():
        pass
    page = postmaster.get(MAIL).text
    assert "Done" in page
    assert postmaster.post(f"{MAIL}/mailings/{mailing_id}/stop").status_code == 409
    assert [action for action, _ in history()] == ["mailing_stopped", "mailing_continued"]


def test_who_may_only_see_has_no_buttons(app: Flask, signature: Signature) -> None:
    mail_id = in_trouble(signature, FAILED)
    auditor = StaffVisitor(app, build.staff("auditor"))
    page = auditor.get(MAIL).text
    assert "refused it (550)" in page
    assert "Try again" not in page
    for path in (f"{mail_id}/try-again", f"{mail_id}/cancel", "try-again"):
        assert auditor.post(f"{MAIL}/{path}").status_code == 404
    assert mail(mail_id).state == FAILED
    assert StaffVisitor(app, build.staff("press")).get(MAIL).status_code == 404


def test_the_history_names_what_was_done_in_words(signature: Signature, postmaster: StaffVisitor) -> None:
    postmaster.post(f"{MAIL}/{in_trouble(signature, FAILED)}/try-again")
    page = postmaster.get("/staff/history").text
    assert "Mail tried again" in page
    assert "number of the mail" in page


def test_every_message_can_be_read_with_its_html_in_a_frame_that_runs_nothing(
    postmaster: StaffVisitor,
) -> None:
    assert "/staff/mail/messages/confirm_signature" in postmaster.get(f"{MAIL}/messages").text
    page = postmaster.get(f"{MAIL}/messages/confirm_signature")
    assert "Confirm your signature: Guarantee a night bus" in page.text
    assert "/signatures/confirm/..." in page.text
    assert 'sandbox="allow-same-origin"' in page.text
    frame = postmaster.get(f"{MAIL}/messages/confirm_signature/html")
    assert "Tomás Okafor" in frame.text
    assert "default-src 'none'" in frame.headers["Content-Security-Policy"]
    assert "script" not in frame.headers["Content-Security-Policy"]


@pytest.mark.settings(languages="en,ar")
def test_a_message_can_be_read_in_each_language_of_the_site(postmaster: StaffVisitor) -> None:
    page = postmaster.get(f"{MAIL}/messages/confirm_signature?language=ar")
    assert 'lang="ar"' in page.text
    assert "العربية" in page.text
    assert postmaster.get(f"{MAIL}/messages/confirm_signature?language=de").status_code == 404
    assert postmaster.get(f"{MAIL}/messages/unheard_of").status_code == 404


def test_staff_let_mail_go_again_to_somebody_who_has_no_link_left(postmaster: StaffVisitor) -> None:
    stop_all_mail("ines@canary.example")
    page = f"{MAIL}/wanted-again"
    refused = postmaster.post(page, email="ines@canary.example", reason="")
    assert refused.status_code == 422
    assert "how you know that it is the owner" in refused.text
    assert suppressions.is_suppressed("ines@canary.example")
    for address in ("INES@canary.example", "nobody@canary.example"):
        answer = postmaster.post(page, email=address, reason="She wrote from it and answered.")
        assert answer.status_code == 303
    assert not suppressions.is_suppressed("ines@canary.example")
    lines = db.session.execute(db.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).scalars().all()
    assert {line.action for line in lines} == {"mail_wanted_again"}
    assert "canary" not in str([line.details for line in lines])


@transactional
def stop_all_mail(address: str) -> None:
    """The owner of a mailbox wants nothing from this site any more."""
    suppressions.suppress(address)
