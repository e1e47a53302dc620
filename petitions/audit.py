"""The permanent history: `record` writes one line, in the transaction of what it tells of.

Each line's hash covers its content and the hash of the line before. `verify` walks the chain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from petitions import clock
from petitions.extensions import db
from petitions.models.history import AuditEntry, AuditHead
from petitions.models.petition import Petition
from petitions.models.staff import Staff

FIRST_HASH = bytes(32)

SYSTEM = "system"
PETITIONER = "petitioner"
SIGNER = "signer"


def line_hash(entry: AuditEntry) -> bytes:
    """The hash of one line: SHA-256 over the hash before it and its content as canonical JSON."""
    content = {
        "id": entry.id,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "staff_id": entry.staff_id,
        "action": entry.action,
        "petition_id": entry.petition_id,
        "details": entry.details,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(entry.previous_hash + canonical.encode()).digest()


def record(
    action: str,
    *,
    petition: Petition | None = None,
    by: Staff | None = None,
    actor: str = SYSTEM,
    at: datetime | None = None,
    **details: Any,
) -> AuditEntry:
    """Add one line about `action`. `by` is the member of staff who did it; otherwise `actor` says who.

    `details` are plain JSON values: before, after, reason. Never a signer's data. Must run inside a unit of work.
    """
    head = db.session.execute(select(AuditHead).where(AuditHead.id == 1).with_for_update()).scalar_one()
    entry = AuditEntry(
        id=head.last_id + 1,
        at=at or clock.now(),
        actor="staff" if by is not None else actor,
        staff_id=by.id if by is not None else None,
        action=action,
        petition_id=petition.id if petition is not None else None,
        details=details,
        previous_hash=head.last_hash,
    )
    entry.hash = line_hash(entry)
    head.last_id, head.last_hash = entry.id, entry.hash
    db.session.add(entry)
    db.session.flush()
    return entry


def verify() -> Iterator[str]:
    """What is wrong with the chain: one sentence for each line that was altered, removed or put in."""
    expected_id, expected_hash = 1, FIRST_HASH
    for entry in db.session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars().yield_per(1000):
        if entry.id != expected_id:
            yield f"line {expected_id} is missing"
        elif entry.previous_hash != expected_hash:
            yield f"line {entry.id} does not follow the line before it"
        if line_hash(entry) != entry.hash:
            yield f"line {entry.id} was altered"
        expected_id, expected_hash = entry.id + 1, entry.hash
    head = db.session.execute(select(AuditHead)).scalar_one_or_none()
    if head is None or (head.last_id, head.last_hash) != (expected_id - 1, expected_hash):
        yield "the end of the chain is not where it should be"
