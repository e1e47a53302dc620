"""Whatever stands in a name, a title or an address: one message goes in, one comes out, with the headers it should have."""

from __future__ import annotations

import email
import email.policy
import itertools
from collections.abc import Iterator
from email.message import EmailMessage
from typing import cast

import pytest
from flask import Flask
from flask_mail import BadHeaderError
from sqlalchemy.exc import DataError

from petitions.database import transactional
from petitions.extensions import db
from petitions.mail.message import compose
from petitions.mail.transport import CannotBeWritten, written
from petitions.models import Mail, Petition, Signature
from petitions.models.mail import QUEUED, SENT
from tests.mail.outboxes import mails, only, queue, run_until_quiet, send_to, waiting_signature
from tests.mail.rude_server import RudeServer

#: About the bytes of a message alone.
ON_ONE = pytest.mark.database("sqlite")
HEADERS = [
    "Content-Type",
    "MIME-Version",
    "From",
    "To",
    "Date",
    "Message-ID",
    "X-Petitions-Message",
    "Auto-Submitted",
    "Subject",
]
BREAKS = (
    "\r\n",
    "\n",
    "\r",
    "\n\r",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\x1c",
    "\0",
    "%0d%0a",
    "\\r\\n",
    "\t",
    "",
)
HEADER_LINES = (
    "Bcc: eve@evil.example",
    "To: eve@evil.example",
    "Subject: other",
    "From: president@gov.example",
    "Content-Type: text/html",
    "X-Evil: yes",
    "\r\n<html>",
    " folded",
    "=?utf-8?q?=0D=0ABcc:=20eve@evil.example?=",
    "=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
    "Reply-To: eve@evil.example",
    ".",
    "<eve@evil.example>",
    "a, eve@evil.example",
)
TAILS = ("", "x", "\n", "\r\n\r\n", "é", "\u202e", "𝔘" * 70, "=?", "a" * 1200, "؟ مرحبا")

ENDS = ["".join(parts) for parts in itertools.product(("\r\n", "\n", "\r"), (".",), ("\r\n", "\n", "\r"))]
SMUGGLED = (
    "MAIL FROM:<eve@evil.example>\r\nRCPT TO:<ines@example.org>\r\nDATA\r\nSubject: smuggled\r\n\r\nHello"
)


def payloads() -> Iterator[str]:
    """Everything that headers were ever broken with, beside harmless words."""
    for line_break, header, tail in itertools.product(BREAKS, HEADER_LINES, TAILS):
        yield f"Save the bees{line_break}{header}{tail}"


def parse(content: bytes) -> EmailMessage:
    """As a strict reader sees it."""
    return cast(EmailMessage, email.message_from_bytes(content, policy=email.policy.SMTP))


@transactional
def rewrite(signature: Signature, words: str) -> None:
    """Put words where no form would let them in."""
    db.session.get_one(Signature, signature.id).name = words
    title = words.replace("\0", "\\0")  # PostgreSQL keeps no NUL in a text
    db.session.get_one(Petition, signature.petition_id).action = title


@pytest.mark.database("sqlite")
def test_no_payload_adds_or_changes_a_header(app: Flask) -> None:
    signature = waiting_signature()
    mail_id = queue(signature)
    mail = db.session.get_one(Mail, mail_id)
    petition = mail.signature and mail.signature.petition
    assert petition is not None
    assert mail.signature is not None
    tried = 0
    with db.session.no_autoflush:
        for words in payloads():
            petition.action = mail.signature.name = words
            message = compose(mail)
            assert message is not None
            _, recipient, content = written(message)
            read = parse(content)
            assert read.keys() == HEADERS, repr(words)
            assert (recipient, str(read["To"])) == ("ines@example.org", "ines@example.org")
            assert "petitions@example.org" in str(read["From"])
            assert "evil" not in str(read["From"]) + str(read["Message-ID"])
            assert all(character.isprintable() for character in str(read["Subject"])), repr(words)
            assert [part.get_content_type() for part in read.walk()] == [
                "multipart/alternative",
                "text/plain",
                "text/html",
            ]
            tried += 1
    db.session.rollback()
    assert tried > 2_000


@pytest.mark.parametrize(
    "name", ['Petitions, of "X" <eve@evil.example>', "Pétitions\r\nBcc: eve@evil.example"]
)
def test_the_name_of_the_site_stays_a_name(app: Flask, name: str) -> None:
    queue(waiting_signature())
    send_to(app, "capture://", site_name=" ".join(name.split()))
    message = compose(only())
    assert message is not None
    sender, _, content = written(message)
    read = parse(content)
    assert sender == "petitions@example.org"
    assert [address.addr_spec for address in read["From"].addresses] == ["petitions@example.org"]


ADDRESSES = [
    f"{before}{middle}{after}"
    for before, middle, after in itertools.product(
        ("ines@example.org", "ines", '"ines"@example.org', ""),
        (
            "\r\n",
            "\n",
            "\r",
            ",",
            ";",
            " ",
            "<",
            ">",
            "\0",
            "\u2028",
            "(x)",
            "\t",
            "\r\nRCPT TO:<eve@evil.example>\r\n",
            "@",
        ),
        ("", "@example.org", "eve@evil.example", "Bcc: eve@evil.example"),
    )
]


def test_an_odd_address_is_one_recipient_or_none(app: Flask) -> None:
    mail_id = queue(waiting_signature())
    sent_to = set()
    for address in ADDRESSES:
        mail = db.session.get_one(Mail, mail_id)
        with db.session.no_autoflush:
            mail.recipient = address
            try:
                message = compose(mail)
                assert message is not None
                sent_to.add(written(message)[1])
            except (CannotBeWritten, BadHeaderError, DataError):
                # PostgreSQL keeps no NUL, and is asked about the domain.
                continue
            finally:
                db.session.rollback()
    assert not any("evil" in address and "example.org" in address for address in sent_to)
    assert all(address.count("@") == 1 and address.isascii() and address.isprintable() for address in sent_to)


@pytest.mark.parametrize("address", ["ines@exam\0ple.org", "ines@example.org\r\nRCPT TO:<eve@evil.example>"])
def test_an_odd_address_holds_up_nobody(app: Flask, address: str) -> None:
    signature = waiting_signature()
    queue(signature, 1, recipient=address)
    queue(signature, 2)
    run_until_quiet()
    assert [(mail.state, mail.attempts) for mail in mails()] == [(QUEUED, 1), (SENT, 1)]


@ON_ONE
@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_no_message_hides_a_second_one(app: Flask, end: str) -> None:
    sink = RudeServer("well")
    signature = waiting_signature()
    rewrite(signature, f"Sam{end}{SMUGGLED}")
    queue(signature, 1)
    queue(signature, 2)
    send_to(app, sink.mail_url)
    run_until_quiet()
    sink.stop()
    assert {mail.state for mail in mails()} == {SENT}
    assert len(sink.raw) == 2, "one in, one out"
    assert sum(command.startswith("MAIL") for command in sink.commands) == 2
    for raw in sink.raw:
        assert b"\r" not in raw.replace(b"\r\n", b"")
        assert b"\n" not in raw.replace(b"\r\n", b"")
        assert max(len(line) for line in raw.split(b"\r\n")) <= 998
        assert raw.isascii()


def test_a_title_that_looks_encoded_is_shown_as_it_was_typed(app: Flask) -> None:
    title = "=?utf-8?q?Free=20money?="
    signature = waiting_signature()
    rewrite(signature, title)
    queue(signature)
    message = compose(only())
    assert message is not None
    assert str(parse(written(message)[2])["Subject"]).endswith(title)
