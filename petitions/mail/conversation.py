"""How we speak SMTP: as the library does, but with more patience for whole messages, and several commands at once where the
server says that it takes them so (PIPELINING, RFC 2920).
"""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Callable, Sequence
from typing import Any

#: Seconds without a word from the server, for every command.
TIMEOUT_SECONDS = 20
#: The same after the whole message: servers look into it before they answer. Leaving too early sends it twice.
DATA_SECONDS = 120
#: RFC 5321: the recipient, or the message, was taken; go on with the message; the server closes the conversation.
TAKEN, FORWARDED, GO_ON, CLOSING = 250, 251, 354, 421

#: One plain address, as it may stand in a command to the server.
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")

Reply = tuple[int, bytes]


class _Conversation:
    """Writes plain addresses as they are: the library takes each apart and puts it together again, which takes longer than all
    else it does for a message."""

    sock: socket.socket | None

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

    def hand_over(self: Any, sender: str, recipient: str, content: bytes) -> None:
        """One message to one recipient; its lines end in CRLF. Raises what `sendmail` raises."""
        if self.has_extn("pipelining") and ADDRESS.fullmatch(sender) and ADDRESS.fullmatch(recipient):
            self._hand_over_at_once(sender, recipient, content)
        else:
            self.sendmail(sender, [recipient], content)

    def _hand_over_at_once(self: Any, sender: str, recipient: str, content: bytes) -> None:
        """Say all that comes before the message without waiting for the answers to it."""
        size = f" size={len(content)}" if self.has_extn("size") else ""
        self.send(f"mail from:<{sender}>{size}\r\nrcpt to:<{recipient}>\r\ndata\r\n".encode("ascii"))
        problems = [
            self._problem({TAKEN}, lambda code, words: smtplib.SMTPSenderRefused(code, words, sender)),
            self._problem(
                {TAKEN, FORWARDED}, lambda *reply: smtplib.SMTPRecipientsRefused({recipient: reply})
            ),
            self._problem({GO_ON}, smtplib.SMTPDataError),
        ]
        if not any(problems):
            problems.append(self._say(content))
        elif problems[-1] is None:
            # A server that wants to hear a message from nobody or to nobody: an empty one, which it refuses.
            self._say(b"")
        first = next(filter(None, problems), None)
        if first is not None:
            self._rset()
            raise first

    def _say(self: Any, content: bytes) -> smtplib.SMTPException | None:
        """The message itself. A dot that begins a line is doubled, so that it does not end it."""
        self.sock.settimeout(DATA_SECONDS)
        try:
            self.send((b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n")
            return self._problem({TAKEN}, smtplib.SMTPDataError)  # type: ignore[no-any-return]
        finally:
            if self.sock is not None:
                self.sock.settimeout(TIMEOUT_SECONDS)

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
