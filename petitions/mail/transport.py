"""How a finished message leaves: by SMTP with a time-out and checked certificates, or into the capture table."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import flask_mail
from flask_mail import Message

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.models import CapturedMail

TIMEOUT_SECONDS = 20
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Sender(Protocol):
    """Takes finished messages, one at a time."""

    def send(self, message: Message) -> None:
        """Hand one message over; returning means that it was accepted."""


class SafeConnection(flask_mail.Connection):
    """Flask-Mail's connection with what it lacks: a time-out, and TLS whose certificate is checked.

    TLS is used wherever the server offers it, and never given up where a password is sent to another machine.
    """

    def __init__(self, mail: Any, url: str) -> None:
        super().__init__(mail)
        self.url = urlsplit(url)

    def configure_host(self) -> smtplib.SMTP:
        """Open the connection. Raises `OSError` or `smtplib.SMTPException`."""
        host, port = self.url.hostname or "localhost", self.url.port
        secure = ssl.create_default_context()
        server: smtplib.SMTP
        if self.url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=secure)
        else:
            server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls") and host not in LOOPBACK:
                server.starttls(context=secure)
                server.ehlo()
            elif self.url.password and host not in LOOPBACK:
                raise smtplib.SMTPNotSupportedError(
                    "the server offers no TLS and a password must not be sent in clear"
                )
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server

    def __exit__(self, *error: Any) -> None:
        """Say goodbye. A server that hangs up instead has kept what it accepted."""
        with suppress(OSError):
            super().__exit__(*error)


class Capture:
    """Keeps every message in the database, for /dev/mail."""

    @transactional
    def send(self, message: Message) -> None:
        """Keep one message."""
        row = CapturedMail(
            created_at=clock.now(),
            recipient=message.recipients[0],
            subject=str(message.subject)[:500],
            content=message.as_bytes(),
        )
        db.session.add(row)


@contextmanager
def connection() -> Iterator[Sender]:
    """Something that sends, as `MAIL_URL` says; an SMTP connection is kept for the length of the block."""
    if settings().captures_mail:
        yield Capture()
        return
    from flask import current_app

    with SafeConnection(current_app.extensions["mail"], settings().mail_url) as smtp:
        yield smtp
