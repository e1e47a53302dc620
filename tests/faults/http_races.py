"""Races over HTTP against a running site, with its workers counting meanwhile."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import func, select

from petitions.extensions import db
from petitions.models import Crossing, Mail, Petition, Signature
from petitions.tokens import Purpose, sign
from tests import build
from tests.faults.bench import RESPONSE, Bench, Figure
from tests.faults.effort import Effort
from tests.faults.people import Answer
from tests.faults.postgres import PostgresServer

#: Races that are prepared, run and counted at one go.
AT_ONCE = 10


def at_once(asks: list[Callable[[], Answer]]) -> list[Answer]:
    """Send all requests at the same instant, each on a connection of its own."""
    barrier = threading.Barrier(len(asks))
    answers: list[Answer] = [Answer("nothing")] * len(asks)

    def run(index: int) -> None:
        barrier.wait(30)
        answers[index] = asks[index]()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(asks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


class Races:
    """Prepares rows behind the site's back, and presses buttons on its pages."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.wrong: list[str] = []
        self.pressed = 0

    def pending(self, number: int) -> tuple[int, list[str]]:
        """A petition and the confirm links of so many people."""
        petition = build.open_petition()
        ids = [build.signature(petition, state="pending").id for _ in range(number)]
        return petition.id, [f"/signatures/confirm/{sign(Purpose.CONFIRM_SIGNATURE, each)}" for each in ids]

    def press(self, link: str) -> Callable[[], Answer]:
        """The press of the button on a confirm page."""
        self.pressed += 1
        # Eight or sixteen from one origin at most, so that no limit is reached.
        ip = f"198.51.{self.pressed // 8 // 250 % 250}.{self.pressed // 8 % 250}"
        return lambda: self.bench.crowd.browser.ask("POST", link, ip, {"answer": "yes"})

    def judge(self, answers: list[Answer], what: str) -> None:
        """Every press has to end on the page that says so."""
        self.wrong += [
            f"{what} was answered with {answer.status} {answer.location}"
            for answer in answers
            if answer.status != 303 or "/confirmed" not in answer.location
        ]

    def await_count(self, petition_id: int, wanted: int) -> None:
        """The count is there within some seconds, and is exact."""
        end = time.monotonic() + 15
        while True:
            db.session.rollback()
            count = db.session.get_one(Petition, petition_id).signature_count
            if count >= wanted or time.monotonic() > end:
                break
            time.sleep(0.02)
        if count != wanted:
            self.wrong.append(f"petition {petition_id} says {count} and has {wanted}")

    def double_confirms(self) -> int:
        """Ten links, each pressed eight times at once."""
        prepared = [self.pending(1) for _ in range(AT_ONCE)]
        for _, (link,) in prepared:
            self.judge(at_once([self.press(link)] * 8), "a double confirm")
        for petition_id, _ in prepared:
            self.await_count(petition_id, 2)
        return len(prepared)

    def crossings(self, dice: random.Random) -> int:
        """Ten petitions, a few signatures below a threshold, each confirmed by sixteen at once."""
        below = [dice.randrange(1, 16) for _ in range(AT_ONCE)]
        prepared = [self.pending(16) for _ in range(AT_ONCE)]
        for (petition_id, links), missing in zip(prepared, below, strict=True):
            row = db.session.get_one(Petition, petition_id)
            start = RESPONSE - missing
            build.change(row, signature_count=start, imported_signatures=start - 1)
            db.session.rollback()
            self.judge(at_once([self.press(link) for link in links]), "a crossing")
        for (petition_id, _), missing in zip(prepared, below, strict=True):
            self.await_count(petition_id, RESPONSE - missing + 16)
            self.judge_crossing(petition_id)
        return len(prepared)

    def judge_crossing(self, petition_id: int) -> None:
        """One event, one mail to the petitioner."""
        events = select(func.count()).select_from(Crossing).where(Crossing.petition_id == petition_id)
        told = select(func.count(Mail.id)).where(
            Mail.petition_id == petition_id, Mail.kind == "threshold_crossed"
        )
        for what, query in (("events", events), ("mails to the petitioner", told)):
            if (number := db.session.execute(query).scalar_one()) != 1:
                self.wrong.append(f"petition {petition_id} crossed with {number} {what}")

    def forms(self, number: int) -> int:
        """One form, sent fifty times at once."""
        petition_id = build.open_petition().id
        path = f"/petitions/{petition_id}/signatures/new"
        form = build.sign_form(email=f"ada@forms{number}.example.org")
        ask = self.bench.crowd.browser.ask
        ip = f"203.0.{number // 250 % 250}.{number % 250}"
        answers = at_once([lambda: ask("POST", path, ip, form)] * 50)
        self.wrong += [f"a form was answered with {each.status}" for each in answers if each.status != 303]
        db.session.rollback()
        rows = select(func.count(Signature.id)).where(
            Signature.petition_id == petition_id, Signature.role == "signer"
        )
        if (found := db.session.execute(rows).scalar_one()) != 1:
            self.wrong.append(f"petition {petition_id} has {found} signatures of one form")
        return 1


def race(
    folder: Path,
    server: PostgresServer | None,
    seed: int,
    *,
    confirms: Effort,
    crossings: Effort,
    forms: Effort,
) -> Iterator[Figure]:
    """Eight-way double confirms, sixteen-way crossings, fifty posts of one form, on one site."""
    dice = random.Random(f"races:{seed}")
    kind = "PostgreSQL" if server else "SQLite"
    with Bench(folder, seed=seed, server=server, threads=0, petitions=1) as bench, bench.app.app_context():
        races = Races(bench)
        for what, effort, run in (
            ("link pressed by 8 at once", confirms, lambda turn: races.double_confirms()),
            ("threshold crossed by 16 at once", crossings, lambda turn: races.crossings(dice)),
            ("form sent by 50 at once", forms, races.forms),
        ):
            began, tried = time.monotonic(), 0
            for turn in effort.turns():
                tried += run(turn)
                if tried >= effort.times:
                    break
            wrong, races.wrong = races.wrong, []
            yield Figure(
                f"{what} ({kind})", tried, time.monotonic() - began, {}, wrong + bench.oracle.during()
            )
