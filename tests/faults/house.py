"""A site of several: a gunicorn for reading, one for signing, workers by the piece, and nginx in front of them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from pathlib import Path

from deploy.fill_in import Machine
from tests.faults.front import Front
from tests.faults.postgres import children_of, kill
from tests.faults.processes import Site, free_port, kill_family, kill_one_of

POOLS = ("read", "write")


class House(Site):
    """As `Site`; `port` is nginx's. Whoever asks says in `X-Forwarded-For` where from. Without `preload` each web process loads
    the program by itself, so that a reload brings in what has changed."""

    def __init__(
        self,
        folder: Path,
        *,
        web: int = 1,
        workers: int = 2,
        preload: bool = True,
        extra: dict[str, str] | None = None,
        **settings: object,
    ) -> None:
        super().__init__(folder, web=web, workers=workers, extra=extra, **settings)
        self.preload = preload
        self.ports = {pool: free_port() for pool in POOLS}
        self.pools: dict[str, subprocess.Popen[bytes]] = {}
        self.front = Front(
            folder / "nginx",
            Machine(
                base_url=str(self.settings["base_url"]),
                port=self.port,
                read=f"127.0.0.1:{self.ports['read']}",
                write=f"127.0.0.1:{self.ports['write']}",
            ),
            believes_this_machine=True,
        )

    def start_web(self) -> None:
        """Start both gunicorns and nginx, and wait until all of them answer."""
        for pool in POOLS:
            self.begin_pool(pool)
        for pool in POOLS:
            self.await_pool(pool)
        self.front.start()

    def begin_pool(self, pool: str) -> None:
        """Start one gunicorn; returns at once."""
        options = ["--preload"] if self.preload else []
        self.pools[pool] = self._start_gunicorn(f"{pool}.log", self.ports[pool], *options)

    def await_pool(self, pool: str) -> None:
        """Wait until one gunicorn answers."""
        self._await_web(self.pools[pool], f"{pool}.log", self.ports[pool])

    def kill_web(self, dice: random.Random) -> bool:
        """SIGKILL to one web worker of either gunicorn."""
        return kill_one_of([pid for each in self.pools.values() for pid in children_of(each.pid)], dice)

    def kill_pool(self, pool: str) -> int:
        """SIGKILL to one gunicorn and its web workers. Returns how many were killed."""
        return kill_family(self.pools[pool])

    def empty_pool(self, pool: str) -> None:
        """SIGKILL to the web workers of one gunicorn, which is held back from starting others."""
        os.kill(self.pools[pool].pid, signal.SIGSTOP)
        for pid in children_of(self.pools[pool].pid):
            kill(pid)

    def refill_pool(self, pool: str) -> None:
        """It goes on, and starts others."""
        os.kill(self.pools[pool].pid, signal.SIGCONT)

    def _parts(self) -> list[subprocess.Popen[bytes]]:
        return [*super()._parts(), *self.pools.values()]

    def stop(self) -> None:
        """Ask everything to stop; what does not within a while is killed."""
        self.front.stop()
        # Whoever still waits for an answer has been cut off by now.
        for pool in self.pools.values():
            kill_family(pool)
        self.pools.clear()
        super().stop()
