"""The SQL that the service really sends for one request, as a script for `pgbench`: the floor of everything that writes.

PostgreSQL's own log says what was sent: nothing is left out, and nothing is thought up. The request is made twice; what
differs between the two is somebody's own (their mailbox's hash, the key of their mail) and is made anew in each run of the
script. What is equal, or a moment, stays as it was.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import processes
from bench.reckoning import Round
from bench.site import Site
from tests.faults.postgres import PostgresServer

LOGGED = {"log_statement": "'all'", "log_line_prefix": "'%p|'", "log_parameter_max_length": "-1"}
_ENTRY = re.compile(r"^(\d+)\|(\w+): +(?:statement|execute [^:]*|[Pp]arameters): (.*)$", re.DOTALL)
_PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")
_MOMENT = re.compile(r"'\d{4}-\d\d-\d\d[ T0-9:.+-]*'")
_BYTES = re.compile(r"'\\x[0-9a-f]*'")
WARMING = 8
CLIENTS = 8


@dataclass
class Sent:
    """One statement with its parameters as PostgreSQL wrote them down."""

    text: str
    parameters: dict[str, str] = field(default_factory=dict)


def logged(site: Site, request: Callable[[], None]) -> list[Sent]:
    """What a request sent to PostgreSQL."""
    assert site.server is not None
    log: Path = site.server.log
    begin = log.stat().st_size
    request()
    time.sleep(0.3)
    with log.open("rb") as file:
        file.seek(begin)
        text = file.read().decode(errors="replace")
    sent: list[Sent] = []
    for entry in re.split(r"\n(?!\t)", text):
        if (found := _ENTRY.match(entry)) is None:
            continue
        if found[2] == "DETAIL":
            sent[-1].parameters = dict(_PARAMETER.findall(found[3]))
        elif "pg_reload_conf" not in found[3]:
            sent.append(Sent(" ".join(found[3].split())))
    return sent


def script_of(site: Site, request: Callable[[int], None], *, key_of: Callable[[], int]) -> str:
    """The script of a request that writes. `request` gets a number that no other has; `key_of` says what number the newest
    row of its table got. Nothing else may use the server meanwhile. Raises `RuntimeError` where two requests differ."""
    assert site.server is not None
    for number in range(WARMING):
        request(number)
    with _logging(site.server):
        first = logged(site, lambda: request(WARMING))
        first_key = key_of_quietly(site.server, key_of)
        second = logged(site, lambda: request(WARMING + 1))
        second_key = key_of_quietly(site.server, key_of)
    if [each.text for each in first] != [each.text for each in second]:
        raise RuntimeError("two requests of one kind do not send the same statements")
    keys = (f"'{first_key}'", f"'{second_key}'")
    return "\\set n random(1, 9223372036854775806)\n" + "".join(
        _line(one, other, keys) for one, other in zip(first, second, strict=True)
    )


def key_of_quietly(server: PostgresServer, key_of: Callable[[], int]) -> int:
    """The key, asked for so that it is in the log before the next request is looked for there."""
    key = key_of()
    time.sleep(0.2)
    assert server.is_running
    return key


class _logging:  # noqa: N801 - reads as a verb
    def __init__(self, server: PostgresServer) -> None:
        self.server = server

    def __enter__(self) -> None:
        self._each("SET {} = {}")

    def __exit__(self, *_: object) -> None:
        self._each("RESET {}")

    def _each(self, what: str) -> None:
        for name, value in LOGGED.items():
            self.server.execute("ALTER SYSTEM " + what.format(name, value))
        self.server.execute("SELECT pg_reload_conf()")
        time.sleep(0.5)


def _line(one: Sent, other: Sent, keys: tuple[str, str]) -> str:
    def stand_in(found: re.Match[str]) -> str:
        name = found[1]
        return _value(one.parameters[name], other.parameters[name], keys)

    text = re.sub(r"\$(\d+)", stand_in, one.text)
    returns_key = text.startswith("INSERT INTO signatures") and "RETURNING" in text
    return text + (" \\gset\n" if returns_key else ";\n")


def _value(one: str, other: str, keys: tuple[str, str]) -> str:
    """A parameter as it stands in the script."""
    if one == other or _MOMENT.fullmatch(one) or one[1:2] in {"[", "{"}:
        return one
    if (one, other) == keys:
        return ":id"
    if _BYTES.fullmatch(one):
        return f"decode(lpad(to_hex(:n::bigint), {len(one) - 4}, '0'), 'hex')"
    if re.fullmatch(r"'-?\d+'", one):
        return ":n"
    return "('n'::text || :n::bigint::text)"


def pgbench(site: Site, script: Path, seconds: float) -> Round:
    """Run a script over and over from several clients, with PostgreSQL's own program for that."""
    assert site.server is not None
    command = [
        site.server.programs / "pgbench", "-h", site.server.sockets, "-U", "postgres", "-n", "-M", "prepared",
        "-c", str(CLIENTS), "-j", "1", "-T", str(max(1, round(seconds))), "-f", script, site.name,
    ]  # fmt: skip
    pids = site.database_pids()
    before = processes.worked(pids)
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)
    worked = processes.worked(pids) - before
    said = dict(_figures(done.stdout))
    if done.returncode or "tps" not in said:
        return Round(0, seconds, errors=(f"pgbench failed: {(done.stderr or done.stdout)[-300:]}",))
    failed = said.get("number of failed transactions", 0.0)
    errors = (f"{failed:.0f} transactions of pgbench failed",) if failed else ()
    number = said["number of transactions actually processed"]
    return Round(int(number), number / said["tps"], said["latency average"], 0.0, 0.0, worked, errors)


def _figures(text: str) -> Iterator[tuple[str, float]]:
    for name, value in re.findall(r"^([a-z ]+)(?: =|:) ([0-9.]+)", text, re.MULTILINE):
        yield name.strip(), float(value)
