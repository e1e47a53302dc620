"""Somebody else's program is told what happens: signed, once each, however its server behaves, and never inside our own network."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.extensions import db
from petitions.models import AuditEntry, DeliveryState, Petition, Staff, Webhook, WebhookDelivery
from petitions.moderation import decisions
from petitions.upkeep import purging
from petitions.webhooks import actions, addresses, delivery, sending
from petitions.worker import loop
from tests import build
from tests.mail import certificates
from tests.responses import answering
from tests.staff_visitor import StaffVisitor
from tests.webhooks.receiver import Receiver, dripping, receiving

PLACE = "/staff/settings/webhooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server that takes everything."""
    with receiving() as running:
        yield running


@pytest.fixture
def administrator(app: Flask) -> Staff:
    """Somebody who may set it up."""
    return build.staff("administrator")


def deliveries() -> list[WebhookDelivery]:
    """Everything told so far, as it is now."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.execute(select(WebhookDelivery).order_by(WebhookDelivery.id)).scalars())


def history() -> list[str]:
    """The lines of the history about webhooks."""
    lines = select(AuditEntry.action).where(AuditEntry.action.startswith("webhook")).order_by(AuditEntry.id)
    return list(db.session.execute(lines).scalars())


def checked(got: tuple[dict[str, str], bytes], secret: str) -> dict[str, Any]:
    """What a receiver does: check the signature by the Standard Webhooks, then read the body."""
    headers, body = got
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(clock.now().timestamp() - int(headers["webhook-timestamp"])) < 300
    assert headers["content-type"] == "application/json"
    found: dict[str, Any] = json.loads(body)
    return found


def test_published_crossed_and_answered_are_told_once_each_and_signed(
    app: Flask, administrator: Staff, receiver: Receiver
) -> None:
    library = build.department()
    petition = build.review_petition(departments=[library])
    visitor = StaffVisitor(app, administrator)
    assert visitor.post(PLACE, url=receiver.url).status_code == 303
    secret = db.session.execute(select(Webhook)).scalar_one().secret or ""
    assert secret in visitor.get(f"{PLACE}/1").text
    decisions.publish(petition_id=petition.id, text_version=1, by=administrator)
    duty = build.cross(db.session.get_one(Petition, petition.id))
    answering.published(duty, administrator)
    petition_id, due_on, owner = petition.id, duty.due_on, library.name
    loop.run_until_idle()
    told = [checked(each, secret) for each in receiver.got]
    assert [each["type"] for each in told] == ["petition.published", "petition.crossed", "petition.answered"]
    assert {each["data"]["petition"]["id"] for each in told} == {petition_id}
    assert told[0]["data"]["petition"]["url"] == f"http://localhost/petitions/{petition_id}"
    assert told[1]["data"]["duty"]["due_on"] == (due_on.isoformat() if due_on else None)
    assert told[2]["data"]["response"]["department"] == owner
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 3
    assert [each.state for each in deliveries()] == [DeliveryState.DELIVERED] * 3
    assert "Delivered" in visitor.get(f"{PLACE}/1").text


@pytest.mark.database("sqlite")
def test_what_is_taken_back_was_never_told(app: Flask, administrator: Staff) -> None:
    actions.add(url="http://127.0.0.1:9/", by=administrator)
    petition = build.review_petition()
    with pytest.raises(decisions.StateChanged):
        decisions.publish(petition_id=petition.id, text_version=7, by=administrator)
    assert deliveries() == []


@pytest.mark.database("sqlite")
def test_a_server_that_is_away_is_tried_for_three_days_then_disabled_aloud(
    app: Flask, administrator: Staff, receiver: Receiver
) -> None:
    webhook = actions.add(url=receiver.url, by=administrator)
    receiver.status = 503
    actions.ping(webhook_id=webhook.id, by=administrator)
    began, tries = clock.now(), []
    for _ in range(20):
        row = deliveries()[0]
        if row.state != DeliveryState.QUEUED:
            break
        with clock.fixed(row.due_at):
            assert delivery.deliver() == 1
        tries.append(row.due_at)
    assert len(tries) == len(delivery.PAUSES) + 1 == len(receiver.got)
    assert timedelta(hours=70) < tries[-1] - began < timedelta(hours=72)
    assert {headers["webhook-id"] for headers, _ in receiver.got} == {row.message_id}
    assert (row.state, row.last_status) == (DeliveryState.FAILED, 503)
    assert history()[-1] == "webhook_disabled"
    with clock.fixed(tries[-1]):
        build.work()
    (mail,) = build.captured(kind="webhook_disabled")
    assert receiver.url in build.text_of(mail)
    # Nothing is kept for it any more; let go on, what was given up can be sent again.
    build.cross(build.open_petition())
    assert len(deliveries()) == 1
    receiver.status = 200
    actions.resume(webhook_id=webhook.id, by=administrator)
    assert actions.send_again(webhook_id=webhook.id, by=administrator) == 1
    assert delivery.deliver() == 1
    assert deliveries()[0].state == DeliveryState.DELIVERED


@pytest.mark.database("sqlite")
def test_a_server_that_never_answers_in_time_is_disabled_too(
    app: Flask, administrator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(**_: object) -> int:
        raise sending.NoAnswer("too_slow")

    monkeypatch.setattr(sending, "send", silent)
    webhook = actions.add(url="http://127.0.0.1:9/", by=administrator)
    actions.ping(webhook_id=webhook.id, by=administrator)
    for number in range(len(delivery.PAUSES) + 1):
        assert "webhook_disabled" not in history(), number
        # What waited before it, and the waiting itself, take longer than the first pause.
        with clock.fixed(deliveries()[0].due_at + timedelta(seconds=15)):
            assert delivery.deliver() == 1
    assert deliveries()[0].state == DeliveryState.FAILED
    assert history()[-1] == "webhook_disabled"


@pytest.mark.database("sqlite")
def test_one_that_answered_meanwhile_is_not_disabled(
    app: Flask, administrator: Staff, receiver: Receiver
) -> None:
    webhook = actions.add(url=receiver.url, by=administrator)
    receiver.status = 503
    actions.ping(webhook_id=webhook.id, by=administrator)
    for number in range(len(delivery.PAUSES) + 1):
        row = deliveries()[0]
        with clock.fixed(row.due_at):
            assert delivery.deliver() == 1
            if number == 3:
                receiver.status = 204
                actions.ping(webhook_id=webhook.id, by=administrator)
                assert delivery.deliver() == 1
                receiver.status = 503
    assert deliveries()[0].state == DeliveryState.FAILED
    assert history()[-1] == "webhook_pinged"


@pytest.mark.database("sqlite")
def test_nothing_is_sent_that_cannot_be_signed(app: Flask, administrator: Staff, receiver: Receiver) -> None:
    webhook = actions.add(url=receiver.url, by=administrator)
    actions.ping(webhook_id=webhook.id, by=administrator)
    for sealed in (None, webhook.secret_sealed[:-1] + b"?"):
        webhook = db.session.get_one(Webhook, webhook.id)
        webhook.secret_sealed = sealed
        db.session.commit()
        with clock.fixed(deliveries()[0].due_at):
            assert delivery.deliver() == 1
    assert receiver.got == []
    assert (deliveries()[0].state, deliveries()[0].attempts) == (DeliveryState.QUEUED, 0)


@pytest.mark.database("sqlite")
def test_what_happens_while_it_is_paused_is_sent_when_it_goes_on(
    app: Flask, administrator: Staff, receiver: Receiver
) -> None:
    webhook = actions.add(url=receiver.url, by=administrator)
    actions.pause(webhook_id=webhook.id, by=administrator)
    petition, hidden = build.open_petition(), build.open_petition()
    petition_id = petition.id
    build.cross(petition)
    build.cross(hidden)
    assert delivery.deliver() == 0
    # Its words were taken down meanwhile: nobody is told of them.
    moderator = build.staff("moderator")
    decisions.refuse(
        petition_id=hidden.id, text_version=1, state="open", code="offensive",
        explanation="It names a person.", original_id=None, by=moderator,
    )  # fmt: skip
    actions.resume(webhook_id=webhook.id, by=administrator)
    loop.run_until_idle()
    assert [json.loads(body)["data"]["petition"]["id"] for _, body in receiver.got] == [petition_id]
    assert [each.state for each in deliveries()] == [DeliveryState.DELIVERED, DeliveryState.CANCELLED]
    with clock.fixed(clock.now() + timedelta(days=31)):
        purging.purge()
    assert deliveries() == []


@pytest.mark.database("sqlite")
def test_no_redirect_is_followed_no_answer_is_waited_for_long_and_gone_is_gone(
    app: Flask, administrator: Staff, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = actions.add(url=receiver.url, by=administrator)
    receiver.status, receiver.location = 302, receiver.url
    actions.ping(webhook_id=webhook.id, by=administrator)
    assert delivery.deliver() == 1
    assert (len(receiver.got), deliveries()[0].last_error) == (1, "redirect")
    monkeypatch.setattr(sending, "ANSWER_SECONDS", 0.2)
    receiver.status, receiver.silent_for = 200, 1.0
    actions.ping(webhook_id=webhook.id, by=administrator)
    assert delivery.deliver() == 1
    assert deliveries()[1].last_error == "too_slow"
    receiver.status, receiver.silent_for = 410, 0
    actions.ping(webhook_id=webhook.id, by=administrator)
    assert delivery.deliver() == 1
    assert deliveries()[2].state == DeliveryState.CANCELLED
    assert history()[-1] == "webhook_disabled"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("typed", "asked"),
    [("", "/"), ("?to=us", "/?to=us"), ("//a%20b/;c", "//a%20b/;c"), ("/<a>?b={c}", "/%3Ca%3E?b=%7Bc%7D")],
)
def test_it_is_asked_at_the_very_path_that_was_typed(
    app: Flask, receiver: Receiver, typed: str, asked: str
) -> None:
    url = receiver.url.removesuffix("/petitions?from=here") + typed
    assert sending.send(url=url, secret="whsec_AA==", message_id="m", timestamp=1, body=b"{}") == 204
    assert receiver.paths == [asked]


#: The beginning of a long message of TLS, and of a long header of HTTP.
DRIPS = {"https": b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", "http": b"HTTP/1.1 200 OK\r\nX-Long: "}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("scheme", DRIPS)
def test_a_server_that_answers_letter_by_letter_is_cut_off(
    app: Flask, administrator: Staff, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = timedelta(seconds=sending.CONNECT_SECONDS + sending.ANSWER_SECONDS)
    assert longest < timedelta(seconds=sending.LONGEST_SECONDS) < delivery.LEASE / 2
    monkeypatch.setattr(sending, "LONGEST_SECONDS", 0.3)
    with dripping(DRIPS[scheme], scheme=scheme) as url:
        webhook = actions.add(url=url, by=administrator)
        actions.ping(webhook_id=webhook.id, by=administrator)
        began = time.monotonic()
        assert delivery.deliver() == 1
        assert time.monotonic() - began < 2
    row = deliveries()[0]
    assert (row.state, row.last_error) == (DeliveryState.QUEUED, "too_slow")


PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
    "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
    "2002:a00:1::", "2001:0:a00:1::f5ff:fffe", "2001:db8::1", "fec0::1", "feff::1", "192.88.99.1", "2002:c058:6301::1",
    "192.0.0.1", "192.0.0.9", "192.0.0.255", "::ffff:192.0.0.9",
)  # fmt: skip


@pytest.mark.database("sqlite")
def test_nothing_inside_a_private_network_is_ever_asked(
    make_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(
        app_env="production", base_url="https://petitions.example.org", mail_url="smtp://127.0.0.1:9"
    )
    with app.app_context():
        for address in PRIVATE:
            assert not addresses.is_allowed(address), address
        for address in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"):
            assert addresses.is_allowed(address), address
        # One bad address among good ones is enough, and so is a name for this machine.
        for found in (["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::1"], []):
            monkeypatch.setattr(
                socket,
                "getaddrinfo",
                lambda *_, found=found, **__: [(0, 0, 0, "", (each, 443)) for each in found],
            )
            with pytest.raises(sending.NoAnswer, match="not_public"):
                sending.send(
                    url="https://news.example/", secret="whsec_AA==", message_id="m", timestamp=1, body=b""
                )
        with pytest.raises(sending.NoAnswer, match="not_https"):
            sending.send(
                url="http://news.example/", secret="whsec_AA==", message_id="m", timestamp=1, body=b""
            )


@pytest.mark.database("sqlite")
def test_the_connection_goes_to_the_address_that_was_judged_and_the_certificate_must_be_the_names(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, tls = certificates.make(tmp_path, name="hooks.test")
    monkeypatch.setattr(sending, "TRUSTED", str(trusted))
    asked: list[str] = []
    real = socket.getaddrinfo

    def lookup(host: str, port: int, *rest: Any, **more: Any) -> Any:
        if host.endswith(".test"):
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return real(host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    message = {"secret": "whsec_AA==", "message_id": "msg_1", "timestamp": 1, "body": b"{}"}
    with receiving(tls=tls, host="hooks.test") as receiver:
        assert sending.send(url=receiver.url, **message) == 204
        assert asked == ["hooks.test"]
        assert receiver.got[0][0]["host"].startswith("hooks.test:")
        asked.clear()
        with pytest.raises(sending.NoAnswer, match="bad_certificate"):
            sending.send(url=receiver.url.replace("hooks.test", "other.test"), **message)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Enter an address."),
        ("news.example.org", "Enter the whole address"),
        ("ftp://news.example.org/", "Enter the whole address"),
        ("https://user:secret@news.example.org/", "Enter the whole address"),
        ("https://news.example.org:99999/", "Enter the whole address"),
        ("http://10.0.0.1/", "private network"),
        ("http://127.0.0.1:9/", "told already"),
    ],
)
def test_an_address_that_cannot_be_told_is_refused_with_what_to_do(
    app: Flask, administrator: Staff, url: str, words: str
) -> None:
    actions.add(url="http://127.0.0.1:9/", by=administrator)
    refused = StaffVisitor(app, administrator).post(PLACE, url=url)
    assert refused.status_code == 422
    assert words in refused.text


@pytest.mark.database("sqlite")
def test_every_button_does_what_it_says_and_stands_in_the_history(app: Flask, administrator: Staff) -> None:
    visitor = StaffVisitor(app, administrator)
    actions.add(url="http://127.0.0.1:9/", by=administrator)
    for button in ("ping", "pause", "resume", "again", "remove"):
        assert visitor.post(f"{PLACE}/1/{button}").status_code == 303
    expected = ["webhook_added", "webhook_pinged", "webhook_paused", "webhook_resumed", "webhook_removed"]
    assert history() == expected
    assert db.session.execute(select(Webhook)).all() == []
    assert visitor.get(f"{PLACE}/1").status_code == 404
