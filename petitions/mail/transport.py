"""How a finished message leaves: by SMTP with time-outs and checked certificates, or into the capture table."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import flask_mail
from flask_mail import BadHeaderError, Message

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.mail import conversation
from petitions.mail.letters import Letter
from petitions.models import CapturedMail

#: After so many seconds a conversation is cut off, whatever the server is saying: before the worker's lease is over.
LONGEST_CONVERSATION = 280
#: RFC 5321: the greeting of a server that takes mail.
READY = 220
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

LINE_BREAK = re.compile(rb"\r\n|\r|\n")


class ServerAway(Exception):
    """The mail server takes no mail from us. `reason` is a code, with a detail after a colon."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.reason = f"{code}: {detail}" if detail else code
        super().__init__(self.reason)


class CannotBeWritten(Exception):
    """The message cannot be put into a form that mail servers take."""


class Sender(Protocol):
    """Takes finished messages, one at a time."""

    def send(self, message: Letter | Message, following: Letter | None = None) -> None:
        """Hand one message over; returning means that it was accepted. `following` is the one that comes next, or none does."""


class SafeConnection(flask_mail.Connection):
    """Flask-Mail's connection with what it lacks: time-outs, an end, and TLS that is checked and never given up."""

    def __init__(self, mail: Any, url: str) -> None:
        super().__init__(mail)
        self.url = urlsplit(url)
        self.name = self.url.hostname or "localhost"
        self.watchdog = threading.Timer(LONGEST_CONVERSATION, self._cut)
        self.watchdog.daemon = True

    def configure_host(self) -> smtplib.SMTP:
        """Open the connection. Raises `ServerAway`."""
        self.watchdog.start()
        try:
            return self._open()
        except ssl.SSLCertVerificationError as problem:
            reason = ServerAway("certificate", problem.verify_message)
        except smtplib.SMTPAuthenticationError as problem:
            reason = ServerAway("sign_in", str(problem.smtp_code))
        except OSError as problem:
            reason = ServerAway("unreachable", type(problem).__name__)
        except ServerAway as problem:
            reason = problem
        self.watchdog.cancel()
        if self.host is not None:
            self.host.close()
        raise reason

    def _open(self) -> smtplib.SMTP:
        ours = settings().host.partition(":")[0]
        server: conversation.Plain | conversation.Encrypted
        # Not connected by the constructor: the watchdog must know of it while it connects.
        if self.url.scheme == "smtps":
            server = conversation.Encrypted(
                local_hostname=ours,
                timeout=conversation.TIMEOUT_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            server = conversation.Plain(local_hostname=ours, timeout=conversation.TIMEOUT_SECONDS)
        self.host = server
        server.__dict__["_host"] = self.name  # the name its certificate must have
        code, greeting = server.connect(self.name, self.url.port or server.default_port)
        if code != READY:
            raise smtplib.SMTPConnectError(code, greeting)
        server.ehlo_or_helo_if_needed()
        if self.url.scheme != "smtps" and self.name not in LOOPBACK:
            self._encrypt(server)
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server

    def _encrypt(self, server: smtplib.SMTP) -> None:
        """Go on encrypted. A server that offers it must keep its word; one that does not gets nothing that is secret."""
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif settings().mail_tls == "required":
            raise ServerAway("no_tls", "MAIL_TLS is required, and the server offers no STARTTLS")
        elif self.url.password:
            raise ServerAway("no_tls", "the server offers no STARTTLS, and a password is not sent in clear")

    def send(self, message: Letter | Message, following: Any = None) -> None:
        """Hand one message over. Raises `CannotBeWritten` and `BadHeaderError` before a word of it was said."""
        assert isinstance(self.host, (conversation.Plain, conversation.Encrypted))
        self.host.hand_over(*written(message), following and following.envelope)

    def _cut(self) -> None:
        connected = getattr(self.host, "sock", None)
        if connected is not None:
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def __exit__(self, *error: Any) -> None:
        """Say goodbye. A server that hangs up instead has kept what it accepted."""
        with suppress(OSError):
            super().__exit__(*error)
        self.watchdog.cancel()


def written(message: Letter | Message) -> tuple[str, str, bytes]:
    """Sender, recipient and bytes of a message, as they go to the server: lines end in CRLF and in nothing else.

    The bytes are ASCII, so that no server need be asked what it can read. Raises `CannotBeWritten` and `BadHeaderError`.
    """
    if isinstance(message, Letter):
        return message.sender, message.recipient, message.content
    if message.has_bad_headers():
        raise BadHeaderError
    if message.date is None:
        message.date = time.time()
    recipient = str(message.recipients[0])
    sender = getattr(message, "return_path", None) or settings().mail_default_sender
    if not conversation.ADDRESS.fullmatch(recipient):
        raise CannotBeWritten("the address")
    try:
        content = message.as_bytes()
        content.decode("ascii")
    except (UnicodeError, ValueError) as problem:
        raise CannotBeWritten(type(problem).__name__) from None
    return sender, recipient, LINE_BREAK.sub(b"\r\n", content).replace(b"\0", b"")


class Capture:
    """Keeps every message in the database, for /dev/mail."""

    @transactional
    def send(self, message: Letter | Message, following: Letter | None = None) -> None:
        """Keep one message."""
        _, recipient, content = written(message)
        row = CapturedMail(
            created_at=clock.now(),
            recipient=recipient,
            subject=str(message.subject)[:500],
            content=content,
        )
        db.session.add(row)


@contextmanager
def connection() -> Iterator[Sender]:
    """Something that sends, as `MAIL_URL` says; an SMTP connection is kept for the length of the block.

    Raises `ServerAway`.
    """
    if settings().captures_mail:
        yield Capture()
        return
    from flask import current_app

    with SafeConnection(current_app.extensions["mail"], settings().mail_url) as smtp:
        yield smtp
