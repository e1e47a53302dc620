"""One fault run: a database, a site on it, a mail server, a crowd, and the oracle that watches them."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from petitions import create_app
from tests import build
from tests.databases import migrate, release
from tests.faults.ledger import ACKNOWLEDGED, UNKNOWN, Ledger
from tests.faults.oracle import Oracle
from tests.faults.people import PLANS, Crowd, Plans
from tests.faults.postgres import PostgresServer
from tests.faults.processes import Site
from tests.faults.sink import Sink

RESPONSE, DEBATE = 20, 45


@dataclass
class Figure:
    """A line of the table: what was done to the site, how often, and what was wrong afterwards."""

    what: str
    tried: int
    seconds: float = 0.0
    numbers: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def folder_of_a_run() -> Iterator[Path]:
    """A folder that is gone afterwards. Short, because the path of a socket may have 107 bytes at most."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    # PostgreSQL runs as a user of its own where we are root.
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server_of_a_run(**settings: str) -> Iterator[PostgresServer]:
    """A PostgreSQL server that is gone afterwards. Raises `Unavailable` where there can be none."""
    with folder_of_a_run() as folder:
        server = PostgresServer(folder, **settings)
        try:
            yield server
        finally:
            server.stop()


class Bench:
    """A running site under load. Without `server` it is on SQLite, with its file in `data` where that is given.

    `extra` goes into the environment of the site's processes; `site` makes another kind of site than one gunicorn.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int,
        server: PostgresServer | None = None,
        data: Path | None = None,
        web: int = 2,
        workers: int = 2,
        threads: int = 6,
        petitions: int = 24,
        extra: dict[str, str] | None = None,
        plans: Plans = PLANS,
        site: Callable[..., Site] = Site,
    ) -> None:
        self.folder, self.server = folder, server
        folder.mkdir(parents=True, exist_ok=True)
        file = (data or folder) / "petitions.db"
        self.url = server.make_database("petitions") if server else f"sqlite:///{file}"
        migrate(self.url)
        self.sink = Sink()
        self.site = site(
            folder,
            web=web,
            workers=workers,
            extra=extra,
            database_url=self.url,
            erasure_ledger=folder / "erasures.ledger",
            mail_url=self.sink.mail_url,
            response_threshold=RESPONSE,
            debate_threshold=DEBATE,
        )
        self.app = create_app(self.site.make_settings())
        with self.app.app_context():
            self.petitions = [build.open_petition().id for _ in range(petitions)]
            release(self.app)
        self.ledger = Ledger(folder / "ledger.jsonl")
        self.oracle = Oracle(self.app, self.sink, self.ledger)
        self.crowd = Crowd(
            self.app,
            self.site.port,
            self.sink,
            self.ledger,
            self.petitions,
            seed=seed,
            threads=threads,
            plans=plans,
        )
        self.ours: set[int] = self.oracle.ours
        """Signatures that the run itself has put there, and nobody of the crowd."""
        self.seen: list[str] = []
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look_on, daemon=True)
        self.began = time.monotonic()

    def __enter__(self) -> Bench:
        try:
            self.site.start()
        except BaseException:
            self.close()
            raise
        self.crowd.start()
        self._watch.start()
        self.began = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything that runs."""
        self.crowd.finish(0)
        self._over.set()
        self.site.stop()
        self.sink.stop()
        self.ledger.close()
        with self.app.app_context():
            release(self.app)

    def _look_on(self) -> None:
        while not self._over.wait(1.0):
            self.seen += self.oracle.during()

    def figure(self, what: str, tried: int, *, ambiguous: int = 0, patience: float = 20.0) -> Figure:
        """Let everybody come to an end, compare everything, and write the line.

        `ambiguous` is how often a worker or the database was lost with mails in hand: so many may come twice, besides
        those after which the mail server itself hung up.
        """
        seconds = time.monotonic() - self.began
        self.sink.behave()
        self.crowd.finish(patience)
        wrong = self.oracle.settle()
        self._over.set()
        if self._watch.is_alive():
            self._watch.join()
        wrong += self.oracle.at_the_end(
            self.site.logs + self._database_logs(), ambiguous=ambiguous + self.sink.ambiguous
        )
        outcomes = self.ledger.outcomes
        numbers = self.oracle.numbers() | {
            "acknowledged": outcomes[ACKNOWLEDGED],
            "unknown": outcomes[UNKNOWN],
            "503": self.ledger.planned_503,
            "looks": self.oracle.looks,
        }
        return Figure(what, tried, seconds, numbers, list(dict.fromkeys(self.seen + wrong)))

    def _database_logs(self) -> list[Path]:
        return [self.server.log] if self.server else []
