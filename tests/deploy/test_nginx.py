"""nginx as `deploy/nginx/` has it, in front of two real gunicorns: what it keeps, refuses, hides, and does under too much."""

from __future__ import annotations

import gzip
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from deploy.fill_in import TEMPLATES
from petitions import create_app
from petitions.tokens import Purpose, sign
from tests import build
from tests.databases import Unavailable, migrate, release
from tests.deploy.visitors import Visitor, closing_front
from tests.faults.bench import folder_of_a_run
from tests.faults.front import Front, find_nginx
from tests.faults.house import House
from tests.faults.postgres import children_of
from tests.faults.processes import free_port
from tests.serving import answering

SLOTS = 64


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Two gunicorns on one SQLite file, and nginx; left out aloud where there is no nginx."""
    try:
        find_nginx()
    except Unavailable as reason:
        pytest.skip(str(reason))
    with folder_of_a_run() as folder:
        url = f"sqlite:///{folder / 'petitions.db'}"
        migrate(url)
        running = House(
            folder, database_url=url, erasure_ledger=folder / "ledger", dump_folder=folder / "data"
        )
        try:
            running.start_web()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="module")
def site(house: House) -> Iterator[Flask]:
    """The program on the same data, to put something there."""
    app = create_app(house.make_settings())
    with app.app_context():
        yield app
        release(app)


@pytest.fixture(scope="module")
def petition_id(site: Flask) -> int:
    return build.open_petition().id


@pytest.fixture
def visitor(house: House) -> Visitor:
    return Visitor(house.port)


@contextmanager
def stopped(house: House, pool: str) -> Iterator[None]:
    """One gunicorn answers nothing, as when it has far too much to do; in the end it goes on by itself."""
    pids = children_of(house.pools[pool].pid)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_a_public_page_is_kept_and_given_out_again(visitor: Visitor, petition_id: int) -> None:
    first, words = visitor.ask("GET", f"/petitions/{petition_id}")
    again, same = visitor.ask("GET", f"/petitions/{petition_id}")
    head, nothing = visitor.ask("HEAD", f"/petitions/{petition_id}")
    assert (first.status, first.headers["X-Cache"]) == (200, "MISS")
    assert (again.headers["X-Cache"], same) == ("HIT", words)
    assert (head.headers["X-Cache"], nothing) == ("HIT", "")
    unchanged, _ = visitor.ask(
        "GET", f"/petitions/{petition_id}", headers={"If-None-Match": again.headers["ETag"]}
    )
    assert unchanged.status == 304


def test_a_page_is_kept_compressed_for_whoever_takes_that_and_plain_for_the_others(
    house: House, visitor: Visitor
) -> None:
    path = f"/petitions/{build.open_petition().id}"
    spellings = ("gzip", "br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip, deflate, br, zstd")
    packed = [visitor.ask("GET", path, headers={"Accept-Encoding": each}) for each in spellings]
    plain = [visitor.ask("GET", path, headers=each) for each in ({}, {"Accept-Encoding": "gzip;q=0, br"})]
    assert [answer.headers["X-Cache"] for answer, _ in packed] == ["MISS", "HIT", "HIT"]
    assert [answer.headers["X-Cache"] for answer, _ in plain] == ["MISS", "HIT"]
    assert {answer.headers["Content-Encoding"] for answer, _ in packed} == {"gzip"}
    assert {answer.headers["Content-Encoding"] for answer, _ in plain} == {None}
    (same,), (words,) = {body for _, body in packed}, {body for _, body in plain}
    assert gzip.decompress(same.encode("latin-1")).decode() == words.encode("latin-1").decode()
    assert all("Accept-Encoding" in answer.headers.get_all("Vary", []) for answer, _ in packed + plain)
    kept = [
        file.read_bytes() for file in (house.front.folder / "cache" / "pages").rglob("*") if file.is_file()
    ]
    assert sum(f"{path}\n".encode() in each and same.encode("latin-1") in each for each in kept) == 1
    for each in spellings[0], "":
        found = {"If-None-Match": packed[1][0].headers["ETag"], "Accept-Encoding": each}
        assert visitor.ask("GET", path, headers=found)[0].status == 304


def test_a_page_and_the_document_at_its_address_are_kept_apart(visitor: Visitor, petition_id: int) -> None:
    for _ in range(2):
        for kind in ("text/html", "application/json"):
            asked = {"Accept": kind, "Accept-Encoding": "gzip"}
            answer = visitor.ask("GET", "/petitions?apart", headers=asked)[0]
            assert answer.headers.get_content_type() == kind
    assert answer.headers["X-Cache"] == "HIT"


def test_a_page_that_has_changed_is_shown_after_the_time_it_names(visitor: Visitor, site: Flask) -> None:
    path = f"/petitions/{(petition := build.open_petition()).id}/count.json"
    visitor.ask("GET", path)
    build.signatures(petition, 3)
    end = time.monotonic() + 15
    while json.loads(visitor.ask("GET", path)[1])["signature_count"] != petition.signature_count:
        assert time.monotonic() < end
        time.sleep(0.2)


def test_what_is_personal_is_never_kept(visitor: Visitor, petition_id: int) -> None:
    link = f"/signatures/{sign(Purpose.MY_SIGNATURE, build.signature(build.open_petition()).id)}"
    for path in (link, link, "/staff/sign-in", "/staff/sign-in", "/signatures/confirm/wrong"):
        answer, _ = visitor.ask("GET", path)
        assert answer.headers["X-Cache"] in (None, ""), path
    for name in ("__Secure-staff", "__Host-staff"):
        staff = {"Cookie": f"theme=dark; {name}=abc"}
        answer, _ = visitor.ask("GET", f"/petitions/{petition_id}/share", headers=staff)
        assert answer.headers["X-Cache"] == "BYPASS"
    form = f"/petitions/{petition_id}/signatures/new"
    assert visitor.ask("GET", form)[0].headers["X-Cache"] == "MISS"
    sent, _ = visitor.ask("POST", form, build.sign_form(email="nginx@example.org"))
    refused, words = visitor.ask("POST", form, {"name": "Quandlewick"})
    assert (sent.status, refused.status) == (303, 422)
    assert "Quandlewick" in words
    assert "Quandlewick" not in visitor.ask("GET", form)[1]


def test_only_our_own_name_is_answered_and_no_other_is_believed(visitor: Visitor, house: House) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        visitor.ask("GET", "/", headers={"Host": "evil.example"})
    forged = {
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "X-Forwarded-Prefix": "/evil",
    }
    for path in ("/?forged", "/petitions?forged"):
        answer, words = visitor.ask("GET", path, headers=forged)
        assert answer.status == 200
        assert "evil" not in words
    assert Visitor(house.port, "127.0.0.1").status("GET", "/metrics") == 404, (
        "not even to who seems to be this machine"
    )


class Echo(http.server.BaseHTTPRequestHandler):
    """A program that says what it was told."""

    def do_GET(self) -> None:
        """Every header, as JSON."""
        said = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_a_process_is_told_nothing_that_a_visitor_made_up(house: House, tmp_path: Path) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as program:
        answering(program)
        behind = f"127.0.0.1:{program.server_port}"
        machine = replace(house.front.machine, port=free_port(), read=behind, write=behind)
        front = Front(tmp_path, machine, believes_this_machine=True)
        front.start()
        try:
            forged = dict.fromkeys(
                ("X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded", "Proxy"), "evil.example"
            )
            name = urlsplit(machine.base_url).hostname
            answer, words = Visitor(front.port).ask("GET", "/?a", headers={**forged, "Host": f"{name}:9999"})
        finally:
            front.stop()
            program.shutdown()
    told = json.loads(words)
    assert answer.status == 200
    assert "evil" not in words
    assert told["host"] == urlsplit(machine.base_url).netloc, "what pages are kept under"
    assert told["x-forwarded-for"] == "192.0.2.1"


def test_static_files_are_kept_for_ever_under_an_address_that_changes(visitor: Visitor) -> None:
    page = visitor.ask("GET", "/")[1]
    marked = re.search(r"/static/\S+?\?v=\w+", page)
    assert marked
    answer, words = visitor.ask("GET", marked[0])
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    plain, same = visitor.ask("GET", marked[0].partition("?")[0])
    assert (plain.headers["Cache-Control"], same) == ("public, max-age=60", words)
    sheet = "/static/css/layout.css?v=1"
    words = visitor.ask("GET", sheet)[1]
    packed = [visitor.ask("GET", sheet, headers={"Accept-Encoding": "gzip"}) for _ in range(2)]
    for found, body in packed:
        assert gzip.decompress(body.encode("latin-1")) == words.encode("latin-1")
        assert "immutable" in found.headers["Cache-Control"]
        assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert packed[1][0].headers["X-Cache"] == "HIT"
    assert visitor.status("GET", "/static/../config.py") in (400, 404)
    assert visitor.status("GET", "/static/css/none.css") == 404


def test_pages_are_compressed_but_those_with_secrets(visitor: Visitor) -> None:
    packed = {"Accept-Encoding": "gzip"}
    assert visitor.ask("GET", "/petitions", headers=packed)[0].headers["Content-Encoding"] == "gzip"
    for path in ("/staff/sign-in", "/unsubscribe/wrong"):
        assert visitor.ask("GET", path, headers=packed)[0].headers["Content-Encoding"] is None


def test_a_flood_of_posts_is_shed_by_origin_and_an_ipv6_household_is_one(house: House) -> None:
    household = [Visitor(house.port, f"2001:db8:5:6::{number:x}") for number in range(1, 150)]
    statuses = [each.status("POST", "/static/nothing.css") for each in household]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    answer, words = household[0].ask("POST", "/static/nothing.css")
    assert int(answer.headers["Retry-After"]) > 0
    assert "Too many tries" in words
    assert Visitor(house.port, "2001:db8:5:7::1").status("POST", "/static/nothing.css") == 404
    assert Visitor(house.port, "192.0.2.77").status("POST", "/static/nothing.css") == 404


def test_nobody_chooses_the_origin_that_is_counted(house: House) -> None:
    with closing_front(
        Front(house.folder / "nginx-alone", replace(house.front.machine, port=free_port(), believes=()))
    ) as front:
        host = {"Host": f"127.0.0.1:{house.port}"}
        statuses = [
            Visitor(front.port, f"198.51.100.{number}")
            .ask("POST", "/static/nothing.css", headers=host)[0]
            .status
            for number in range(150)
        ]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_searching_is_limited_and_looking_at_pages_is_not(house: House) -> None:
    many = Visitor(house.port, "192.0.2.88")
    with ThreadPoolExecutor(8) as threads:
        searches = list(
            threads.map(lambda number: many.status("GET", f"/static/none?q={number}"), range(150))
        )
        looks = list(threads.map(lambda number: many.status("GET", f"/static/none?p={number}"), range(150)))
    assert set(searches) == {404, 429}
    assert set(looks) == {404}


def test_neither_links_nor_origins_nor_searches_are_logged(house: House, petition_id: int) -> None:
    asking = Visitor(house.port, "203.0.113.199")
    link = sign(Purpose.MY_SIGNATURE, build.signature(build.open_petition()).id)
    for path in (
        f"/signatures/{link}",
        f"/signatures/confirm/{link}",
        f"/creators/{link}/edit",
        "/petitions?q=Quandlewick",
    ):
        asking.status("GET", path)
    with stopped(house, "write"):
        asking_quickly(asking, f"/signatures/{link}")
    logs = house.front.lines() + (house.front.folder / "error.log").read_text()
    lines = [json.loads(line) for line in logs.splitlines() if line.startswith("{")]
    assert {"/signatures/[link]", "/signatures/confirm/[link]", "/creators/[link]"} <= {
        each["path"] for each in lines
    }
    assert all(re.fullmatch("[0-9a-f]{32}", each["id"]) for each in lines)
    for secret in (link, link[:20], "203.0.113.199", "Quandlewick"):
        assert secret not in logs


def asking_quickly(visitor: Visitor, path: str) -> None:
    """Ask and hang up before there is an answer."""
    with socket.create_connection(("127.0.0.1", visitor.port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{visitor.port}\r\n\r\n".encode())
        time.sleep(0.1)


#: Ways to say where a request ends that two programs could read differently.
UNCLEAR_ENDS = (
    "Content-Length: 4\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 4",
    "Content-Length: 0\r\nContent-Length: 44",
    "Content-Length: +4",
    "Content-Length: 4, 4",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
)


def answers_to(port: int, host: str, end: str) -> list[bytes]:
    """The statuses that come back for a request whose end is told by `end`, with another behind it."""
    hidden = f"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    asked = f"POST /petitions/new HTTP/1.1\r\nHost: {host}\r\n{end}\r\n\r\n{hidden}"
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(asked.encode())
        answered = b""
        while part := line.recv(65_536):
            answered += part
    return re.findall(rb"HTTP/1\.\d (\d{3}) ", answered)


def test_two_requests_in_one_are_refused(house: House) -> None:
    """By nginx and by gunicorn itself: what hides behind the first is never answered, and nothing after it is read."""
    host = f"127.0.0.1:{house.port}"
    for port in (house.port, int(house.front.machine.read.rpartition(":")[2])):
        assert answers_to(port, host, "Content-Length: 5")[1:] == [b"200"], (
            "two that are told apart are answered"
        )
        for end in UNCLEAR_ENDS:
            assert answers_to(port, host, end) in ([b"400"], [b"501"]), (port, end)


@pytest.mark.database("sqlite")
def test_every_address_with_a_secret_is_known_to_nginx(app_without_database: Flask) -> None:
    text = (TEMPLATES / "petitions.conf").read_text()
    hidden = [re.compile(each.replace("?<", "?P<")) for each in re.findall(r'"~(\^\(\?<before>\S+)" "', text)]
    places = [re.compile(each) for each in re.findall(r"location ~ (\S+) \{\n        gzip off", text)]
    assert len(hidden) == 2
    assert len(places) == 1
    rules = [
        rule.rule
        for rule in app_without_database.url_map.iter_rules()
        if getattr(app_without_database.view_functions[rule.endpoint], "is_token_page", False)
        # The page that asks for a reference has none in it.
        and "<" in rule.rule
    ]
    assert len(rules) > 10
    for rule in rules:
        assert any(each.match(rule) for each in hidden), f"{rule} would be logged"
        assert rule.startswith("/staff/") or places[0].match(rule), f"{rule} might be kept"


def test_too_many_readers_are_refused_at_once_while_signing_goes_on(
    house: House, visitor: Visitor, petition_id: int
) -> None:
    kept = f"/petitions/{petition_id}/timeline.atom"
    visitor.ask("GET", kept)
    with ThreadPoolExecutor(SLOTS) as threads, stopped(house, "read"):
        waiting = [
            threads.submit(visitor.status, "GET", f"/petitions?page={page}&n") for page in range(1, SLOTS + 1)
        ]
        end = time.monotonic() + 10
        while (answer := probe(visitor)) is None:
            assert time.monotonic() < end
        response, words, took = answer
        assert took < 1
        assert response.status == 503
        assert int(response.headers["Retry-After"]) > 0
        assert response.headers["Cache-Control"] == "no-store"
        assert "The service is very busy" in words
        counts, document = visitor.ask("GET", "/petitions/1/places.json?n")
        assert (counts.status, json.loads(document)["status"]) == (503, 503)
        assert counts.headers["Access-Control-Allow-Origin"] == "*"
        assert visitor.status("GET", kept) == 200, "what is kept is still shown"
        form = f"/petitions/{petition_id}/signatures/new"
        assert visitor.status("GET", form + "?busy") == 200
        assert visitor.status("POST", form, build.sign_form(email="busy@example.org")) == 303
    # Who came to stand behind one of the probes was refused; everybody else got the page in the end.
    waited = [each.result() for each in waiting]
    assert set(waited) <= {200, 503}
    assert waited.count(200) > SLOTS // 2
    assert visitor.status("GET", "/help?over") == 200


def probe(visitor: Visitor) -> tuple[http.client.HTTPResponse, str, float] | None:
    """One more reader, who goes away unless refused within half a second."""
    began = time.monotonic()
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", visitor.port, timeout=0.5)) as connection:
            connection.request("GET", f"/help?probe={began}")
            response = connection.getresponse()
            return response, response.read().decode(), time.monotonic() - began
    except TimeoutError:
        return None


def test_a_page_of_our_own_stands_where_no_process_answers(
    house: House, visitor: Visitor, petition_id: int
) -> None:
    with closing_front(
        Front(
            house.folder / "nginx-dead",
            replace(house.front.machine, port=free_port(), read=f"127.0.0.1:{free_port()}"),
        )
    ) as front:
        answer, words = Visitor(front.port).ask("GET", "/", headers={"Host": f"127.0.0.1:{house.port}"})
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    sheets = re.findall(r'href="(/static/\S+)"', words)
    assert sheets
    assert {visitor.status("GET", sheet) for sheet in sheets} == {200}


def test_people_who_send_slowly_keep_no_process_busy(
    house: House, visitor: Visitor, petition_id: int
) -> None:
    head = (
        f"POST /petitions/{petition_id}/signatures/new HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nname=A"
    )
    slow = [socket.create_connection(("127.0.0.1", house.port)) for _ in range(40)]
    try:
        for each in slow:
            each.sendall(head.encode())
        began = time.monotonic()
        form = build.sign_form(email="quick@example.org")
        assert visitor.status("POST", f"/petitions/{petition_id}/signatures/new", form) == 303
        assert time.monotonic() - began < 3
    finally:
        for each in slow:
            each.close()
    large, words = visitor.ask("POST", f"/petitions/{petition_id}/signatures/new", {"name": "a" * 300_000})
    assert large.status == 413
    assert "too big" in words


def test_https_is_spoken_and_plain_http_leads_to_it(house: House, tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    machine = replace(
        house.front.machine,
        base_url="https://localhost:4430",
        port=free_port(),
        http_port=free_port(),
        certificate=str(certificate),
        key=str(key),
    )
    trusting = ssl.create_default_context(cafile=str(certificate))
    with closing_front(Front(house.folder / "nginx-tls", machine)) as front:
        with closing(http.client.HTTPSConnection("localhost", front.port, context=trusting)) as connection:
            connection.request("GET", "/static/css/base.css")
            style = connection.getresponse()
            assert style.status == 200
            style.read()
            assert style.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
            connection.request("POST", "/petitions/new", headers={"Content-Length": "999999"})
            too_large = connection.getresponse()
            assert too_large.status == 413
            assert too_large.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        plain = Visitor(machine.http_port).ask("GET", "/petitions?x=1", headers={"Host": "localhost"})[0]
        assert (plain.status, plain.headers["Location"]) == (308, "https://localhost:4430/petitions?x=1")
        in_clear = Visitor(machine.http_port)
        assert (
            in_clear.ask("POST", "/petitions/new", {"name": "Ada"}, headers={"Host": "localhost"})[0].status
            == 403
        )
        assert in_clear.ask("GET", "/readyz", headers={"Host": "localhost"})[0].status == 404
        trusting.check_hostname = False
        with socket.create_connection(("127.0.0.1", front.port)) as raw, pytest.raises(ssl.SSLError):
            trusting.wrap_socket(raw, server_hostname="other.example")


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that only this test believes."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl on this machine")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        [openssl, "req", "-x509", "-days", "2", *curve, *names, *files],
        check=True,
        capture_output=True,
    )
    return certificate, key
