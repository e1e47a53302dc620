"""What nginx keeps of answers that say they are not for keeping, and how many requests of one origin it lets through: the real
nginx as `deploy/nginx/` has it, in front of a program that answers as it is asked to."""

from __future__ import annotations

import http.server
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from deploy.fill_in import Machine
from tests.databases import Unavailable
from tests.deploy.visitors import Visitor, closing_front
from tests.faults.front import Front, find_nginx
from tests.faults.processes import free_port
from tests.serving import answering

pytestmark = pytest.mark.database("sqlite")

NAME = "petitions.example"
#: More than the connections with a form on its way that one origin may have.
TOO_MANY = 101


class Program(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that stand in the query."""

    protocol_version = "HTTP/1.1"
    #: Head and body leave together.
    wbufsize = -1

    def do_GET(self) -> None:
        """The answer has the name of the path, however often it is asked for."""
        self.send_response(200)
        for name, values in parse_qs(urlsplit(self.path).query).items():
            self.send_header(name, values[0])
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self) -> None:
        """The same, when the whole form is there."""
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def program() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Program) as running:
        answering(running)
        yield running
        running.shutdown()


@pytest.fixture(scope="module")
def front(
    program: http.server.ThreadingHTTPServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    """nginx before that program; left out aloud where there is no nginx."""
    try:
        find_nginx()
    except Unavailable as reason:
        pytest.skip(str(reason))
    behind = f"127.0.0.1:{program.server_port}"
    machine = Machine(base_url=f"http://{NAME}", port=free_port(), read=behind, write=behind)
    folder: Path = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    with closing_front(Front(folder, machine, believes_this_machine=True)) as running:
        yield running


def kept(front: Front, path: str, **headers: str) -> str | None:
    """What nginx says of its cache when somebody asks for `path`."""
    answer, _ = Visitor(front.port).ask("GET", path, headers={"Host": NAME} | headers)
    assert answer.status == 200
    found: str | None = answer.headers["X-Cache"]
    return found


PUBLIC = "Cache-Control=public,%20max-age=60"


def test_what_says_that_it_is_public_is_kept(front: Front) -> None:
    assert [kept(front, f"/page?{PUBLIC}") for _ in range(2)] == ["MISS", "HIT"]


@pytest.mark.parametrize(
    "headers", ["Cache-Control=private", "Cache-Control=no-store", f"{PUBLIC}&Set-Cookie=staff=abc", ""]
)
def test_what_is_one_persons_or_does_not_say_is_never_kept(front: Front, headers: str) -> None:
    assert [kept(front, f"/page?{headers}") for _ in range(2)] == ["MISS", "MISS"]


def test_what_staff_were_shown_is_shown_to_nobody_else(front: Front) -> None:
    page = f"/shown-to-staff?{PUBLIC}"
    assert kept(front, page, Cookie="__Secure-staff=abc") == "BYPASS"
    assert kept(front, page) == "MISS"


def test_what_was_kept_is_shown_where_no_process_answers_any_more(front: Front) -> None:
    page = "/old?Cache-Control=public,%20max-age=1,%20stale-if-error=60&Content-Type=text/html"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Program) as program:
        answering(program)
        behind = f"127.0.0.1:{program.server_port}"
        machine = Machine(base_url=f"http://{NAME}", port=free_port(), read=behind, write=behind)
        stack = ExitStack()
        dying = stack.enter_context(closing_front(Front(front.folder / "dying", machine)))
        assert kept(dying, page) == "MISS"
        program.shutdown()
    with stack:
        time.sleep(2)
        assert kept(dying, page) == "STALE"
        answer, _ = Visitor(dying.port).ask("GET", "/never-seen", headers={"Host": NAME})
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")


def test_one_origin_has_so_many_forms_on_their_way_and_no_more(front: Front) -> None:
    form = f"POST /form HTTP/1.1\r\nHost: {NAME}\r\nX-Forwarded-For: 192.0.2.30\r\nContent-Length: 9\r\n\r\nname="
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", front.port))) for _ in range(TOO_MANY)
        ]
        for each in slow:
            each.sendall(form.encode())
        refused, _, _ = select.select(slow, [], [], 5)
        assert [each.recv(13) for each in refused] == [b"HTTP/1.1 429 "]
        host = {"Host": NAME}
        assert Visitor(front.port, "192.0.2.31").ask("POST", "/form", {"name": "A"}, host)[0].status == 200
        assert Visitor(front.port, "192.0.2.30").ask("GET", "/page", headers=host)[0].status == 200
        waiting = next(each for each in slow if each not in refused)
        waiting.sendall(b"Sam!")
        assert waiting.recv(13) == b"HTTP/1.1 200 "


COSTLY = (
    "/petitions/similar",
    "/petitions/compare",
    "/petitions/local",
    "/statistics.json",
    "/data/",
    "/petitions/1/counts.csv",
    "/petitions/1/timeline.atom",
    "/petitions/1/card.png",
    "/petitions?q=bees",
)


@pytest.mark.parametrize("path", [*COSTLY, "/petitions/1"])
def test_what_takes_long_is_limited_by_origin(front: Front, path: str) -> None:
    many = Visitor(front.port, f"198.51.100.{1 + COSTLY.index(path) if path in COSTLY else 99}")

    def status(asked: str) -> int:
        return many.ask("GET", asked, headers={"Host": NAME})[0].status

    statuses = [status(path) for _ in range(120)]
    assert statuses[:60] == [200] * 60
    assert (429 in statuses) is (path in COSTLY)
