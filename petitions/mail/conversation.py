"""How we speak SMTP: as the library does, but with more patience for whole messages, and several commands at once where the
server says that it takes them so (PIPELINING, RFC 2920): one answer's time for a message instead of four.
"""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

#: Seconds without a word from the server, for every command.
TIMEOUT_SECONDS = 20
#: The same after the whole message: servers look into it before they answer. Leaving too early sends it twice.
DATA_SECONDS = 120
#: RFC 5321: the recipient, or the message, was taken; go on with the message; the server closes the conversation.
TAKEN, FORWARDED, GO_ON, CLOSING = 250, 251, 354, 421

#: One plain address, as it may stand in a command to the server.
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")

Reply = tuple[int, bytes]


class Envelope(NamedTuple):
    """From whom a message comes, to whom it goes, and how many bytes it has."""

    sender: str
    recipient: str
    size: int


def _is_plain(*addresses: str) -> bool:
    return all(ADDRESS.fullmatch(each) for each in addresses)


class _Conversation:
    """Writes plain addresses as they are: the library takes each apart and puts it together again, which takes longer than all
    else it does for a message."""

    sock: socket.socket | None
    _announced: Envelope | None = None
    """What the server was told already of the message that comes next."""

    def mail(self, sender: str, options: Sequence[str] = ()) -> Reply:
        """Say from whom the next message is."""
        if not ADDRESS.fullmatch(sender) or "SMTPUTF8" in map(str.upper, options):
            return super().mail(sender, options)  # type: ignore[misc, no-any-return]
        return self.docmd("mail", " ".join((f"from:<{sender}>", *options)))  # type: ignore[attr-defined, no-any-return]

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> Reply:
        """Say to whom it goes."""
        if not ADDRESS.fullmatch(recip):
            return super().rcpt(recip, options)  # type: ignore[misc, no-any-return]
        return self.docmd("rcpt", " ".join((f"to:<{recip}>", *options)))  # type: ignore[attr-defined, no-any-return]

    def data(self, message: Any) -> Reply:
        """Say the message."""
        assert self.sock is not None
        self.sock.settimeout(DATA_SECONDS)
        try:
            reply: Reply = super().data(message)  # type: ignore[misc]
            return reply
        finally:
            if self.sock is not None:
                self.sock.settimeout(TIMEOUT_SECONDS)

    def hand_over(
        self: Any, sender: str, recipient: str, content: bytes, following: Envelope | None = None
    ) -> None:
        """One message to one recipient; its lines end in CRLF. Raises what `sendmail` raises.

        `following` is the message that is handed over next, or the conversation ends: a server that takes several commands
        at once hears of it together with the content of this one.
        """
        if self.has_extn("pipelining") and _is_plain(sender, recipient):
            self._hand_over_at_once(Envelope(sender, recipient, len(content)), content, following)
        else:
            self.sendmail(sender, [recipient], content)

    def _hand_over_at_once(self: Any, envelope: Envelope, content: bytes, following: Envelope | None) -> None:
        """Say all that comes before the message without waiting for the answers to it."""
        if self._announced != envelope:
            self.send(self._beginning(envelope))
        self._announced = None
        sender, recipient, _ = envelope
        problems = [
            self._problem({TAKEN}, lambda code, words: smtplib.SMTPSenderRefused(code, words, sender)),
            self._problem(
                {TAKEN, FORWARDED}, lambda *reply: smtplib.SMTPRecipientsRefused({recipient: reply})
            ),
            self._problem({GO_ON}, smtplib.SMTPDataError),
        ]
        if not any(problems):
            problems.append(self._say(content, following))
        elif problems[-1] is None:
            # A server that wants to hear a message from nobody or to nobody: an empty one, which it refuses.
            self._say(b"")
        first = next(filter(None, problems), None)
        if first is not None:
            if self._announced is None:
                self._rset()
            raise first

    def _beginning(self: Any, envelope: Envelope) -> bytes:
        size = f" size={envelope.size}" if self.has_extn("size") else ""
        return f"mail from:<{envelope.sender}>{size}\r\nrcpt to:<{envelope.recipient}>\r\ndata\r\n".encode(
            "ascii"
        )

    def _say(self: Any, content: bytes, following: Envelope | None = None) -> smtplib.SMTPException | None:
        """The message itself. A dot that begins a line is doubled, so that it does not end it."""
        said = (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"
        if following is not None and _is_plain(following.sender, following.recipient):
            # RFC 2920, 3.1: the end of a message may be the first of several commands.
            said += self._beginning(following)
            self._announced = following
        self.sock.settimeout(DATA_SECONDS)
        try:
            self.send(said)
            return self._problem({TAKEN}, smtplib.SMTPDataError)  # type: ignore[no-any-return]
        finally:
            if self.sock is not None:
                self.sock.settimeout(TIMEOUT_SECONDS)

    def quit(self: Any) -> Reply:
        """Say goodbye. A server that waits for a message that was announced would take that for the message: it hears nothing."""
        if self._announced is None:
            return super().quit()  # type: ignore[misc, no-any-return]
        self.close()
        return CLOSING, b""

    def _problem(
        self: Any, wanted: set[int], refused: Callable[[int, bytes], smtplib.SMTPException]
    ) -> smtplib.SMTPException | None:
        """The next answer: nothing where it is a wanted one. One that ends the conversation is raised: no other comes."""
        code, words = self.getreply()
        if code in wanted:
            return None
        problem = refused(code, words)
        if code == CLOSING:
            self.close()
            raise problem
        return problem


class Plain(_Conversation, smtplib.SMTP):
    """In clear, or encrypted by STARTTLS."""


class Encrypted(_Conversation, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""
