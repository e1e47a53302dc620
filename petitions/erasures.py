"""The erasure ledger: which signatures and alerts were erased, kept outside the database, so that a backup brings nobody back.

One JSON line for each erasure: when, the number of the signature or alert, a hash that tells its row, and whether it left
the count.
Nothing in it is personal. The line is on the disk *before* the erasure is committed: a line whose transaction failed
only asks again for what somebody asked for, but an erasure without its line would be undone by a restore.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from petitions import clock, forgetting
from petitions.counts import counting
from petitions.errors import PetitionsError
from petitions.extensions import db, settings
from petitions.models import Alert, Signature, SignatureState


class LedgerUnwritable(PetitionsError):
    """The line cannot be kept, so nothing is erased: a planned refusal, to be tried again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class LedgerUnreadable(Exception):
    """A file that was named as a ledger is not there or is none. The message names it."""


@dataclass(frozen=True)
class Erasure:
    """One line. `row` is SHA-256 (hex) of the row's own random key: numbers are handed out again after a restore."""

    at: str
    signature: int
    row: str
    withdrawn: bool
    """It was taken off the count, because the petition still ran or its signer had withdrawn before."""
    alert: int = 0
    """The number of an alert; then it is no signature's line, and `signature` is 0."""


def note(signature: Signature) -> None:
    """Write an erasure down, on the disk when this returns. Call in its unit of work, when its state is the last one.

    Raises `LedgerUnwritable`: the unit of work must fail.
    """
    line = Erasure(
        at=clock.now().isoformat(timespec="seconds"),
        signature=signature.id,
        row=_row_of(signature),
        withdrawn=signature.state is SignatureState.WITHDRAWN,
    )
    _keep(line)


def note_alert(alert: Alert) -> None:
    """As `note`, for an alert that is being erased."""
    at = clock.now().isoformat(timespec="seconds")
    _keep(Erasure(at=at, signature=0, row=_row_of(alert), withdrawn=False, alert=alert.id))


def _keep(line: Erasure) -> None:
    try:
        with _appending(Path(settings().erasure_ledger)) as ledger:
            _append(ledger, json.dumps(line.__dict__).encode() + b"\n")
    except OSError as problem:
        raise LedgerUnwritable(f"the erasure ledger cannot be written: {type(problem).__name__}") from problem


def _row_of(row: Signature | Alert) -> str:
    return sha256(row.row_key).hexdigest()


@contextmanager
def _appending(path: Path) -> Iterator[int]:
    """The open file, for one process at a time, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_new = not path.exists()
    ledger = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(ledger, fcntl.LOCK_EX)
        yield ledger
    finally:
        os.close(ledger)
    if is_new:
        _sync_folder(path.parent)


def _append(ledger: int, line: bytes) -> None:
    """Add a whole line or nothing. What a crash left half written is closed off first, so that it spoils no other."""
    end = os.fstat(ledger).st_size
    if end and os.pread(ledger, 1, end - 1) != b"\n":
        line = b"\n" + line
    try:
        if os.write(ledger, line) != len(line):
            raise OSError("the disk is full")
        os.fsync(ledger)
    except OSError:
        os.ftruncate(ledger, end)
        raise


def _sync_folder(folder: Path) -> None:
    """A new file's name is durable when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> list[Erasure]:
    """Every erasure in a ledger, oldest first. A line that was cut off by a crash counts for nothing: no erasure followed it.

    Raises `LedgerUnreadable` where the file cannot be read, or no line of it is one.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as problem:
        raise LedgerUnreadable(f"{path} cannot be read: {problem.strerror}") from problem
    found = [erasure for erasure in map(_parsed, lines) if erasure is not None]
    if lines and not found:
        raise LedgerUnreadable(f"{path} is no erasure ledger")
    return found


def _parsed(line: bytes) -> Erasure | None:
    try:
        return Erasure(**json.loads(line))
    except (ValueError, TypeError):
        return None


def replay(erasures: Iterable[Erasure]) -> int:
    """Erase again what a backup brought back, as it was erased then. Returns how many. In a unit of work."""
    done = 0
    for erasure in erasures:
        if erasure.alert:
            done += _erase_alert(erasure)
            continue
        signature = db.session.get(Signature, erasure.signature)
        if signature is None or _row_of(signature) != erasure.row or signature.email_sealed is None:
            continue
        if erasure.withdrawn and signature.ended_at is None:
            counting.uncount(signature)
            counting.end(signature, SignatureState.WITHDRAWN)
        forgetting.forget(signature)
        done += 1
    return done


def _erase_alert(erasure: Erasure) -> bool:
    alert = db.session.get(Alert, erasure.alert)
    if alert is None or _row_of(alert) != erasure.row:
        return False
    db.session.delete(alert)
    db.session.flush()
    return True
