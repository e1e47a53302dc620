"""What must be true: of the database at every moment, and in the end of ledgers, database, mail server and logs together."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from petitions import erasures, invariants, mailboxes
from petitions.extensions import db
from petitions.models import Crossing, Mail, Signature, SignatureRole, SignatureState
from petitions.models.mail import QUEUED, SENT
from petitions.secrecy import mailbox_hash
from tests.faults.ledger import Ledger, Person
from tests.faults.people import FAMILY, POSTCODE
from tests.faults.sink import Sink

SETTLE = 90.0


class Oracle:
    """Asks the database of one run, from outside the processes that are killed."""

    def __init__(self, app: Flask, sink: Sink, ledger: Ledger) -> None:
        self.app, self.sink, self.ledger = app, sink, ledger
        self.looks = 0
        self.ours: set[int] = set()

    def during(self) -> list[str]:
        """What is not true at this moment, from one snapshot. A database that is away says nothing."""
        self.looks += 1
        with self.app.app_context():
            try:
                with invariants.snapshot():
                    return list(invariants.broken())
            except DBAPIError:
                db.engine.dispose()
                return []
            finally:
                db.session.remove()

    def settle(self) -> list[str]:
        """Wait until the workers have nothing more to do. What remains then is wrong."""
        end = time.monotonic() + SETTLE
        waiting = "the database never answered"
        while time.monotonic() < end:
            with self.app.app_context():
                try:
                    waiting = _waiting()
                except DBAPIError:
                    db.engine.dispose()
                finally:
                    db.session.remove()
            if not waiting:
                return []
            time.sleep(0.2)
        return [f"never idle: {waiting}"]

    def at_the_end(self, logs: list[Path], *, ambiguous: int) -> list[str]:
        """Everything that is not true when all is quiet; `ambiguous` mails at most may have come twice."""
        with self.app.app_context():
            with invariants.snapshot():
                wrong = list(invariants.broken(at_rest=True))
            wrong += self._ledgers()
            wrong += self._erasures()
            wrong += self._mails(ambiguous)
            db.session.remove()
        wrong += personal_in(logs, self.ledger)
        wrong += unexpected_in(logs)
        return wrong + self.ledger.wrong

    def numbers(self) -> dict[str, int]:
        """How much there was to go wrong."""
        with self.app.app_context():
            found = {
                "signatures": _count(select(func.count(Signature.id))),
                "counted": _count(select(func.count(Signature.counted_at))),
                "crossings": _count(select(func.count()).select_from(Crossing)),
                "mails": _count(select(func.count(Mail.id)).where(Mail.state == SENT)),
            }
            db.session.remove()
        return found | {"mails twice": sum(number - 1 for number in self.sink.count.values())}

    def _ledgers(self) -> Iterator[str]:
        columns = (Signature.id, Signature.state, Signature.email_sealed, Signature.mailbox_hash)
        wanted = select(*columns, Signature.petition_id).where(Signature.role != SignatureRole.CREATOR)
        rows = {row.id: row for row in db.session.execute(wanted)}
        by_mailbox: dict[tuple[int, bytes], list[int]] = defaultdict(list)
        for row in rows.values():
            if row.mailbox_hash is not None:
                by_mailbox[row.petition_id, row.mailbox_hash].append(row.id)
        claimed: set[int] = set()
        for person in self.ledger.people:
            mailbox = mailbox_hash(person.petition_id, mailboxes.canonical(person.email))
            own = sorted(by_mailbox[person.petition_id, mailbox])
            yield from _compare(person, own, rows, claimed)
        yield from (f"signature {each} is nobody's" for each in sorted(rows.keys() - claimed - self.ours))

    def _erasures(self) -> Iterator[str]:
        """Whoever was told that everything is gone stands in the ledger that a restore replays."""
        wishes = [wish for person in self.ledger.people for wish in person.wishes]
        erased = {wish.signature_id for wish in wishes if wish.may_be == {"erased"}}
        path = Path(self.app.extensions["settings"].erasure_ledger)
        known = {line.signature for line in erasures.read(path)} if path.exists() else set()
        yield from (f"signature {each} is erased and not in the ledger" for each in erased - known)

    def _mails(self, ambiguous: int) -> Iterator[str]:
        sent = set(db.session.execute(select(Mail.message_id).where(Mail.state == SENT)).scalars())
        yield from (
            f"mail {each} is marked sent and was never taken" for each in sent - self.sink.count.keys()
        )
        twice = sum(number - 1 for number in self.sink.count.values())
        if twice > ambiguous:
            yield f"{twice} mails came again, and only {ambiguous} times nobody could know"
        for message_id, links in self.sink.bodies.items():
            if len(links) > 1:
                yield f"mail {message_id} came again with another link"


def _compare(person: Person, own: list[int], rows: dict[int, Any], claimed: set[int]) -> Iterator[str]:
    """One person's wishes and the rows of the mailbox."""
    known = {wish.signature_id for wish in person.wishes}
    spare = [each for each in own if each not in known]
    live = [each for each in own if rows[each].state in {SignatureState.PENDING, SignatureState.VALIDATED}]
    if len(live) > 1:
        yield f"person {person.number} has signed {len(live)} times"
    for wish in person.wishes:
        signature_id = wish.signature_id or (spare.pop(0) if spare else None)
        row = rows.get(signature_id or 0)
        if row is not None:
            claimed.add(row.id)
        state = _state_of(row)
        if state not in wish.may_be and not (state == "erased" and "withdrawn" in wish.may_be):
            yield f"LOST: person {person.number} was told {sorted(wish.may_be)} and it is {state}"


def _state_of(row: Any) -> str:
    if row is None:
        return "absent"
    return "erased" if row.email_sealed is None else str(row.state.value)


def _count(query: Any) -> int:
    return int(db.session.execute(query).scalar_one())


def _waiting() -> str:
    valid = (Signature.state == SignatureState.VALIDATED, Signature.counted_at.is_(None))
    uncounted = _count(select(func.count(Signature.id)).where(*valid))
    queued = _count(select(func.count(Mail.id)).where(Mail.state == QUEUED))
    return f"{uncounted} to count, {queued} mails to send" if uncounted or queued else ""


def unexpected_in(logs: list[Path]) -> Iterator[str]:
    """Errors that nobody planned, by what the program wrote of them: where, through which lines, and of what kind."""
    for log in logs:
        where, way = None, []
        for line in log.read_text(errors="replace").splitlines():
            if found := re.search(r"unexpected error on \S+|Error handling request", line):
                where, way = found[0], []
            elif where and (step := re.match(r'  File ".*?([^/]+/[^/]+)", line (\d+), in (\w+)', line)):
                way.append(":".join(step.groups()))
            elif where and re.match(r"\[\d", line):
                yield f"{log.name}: {where}: {' '.join(way[-12:])}"
                where = None
            elif where and line.strip() and not line.startswith(" "):
                way.append(line[:100])


def personal_in(logs: list[Path], ledger: Ledger) -> Iterator[str]:
    """Names, addresses, postcodes, networks and links that stand in a log."""
    personal = re.compile(
        rf"{FAMILY}|{POSTCODE}|canary\.\d+|/signatures/(?:confirm/)?[\w-]{{3,}}\.[\w-]{{20,}}"
    )
    origins = {person.ip for person in ledger.people}
    for log in logs:
        for number, line in enumerate(log.read_text(errors="replace").splitlines(), 1):
            if found := personal.search(line):
                yield f"{log.name}:{number} has {found[0]!r}"
            elif any(each in origins for each in re.findall(r"\d+\.\d+\.\d+\.\d+", line)):
                yield f"{log.name}:{number} has an address of origin"
