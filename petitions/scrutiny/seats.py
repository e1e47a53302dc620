"""Where a signature that is put back sits: a mailbox that signed again meanwhile keeps what it signed last."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from petitions.extensions import db, settings
from petitions.models import Petition, Signature
from petitions.places import postcodes
from petitions.scrutiny.opening import opened


def seats_for(petition: Petition, rows: Sequence[Any]) -> dict[int, int]:
    """The seat for each of these rows, by id; one whose person or place is taken has none.

    Two people of one mailbox may sign: with other names, from one home. The rows are locked by the caller, and whoever
    signs from these mailboxes waits for them.
    """
    seated: dict[bytes, list[Any]] = defaultdict(list)
    for neighbour in _neighbours(petition, rows):
        seated[neighbour.mailbox_hash].append((neighbour, neighbour.seat))
    asking = Counter(row.mailbox_hash for row in rows)
    seats: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: -row.id):
        beside = seated[row.mailbox_hash]
        # Names are opened only where two rows of one mailbox meet.
        if beside or asking[row.mailbox_hash] > 1:
            if not _fits(row, [neighbour for neighbour, _ in beside]):
                continue
            seat = 3 - beside[0][1] if beside else 1
        else:
            seat = 1
        beside.append((row, seat))
        seats[row.id] = seat
    return seats


def _neighbours(petition: Petition, rows: Sequence[Any]) -> Sequence[Any]:
    """What these mailboxes have on the petition now."""
    wanted = select(
        Signature.mailbox_hash,
        Signature.seat,
        Signature.name_sealed,
        Signature.postcode_sealed,
        Signature.row_key,
        Signature.country,
    ).where(
        Signature.petition_id == petition.id,
        Signature.mailbox_hash.in_({row.mailbox_hash for row in rows}),
        Signature.seat.is_not(None),
    )
    return db.session.execute(wanted).all()


def _fits(row: Any, beside: Sequence[Any]) -> bool:
    if len(beside) >= settings().signatures_per_mailbox:
        return False
    return all(_name(row) != _name(other) and _home(row) == _home(other) for other in beside)


def _name(row: Any) -> str:
    return " ".join((opened(row, "name") or "").split()).casefold()


def _home(row: Any) -> tuple[str, str]:
    return row.country, postcodes.compact(opened(row, "postcode") or "")
