"""The mail server of the bench: takes every message, keeps its Message-ID and hands it on. A thread of this process, and as
little work as a mail server can be, because it shares the machine with what is measured."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_LINK = re.compile(rb"/signatures/confirm/[A-Za-z0-9_.-]+")
END = b"\r\n.\r\n"


def link_in(content: bytes) -> str:
    """The confirm link's path in a message; nothing where there is none."""
    found = _LINK.search(content.replace(b"=\r\n", b""))
    return found[0].decode() if found else ""


class Sink:
    """What came: how often each Message-ID, and when the first and the last. `hear` is told of every message."""

    def __init__(self) -> None:
        self.hear: Callable[[str, bytes], None] = lambda recipient, content: None
        self.loop = asyncio.new_event_loop()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._thread = threading.Thread(target=self._serve, name="sink", daemon=True)
        self.forget()
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    @property
    def mail_url(self) -> str:
        """The `MAIL_URL` that sends here."""
        return f"smtp://127.0.0.1:{self.port}"

    def forget(self) -> None:
        """Begin to count anew."""
        self.count: Counter[bytes] = Counter()
        self.first = self.last = 0.0
        self.sample = b""

    def take(self, recipient: str, content: bytes) -> None:
        """One message."""
        self.last = time.perf_counter()
        if not self.first:
            self.first, self.sample = self.last, content
        found = _MESSAGE_ID.search(content)
        self.count[found[1] if found else b"none"] += 1
        self.hear(recipient, content)

    def wait_for(self, number: int, patience: float) -> bool:
        """Wait for so many messages; false where they do not come in so many seconds."""
        end = time.monotonic() + patience
        while self.count.total() < number and time.monotonic() < end:
            time.sleep(0.02)
        return self.count.total() >= number

    def stop(self) -> None:
        """Hang up and end the thread."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(
            self.loop.create_server(lambda: _Conversation(self), sock=self._socket)
        )
        self.loop.run_forever()
        server.close()
        self.loop.close()


class _Conversation(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self.sink, self.buffer, self.in_data, self.recipient = sink, b"", False, ""

    def connection_made(self, transport: Any) -> None:
        self.answers: list[bytes] = []
        self.say = self.answers.append
        self.transport = transport
        transport.write(b"220 bench\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._step():
            pass
        # Together, as servers do that take several commands at once.
        self.transport.write(b"".join(self.answers))
        self.answers.clear()

    def _step(self) -> bool:
        """Work off a command, or a message, if a whole one is there."""
        content, found, rest = self.buffer.partition(END if self.in_data else b"\r\n")
        if not found:
            return False
        self.buffer = rest
        if self.in_data:
            self.in_data = False
            self.sink.take(self.recipient, content)
            self.say(b"250 taken\r\n")
        else:
            self._obey(content)
        return True

    def _obey(self, line: bytes) -> None:
        command = line[:4].upper()
        if command == b"DATA":
            self.in_data = True
            self.say(b"354 go on\r\n")
        elif command == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        elif command == b"EHLO":
            self.say(b"250-bench\r\n250 PIPELINING\r\n")
        else:
            if command == b"RCPT":
                self.recipient = line.partition(b"<")[2].partition(b">")[0].decode("ascii", "replace")
            self.say(b"250 bench\r\n")
