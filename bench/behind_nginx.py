"""The same behind nginx of `deploy/`, beside nginx itself serving the same bytes as a file; and a hundred thousand people who
watch a count while others sign."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench import content, machine
from bench.confirming import Counting
from bench.load import Asked, gets, hear, load
from bench.pace import Signing
from bench.reads import Page, pages, size_of
from bench.reckoning import Line, Round
from bench.rounds import Run, in_turns
from bench.signing import RECORD
from bench.sink import Sink
from bench.site import Site, site

TITLE = "Behind nginx"
#: 100,000 people who look every 10 seconds.
WATCHING = 10_000
CONNECTIONS = 64
#: Bytes, as nginx has it (`gzip_min_length`).
COMPRESSED_FROM = 1_000
THREADS = 2


def measure(run: Run) -> Iterator[Line]:
    """From PostgreSQL: what is kept for moments is as fast from any database."""
    if not machine.have("nginx", "nginx-light"):
        print("The lines behind nginx are left out: there is no nginx.", flush=True)
        return
    static = run.folder / "static"
    static.mkdir()
    static.chmod(0o755)
    sink = Sink()
    try:
        with site(run.folder, "fronted", run.server, mail_url=sink.mail_url) as made:
            ids = content.petitions(made)
            made.start_behind_nginx(static, workers=1)
            for page in pages(ids):
                yield _line(run, made, page, static)
                if size_of(made.port, page.paths[0]) >= COMPRESSED_FROM:
                    yield _line(run, made, page, static, packed=True)
            yield _watched(run, made, sink, ids[0])
    finally:
        sink.stop()


def _line(run: Run, made: Site, page: Page, static: Path, *, packed: bool = False) -> Line:
    """One kind of page; `packed` as browsers ask for it, compressed."""
    size = size_of(made.port, page.paths[0], packed=packed)
    (static / "same-bytes").write_bytes(b"x" * size)
    asked = gets(run.folder / "pages", page.paths, page.words, packed=packed)
    file = gets(run.folder / "file", ["/static/same-bytes"], "xxxx")

    def ask(what: Asked, seconds: float) -> Round:
        return load(
            what, made.port, seconds, connections=CONNECTIONS, threads=THREADS,
            web=made.pids(), database=made.database_pids(),
        )  # fmt: skip

    line = in_turns(
        run,
        Line(
            f"{page.what}{', compressed,' if packed else ''} behind nginx",
            floor="the same bytes as a file, same nginx",
        ),
        lambda seconds: ask(asked, seconds),
        lambda seconds: ask(file, seconds),
    )
    line.wants("ratio", line.ratio, 0.80)
    line.notes.append(f"{size} bytes")
    return line


def _watched(run: Run, made: Site, sink: Sink, petition_id: int) -> Line:
    """As many looks at one count as there can be, while people sign that petition as often as at the record."""
    asked = gets(run.folder / "count", [f"/petitions/{petition_id}/count.json"], '"signature_count"')
    line = Line("count.json behind nginx while 33 a second sign it")
    hear(asked, made.port, run.warming)
    for _ in range(run.rounds):
        with Counting(made, every=1.0) as counting, Signing(made, sink, [petition_id], RECORD) as signing:
            line.rounds.append(
                load(
                    asked, made.port, max(run.seconds, 3.0), connections=CONNECTIONS, threads=THREADS,
                    web=made.pids(), database=made.database_pids(),
                )
            )  # fmt: skip
        counting.settle()
        line.wrong += counting.wrong + signing.wrong()
        line.notes.append(f"meanwhile {signing.waits}")
    line.wants("a second", line.rate, WATCHING)
    return line
