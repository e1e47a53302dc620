"""The site behind a real gunicorn on a socket that outlives it, so that one can follow another without a gap.

That is how systemd hands a socket to a service. `follow` starts the next gunicorn with other settings and then asks the
one before to finish; `reload` lets one gunicorn read its settings anew (SIGHUP), as a changed file of settings would:
meanwhile nobody answers until the program is loaded, and who comes waits so long.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from tests.faults.processes import inherited
from tests.serving import one_request
from tests.settings import make_environment

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
#: Read again at every reload: the program's own settings for gunicorn, and this site's settings from a file.
CONFIGURATION = """
import os
from pathlib import Path
for line in Path(os.environ["SETTINGS_FILE"]).read_text().splitlines():
    name, _, value = line.partition("=")
    os.environ[name] = value
__file__ = os.environ["GUNICORN_CONF"]
exec(compile(Path(os.environ["GUNICORN_CONF"]).read_text(), os.environ["GUNICORN_CONF"], "exec"))
loaded = post_worker_init
def post_worker_init(worker):
    loaded(worker)
    (Path(os.environ["SETTINGS_FILE"]).parent / f"ready-{worker.pid}").touch()
"""


class Served:
    """One site. `answers` are asked over HTTP; everything that its processes said is in `log`."""

    def __init__(
        self, folder: Path, *, web: int = 2, extra: dict[str, str] | None = None, **settings: object
    ) -> None:
        self.folder, self.web_number, self.extra = folder, web, extra or {}
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.set_inheritable(True)
        self.port = int(self.listening.getsockname()[1])
        self.settings = {"base_url": f"http://127.0.0.1:{self.port}"} | settings
        self.configuration = folder / "gunicorn.conf.py"
        self.configuration.write_text(CONFIGURATION)
        self.settings_file = folder / "settings.env"
        self.log_file = folder / "web.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """Everything that was said so far."""
        return self.log_file.read_text(errors="replace")

    def start(self) -> None:
        """Start gunicorn and wait for the first answer."""
        self.process = self._gunicorn()
        self._await()

    def _gunicorn(self) -> subprocess.Popen[bytes]:
        self._write_settings()
        environment = {
            **inherited(),
            **make_environment(**self.settings),
            **self.extra,
            "SETTINGS_FILE": str(self.settings_file),
            "GUNICORN_CONF": str(ROOT / "gunicorn.conf.py"),
        }
        log: IO[bytes]
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "--config",
                    str(self.configuration),
                    "--bind",
                    f"fd://{self.listening.fileno()}",
                    "--workers",
                    str(self.web_number),
                ],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                pass_fds=[self.listening.fileno()],
                start_new_session=True,
            )

    def _write_settings(self) -> None:
        lines = [f"{name}={value}" for name, value in make_environment(**self.settings).items()]
        fresh = self.settings_file.with_suffix(".new")
        fresh.write_text("\n".join(lines))
        fresh.replace(self.settings_file)

    def _await(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, self.log[-2000:]
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        raise AssertionError("the site did not start: " + self.log[-2000:])

    def follow(self, **settings: object) -> None:
        """Start another gunicorn with changed settings beside the present one, then ask that one to finish."""
        before = self.process
        self.settings |= settings
        self.process = self._gunicorn()
        self._await_workers(besides=[])
        if before is not None:
            before.send_signal(signal.SIGTERM)
            before.wait(PATIENCE)

    def reload(self, **settings: object) -> None:
        """Change the settings and let the present gunicorn read them: new processes start, then old ones finish."""
        self.settings |= settings
        self._write_settings()
        assert self.process is not None
        before = children_of(self.process.pid)
        self.process.send_signal(signal.SIGHUP)
        self._await_workers(besides=before)

    def _await_workers(self, *, besides: list[int]) -> None:
        """Wait until every web process is one that has loaded the program, and none is one of `besides`."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.process is not None
            now = children_of(self.process.pid)
            ready = [pid for pid in now if (self.folder / f"ready-{pid}").exists()]
            if len(ready) >= self.web_number and not set(besides) & set(now):
                return
            time.sleep(0.1)
        raise AssertionError("the new processes never took over: " + self.log[-2000:])

    def ask(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str, str]:
        """One request: its status, where it leads, and its words."""
        response, words = one_request(self.port, method, path, form, headers or {}, patience=PATIENCE)
        return response.status, response.headers.get("Location", ""), words.decode()

    def say(self, lines: bytes) -> bytes:
        """Send bytes that need not be HTTP, and read what comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as talk:
            talk.sendall(lines)
            talk.shutdown(socket.SHUT_WR)
            answer = b""
            while part := talk.recv(4096):
                answer += part
            return answer

    def stop(self) -> None:
        """Ask it to stop; what does not is killed."""
        if self.process is not None and self.process.poll() is None:
            children = children_of(self.process.pid)
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                for pid in (self.process.pid, *children):
                    os.kill(pid, signal.SIGKILL)
                self.process.wait()
        self.listening.close()


def children_of(pid: int) -> list[int]:
    """The processes that one has started, by number."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(number) for number in listed.stdout.split()]
