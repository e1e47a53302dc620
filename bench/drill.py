"""The drill of a bad day: a site with a million signatures is backed up, destroyed, and brought back into a new database.

    make drill                       SIGNATURES=1000000, on both databases
    python -m bench.drill --signatures 100000 --database postgresql

Between the backup and the end people are erased, and mails wait to be sent. Afterwards everything that must be true is,
nobody who was erased is back, and a worker that is started sends nothing by itself. The goal is under five minutes for the
restore (threat model, F15).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from bench import growing
from bench.measuring import databases
from petitions import erasures, invariants
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.mail import outbox
from petitions.models import CapturedMail, Mail, Petition, Signature
from petitions.models.mail import PARKED
from petitions.signing import own_signature
from petitions.upkeep import backing_up, restoring
from petitions.worker import loop, schedule
from tests.databases import KINDS, release

GOAL_SECONDS = 300
PETITIONS = 2_000
ERASED = 1_000
WAITING = 100


@dataclass(frozen=True)
class Drilled:
    """What came of it."""

    kind: str
    signatures: int
    rows: int
    backup_seconds: float
    backup_bytes: int
    restore_seconds: float
    restore_worked: float
    """Seconds of a processor, the database's share included where it is on this machine."""
    counts_equal: bool
    untrue: int
    """Things that must be true and are not."""
    erased: int
    erased_and_back: int
    waited: int
    sent_again: int

    @property
    def is_good(self) -> bool:
        """Whether everything but the time is as it must be."""
        wrong = (self.untrue, self.erased_and_back, self.sent_again)
        return self.counts_equal and not any(wrong)


def drill(
    new: Callable[[str], Any], kind: str, folder: Path, *, signatures: int, petitions: int, erased: int
) -> Drilled:
    """Do it once. `new(kind)` makes an application on a new, empty, migrated database."""
    site, file = new(kind), folder / f"{kind}.backup"
    with site.app_context():
        growing.plant(petitions)
        growing.grow(signatures)
        waited = _let_wait(WAITING)
        db.session.remove()
        begun = time.monotonic()
        backing_up.back_up(file)
        backup_seconds = time.monotonic() - begun
        before = _counts()
        gone = _erase(erased)
        release(site)
    back = new(kind)
    with back.app_context():
        ledger = restoring.erasures_in([Path(settings().erasure_ledger)])[-erased:]
        begun, worked = time.monotonic(), _worked()
        with file.open("rb") as stream:
            restored = restoring.restore(stream, ledger)
        restore_seconds, restore_worked = time.monotonic() - begun, _worked() - worked
        after, untrue = _counts(), sum(1 for _ in invariants.broken())
        found = Drilled(
            kind,
            signatures,
            restored.rows,
            backup_seconds,
            file.stat().st_size,
            restore_seconds,
            restore_worked,
            counts_equal=_total(before) - _total(after) == len(gone) == restored.erased_again,
            untrue=untrue,
            erased=len(gone),
            erased_and_back=_still_there(gone),
            waited=waited,
            sent_again=_sent_by_a_worker(),
        )
        release(back)
    return found


def _worked() -> float:
    """Seconds of a processor that this process and its connection's server process have used."""
    theirs = 0.0
    if db.engine.dialect.name == "postgresql":
        pid = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        db.session.rollback()
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        theirs = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + theirs


def _counts() -> dict[int, int]:
    return {
        row.id: row.signature_count
        for row in db.session.execute(select(Petition.id, Petition.signature_count))
    }


def _total(counts: dict[int, int]) -> int:
    return sum(counts.values())


@transactional
def _let_wait(number: int) -> int:
    signers = db.session.execute(select(Signature).order_by(Signature.id).limit(number)).scalars().all()
    return sum(outbox.queue("already_signed", key=f"drill:{each.id}", signature=each) for each in signers)


def _erase(number: int) -> list[int]:
    ids = db.session.execute(select(Signature.id).order_by(Signature.id.desc()).limit(number)).scalars().all()
    for each in ids:
        own_signature.erase(signature_id=each)
    assert len(erasures.read(Path(settings().erasure_ledger))) >= number
    return list(ids)


def _still_there(gone: list[int]) -> int:
    kept = select(func.count()).where(Signature.id.in_(gone), Signature.email_sealed.is_not(None))
    return db.session.execute(kept).scalar_one()


def _sent_by_a_worker() -> int:
    schedule.prepare()
    while loop.step():
        pass
    parked = db.session.execute(select(func.count()).where(Mail.state == PARKED)).scalar_one()
    assert parked >= WAITING, "the mails that waited are not with staff"
    return db.session.execute(select(func.count()).select_from(CapturedMail)).scalar_one()


def lines(found: Drilled) -> list[str]:
    """The table."""
    speed = found.rows / max(found.restore_seconds, 0.001)
    verdict = "met" if found.restore_seconds < GOAL_SECONDS else "NOT met"
    return [
        f"{found.kind}: {found.signatures:,} signatures, {found.rows:,} rows",
        f"  backup           {found.backup_seconds:7.1f} s   {found.backup_bytes / 1e6:,.0f} MB",
        f"  restore          {found.restore_seconds:7.1f} s   {speed:,.0f} rows a second; goal under {GOAL_SECONDS} s: {verdict}"
        f" ({found.restore_worked:.0f} s of a processor)",
        f"  counts           {'as before, less who was erased' if found.counts_equal else 'WRONG'}",
        f"  must be true     {found.untrue} untrue",
        f"  erased since     {found.erased:,}, of them back: {found.erased_and_back}",
        f"  mails that waited {found.waited}, sent again by a worker: {found.sent_again}",
    ]


def main() -> None:
    """Drill and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--signatures", type=int, default=1_000_000)
    options.add_argument("--petitions", type=int, default=PETITIONS)
    options.add_argument("--erased", type=int, default=ERASED)
    options.add_argument("--database", choices=[*KINDS, "both"], default="both")
    given = options.parse_args()
    kinds = KINDS if given.database == "both" else (given.database,)
    good = True
    with databases(kinds) as new, tempfile.TemporaryDirectory(prefix="drill-") as folder:
        for kind in kinds:
            found = drill(
                new, kind, Path(folder),
                signatures=given.signatures, petitions=given.petitions, erased=min(given.erased, given.signatures),
            )  # fmt: skip
            sys.stdout.write("\n".join(lines(found)) + "\n")
            sys.stdout.flush()
            good = good and found.is_good and found.restore_seconds < GOAL_SECONDS
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
