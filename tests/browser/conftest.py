"""A real browser on a running site: `page` fetches from `live_server`, whose worker runs beside it."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from petitions import create_app
from petitions.worker import loop, schedule
from tests.databases import SqliteDatabase, release
from tests.serving import answering, serving
from tests.settings import make_settings

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one that `CHROMIUM` names; tests are skipped aloud where there is none."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not executable or not Path(executable).exists():
        pytest.skip("no Chromium: install the package chromium or name the program in CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@dataclass(frozen=True)
class LiveServer:
    """A running site: its address, and its application for a look behind the scenes (`with live.app.app_context()`)."""

    url: str
    app: Flask


@pytest.fixture
def live_server(
    sqlite_database: SqliteDatabase, own_folder: Path, request: pytest.FixtureRequest
) -> Iterator[LiveServer]:
    """The site on a database of its own, served over HTTP, with a worker; heeds `@pytest.mark.settings`."""
    file = own_folder / "live.db"
    sqlite_database.copy_to(file)
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://localhost:{listening.getsockname()[1]}"
    overrides = {k: v for marker in request.node.iter_markers("settings") for k, v in marker.kwargs.items()}
    app = create_app(make_settings(**{"database_url": f"sqlite:///{file}", "base_url": url} | overrides))
    server = serving(app, listening.fileno())
    stop = threading.Event()
    worker = threading.Thread(target=work, args=(app, stop), name="worker")
    threads = [answering(server), worker]
    worker.start()
    yield LiveServer(url, app)
    stop.set()
    server.shutdown()
    for thread in threads:
        thread.join(timeout=20)
    server.server_close()
    listening.close()
    with app.app_context():
        release(app)


def work(app: Flask, stop: threading.Event) -> None:
    """Do the worker's single step again and again until told to stop."""
    with app.app_context():
        schedule.prepare()
    while not stop.wait(0.1):
        with app.app_context():
            loop.step()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A new visitor's page on the live site: `page.goto("/petitions")`. A script error fails the test."""
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, f"errors in the page's script: {errors}"


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails the test when the page breaks an accessibility rule."""

    def check(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check
