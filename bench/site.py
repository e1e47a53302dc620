"""One way to start a site that is measured: the service's own gunicorn configuration, its worker, a database, a mail sink.

Production's settings, limits included. People come from addresses of their own, as through one proxy, so that nobody is
turned away and the work of limiting is in every figure.
"""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import Flask

from bench import processes
from deploy.fill_in import Machine
from petitions import create_app
from tests.databases import database_on, migrate, release
from tests.faults.front import Front
from tests.faults.postgres import PostgresServer
from tests.faults.processes import free_port, inherited
from tests.settings import make_environment, make_settings

ROOT = Path(__file__).resolve().parents[1]
HOST = "petitions.example"
PATIENCE = 60.0
#: As a small machine of its own would have them. It is as durable as in production: fsync stays on.
POSTGRESQL = {"shared_buffers": "1GB", "max_wal_size": "4GB", "checkpoint_timeout": "15min"}


class Gunicorn:
    """gunicorn as `gunicorn.conf.py` says: with the service, or with another `application`."""

    def __init__(self, log: Path, environment: dict[str, str], application: str = "wsgi:app") -> None:
        self.port, self.log = free_port(), log
        self.program = processes.start(
            log,
            sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", application,
            environment={**inherited(), **environment, "PORT": str(self.port)},
            folder=ROOT,
        )  # fmt: skip
        try:
            self._await()
        except BaseException:
            self.stop()
            raise

    def _await(self) -> None:
        end = time.monotonic() + PATIENCE
        while not answers(self.port):
            if time.monotonic() > end or self.program.poll() is not None:
                raise RuntimeError(f"gunicorn did not start: {self.log.read_text(errors='replace')[-1500:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it."""
        processes.end(self.program)


def answers(port: int) -> bool:
    """Whether something listens there and speaks HTTP."""
    with suppress(OSError, http.client.HTTPException):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/healthz", headers={"Host": HOST})
            connection.getresponse().read()
        return True
    return False


class Site:
    """A database that is migrated, and an application on it in this process (`app`); `start` begins to serve it.

    `server` None means SQLite. `like` is another site, which nobody uses at the moment, to begin with a copy of its data.
    `settings` are the service's settings by their names in small letters.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        server: PostgresServer | None,
        *,
        like: Site | None = None,
        **settings: object,
    ) -> None:
        self.folder, self.name, self.server = folder, name, server
        self.kind = "PostgreSQL" if server else "SQLite"
        self.url = self._database(like)
        given = {
            "app_env": "production", "base_url": f"https://{HOST}", "database_url": self.url, "trusted_proxies": 1,
            "ratelimit_enabled": "yes", "mail_url": "smtp://127.0.0.1:9", "dump_folder": folder / f"{name}-data",
            "erasure_ledger": folder / f"{name}.ledger", "pages_kept": None,
        }  # fmt: skip
        self.settings = given | settings
        self.environment = make_environment(**self.settings)
        if like is None:
            migrate(self.url)
        self.app: Flask = create_app(make_settings(**self.settings))
        self.web: Gunicorn | None = None
        self.writing: Gunicorn | None = None
        self.front: Front | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def _database(self, like: Site | None) -> str:
        """An empty database, or a copy; its address."""
        if self.server is None:
            file = self.folder / f"{self.name}.db"
            if like is not None:
                # What waits in its log is written into the file when the last connection closes.
                shutil.copyfile(self.folder / f"{like.name}.db", file)
            return f"sqlite:///{file}"
        if like is None:
            return self.server.make_database(self.name)
        self.server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{like.name}"')
        return database_on(self.server.address, self.name)

    def let_go(self) -> None:
        """Close every connection of this process to the database, so that it can be copied."""
        with self.app.app_context():
            release(self.app)

    def start(self, *, workers: int = 0) -> None:
        """Begin to serve, with so many workers beside."""
        for number in range(workers):
            self.start_worker(number)
        self.web = Gunicorn(self.folder / f"{self.name}-web.log", self.environment)

    def start_behind_nginx(self, static: Path, *, workers: int = 0) -> None:
        """Begin to serve as `deploy/` has it: a gunicorn for reading, one for signing, nginx in front. Files from `static`.

        Raises `Unavailable` where there is no nginx.
        """
        for number in range(workers):
            self.start_worker(number)
        own = self.environment | {"WEB_CONCURRENCY": "1"}
        self.web = Gunicorn(self.folder / f"{self.name}-read.log", own)
        self.writing = Gunicorn(self.folder / f"{self.name}-write.log", own)
        machine = Machine(
            base_url=f"https://{HOST}", port=free_port(), static=static,
            read=f"127.0.0.1:{self.web.port}", write=f"127.0.0.1:{self.writing.port}",
        )  # fmt: skip
        self.front = Front(self.folder / f"{self.name}-nginx", machine, believes_this_machine=True)
        self.front.start()

    def start_worker(self, number: int = 0) -> None:
        """One `flask worker` more."""
        log = self.folder / f"{self.name}-worker{number}.log"
        command = (sys.executable, "-m", "flask", "--app", "wsgi", "worker")
        program = processes.start(log, *command, environment={**inherited(), **self.environment}, folder=ROOT)
        self.workers.append(program)

    @property
    def port(self) -> int:
        """Where it is served."""
        assert self.web is not None
        return self.front.port if self.front else self.web.port

    def stop(self) -> None:
        """Stop everything that serves; the data stays."""
        if self.front is not None:
            self.front.stop()
        for program in self.workers:
            processes.end(program)
        for gunicorn in (self.web, self.writing):
            if gunicorn is not None:
                gunicorn.stop()
        self.web = self.writing = self.front = None
        self.workers = []

    def rows(self, statement: str) -> list[Any]:
        """What one statement gives, in a snapshot and on a connection of its own."""
        from sqlalchemy import text

        from petitions.extensions import db

        with self.app.app_context(), db.engine.connect() as connection:
            return list(connection.execute(text(statement)).all())

    def close(self) -> None:
        """Stop, and let go of the database; one on PostgreSQL is dropped, so that the next finds the disk as empty."""
        self.stop()
        self.let_go()
        if self.server:
            self.server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def pids(self) -> list[int]:
        """The service's own processes: gunicorn's, the workers', and nginx's."""
        web = [each.program.pid for each in (self.web, self.writing) if each]
        front = [self.front.process.pid] if self.front and self.front.process else []
        return [*web, *front, *(program.pid for program in self.workers)]

    def database_pids(self) -> list[int]:
        """The database server's; SQLite has none, its work is in the service's own."""
        process = self.server.process if self.server else None
        return [process.pid] if process else []


@contextmanager
def site(
    folder: Path, name: str, server: PostgresServer | None, *, like: Site | None = None, **settings: object
) -> Iterator[Site]:
    """A site that is gone afterwards."""
    made = Site(folder, name, server, like=like, **settings)
    try:
        yield made
    finally:
        made.close()
