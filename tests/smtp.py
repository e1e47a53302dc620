"""A real SMTP server for the tests: it listens on a port of this machine and keeps what it is given."""

import asyncio
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session


class SmtpServer:
    """An SMTP server in a thread of its own.

    `messages` and `envelopes` hold what was accepted, oldest first. `script` holds the codes with which the next
    messages are answered (250 accepts): `smtp.script = [451, 250]` puts one message off and takes the next.
    `recipient_script` does the same for the next recipients, before any message is sent.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, from_the_start: bool = False) -> None:
        """`tls` makes it offer STARTTLS, or speak nothing but TLS `from_the_start`."""
        self._tls, self._from_the_start = tls, from_the_start
        self.messages: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.script: list[int] = []
        self.recipient_script: list[int] = []
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="smtp", daemon=True)

    @property
    def mail_url(self) -> str:
        """The `MAIL_URL` that sends here."""
        scheme = "smtps" if self._from_the_start else "smtp"
        return f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"

    def messages_to(self, address: str) -> list[EmailMessage]:
        """The messages accepted for one mailbox, oldest first."""
        return [m for m, e in zip(self.messages, self.envelopes, strict=True) if address in e.rcpt_tos]

    def clear(self) -> None:
        """Forget everything, scripted answers too."""
        self.messages.clear()
        self.envelopes.clear()
        self.script.clear()
        self.recipient_script.clear()

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everyone and end the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd asks for this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer one recipient: as scripted, else take it."""
        code = self.recipient_script.pop(0) if self.recipient_script else 250
        if code == 250:
            envelope.rcpt_tos.append(address)
        return f"{code} recipient"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer one message: as scripted, else keep it."""
        code = self.script.pop(0) if self.script else 250
        if code == 250:
            content = cast(bytes, envelope.content)
            self.messages.append(email.message_from_bytes(content, policy=email.policy.default))
            self.envelopes.append(envelope)
        return f"{code} message"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        offered = None if self._from_the_start else self._tls
        server = self._loop.run_until_complete(
            self._loop.create_server(
                lambda: SMTP(self, enable_SMTPUTF8=True, loop=self._loop, tls_context=offered),
                sock=self._socket,
                ssl=self._tls if self._from_the_start else None,
            )
        )
        self._loop.run_forever()
        server.close()
        open_sessions = asyncio.all_tasks(self._loop)
        for task in open_sessions:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*open_sessions, return_exceptions=True))
        self._loop.close()


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[SmtpServer]:
    """The one SMTP server of this test process."""
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def smtp(smtp_server: SmtpServer) -> SmtpServer:
    """An empty SMTP server; in a test that asks for it, the `app` fixture sends its mail there."""
    smtp_server.clear()
    return smtp_server
