"""A mail server that misbehaves: real sockets, each connection in a thread of its own.

`behaviour` says how: `silent` (connects and says nothing), `dripping` (a byte of an endless greeting now and then),
`hangs_up` (before the answer to DATA), `swallows` (takes the message and hangs up before saying so), `closing` (421 to every
recipient), `sender_refused` (550 to every sender), `well` (takes everything). `raw` holds what was sent as messages, byte for
byte: a message ends where a careless server would end it, at a dot alone on a line whatever ends its lines.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress

END = re.compile(rb"(?:\r\n|\r|\n)\.(?:\r\n|\r|\n)")
STRICT_END = b"\r\n.\r\n"
DRIP_SECONDS = 0.05


class RudeServer:
    """Listens from the beginning; `stop` ends it."""

    def __init__(self, behaviour: str) -> None:
        self.behaviour = behaviour
        self.raw: list[bytes] = []
        self.connections = 0
        self.commands: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def mail_url(self) -> str:
        """The `MAIL_URL` that sends here."""
        return f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"

    def stop(self) -> None:
        """Hang up on everyone."""
        for each in [self._socket, *self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connected, _ = self._socket.accept()
                self.connections += 1
                self._open.append(connected)
                threading.Thread(target=self._talk, args=(connected,), daemon=True).start()

    def _talk(self, connected: socket.socket) -> None:
        with suppress(OSError), connected:
            if self.behaviour == "silent":
                connected.recv(1)
                return
            while self.behaviour == "dripping":
                connected.sendall(b"2")
                time.sleep(DRIP_SECONDS)
            connected.sendall(b"220 here\r\n")
            lines = connected.makefile("rb")
            while line := lines.readline():
                command = line.decode().strip().upper()
                self.commands.append(command)
                if not self._answer(connected, lines, command):
                    return

    def _answer(self, connected: socket.socket, lines: object, command: str) -> bool:
        if command.startswith("QUIT"):
            connected.sendall(b"221 bye\r\n")
            return False
        if command.startswith("RCPT") and self.behaviour == "closing":
            connected.sendall(b"421 closing\r\n")
            return False
        if command.startswith("MAIL") and self.behaviour == "sender_refused":
            connected.sendall(b"550 not you\r\n")
            return True
        if command != "DATA":
            connected.sendall(b"250 good\r\n")
            return True
        connected.sendall(b"354 go on\r\n")
        content = b"\r\n"
        while not content.endswith(STRICT_END):
            content += lines.readline()  # type: ignore[attr-defined]
        if self.behaviour == "hangs_up":
            return False
        # As a server would that takes any line end for one.
        self.raw += [part for part in END.split(content[2:]) if part.strip()]
        if self.behaviour == "swallows":
            return False
        connected.sendall(b"250 taken\r\n")
        return True
