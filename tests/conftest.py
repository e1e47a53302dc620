"""What every test may ask for: `app`, `client`, `make_app`, `smtp`, and what the browser tests add to them.

`app` comes twice, on SQLite and on PostgreSQL, with its context pushed. A test that needs no database asks for
`app_without_database`; one that is about a single kind is marked `@pytest.mark.database("sqlite")`; one that needs other
settings is marked `@pytest.mark.settings(response_threshold=5)`.
"""

import gc
import shutil
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings

from petitions import reply_time
from tests import keeping
from tests.applications import Applications
from tests.client import PageCheckingClient
from tests.databases import (
    KINDS,
    Database,
    PostgresqlDatabase,
    SqliteDatabase,
    Unavailable,
    database_on,
    drop,
    postgresql_server,
    quick_folder,
    recreate,
)

pytest_plugins = ["tests.left_out", "tests.smtp"]

# Two shared cores are sometimes slow, and a gate must give the same answer twice.
hypothesis_settings.register_profile("gate", deadline=None, derandomize=True, max_examples=50)
hypothesis_settings.load_profile("gate")


# Nobody measures the replies inside a test; sites that tests start wait as all do.
reply_time.STEP = 0.0
APPLICATIONS = Applications()
# Until everything is loaded: see `pytest_collection_finish`.
gc.disable()
#: Folders and files of tests that take seconds each.
LONG = {"browser", "demo", "deploy", "faults", "journeys", "test_gets_write_nothing.py", "translations"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database` chooses which of the two the tests run on."""
    parser.addoption("--database", choices=[*KINDS, "both"], default="both", help="run on one database only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses a database once on each kind."""
    if "database_kind" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--database")
    marker = metafunc.definition.get_closest_marker("database")
    kinds = marker.args if marker else KINDS
    left_out = pytest.mark.skip(reason=f"not on the database chosen by --database {chosen}")
    parameters = [kind if chosen in (kind, "both") else pytest.param(kind, marks=left_out) for kind in kinds]
    metafunc.parametrize("database_kind", parameters, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long comes first in the share of each process: at the end none waits for another's last long test."""
    here, processes = Path(__file__).parent, getattr(config, "workerinput", {}).get("workercount", 1)
    files: dict[Path, list[pytest.Item]] = {}
    short = []
    for item in items:
        is_long = LONG.intersection(item.path.relative_to(here).parts)
        (files.setdefault(item.path, []) if is_long else short).append(item)
    dealt = [
        [item for tests in list(files.values())[each::processes] for item in tests]
        for each in range(processes)
    ]
    # As pytest-xdist gives them out at first: equal parts, in order.
    left, total = iter(short), len(items)
    items.clear()
    for number, long in enumerate(dealt):
        share = (total - len(items)) // (processes - number)
        items += [*long, *islice(left, max(0, share - len(long)))]
    items += left


def pytest_collection_finish() -> None:
    """What was loaded until now stays: Python need not look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_unconfigure() -> None:
    """Nor when the process ends."""
    gc.freeze()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def postgresql(run_folder: Path) -> Iterator[str]:
    """A PostgreSQL server of this test process; tests are skipped aloud where there can be none."""
    server = postgresql_server(run_folder)
    try:
        address = server.__enter__()
    except Unavailable as reason:
        pytest.skip(str(reason))
    yield address
    server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def sqlite_database() -> Iterator[SqliteDatabase]:
    """The SQLite file of this test process."""
    with quick_folder() as folder:
        yield SqliteDatabase(folder)


@pytest.fixture(scope="session")
def postgresql_database(postgresql: str, worker_id: str) -> Iterator[PostgresqlDatabase]:
    """The PostgreSQL database of this test process."""
    name = f"petitions_test_{worker_id}"
    database = PostgresqlDatabase(postgresql, name)
    yield database
    APPLICATIONS.close()
    database.close()
    drop(postgresql, name)


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest) -> Database:
    """A database with the migrated schema and nothing but the migrations' own rows."""
    found: Database = request.getfixturevalue(f"{database_kind}_database")
    found.reset()
    keeping.register(found)
    return found


@pytest.fixture
def empty_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any schema, for tests of the migrations themselves."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"petitions_empty_{request.getfixturevalue('worker_id')}"
    recreate(server, name)
    yield database_on(server, name)
    drop(server, name)


@pytest.fixture(scope="session")
def own_folders() -> Iterator[Iterator[Path]]:
    """Folders that are not there yet, one for each test: a `tmp_path` is made and cleared away even where nobody writes."""
    with quick_folder() as folder:
        yield (folder / str(number) for number in count(1))


@pytest.fixture
def own_folder(own_folders: Iterator[Path]) -> Iterator[Path]:
    """Where the application of this test keeps files beside its database."""
    folder = next(own_folders)
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def ledger(own_folder: Path) -> Path:
    """The erasure ledger of this test; not there until somebody is erased."""
    return own_folder / "erasures.ledger"


@pytest.fixture
def make_app(
    database: Database, ledger: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Flask]]:
    """Build an application on this test's database: `make_app(confirm_days=1)`."""
    made: list[tuple[Flask, dict[str, object]]] = []

    def make(**overrides: object) -> Flask:
        if "smtp" in request.fixturenames:
            overrides = {"mail_url": request.getfixturevalue("smtp").mail_url} | overrides
        own = {"erasure_ledger": ledger, "dump_folder": ledger.parent / "data"}
        overrides = {"database_url": database.url} | own | overrides
        app = APPLICATIONS.take(**overrides)
        made.append((app, overrides))
        return app

    yield make
    for app, overrides in made:
        APPLICATIONS.give_back(app, **overrides)


@pytest.fixture
def app(make_app: Callable[..., Flask], request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on this test's database, its context pushed, with the settings that the test is marked with."""
    overrides: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("settings"))):
        overrides |= marker.kwargs
    app = make_app(**overrides)
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> PageCheckingClient:
    """A visitor with a browser that checks every page."""
    client = app.test_client()
    assert isinstance(client, PageCheckingClient)
    return client


@pytest.fixture
def app_without_database(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application, for tests that never touch the database; its context is not pushed."""
    overrides = {k: v for marker in request.node.iter_markers("settings") for k, v in marker.kwargs.items()}
    app = APPLICATIONS.take(**overrides)
    yield app
    APPLICATIONS.give_back(app, **overrides)
