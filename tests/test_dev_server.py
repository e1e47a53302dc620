"""`make run`: settings made once, a clear word where it cannot start, and both parts stopped together."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from config import Settings
from petitions import dev_server


@pytest.fixture
def environment_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`var/dev.env` in a folder of the test's own."""
    monkeypatch.setattr(dev_server, "VAR", tmp_path / "var")
    monkeypatch.setattr(dev_server, "ENVIRONMENT_FILE", tmp_path / "var" / "dev.env")
    return tmp_path / "var" / "dev.env"


def test_the_settings_it_makes_start_a_site(environment_file: Path) -> None:
    settings = Settings.from_environment(dev_server.development_environment({}, 8000))
    assert settings.base_url == "http://localhost:8000"
    assert settings.captures_mail
    assert settings.site_name == "Petitions of Arvenia"


def test_secrets_are_made_once_and_for_the_owner_alone(environment_file: Path) -> None:
    first = dev_server.development_environment({}, 8000)
    assert dev_server.development_environment({}, 8000) == first
    assert stat.S_IMODE(environment_file.stat().st_mode) == 0o600


def test_what_the_person_sets_wins_over_the_file(environment_file: Path) -> None:
    given = {"PORT": "8080", "SITE_NAME": "Ours"}
    environment = dev_server.development_environment(given, dev_server.chosen_port(given))
    assert environment["SITE_NAME"] == "Ours"
    assert environment["BASE_URL"] == "http://localhost:8080"


@pytest.mark.parametrize("port", ["", "http", "-1", "0", "70000", "80 80"])
def test_a_port_that_is_none_is_refused_in_words(port: str) -> None:
    with pytest.raises(dev_server.CannotStart, match=r"PORT must be a number"):
        dev_server.chosen_port({"PORT": port})


def test_a_port_in_use_names_another_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(dev_server.CannotStart, match=rf"Port {port} is in use .* PORT=\d+ make run"):
            dev_server.ensure_free(port)


RUN = """
import sys
from pathlib import Path
from petitions import dev_server
dev_server.VAR = Path(sys.argv[1])
dev_server.ENVIRONMENT_FILE = dev_server.VAR / "dev.env"
sys.exit(dev_server.main([]))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site has its data. It starts a second time with what the first start made, which took longest."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture
def running(place: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The whole site in a process group of its own, and its address once it has announced itself."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{place / 'site.db'}",
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(place / "var")],
        cwd=dev_server.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    else:
        pytest.fail("it never announced itself:\n" + "".join(said))
    yield process, f"http://localhost:{port}"
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that the runner started, by id."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    )
    return [int(number) for number in listed.stdout.split()]


def wait_until_gone(pids: list[int]) -> bool:
    """Whether all of them end within ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


def test_the_site_runs_and_stops_as_one(running: tuple[subprocess.Popen[str], str]) -> None:
    process, url = running
    with urllib.request.urlopen(f"{url}/", timeout=10) as page:  # noqa: S310 - our own address
        assert page.status == 200
    parts = children(process)
    assert len(parts) == 2
    process.terminate()
    assert process.wait(timeout=20) == 0
    assert wait_until_gone(parts)


def test_a_part_that_dies_ends_the_whole_and_is_named(running: tuple[subprocess.Popen[str], str]) -> None:
    process, _url = running
    parts = children(process)
    os.kill(parts[-1], signal.SIGKILL)
    assert process.wait(timeout=20) == 1
    assert process.stdout
    assert "The worker stopped by itself" in process.stdout.read()
    assert wait_until_gone(parts)


def _interrupt_myself() -> None:
    dev_server.leave_interrupts_to_the_parent()
    os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_is_for_the_parent_alone() -> None:
    part = get_context("fork").Process(target=_interrupt_myself)
    part.start()
    part.join(10)
    assert part.exitcode == 0
