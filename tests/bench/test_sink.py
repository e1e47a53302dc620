"""The mail server of the bench loses nothing, and tells a mail that came twice from two mails."""

import smtplib

from bench.sink import Sink, link_in

MESSAGE = b"Message-ID: <%d@example.org>\r\n\r\nhttps://petitions.example/signatures/confirm/NTE.abc-=\r\ndef_1\r\n.. dots\r\n"


def test_every_message_is_counted_and_handed_on() -> None:
    sink = Sink()
    heard: list[tuple[str, str]] = []
    sink.hear = lambda recipient, content: heard.append((recipient, link_in(content)))
    try:
        with smtplib.SMTP("127.0.0.1", sink.port) as server:
            for number in (1, 2, 2):
                server.sendmail("a@example.org", [f"b{number}@example.org"], MESSAGE % number)
        assert sink.wait_for(3, 5)
    finally:
        sink.stop()
    assert sink.count == {b"<1@example.org>": 1, b"<2@example.org>": 2}
    link = "/signatures/confirm/NTE.abc-def_1"
    assert heard == [("b1@example.org", link), ("b2@example.org", link), ("b2@example.org", link)]


def test_fewer_messages_than_were_queued_are_noticed() -> None:
    sink = Sink()
    try:
        assert not sink.wait_for(1, 0.05)
    finally:
        sink.stop()
