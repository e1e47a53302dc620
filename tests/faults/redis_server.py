"""A real Redis of a run's own: stopped, frozen, and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.databases import Unavailable
from tests.faults.processes import free_port

PATIENCE = 10.0


class RedisServer:
    """One Redis that keeps nothing on disk. Raises `Unavailable` where there is none."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise Unavailable("there is no redis-server on this machine: apt-get install redis-server")
        self.program, self.folder, self.port = program, folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """As in `REDIS_URL`."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty, and wait until it listens."""
        quiet = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, *quiet, "--port", str(self.port), "--dir", str(self.folder)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise Unavailable("redis-server did not start: " + (self.folder / "redis.log").read_text()[-500:])

    def freeze(self) -> None:
        """It keeps its connections and answers nothing any more."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._send(signal.SIGCONT)

    def stop(self) -> None:
        """Stop it at once."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _send(self, number: signal.Signals) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)
