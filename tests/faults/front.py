"""A real nginx with the configuration of `deploy/nginx/`, on high ports, in a folder of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from deploy.fill_in import Machine, write
from tests.databases import Unavailable
from tests.faults.processes import free_port

PATIENCE = 20.0
#: nginx is where a user's own path seldom leads.
WHERE = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


def find_nginx() -> str:
    """The program. Raises `Unavailable` where there is none."""
    found = shutil.which("nginx", path=WHERE)
    if found is None:
        raise Unavailable("there is no nginx on this machine: apt-get install nginx-light")
    return found


class Front:
    """One nginx. `machine` says what is behind it; it listens on `machine.port`."""

    def __init__(self, folder: Path, machine: Machine, *, believes_this_machine: bool = False) -> None:
        self.program = find_nginx()
        self.folder, self.port = folder, machine.port
        folder.mkdir(parents=True, exist_ok=True)
        if believes_this_machine:
            # The crowd of a run says where each of them comes from, as a load balancer would.
            machine = replace(machine, believes=("127.0.0.1",))
        self.machine = replace(
            machine,
            packing=f"127.0.0.1:{free_port()}",
            cache=folder / "cache",
            logs=folder,
            run=folder,
            user=getpass.getuser(),
            ipv6=False,
        )
        self.configuration = write(self.machine, folder)
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *more: str) -> list[str]:
        """The command line of nginx with this configuration."""
        return [self.program, "-e", str(self.folder / "error.log"), "-c", str(self.configuration), *more]

    def start(self) -> None:
        """Start it and wait until it listens."""
        with (self.folder / "nginx.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command("-g", "daemon off;"), stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise RuntimeError("nginx did not start: " + (self.folder / "nginx.log").read_text()[-1500:])

    def reload(self) -> None:
        """Let it read its files anew: new processes take over, old ones finish."""
        assert self.process is not None
        self.process.send_signal(signal.SIGHUP)

    def lines(self) -> str:
        """What it has written of requests so far; it writes every two seconds, and at once when asked to open its logs anew."""
        assert self.process is not None
        self.process.send_signal(signal.SIGUSR1)
        time.sleep(0.3)
        return (self.folder / "access.log").read_text()

    def stop(self) -> None:
        """Stop it at once."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)
