"""Several commands at once, where the mail server offers it: whatever it answers, it means what it means to the library."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from petitions.mail import conversation

CONTENT = b"Subject: a mail\r\n\r\n.one dot\r\n..two\r\n.\r\nthe end\r\n"
#: What is answered to each command and to the message; else it is taken.
ANSWERS = (
    {},
    {"RCPT": 251},
    {"MAIL": 550, "RCPT": 503, "DATA": 503},
    {"MAIL": 451, "RCPT": 250, "DATA": 354, ".": 554},
    {"RCPT": 550, "DATA": 503},
    {"RCPT": 450, "DATA": 354, ".": 554},
    {"DATA": 451},
    {".": 452},
    {".": 554},
    {"MAIL": 421},
    {"RCPT": 421},
    {"DATA": 421},
    {".": 421},
    {".": 0},
    {"RCPT": 0},
)


SENDER = "bounces+1@example.org"
ENVELOPES = [
    conversation.Envelope(SENDER, f"{name}@example.org", len(CONTENT)) for name in ("ines", "omar", "lin")
]


class Scripted:
    """A mail server that answers as `answers` says to one of the messages; 421 and 0 are its last word, 0 is silence."""

    def __init__(self, *, pipelining: bool) -> None:
        self.greeting = (
            b"250-here\r\n250-SIZE 99999\r\n250 " + (b"PIPELINING" if pipelining else b"HELP") + b"\r\n"
        )
        self.answers: dict[str, int] = {}
        self.to_number = 1
        self.number = 0
        self.taken: list[bytes] = []
        self.unfinished: list[bytes] = []
        self.commands: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                with closing(self._socket.accept()[0]) as connected, suppress(OSError):
                    connected.sendall(b"220 here\r\n")
                    with connected.makefile("rwb") as lines:
                        while (line := lines.readline()) and self._answer(lines, line):
                            lines.flush()

    def _answer(self, lines: object, line: bytes) -> bool:
        write = lines.write  # type: ignore[attr-defined]
        command = line[:4].decode().upper()
        self.commands.append(command)
        if command == "EHLO":
            write(self.greeting)
            return True
        self.number += command == "MAIL"
        answers = self.answers if self.number == self.to_number else {}
        code = answers.get(command, 354 if command == "DATA" else 250)
        if code == 354:
            lines.flush()  # type: ignore[attr-defined]
            write(b"354 go on\r\n")
            lines.flush()  # type: ignore[attr-defined]
            content = b""
            while not content.endswith(b"\r\n.\r\n") and content != b".\r\n":
                if not (line := lines.readline()):  # type: ignore[attr-defined]
                    self.unfinished.append(content)
                    return False
                content += line
            code = answers.get(".", 250)
            if code == 250:
                self.taken.append(content)
        if code:
            write(b"%d so\r\n" % code)
        return code not in {0, 421} and command != "QUIT"


@pytest.fixture
def servers() -> Iterator[list[Scripted]]:
    """One that takes commands one by one, and one that takes several."""
    both = [Scripted(pipelining=False), Scripted(pipelining=True)]
    yield both
    for each in both:
        each.stop()


def said(server: Scripted) -> list[object]:
    """What became of three messages, each handed over with a word of the next."""
    found: list[object] = []
    with closing(conversation.Plain("127.0.0.1", server.port, timeout=5)) as mailer:
        mailer.ehlo()
        for each, following in zip(ENVELOPES, [*ENVELOPES[1:], None], strict=True):
            try:
                mailer.hand_over(each.sender, each.recipient, CONTENT, following)
            except smtplib.SMTPRecipientsRefused as problem:
                found.append((type(problem), [code for code, _ in problem.recipients.values()]))
            except smtplib.SMTPResponseException as problem:
                found.append((type(problem), problem.smtp_code))
            except smtplib.SMTPServerDisconnected as problem:
                return [*found, type(problem)]
            else:
                found.append("taken")
            if found[-1] != "taken" and 421 in server.answers.values():
                break
    return found


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("answers", ANSWERS, ids=str)
def test_all_at_once_means_what_one_by_one_means(
    servers: list[Scripted], answers: dict[str, int], number: int
) -> None:
    for server in servers:
        server.answers, server.to_number = answers, number
    one_by_one, at_once = (said(server) for server in servers)
    assert at_once == one_by_one
    assert (at_once == ["taken"] * 3) is (answers in ({}, {"RCPT": 251}))
    assert servers[1].taken == servers[0].taken, "the same bytes, and nothing that was refused"


@pytest.mark.database("sqlite")
def test_a_message_that_was_announced_and_is_not_sent_is_none(servers: list[Scripted]) -> None:
    server = servers[1]
    mailer = conversation.Plain("127.0.0.1", server.port, timeout=5)
    mailer.ehlo()
    mailer.hand_over(SENDER, "ines@example.org", CONTENT, ENVELOPES[1])
    mailer.quit()
    assert said(server) == ["taken"] * 3, "it takes others after that"
    assert len(server.taken) == 4
    assert server.unfinished == [b""], "not a word of it was said"
    assert server.commands.count("DATA") == 5


@pytest.mark.database("sqlite")
def test_nothing_is_said_at_once_that_was_not_offered_or_is_not_plain(servers: list[Scripted]) -> None:
    for server, recipient in zip(servers, ("ines@example.org", "i nes@example.org"), strict=True):
        with closing(conversation.Plain("127.0.0.1", server.port, timeout=5)) as mailer:
            mailer.ehlo()
            server.answers = {"RCPT": 550}
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                mailer.hand_over("us@example.org", recipient, CONTENT)
        assert "DATA" not in server.commands
