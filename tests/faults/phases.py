"""What is done to a running site: its processes are killed, its database goes and comes, its mail server misbehaves.

Each phase has a site of its own, ends at `times` or after `seconds`, whichever is first, and gives its line of the table.
"""

from __future__ import annotations

import random
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from petitions.mail.claiming import BATCH
from petitions.mail.marking import MOST_UNMARKED
from tests.faults.bench import Bench, Figure
from tests.faults.disks import small_disk
from tests.faults.effort import Effort
from tests.faults.people import PLANS
from tests.faults.postgres import PostgresServer
from tests.faults.sink import MOODS, POINTS

#: A clock that jumps, or a disk without room, ends the leases of all mails that two workers have in hand; a database that
#: dies forgets what became of those that were sent since their batch was claimed.
MAILS_IN_HAND = 2 * BATCH
#: Steps that few people take.
SELDOM = {"refuse", "withdraw", "erase"}
#: A server that fits on a small disk.
SMALL = {"max_wal_size": "32MB", "min_wal_size": "32MB", "shared_buffers": "16MB"}


def kill_web(
    folder: Path,
    server: PostgresServer | None,
    seed: int,
    effort: Effort,
    *,
    extra: dict[str, str] | None = None,
) -> Figure:
    """SIGKILL to web workers while they serve; every hundredth time to all of them and their master."""
    dice = random.Random(f"web:{seed}")
    killed = 0
    with Bench(folder, seed=seed, server=server, extra=extra) as bench:
        for turn in effort.turns():
            time.sleep(dice.uniform(0.02, 0.25))
            if turn % 100 == 99:
                killed += bench.site.kill_all_web()
            else:
                killed += bench.site.kill_web(dice)
        return bench.figure(f"web process killed ({_name(server)})", killed)


def kill_workers(folder: Path, server: PostgresServer | None, seed: int, effort: Effort) -> Figure:
    """SIGKILL to workers while they count and send: each time after some mail was on its way, for a worker that is killed
    before it did anything shows nothing."""
    dice = random.Random(f"workers:{seed}")
    killed = 0
    with Bench(folder, seed=seed, server=server) as bench:
        at_work = threading.Event()
        bench.sink.passes = lambda point: at_work.set()
        for _ in effort.turns():
            at_work.clear()
            at_work.wait(3)
            time.sleep(dice.uniform(0, 0.2))
            killed += bench.site.kill_worker(dice)
        return bench.figure(f"worker killed ({_name(server)})", killed, ambiguous=killed * MOST_UNMARKED)


def kill_worker_in_conversation(
    folder: Path, server: PostgresServer | None, seed: int, effort: Effort
) -> Figure:
    """SIGKILL to the one worker at each point of its conversation with the mail server, in turn."""
    dice = random.Random(f"smtp:{seed}")
    killed: list[str] = []
    with Bench(folder, seed=seed, server=server, workers=1) as bench:
        for turn in effort.turns():
            wanted, before = POINTS[turn % len(POINTS)], len(killed)

            def strike(point: str, wanted: str = wanted, before: int = before) -> None:
                if point == wanted and len(killed) == before and bench.site.kill_worker(dice):
                    killed.append(point)

            bench.sink.passes = strike
            end = time.monotonic() + 15
            while len(killed) == before and time.monotonic() < end:
                time.sleep(0.01)
        figure = bench.figure(
            f"worker killed at {len(POINTS)} points of SMTP",
            len(killed),
            ambiguous=len(killed) * MOST_UNMARKED,
        )
    missed = (
        set(POINTS) - set(killed) if effort.times >= len(POINTS) and len(killed) >= len(POINTS) else set()
    )
    figure.wrong += [f"the conversation never came to {point}" for point in sorted(missed)]
    return figure


def kill_database(folder: Path, server: PostgresServer, seed: int, effort: Effort) -> Figure:
    """SIGKILL to every process of PostgreSQL at once; it starts again and recovers from its log."""
    dice = random.Random(f"database:{seed}")
    killed, slowest = 0, 0.0
    with Bench(folder, seed=seed, server=server) as bench:
        # What is tried is what people were told, not the tables that were made for it a moment ago.
        server.execute("CHECKPOINT")
        for _ in effort.turns():
            time.sleep(dice.uniform(0.2, 1.2))
            server.kill()
            killed += 1
            server.start()
            slowest = max(slowest, _heal(bench))
        figure = bench.figure("PostgreSQL killed", killed, ambiguous=killed * MAILS_IN_HAND)
    figure.numbers["slowest heal, ms"] = int(1000 * slowest)
    if slowest > 5:
        figure.wrong.append(f"the site took {slowest:.1f} s to heal")
    return figure


def _heal(bench: Bench) -> float:
    """Seconds until the site writes again after the database answers."""
    began, acknowledged = time.monotonic(), bench.ledger.outcomes["acknowledged"]
    while bench.ledger.outcomes["acknowledged"] == acknowledged and time.monotonic() < began + 30:
        time.sleep(0.01)
    return time.monotonic() - began


def take_database_away(folder: Path, server: PostgresServer, seed: int, effort: Effort) -> Figure:
    """PostgreSQL is stopped in order, stays away for some seconds, and comes back."""
    dice = random.Random(f"away:{seed}")
    times, slowest = 0, 0.0
    with Bench(folder, seed=seed, server=server) as bench:
        for _ in effort.turns():
            time.sleep(dice.uniform(0.5, 2))
            server.stop()
            time.sleep(dice.uniform(1, 4))
            server.start()
            times += 1
            slowest = max(slowest, _heal(bench))
        figure = bench.figure("PostgreSQL away and back", times, ambiguous=times * MAILS_IN_HAND)
    figure.numbers["slowest heal, ms"] = int(1000 * slowest)
    if slowest > 5:
        figure.wrong.append(f"the site took {slowest:.1f} s to heal")
    return figure


def spoil_mail(folder: Path, server: PostgresServer | None, seed: int, effort: Effort) -> Figure:
    """The mail server is slow, silent, refuses for now or turns everybody away, or hangs up half way, all mixed.

    Refusal for ever (`550`) has a phase of its own, because nobody can confirm after it.
    """
    dice = random.Random(f"mail:{seed}")
    moods = [each for each in MOODS if each != "550"]
    weights = [60 if each == "take" else 2 if each == "silent" else 8 for each in moods]
    with Bench(folder, seed=seed, server=server) as bench:
        bench.sink.mood = lambda: dice.choices(moods, weights)[0]
        for _ in effort.turns():
            time.sleep(0.25)
            if sum(bench.sink.moods.values()) - bench.sink.moods["take"] >= effort.times:
                break
        moods_met = {f"SMTP {mood}": number for mood, number in sorted(bench.sink.moods.items())}
        figure = bench.figure(
            "mail server misbehaves", sum(moods_met.values()) - moods_met.get("SMTP take", 0)
        )
        figure.numbers |= moods_met
    return figure


#: What a clock that is turned back makes untrue by itself: the program writes down the times that it is told.
ORDER_OF_TIMES = ("times_are_in_order:", "signed_words_were_there:")


def move_clock(folder: Path, server: PostgresServer | None, seed: int, effort: Effort) -> Figure:
    """The clock of the site's processes jumps by up to a day forward and back while they work.

    A mail that was put off until tomorrow waits that long; the clock comes right before everything is compared.
    """
    dice = random.Random(f"clock:{seed}")
    folder.mkdir(parents=True, exist_ok=True)
    clock = folder / "clock"
    clock.write_text("0")
    jumps = 0
    with Bench(folder, seed=seed, server=server, extra={"FAULTS_CLOCK": str(clock)}) as bench:
        for _ in effort.turns():
            _write(clock, dice.uniform(-86_400, 86_400))
            jumps += 1
            time.sleep(dice.uniform(0.2, 1))
        # Far enough ahead for whatever was put off or claimed while the clock was a day ahead.
        _write(clock, 86_400 + 60)
        figure = bench.figure(f"clock moved ({_name(server)})", jumps, ambiguous=jumps * MAILS_IN_HAND)
    figure.wrong = [each for each in figure.wrong if not each.startswith(ORDER_OF_TIMES)]
    return figure


def _write(file: Path, seconds: float) -> None:
    new = file.with_suffix(".new")
    new.write_text(str(seconds))
    new.rename(file)


def reach_failpoint(
    folder: Path,
    server: PostgresServer | None,
    seed: int,
    effort: Effort,
    point: str,
    action: str = "kill",
    extra: dict[str, str] | None = None,
) -> Figure:
    """The processes die (or fail) by themselves where the program passes one named point."""
    extra = {
        "FAILPOINTS": f"{point}={action}:0.3",
        "FAULTS_REACHED": str(folder / "reached"),
    } | (extra or {})
    folder.mkdir(parents=True, exist_ok=True)
    reached = folder / "reached"
    reached.touch()
    step = point.partition(":")[2]
    # What few people do, everybody does here: a failpoint that is seldom passed shows little.
    plans = ((1, ("sign", step)), (2, ("sign", "confirm", step))) if step in SELDOM else PLANS
    with Bench(folder, seed=seed, server=server, extra=extra, plans=plans) as bench:
        end = time.monotonic() + effort.seconds
        while reached.stat().st_size < effort.times and time.monotonic() < end:
            time.sleep(0.05)
        (folder / "calm").touch()
        times = reached.stat().st_size
        doubled = times * MOST_UNMARKED
        figure = bench.figure(f"{action} at {point} ({_name(server)})", times, ambiguous=doubled)
    if not times:
        figure.wrong.append(f"{point} was never reached")
    return figure


def fill_disk(folder: Path, on_postgresql: bool, seed: int, effort: Effort) -> Figure:
    """The disk with the database is filled to the last byte, stays so for a while, and is emptied again.

    Raises `NoSmallDisk` where none can be made. PostgreSQL may end itself when its log finds no room; then whoever makes
    room starts it again, as a supervisor would.
    """
    dice = random.Random(f"disk:{seed}")
    times = 0
    with small_disk(folder / "disk", 120) as disk, ExitStack() as stack:
        server = None
        if on_postgresql:
            server = PostgresServer(_made(folder / "server"), data=disk.folder / "data", **SMALL)
            stack.callback(server.stop)
        bench = stack.enter_context(Bench(folder / "site", seed=seed, server=server, data=disk.folder))
        for _ in effort.turns():
            time.sleep(dice.uniform(0.5, 2))
            disk.fill()
            time.sleep(dice.uniform(2, 4))
            disk.make_room()
            times += 1
            if server is not None and not server.is_running:
                server.start()
            _heal(bench)
        return bench.figure(f"disk full ({_name(server)})", times, ambiguous=times * MAILS_IN_HAND)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o711)
    return folder


def _name(server: PostgresServer | None) -> str:
    return "PostgreSQL" if server else "SQLite"
