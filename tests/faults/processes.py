"""The processes of a running site: gunicorn with its web workers, and the workers; killed by chance and never by name."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

from config import Settings
from tests.faults.postgres import await_end, children_of, kill
from tests.settings import make_environment, make_settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def inherited() -> dict[str, str]:
    """What a program that we start keeps of our environment: the paths of programs and folders, and nothing that could set it up."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}


class Site:
    """One site on one database. `settings` are the service's settings by their names in small letters."""

    def __init__(
        self,
        folder: Path,
        *,
        web: int = 2,
        workers: int = 2,
        extra: dict[str, str] | None = None,
        **settings: object,
    ) -> None:
        self.folder, self.web_number, self.worker_number = folder, web, workers
        self.port = free_port()
        self.settings = {
            "base_url": f"http://127.0.0.1:{self.port}",
            "trusted_proxies": 1,
            "ratelimit_enabled": "yes",
            "supporters_needed": 0,
        } | settings
        self.environment = {**inherited(), **make_environment(**self.settings), **(extra or {})}
        self.web: subprocess.Popen[bytes] | None = None
        self.nursery: subprocess.Popen[bytes] | None = None

    def make_settings(self) -> Settings:
        """The settings that the site runs on."""
        return make_settings(**self.settings)

    @property
    def logs(self) -> list[Path]:
        """Everything that the processes have said."""
        return sorted(self.folder.glob("*.log"))

    def _start(self, log: str, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / log).open("ab") as file:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.environment,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def start_web(self) -> None:
        """Start gunicorn, the program loaded before it forks, and wait for the first page."""
        self.web = self._start_gunicorn("web.log", self.port, "--preload")
        self._await_web(self.web, "web.log", self.port)

    def _start_gunicorn(self, log: str, port: int, *options: str) -> subprocess.Popen[bytes]:
        return self._start(
            log,
            "gunicorn",
            *options,
            f"--bind=127.0.0.1:{port}",
            f"--workers={self.web_number}",
            "tests.faults.entry:app",
        )

    def _await_web(self, process: subprocess.Popen[bytes], log: str, port: int) -> None:
        end = time.monotonic() + PATIENCE
        while not self.answers(port):
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError("the site did not start: " + self.tail(log))
            time.sleep(0.05)

    def start_workers(self) -> None:
        """Start the workers; returns at once."""
        self.nursery = self._start("worker.log", "tests.faults.entry", str(self.worker_number))

    def start(self) -> None:
        """Start everything."""
        self.start_workers()
        self.start_web()

    def tail(self, log: str) -> str:
        """The last words of one log."""
        return (self.folder / log).read_text(errors="replace")[-1500:]

    def answers(self, port: int | None = None) -> bool:
        """Whether it answers at all; it need not be well."""
        with suppress(OSError, http.client.HTTPException):
            with closing(http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=5)) as connection:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
            return True
        return False

    def kill_web(self, dice: random.Random) -> bool:
        """SIGKILL to one web worker; false where none was there to be killed."""
        assert self.web is not None
        return kill_one_of(children_of(self.web.pid), dice)

    def kill_worker(self, dice: random.Random) -> bool:
        """SIGKILL to one worker; false where none was there to be killed."""
        assert self.nursery is not None
        return kill_one_of(children_of(self.nursery.pid), dice)

    def kill_all_web(self) -> int:
        """SIGKILL to gunicorn's master and every web worker, then a new start. Returns how many were killed."""
        assert self.web is not None
        killed = kill_family(self.web)
        self.start_web()
        return killed

    def _parts(self) -> list[subprocess.Popen[bytes]]:
        return [part for part in (self.web, self.nursery) if part is not None]

    def stop(self) -> None:
        """Ask everything to stop; what does not within a while is killed."""
        parts = self._parts()
        families = [(part, children_of(part.pid)) for part in parts]
        for part in parts:
            part.send_signal(signal.SIGTERM)
        for part, children in families:
            try:
                part.wait(20)
            except subprocess.TimeoutExpired:
                kill_family(part)
            if not await_end(children, 5):
                for child in children:
                    kill(child)
        self.web = self.nursery = None


def kill_one_of(pids: list[int], dice: random.Random) -> bool:
    if not pids:
        return False
    kill(dice.choice(pids))
    return True


def kill_family(parent: subprocess.Popen[bytes]) -> int:
    children = children_of(parent.pid)
    for pid in (parent.pid, *children):
        kill(pid)
    parent.wait()
    await_end(children, PATIENCE)
    return 1 + len(children)
