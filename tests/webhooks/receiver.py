"""A receiver of webhooks: a real server on this machine, which answers as it is told and remembers what it got."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.serving import answering


@dataclass
class Receiver:
    """Where it is, how it answers (a status, or a number of seconds to be silent), and what came: headers and body."""

    url: str = ""
    status: int = 204
    silent_for: float = 0.0
    location: str = ""
    paths: list[str] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving(*, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Receiver]:
    """Run one for the length of the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.paths.append(self.requestline.split(" ")[1])
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(receiver.silent_for)
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A caller that hung up is no fault of this server."""

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme = "https" if tls is not None else "http"
    receiver.url = f"{scheme}://{host}:{server.server_address[1]}/petitions?from=here"
    thread = answering(server)
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def dripping(
    words: bytes, *, scheme: str = "http", pause: float = 0.05, longest: float = 3.0
) -> Iterator[str]:
    """A server that says these words and then letter after letter, for seconds, never nothing for long. Its address."""
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with suppress(OSError), server.accept()[0] as line:
            line.sendall(words)
            until = time.monotonic() + longest
            while time.monotonic() < until:
                time.sleep(pause)
                line.sendall(b"a")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    with server:
        yield f"{scheme}://127.0.0.1:{server.getsockname()[1]}/"
    thread.join()
