"""A mail server that answers as it is told, in place of the one behind `MAIL_URL`."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from petitions.mail.letters import Letter
from petitions.mail.message import TwoForms


class MailServer:
    """Answers each message with `code`: 250 takes it, 451 puts it off, 550 refuses it; 0 hangs up."""

    def __init__(self) -> None:
        self.code = 250
        self.accepted: list[str] = []
        """The Message-IDs that it took."""

    @contextmanager
    def connection(self) -> Iterator[MailServer]:
        """Stands in for `petitions.mail.transport.connection`."""
        yield self

    def send(self, message: Letter | TwoForms, following: Letter | None = None) -> None:
        """Take the message, or say no as a real server does. What comes next changes nothing."""
        if self.code == 0:
            raise smtplib.SMTPServerDisconnected("hung up")
        if self.code != 250:
            raise smtplib.SMTPDataError(self.code, b"as told")
        self.accepted.append(message.message_id)
