"""Load: asks one site the same or ever new things on kept connections for some seconds, and looks at every answer.

`wrk` does it where it is there, because it takes least of the two processors that it shares with the server; else a client
of our own in a process beside.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

from bench import processes
from bench.asking import Connection
from bench.reckoning import Round, percentile
from bench.site import HOST

SCRIPT = Path(__file__).with_name("requests.lua")
#: As many as the service's two processes with four threads each can work at, twice.
CONNECTIONS = 16
READERS = 6_000


@dataclass(frozen=True)
class Asked:
    """What is asked: a file of requests, and the answer that each must bring."""

    file: Path
    status: int = 200
    words: str = ""
    """Must stand in the body, or in where the answer leads."""
    once: bool = False
    """Each may be asked once only; a file that comes to its end is an error."""
    pause: float = 0.0
    """Milliseconds that each connection waits between two requests."""
    may_be_shed: bool = False
    """A 503 that says when to come again is no error."""
    packed: bool = False
    """Asked for as browsers do: an answer must be compressed."""


@dataclass(frozen=True)
class Heard:
    """What a client heard in all."""

    right: int
    wrong: int
    said: str
    seconds: float
    p50: float
    p99: float
    lost: int
    ran_out: int
    shed: int = 0
    """Answers that said 503 and when to come again, where that is foreseen."""


def asks(
    file: Path,
    requests: Iterable[tuple[str, str, str, str]],
    *,
    status: int = 200,
    words: str = "",
    once: bool = False,
) -> Asked:
    """Write requests (method, path, address of the visitor, body) down for a client."""
    file.write_text("".join("\t".join(each) + "\n" for each in requests))
    return Asked(file, status, words, once)


def gets(file: Path, paths: Iterable[str], words: str, *, pause: float = 0.0, packed: bool = False) -> Asked:
    """Pages that are asked for again and again, by many people: nobody reaches the limit of one."""
    turns = islice(cycle(list(paths)), READERS)
    asked = asks(file, (("GET", path, visitor(each), "") for each, path in enumerate(turns)), words=words)
    return replace(asked, pause=pause, packed=packed)


def visitor(number: int) -> str:
    """The address of the so-manieth person: everybody comes from a network of their own."""
    return f"{20 + number % 180}.{number // 180 % 250}.{number // 45_000 % 250}.7"


def client() -> str:
    """What asks, in words."""
    return "wrk" if shutil.which("wrk") else "our own client in Python (wrk is not installed)"


def load(
    asked: Asked,
    port: int,
    seconds: float,
    *,
    connections: int = CONNECTIONS,
    threads: int = 1,
    web: Iterable[int] = (),
    database: Iterable[int] = (),
) -> Round:
    """Ask for so long. `web` and `database` are the processes whose work is measured meanwhile."""
    web, database = list(web), list(database)
    before = processes.worked(web), processes.worked(database)
    ask: Callable[[Asked, int, float, int, int], Heard] = _by_wrk if shutil.which("wrk") else _by_ourselves
    heard = ask(asked, port, seconds, connections, threads)
    after = processes.worked(web), processes.worked(database)
    errors = [f"{heard.wrong} answers were wrong ({heard.said})"] if heard.wrong else []
    errors += [f"{heard.lost} requests got no answer"] if heard.lost else []
    errors += ["there were too few requests for the time"] if heard.ran_out and asked.once else []
    return Round(
        heard.right, heard.seconds, heard.p50, heard.p99, after[0] - before[0], after[1] - before[1], tuple(errors)
    )  # fmt: skip


def hear(asked: Asked, port: int, seconds: float, *, connections: int = CONNECTIONS) -> Heard:
    """Ask for so long, and measure nobody's work meanwhile."""
    return (_by_wrk if shutil.which("wrk") else _by_ourselves)(asked, port, seconds, connections, 1)


def _by_wrk(asked: Asked, port: int, seconds: float, connections: int, threads: int) -> Heard:
    command = [
        "wrk", f"-t{threads}", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s", "-s", str(SCRIPT),
        f"http://127.0.0.1:{port}/", "--", str(asked.file), str(threads), str(asked.status), asked.words,
        "once" if asked.once else "again", HOST, str(asked.pause), "shed" if asked.may_be_shed else "-",
        "packed" if asked.packed else "-",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    result = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not result:
        raise RuntimeError(f"wrk failed: {done.stdout}{done.stderr}")
    return Heard(**json.loads(result[0].removeprefix("RESULT ")))


def _by_ourselves(asked: Asked, port: int, seconds: float, connections: int, _threads: int) -> Heard:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_ask_all, (asked, port, seconds, connections))


def _ask_all(asked: Asked, port: int, seconds: float, connections: int) -> Heard:
    lines = [line.split("\t") for line in asked.file.read_text().splitlines()]
    taken: list[float] = []
    wrong: list[str] = []
    asked_for = lost = shed = 0

    async def one(end: float) -> None:
        nonlocal asked_for, lost, shed
        connection = Connection(port)
        while time.perf_counter() < end:
            method, path, ip, body = lines[asked_for % len(lines)]
            asked_for += 1
            began = time.perf_counter()
            answer = await connection.ask(method, path, ip, body, packed=asked.packed)
            is_as_asked = not asked.packed or answer.header(b"content-encoding") == "gzip"
            if is_as_asked and answer.holds(asked.status, asked.words.encode()):
                taken.append((time.perf_counter() - began) * 1_000)
            elif asked.may_be_shed and answer.status == 503 and answer.header(b"retry-after"):
                shed += 1
            elif answer.status:
                wrong.append(f"status {answer.status}")
            else:
                lost += 1
            await asyncio.sleep(asked.pause / 1_000)
        connection.close()

    async def everybody() -> None:
        end = time.perf_counter() + seconds
        await asyncio.gather(*(one(end) for _ in range(connections)))

    began = time.perf_counter()
    asyncio.run(everybody())
    return Heard(
        len(taken), len(wrong), wrong[0] if wrong else "", time.perf_counter() - began,
        percentile(taken, 0.5), percentile(taken, 0.99), lost, int(asked_for > len(lines)), shed,
    )  # fmt: skip
