"""Reloads under load: gunicorn and nginx read everything anew, again and again, and nobody's request fails.

python -m tests.faults.reloads --times 20
"""

from __future__ import annotations

import argparse
import http.client
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select

from petitions import create_app
from petitions.extensions import db
from petitions.models import Signature, SignatureRole
from tests import build
from tests.databases import migrate, release
from tests.faults.bench import folder_of_a_run
from tests.faults.house import POOLS, House
from tests.faults.people import FORM
from tests.faults.postgres import children_of

PATIENCE = 60.0
#: Readers and signers, half and half; of few reloads one each, who leave the machine time to load the program.
CLIENTS = 4
FEW = 4
SIGN_FORM = {"name": "Ada Reload", "country": "GB", "postcode": "QX7 3VB", "eligible": "y"}


@dataclass
class Load:
    """Readers and signers, who ask nginx one thing after another: what none of them may be given is in `failed`."""

    port: int
    petition_id: int
    answers: Counter[str] = field(default_factory=Counter)
    times: list[tuple[str, float, float]] = field(default_factory=list)
    """Of which gunicorn each was asked, when, and when it was answered."""
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, number: int) -> None:
        """One of them, until it is over."""
        asked = 0
        while not self.over.wait(0.005):
            asked += 1
            began = time.time()
            # An address of its own each time, so that nothing comes out of the cache.
            if number % 2:
                answer = self.ask("GET", f"/petitions?n={number}-{asked}", self.origin(number, asked))
            else:
                form = SIGN_FORM | {"email": f"reload.{number}.{asked}@d{asked}.example.org"}
                path = f"/petitions/{self.petition_id}/signatures/new"
                answer = self.ask("POST", path, self.origin(number, asked), form)
            self.answers[f"{'GET' if number % 2 else 'POST'} {answer}"] += 1
            self.times.append(("read" if number % 2 else "write", began, time.time()))

    def ask(self, method: str, path: str, origin: str, form: dict[str, str] | None = None) -> str:
        """One request on a connection of its own: the status, or what broke."""
        headers = {"X-Forwarded-For": origin} | (FORM if form else {})
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
                connection.request(method, path, urlencode(form) if form else None, headers)
                answer = connection.getresponse()
                answer.read()
                return str(answer.status)
        except (OSError, http.client.HTTPException) as reason:
            return type(reason).__name__

    def origin(self, number: int, asked: int) -> str:
        """Somebody else each time, so that no limit of one origin is reached."""
        return f"{20 + number}.{asked // 62_500}.{asked // 250 % 250}.{asked % 250}"

    @property
    def failed(self) -> dict[str, int]:
        """Every answer but a page and a signature taken."""
        return {what: number for what, number in self.answers.items() if what not in {"GET 200", "POST 303"}}


@dataclass
class Reloads:
    """A site that is reloaded; `silent` counts the reloads while which nobody was answered before the new processes could."""

    house: House
    load: Load
    silent: int = 0

    def reload(self, pools: tuple[str, ...]) -> None:
        """These gunicorns and nginx read everything anew; returns when every process is a new one."""
        before = {pool: children_of(self.house.pools[pool].pid) for pool in pools}
        began = time.time()
        for pool in pools:
            self.house.pools[pool].send_signal(signal.SIGHUP)
        self.house.front.reload()
        for pool in pools:
            ready = self._await_new(pool, before[pool])
            inside = [
                ended
                for asked_of, asked, ended in self.load.times
                if asked_of == pool and began + 0.3 < asked and ended < ready
            ]
            self.silent += not inside

    def _await_new(self, pool: str, before: list[int]) -> float:
        end = time.monotonic() + PATIENCE
        while True:
            now = children_of(self.house.pools[pool].pid)
            files = [self.house.folder / f"ready-{pid}" for pid in now]
            if (
                len(now) == self.house.web_number
                and not set(now) & set(before)
                and all(f.exists() for f in files)
            ):
                return min(file.stat().st_mtime for file in files)
            if time.monotonic() > end:
                raise RuntimeError(f"old processes stayed: {self.house.tail(f'{pool}.log')}")
            time.sleep(0.05)


def reload_under_load(folder: Path, times: int) -> tuple[Load, list[str]]:
    """So many reloads, and what the load got meanwhile; the other part says what was wrong.

    Few reloads are of one gunicorn each in turn, many of both at once; nginx reloads each time.
    """
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'petitions.db'}"
    migrate(url)
    extra = {"FAULTS_READY": str(folder)}
    house = House(folder, preload=False, extra=extra, database_url=url, erasure_ledger=folder / "ledger")
    app = create_app(house.make_settings())
    with app.app_context():
        load = Load(house.port, build.open_petition().id)
        release(app)
        try:
            house.start_web()
            clients = CLIENTS if times > FEW else 2
            threads = [threading.Thread(target=load.run, args=(n,), daemon=True) for n in range(clients)]
            for thread in threads:
                thread.start()
            reloads = Reloads(house, load)
            for turn in range(times):
                time.sleep(0.2)
                reloads.reload((POOLS[turn % 2],) if times <= FEW else POOLS)
            load.over.set()
            for thread in threads:
                thread.join(PATIENCE)
        finally:
            house.stop()
        mine = select(func.count(Signature.id)).where(Signature.petition_id == load.petition_id)
        there = db.session.execute(mine.where(Signature.role == SignatureRole.SIGNER)).scalar_one()
        lost = load.answers["POST 303"] - there
        release(app)
    wrong = [f"{number} times {what}" for what, number in load.failed.items()]
    wrong += [f"{lost} signatures were acknowledged and are not there"] if lost else []
    wrong += (
        [f"{reloads.silent} times nobody was answered until the program was loaded"] if reloads.silent else []
    )
    return load, wrong


def main() -> int:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=20)
    wanted = parser.parse_args()
    with folder_of_a_run() as folder:
        load, wrong = reload_under_load(folder / "site", wanted.times)
    waits = sorted(ended - asked for _, asked, ended in load.times)
    print(f"{wanted.times} reloads of two gunicorns and nginx under load: {dict(load.answers)}")
    print(f"half waited {waits[len(waits) // 2]:.3f} s, the longest {waits[-1]:.2f} s; {len(wrong)} wrong")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
