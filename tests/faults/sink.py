"""The mail server of a fault run: a real one, in a thread of its own, that misbehaves as it is told.

It answers each message in a mood: `take` it, be `slow`, be `silent` until the other side gives up, put it off with `451`,
refuse it with `550`, close the connection in the middle of the message (`close before`) or after it has taken the message
and before it says so (`close after`); or it turns everybody away at the door (`away`).

It tells of every point of a conversation that it passes, so that a worker can be killed at exactly that point.
"""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

#: Where a conversation can be, in order. `taken`: the message is kept and the other side has not heard it yet.
POINTS = ("connect", "ehlo", "mail", "rcpt", "data", "taken", "answered", "quit")
MOODS = ("take", "slow", "silent", "451", "550", "close before", "close after", "away")
SLOW_SECONDS = 0.7
SILENT_SECONDS = 4.0

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """Keeps what it has taken: `count` says how often each Message-ID came, `box` what each address got."""

    def __init__(self) -> None:
        self.mood: Callable[[], str] = lambda: "take"
        self.passes: Callable[[str], None] = lambda point: None
        self.count: Counter[str] = Counter()
        self.bodies: dict[str, set[str]] = defaultdict(set)
        self.refused: set[str] = set()
        self.ambiguous = 0
        """How often the other side could not know whether a message was taken, because this server hung up."""
        self.moods: Counter[str] = Counter()
        self.box: dict[str, list[bytes]] = defaultdict(list)
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._thread = threading.Thread(target=self._serve, name="sink", daemon=True)
        self._thread.start()

    @property
    def mail_url(self) -> str:
        """The `MAIL_URL` that sends here."""
        return f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"

    def links_to(self, address: str, path: str) -> list[str]:
        """Every path that begins with `path` in the mails that an address got, oldest first, each once."""
        found: dict[str, None] = {}
        for content in list(self.box.get(address, ())):
            found.update(dict.fromkeys(re.findall(rf"({re.escape(path)}\S+)", text_of(content))))
        return list(found)

    def behave(self) -> None:
        """Be a good mail server from here on."""
        self.mood, self.passes = lambda: "take", lambda point: None

    def stop(self) -> None:
        """Hang up on everybody and end the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        listening = self._loop.create_server(lambda: _Conversation(self, self._loop), sock=self._socket)
        server = self._loop.run_until_complete(listening)
        self._loop.run_forever()
        server.close()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer one message as the mood is."""
        content = bytes(envelope.content or b"")
        found = _MESSAGE_ID.search(content)
        message_id = found[1].decode() if found else "none"
        mood = self.mood()
        if mood == "away":  # that is for the door
            mood = "take"
        self.moods[mood] += 1
        if mood in {"451", "550"}:
            self.refused.add(message_id)
            return f"{mood} as told"
        if mood == "silent":
            await asyncio.sleep(SILENT_SECONDS)
        if mood in {"close before", "silent"}:
            _hang_up(server)
            return "421 closing"
        if mood == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        self._keep(message_id, content, envelope)
        self.passes("taken")
        if mood == "close after":
            self.ambiguous += 1
            _hang_up(server)
        return "250 taken"

    def _keep(self, message_id: str, content: bytes, envelope: Envelope) -> None:
        self.count[message_id] += 1
        self.bodies[message_id].update(re.findall(r"/signatures/confirm/\S+", text_of(content)))
        for address in envelope.rcpt_tos:
            self.box[address].append(content)


class _Conversation(SMTP):
    """One connection, which tells the sink where it is."""

    def __init__(self, sink: Sink, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(sink, loop=loop, enable_SMTPUTF8=True)
        self.sink = sink

    def connection_made(self, transport: Any) -> None:
        """Somebody is at the door."""
        super().connection_made(transport)
        self.sink.passes("connect")
        if self.sink.mood() == "away":
            self.sink.moods["away"] += 1
            transport.abort()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        """They say who they are."""
        self.sink.passes("ehlo")
        await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """They say who writes."""
        self.sink.passes("mail")
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """They say to whom."""
        self.sink.passes("rcpt")
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """They send the message; afterwards they have our answer."""
        self.sink.passes("data")
        await super().smtp_DATA(arg)
        self.sink.passes("answered")

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        """They say goodbye."""
        self.sink.passes("quit")
        await super().smtp_QUIT(arg)


def _hang_up(server: SMTP) -> None:
    if server.transport is not None:
        server.transport.abort()


def text_of(content: bytes) -> str:
    """The plain text of a message."""
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""
