"""`make many`: a site of several, each part taken away while a crowd signs, and a table of what came of it.

    python -m tests.faults.many --minutes 3

Real nginx in front of two gunicorns (one for reading, one for signing), two workers, one PostgreSQL (fsync on), one Redis.
People sign, confirm, change their minds through nginx and keep ledgers; others read. One part after another is killed,
stays away for a moment and comes back. In the end ledgers, database, mail server and logs are compared.
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.bench import Bench, Figure, folder_of_a_run, server_of_a_run
from tests.faults.effort import Effort
from tests.faults.house import POOLS, House
from tests.faults.ledger import ACKNOWLEDGED, UNKNOWN
from tests.faults.phases import MAILS_IN_HAND
from tests.faults.postgres import PostgresServer
from tests.faults.redis_server import RedisServer

#: Longer than this the site may not take to sign again after a part is back, in seconds.
HEAL = 5.0
#: Reports that one origin may send in a minute (`limits.REPORT`), and how many are tried at each gunicorn.
REPORTS, TRIED = 10, 6
#: Threads of people who sign. The clients share the machine with everything they try.
CROWD = 3
#: Without these nobody can sign; whoever tries is told so, or waits.
SIGNING_NEEDS = {"gunicorn for signing", "processes for signing", "PostgreSQL"}
#: What is taken away where there is little time: nothing whose coming back means loading the program anew.
QUICK = ("processes for reading", "processes for signing", "a worker", "Redis, frozen", "Redis", "PostgreSQL")


@dataclass
class Row:
    """What taking one part away did."""

    part: str
    times: int = 0
    away: float = 0.0
    signed: int = 0
    """Steps that were acknowledged while it was away."""
    unknown: int = 0
    """Steps that were answered with the planned 503, or not at all."""
    slowest: float = 0.0
    """Seconds from its coming back to the next acknowledged step."""


@dataclass
class Readers:
    """Somebody who looks at petitions and their counts all the time; `seen` counts what they got."""

    port: int
    petitions: list[int]
    seen: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Until it is over."""
        dice = random.Random(0)
        while not self.over.wait(0.01):
            path = f"/petitions/{dice.choice(self.petitions)}" + dice.choice(["", "/count.json"])
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
                    connection.request("GET", path)
                    answer = connection.getresponse()
                    answer.read()
                    self.seen[str(answer.status)] += 1
            except (OSError, http.client.HTTPException) as reason:
                self.seen[type(reason).__name__] += 1


@dataclass
class Many:
    """The running site with its parts."""

    bench: Bench
    house: House
    server: PostgresServer
    redis: RedisServer
    dice: random.Random

    def parts(self) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
        """Every part by its name: how it is taken away, and how it comes back."""
        return {
            "gunicorn for reading": self._pool("read"),
            "gunicorn for signing": self._pool("write"),
            "processes for reading": self._processes("read"),
            "processes for signing": self._processes("write"),
            # The one that is killed is replaced at once; the other works meanwhile.
            "a worker": (lambda: self.house.kill_worker(self.dice), lambda: None),
            # In this order: once it was missed, processes count for themselves and look for it again after seconds.
            "Redis, frozen": (self.redis.freeze, self.redis.thaw),
            "Redis": (self.redis.stop, self.redis.start),
            "PostgreSQL": (self.server.stop, self.server.start),
        }

    def _pool(self, name: str) -> tuple[Callable[[], object], Callable[[], object]]:
        def back() -> None:
            self.house.begin_pool(name)
            self.house.await_pool(name)

        return (lambda: self.house.kill_pool(name)), back

    def _processes(self, name: str) -> tuple[Callable[[], object], Callable[[], object]]:
        """gunicorn stays, and cannot replace the processes that are killed until the part comes back."""
        return (lambda: self.house.empty_pool(name)), (lambda: self.house.refill_pool(name))

    def take_away(self, row: Row) -> None:
        """Take one part away for a moment, and see what the crowd gets done."""
        leave, come_back = self.parts()[row.part]
        # Who still waits because of the part before is no sign of this one.
        self.bench.crowd.await_answers()
        time.sleep(self.dice.uniform(0.1, 0.4))
        outcomes, began = Counter(self.bench.ledger.outcomes), time.monotonic()
        leave()
        time.sleep(self.dice.uniform(0.5, 1.0))
        row.signed += self.bench.ledger.outcomes[ACKNOWLEDGED] - outcomes[ACKNOWLEDGED]
        come_back()
        row.away += time.monotonic() - began
        back, acknowledged = time.monotonic(), self.bench.ledger.outcomes[ACKNOWLEDGED]
        while self.bench.ledger.outcomes[ACKNOWLEDGED] == acknowledged and time.monotonic() < back + 30:
            time.sleep(0.01)
        row.slowest = max(row.slowest, time.monotonic() - back)
        row.unknown += self.bench.ledger.outcomes[UNKNOWN] - outcomes[UNKNOWN]
        row.times += 1


def shares_limits(house: House, petition_id: int) -> list[str]:
    """Whether one origin is counted over all processes: so many reports at each gunicorn are too many together."""
    statuses: Counter[int] = Counter()
    report = f"/petitions/{petition_id}/report"
    for pool in POOLS:
        with closing(http.client.HTTPConnection("127.0.0.1", house.ports[pool], timeout=20)) as connection:
            for _ in range(TRIED):
                connection.request("POST", report, headers={"X-Forwarded-For": "203.0.113.5"})
                answer = connection.getresponse()
                answer.read()
                statuses[answer.status] += 1
    expected = Counter({422: REPORTS, 429: len(POOLS) * TRIED - REPORTS})
    return [] if statuses == expected else [f"reports at two gunicorns: {dict(statuses)}"]


def take_parts_away(
    folder: Path, server: PostgresServer, seed: int, effort: Effort, only: tuple[str, ...] = ()
) -> tuple[Figure, list[Row]]:
    """One site; each part in turn is taken away, `effort.times` times all of them, or `only` those."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        redis = RedisServer(folder)
        stack.callback(redis.stop)
        house: list[House] = []

        def build(*given: object, **more: object) -> House:
            house.append(House(*given, **(more | {"web": 1, "redis_url": redis.url})))  # type: ignore[arg-type]
            return house[0]

        bench = stack.enter_context(
            Bench(folder / "site", seed=seed, server=server, site=build, threads=CROWD)
        )
        many = Many(bench, house[0], server, redis, random.Random(f"many:{seed}"))
        readers = Readers(house[0].port, bench.petitions)
        reading = threading.Thread(target=readers.look, daemon=True)
        reading.start()
        wrong = shares_limits(house[0], bench.petitions[0])
        rows = [Row(part) for part in only or many.parts()]
        for _ in effort.turns():
            for row in rows:
                many.take_away(row)
        readers.over.set()
        reading.join(20)
        times = sum(row.times for row in rows)
        figure = bench.figure(
            "a part of a site of several taken away", times, ambiguous=times * MAILS_IN_HAND, patience=4
        )
    figure.wrong += wrong + judge(rows, readers.seen)
    figure.numbers |= {f"reads {status}": number for status, number in sorted(readers.seen.items())}
    return figure, rows


def judge(rows: list[Row], seen: Counter[str]) -> list[str]:
    """What is wrong with what the crowd and the readers got."""
    wrong = [f"{each.part}: {each.slowest:.1f} s to sign again" for each in rows if each.slowest > HEAL]
    for row in rows:
        if row.times and row.part not in SIGNING_NEEDS:
            if not row.signed:
                wrong.append(f"nobody could sign without {row.part}")
            if row.unknown:
                wrong.append(f"{row.unknown} steps were not answered without {row.part}")
    return wrong + [f"a reader got {each}" for each in seen if each not in {"200", "503"}]


def table(rows: list[Row]) -> str:
    """For the person at the terminal."""
    lines = [
        "| taken away | times | away, s | steps acknowledged meanwhile | 503 or no answer | slowest to sign again, s |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {each.part} | {each.times} | {each.away:.1f} | {each.signed} | {each.unknown} | {each.slowest:.2f} |"
        for each in rows
    ]
    return "\n".join(lines)


def main() -> int:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0, help="how long parts are taken away")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    wanted = parser.parse_args()
    with folder_of_a_run() as folder, server_of_a_run() as server:
        figure, rows = take_parts_away(
            folder / "many", server, wanted.seed, Effort(10**6, 60 * wanted.minutes)
        )
    print(f"seed {wanted.seed}\n\n{table(rows)}\n")
    print(", ".join(f"{name} {number:,}" for name, number in figure.numbers.items()))
    print(f"{figure.tried} times a part was taken away, {len(figure.wrong)} wrong")
    print("\n".join(figure.wrong[:20]))
    return 1 if figure.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
