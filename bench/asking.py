"""Our own small HTTP client: kept connections, many at once in one thread. For journeys, for watchers, and where `wrk` is absent."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from dataclasses import dataclass

from bench.site import HOST

PATIENCE = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back. Status 0: nothing did."""

    status: int
    headers: bytes
    body: bytes

    @property
    def location(self) -> str:
        """Where it leads."""
        return self.header(b"location")

    def header(self, name: bytes) -> str:
        """A header's value; nothing where it has none."""
        for line in self.headers.split(b"\r\n"):
            key, _, value = line.partition(b":")
            if key.lower() == name:
                return value.strip().decode("latin-1")
        return ""

    def holds(self, status: int, words: bytes) -> bool:
        """Whether this is the answer that was wanted: its status, and words in its body or in where it leads."""
        return self.status == status and (words in self.body or words in self.location.encode())


def written(method: str, path: str, ip: str, body: str = "", *, packed: bool = False) -> bytes:
    """A request as it goes over the line; `packed` says that the answer may be compressed."""
    kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
    takes = "Accept-Encoding: gzip, deflate, br\r\n" if packed else ""
    length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-For: {ip}\r\nX-Forwarded-Proto: https\r\n"
        f"{kind}{takes}{length}\r\n{body}"
    ).encode()


class Connection:
    """One connection, opened when it is needed and opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, ip: str, body: str = "", *, packed: bool = False) -> Answer:
        """One request. A kept connection that the server closed meanwhile is tried once more, a GET only."""
        request = written(method, path, ip, body, packed=packed)
        for is_last in (method != "GET", True):
            try:
                return await asyncio.wait_for(self._exchange(request), PATIENCE)
            except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
                self.close()
                if is_last:
                    break
        return Answer(0, b"", b"")

    async def _exchange(self, request: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        first, _, headers = head.partition(b"\r\n")
        answer = Answer(int(first.split()[1]), headers, b"")
        length, is_chunked = (
            answer.header(b"content-length"),
            answer.header(b"transfer-encoding") == "chunked",
        )
        body = await _chunks(reader) if is_chunked else await reader.readexactly(int(length or 0))
        if answer.header(b"connection").lower() == "close":
            self.close()
        if answer.header(b"content-encoding") == "gzip":
            body = gzip.decompress(body)
        return Answer(answer.status, headers, body)

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            with contextlib.suppress(RuntimeError):
                self._streams[1].close()
        self._streams = None


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readuntil(b"\r\n")
    return b"".join(parts)
