"""Can anybody tell from the reply, or from the time it takes, what is known about an address? Measured over real HTTP.

`python -m tests.faults.same_reply --samples 2000` starts PostgreSQL and one gunicorn process, sends the sign form so many
times for each thing that may be known, all mixed, and prints for each how well its times can be told from those of an
unknown address: 0.50 is not at all, 1.00 always (the area under the curve of the best guesser by rank). `--planted` does it
with a bug: what stores nothing answers at once. `--at-once` shows what the work alone would tell: no reply waits for its step.
"""

from __future__ import annotations

import argparse
import http.client
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import null

from petitions import caps, clock, create_app, mailboxes, reply_time, suppressions
from petitions.database import transactional
from petitions.extensions import db
from petitions.limits import MAILS_A_DAY
from petitions.models import MailCap, Petition, Signature, SignatureRole, SignatureState
from petitions.secrecy import mailbox_hash
from tests import build
from tests.databases import migrate, release
from tests.faults.postgres import PostgresServer
from tests.faults.processes import ROOT, Site

NEW = "new"
NAME, OTHER_NAME = "Ada Adeyemi", "Bola Brown"


FORM = {"name": NAME, "country": "GB", "postcode": build.POSTCODE, "eligible": "y"}


@dataclass(frozen=True)
class Figure:
    """How one class compares with an unknown address."""

    name: str
    samples: int
    median_milliseconds: float
    auc: float


def address(known: str, number: int) -> str:
    """One mailbox of a class, at a provider whose people are not counted by domain."""
    return "".join(filter(str.isalpha, known)) + f"{number}@gmail.com"


def _row(petition: Petition, typed: str, state: SignatureState, name: str = NAME) -> Signature:
    now = clock.now()
    ended = state in {SignatureState.REFUSED, SignatureState.INVALIDATED}
    return Signature(
        petition_id=petition.id,
        text_version=1,
        role=SignatureRole.SIGNER,
        state=state,
        name=name,
        email=typed,
        postcode=build.POSTCODE if name == NAME else "ZZ9 9ZZ",
        country="GB",
        mailbox_hash=mailbox_hash(petition.id, mailboxes.canonical(typed)),
        seat=null() if ended else 1,
        link_sent_at=now,
        validated_at=now if state in {SignatureState.VALIDATED, SignatureState.HELD} else None,
        ended_at=now if ended else None,
    )


def _with_row(state: SignatureState, name: str = NAME) -> Callable[[Petition, str], None]:
    return lambda petition, typed: db.session.add(_row(petition, typed, state, name))


def _waiting(petition: Petition, typed: str) -> None:
    db.session.add(_row(petition, typed, SignatureState.PENDING))
    caps.allowance(mailboxes.canonical(typed)).note(caps.about(petition.id))


def _capped(petition: Petition, typed: str) -> None:
    today = clock.now().date()
    hour = f"{clock.now():%Y-%m-%dT%H}"
    marks = [f"{hour} {number:016x}" for number in range(MAILS_A_DAY)]
    db.session.add(
        MailCap(day=today, address_hash=caps._hash(today, mailboxes.canonical(typed)), moments=marks)
    )


#: What may be known about an address, and how it is made so.
CLASSES: dict[str, Callable[[Petition, str], None]] = {
    NEW: lambda petition, typed: None,
    "pending": _waiting,
    "pending, other details": _with_row(SignatureState.PENDING, OTHER_NAME),
    "confirmed": _with_row(SignatureState.VALIDATED),
    "confirmed, other details": _with_row(SignatureState.VALIDATED, OTHER_NAME),
    "held": _with_row(SignatureState.HELD),
    "refused": _with_row(SignatureState.REFUSED),
    "invalidated": _with_row(SignatureState.INVALIDATED),
    "suppressed": lambda petition, typed: suppressions.suppress(typed),
    "capped": _capped,
}


@transactional
def prepare(petition_id: int, samples: int) -> None:
    """Make everything known that is to be known."""
    petition = db.session.get_one(Petition, petition_id)
    for known, make in CLASSES.items():
        for number in range(samples):
            make(petition, address(known, number))
    db.session.flush()


def plant() -> None:
    """The bug: what is not to be stored is not even tried, and the reply comes as soon as that is done."""
    from petitions.signing import actions

    carry_out = actions._carry_out

    def early(outcome, *rest):  # type: ignore[no-untyped-def]
        if outcome.sends_mail:
            carry_out(outcome, *rest)

    actions._carry_out = early


def app_at_once() -> Flask:
    """What gunicorn serves where no reply waits for its step."""
    reply_time.STEP = 0.0
    return create_app()


def planted_app() -> Flask:
    """What gunicorn serves with the bug in it."""
    plant()
    return app_at_once()


#: What gunicorn serves for each way of measuring.
SERVED = {
    "as it is": "wsgi:app",
    "at once": "tests.faults.same_reply:app_at_once()",
    "planted": "tests.faults.same_reply:planted_app()",
}


def _reply(connection: http.client.HTTPConnection, path: str, typed: str, number: int) -> tuple[float, bytes]:
    body = urlencode(FORM | {"email": typed}).encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    }
    began = time.perf_counter()
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    content = response.read()
    took = time.perf_counter() - began
    kept = sorted((name, value) for name, value in response.getheaders() if name != "Date")
    return took, repr((response.status, kept, content)).encode()


def ask(port: int, path: str, samples: int, seed: int) -> tuple[dict[str, list[float]], set[bytes]]:
    """Send every form once, mixed; the times of each class in seconds, and every reply that differs from the others."""
    questions = [(known, number) for known in CLASSES for number in range(samples)]
    random.Random(seed).shuffle(questions)
    times: dict[str, list[float]] = defaultdict(list)
    replies: set[bytes] = set()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for warming in range(50):
            _reply(connection, path, f"warm{warming}@gmail.com", 2**23 + warming)
        for order, (known, number) in enumerate(questions):
            took, reply = _reply(connection, path, address(known, number), order)
            times[known].append(took)
            replies.add(reply)
    return dict(times), replies


def auc(one: Sequence[float], other: Sequence[float]) -> float:
    """How often a random time of `one` is longer than one of `other`; equal ones count half (Mann and Whitney)."""
    ranked = sorted([(value, True) for value in one] + [(value, False) for value in other])
    rank_sum, start = 0.0, 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        rank_sum += (start + 1 + end) / 2 * sum(mine for _, mine in ranked[start:end])
        start = end
    return (rank_sum - len(one) * (len(one) + 1) / 2) / (len(one) * len(other))


def serve_and_ask(
    server: PostgresServer, folder: Path, *, samples: int, seed: int, way: str
) -> tuple[list[Figure], set[bytes]]:
    """Everything once: a database, what is known, one web process, the questions, the figures."""
    url = server.make_database("same_reply_" + way.replace(" ", "_"))
    migrate(url)
    site = Site(folder, web=1, workers=0, database_url=url)
    app = create_app(site.make_settings())
    with app.app_context():
        petition_id = build.open_petition().id
        prepare(petition_id, samples)
        release(app)
    server.execute("ANALYZE", url.rpartition("/")[2].partition("?")[0])
    with (folder / "web.log").open("ab") as log:
        web = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{site.port}", "--workers=1", SERVED[way]],
            cwd=ROOT,
            env=site.environment,
            stdout=log,
            stderr=log,
        )
    try:
        end = time.monotonic() + 60
        while not site.answers():
            if time.monotonic() > end or web.poll() is not None:
                raise RuntimeError("the site did not start: " + site.tail("web.log"))
            time.sleep(0.1)
        times, replies = ask(site.port, f"/petitions/{petition_id}/signatures/new", samples, seed)
    finally:
        web.terminate()
        web.wait(30)
    figures = [
        Figure(known, len(taken), 1000 * median(taken), auc(taken, times[NEW]))
        for known, taken in times.items()
    ]
    return sorted(figures, key=lambda figure: list(CLASSES).index(figure.name)), replies


def run(*, samples: int, seed: int = 1, way: str = "as it is") -> tuple[list[Figure], set[bytes]]:
    """Start a PostgreSQL of its own, ask what is served in one of the ways of `SERVED`, and throw it away."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        server = PostgresServer(folder)
        try:
            return serve_and_ask(server, folder, samples=samples, seed=seed, way=way)
        finally:
            server.stop()


def main() -> int:
    """Print the table. The exit status is 1 where replies differ or a class can be told by its time."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=2000, help="forms for each class (2000)")
    parser.add_argument("--seed", type=int, default=1, help="decides the order (1)")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--at-once", dest="way", action="store_const", const="at once", help="no reply waits")
    ways.add_argument(
        "--planted", dest="way", action="store_const", const="planted", help="with a bug that must be seen"
    )
    parser.set_defaults(way="as it is")
    asked = parser.parse_args()
    figures, replies = run(samples=asked.samples, seed=asked.seed, way=asked.way)
    print(f"{'known about the address':<28}{'forms':>7}{'median ms':>12}{'AUC':>8}")
    for each in figures:
        print(f"{each.name:<28}{each.samples:>7}{each.median_milliseconds:>12.2f}{each.auc:>8.3f}")
    furthest = max(abs(each.auc - 0.5) for each in figures)
    print(f"different replies: {len(replies)}   furthest from 0.5: {furthest:.3f} (goal 0.030)")
    return int(len(replies) != 1 or furthest > 0.03)


if __name__ == "__main__":
    sys.exit(main())
