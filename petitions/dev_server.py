"""`make run`: the whole site on this machine, from an empty folder to a page in the browser.

Makes `var/` with settings and a database, fills it with the demo country, then keeps the web server and the worker
running until Ctrl-C. `python -m petitions.dev_server reset` (`make demo-reset`) makes the demo's data anew.
"""

import base64
import http.client
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import FrameType

from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.wsgiapp import run as gunicorn
from sqlalchemy import select

from config import SettingError
from petitions.demo.country import COUNTRY_CODE, COUNTRY_NAME

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
ENVIRONMENT_FILE = VAR / "dev.env"
DEFAULT_PORT = 8000

#: Seconds that a child gets to finish its work before it is killed (more than gunicorn gives its own workers, so that
#: none is left behind), and that the first page may take.
PATIENCE = 15.0
FIRST_PAGE = 30.0

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotStart(Exception):
    """The site cannot start here. The message tells the person at the terminal what to do."""


def main(arguments: list[str]) -> int:
    """Run the site (no argument) or make its data anew (`reset`). Returns the exit status."""
    try:
        port = chosen_port(os.environ)
        os.environ.update(development_environment(os.environ, port))
        os.chdir(ROOT)
        if arguments == ["reset"]:
            prepare_data(start_over=True)
            return 0
        ensure_free(port)
        prepare_data()
        return Site(port).run()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except (CannotStart, SettingError) as reason:
        print(reason, file=sys.stderr)
        return 1


def chosen_port(environment: Mapping[str, str]) -> int:
    """The port asked for by `PORT`, or 8000. Raises `CannotStart` where `PORT` is no port."""
    given = environment.get("PORT", str(DEFAULT_PORT))
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise CannotStart("PORT must be a number from 1 to 65535, for example: PORT=8080 make run")
    return int(given)


def ensure_free(port: int) -> None:
    """Raise `CannotStart` when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(
                f"Port {port} is in use on this machine. Choose another one: PORT={port + 80} make run"
            ) from None


def development_environment(environment: Mapping[str, str], port: int) -> dict[str, str]:
    """The settings of a development site: those of `var/dev.env`, which is written once, under those already given."""
    if not ENVIRONMENT_FILE.exists():
        write_environment_file()
    kept = {}
    for line in ENVIRONMENT_FILE.read_text().splitlines():
        name, separator, value = line.partition("=")
        if separator and not name.startswith("#"):
            kept[name.strip()] = value.strip().strip("'\"")
    if "PORT" in environment:
        kept["BASE_URL"] = f"http://localhost:{port}"
    return {**kept, **environment}


def write_environment_file() -> None:
    """Write `var/dev.env`, readable by its owner alone, with secrets of its own."""
    VAR.mkdir(exist_ok=True)
    lines = [
        "# The settings of `make run`, made once. Yours to change; the README lists them all.",
        "APP_ENV=development",
        "# Made-up petitions need no authenticator app; delete the line to see how staff sign in elsewhere.",
        "SECOND_FACTOR=off",
        "DATABASE_URL=sqlite:///var/petitions.db",
        f"BASE_URL=http://localhost:{DEFAULT_PORT}",
        "MAIL_URL=capture://",
        "MAIL_DEFAULT_SENDER=petitions@example.org",
        f"SITE_NAME='Petitions of {COUNTRY_NAME}'",
        f"HOME_COUNTRY={COUNTRY_CODE}",
        f"HOME_COUNTRY_NAME={COUNTRY_NAME}",
        f"ELIGIBILITY='I am a citizen of {COUNTRY_NAME} or I live there'",
        f"SECRET_KEY={secrets.token_urlsafe(48)}",
        f"DATA_KEYS=d1:{random_key()}",
        f"HASH_KEY={random_key()}",
    ]
    with open(os.open(ENVIRONMENT_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")


def random_key() -> str:
    """32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def prepare_data(*, start_over: bool = False) -> None:
    """Bring the database up to date and, if it holds no petition, make the demo's; `start_over` makes them anew."""
    from petitions import create_app
    from petitions.extensions import db

    app = create_app()
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        if start_over:
            command(app, "demo", "--reset")
        elif is_empty():
            command(app, "demo")
        # The web server and the worker are copies of this process: they must not share its connection.
        db.session.remove()
        db.engine.dispose()


def is_empty() -> bool:
    """Whether the database holds no petition yet."""
    from petitions.extensions import db
    from petitions.models.petition import Petition

    with db.engine.connect() as connection:
        return connection.execute(select(Petition.id).limit(1)).first() is None


def command(app: Flask, name: str, *arguments: str) -> None:
    """Run `flask NAME ARGUMENTS…` in the application's context at hand."""
    app.cli.commands[name].main(args=list(arguments), standalone_mode=False)


def leave_interrupts_to_the_parent() -> None:
    """Ctrl-C reaches every process of the group; only the one that started the others may act on it.

    gunicorn's worker answers an interrupt by taking a lock that the interrupted code may hold, and then never ends. The
    parent stops its parts by SIGTERM, which waits for no lock. Blocked, not ignored: gunicorn sets handlers of its own,
    and a mask is inherited by the processes it forks.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def serve(port: int) -> None:
    """Be the web server."""
    leave_interrupts_to_the_parent()
    sys.argv = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8"]
    gunicorn()


def work() -> None:
    """Be the worker."""
    leave_interrupts_to_the_parent()
    from petitions import create_app

    app = create_app()
    with app.app_context():
        command(app, "worker")


class Site:
    """The web server and the worker, started, watched and stopped together, in this process's group."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.stopping = False
        self.children: dict[str, ForkProcess] = {}

    def run(self) -> int:
        """Serve until a signal comes or a part stops. Returns the exit status: 0 only if asked to stop."""
        try:
            self._start("web server", serve, self.port)
            self._start("worker", work)
            for number in SIGNALS:
                signal.signal(number, self._ask_to_stop)
            if self._first_page_is_there():
                announce(os.environ["BASE_URL"])
            failed = self._watch()
        finally:
            self._stop()
        return 1 if failed else 0

    def _start(self, name: str, part: Callable[..., None], *arguments: int) -> None:
        # A copy of this process has everything imported already, which halves the time to the first page.
        child = get_context("fork").Process(target=part, args=arguments, name=name)
        child.start()
        self.children[name] = child

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _dead(self) -> str | None:
        return next((name for name, child in self.children.items() if not child.is_alive()), None)

    def _first_page_is_there(self) -> bool:
        end = time.monotonic() + FIRST_PAGE
        while not self.stopping and self._dead() is None and time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                page = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                page.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
                return page.getresponse().status == http.HTTPStatus.OK
            time.sleep(0.05)
        return False

    def _watch(self) -> bool:
        while not self.stopping:
            if (dead := self._dead()) and not self.stopping:
                status = self.children[dead].exitcode
                print(
                    f"The {dead} stopped by itself (status {status}); its last words are above.",
                    file=sys.stderr,
                )
                return True
            time.sleep(0.2)
        print("\nStopping …", flush=True)
        return False

    def _stop(self) -> None:
        for child in self.children.values():
            child.terminate()
        end = time.monotonic() + PATIENCE
        for child in self.children.values():
            child.join(max(0.1, end - time.monotonic()))
            if child.is_alive():
                child.kill()
                child.join()


def announce(base_url: str) -> None:
    """Print where the site is and who may sign in."""
    from petitions.demo.staff import SIGN_INS

    print(f"\n  The site       {base_url}/")
    print(f"  Its mail       {base_url}/dev/mail")
    print(f"  Components     {base_url}/dev/components")
    second = (
        "with a password alone: SECOND_FACTOR=off in var/dev.env"
        if os.environ.get("SECOND_FACTOR") == "off"
        else "and set up an authenticator app the first time"
    )
    print(f"\n  Staff sign in at {base_url}/staff/sign-in ({second})")
    for label, email, password, *_ in SIGN_INS:
        print(f"    {label:<28} {email:<40} {password}")
    print(
        "\n  Ctrl-C stops everything; the data stays in var/. `make demo-reset` makes it anew.\n", flush=True
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
