"""The reasons for which petitions are refused, as data: their words, their order, and which of them are still given.

Whether a reason hides is decided once, when it is made: those that were given keep their meaning. A retired reason stays
readable where it was given, and is not offered any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from petitions import audit, clock
from petitions.database import insert_new, transactional
from petitions.errors import NotFound, PetitionsError
from petitions.extensions import db
from petitions.models import RejectionReason, Staff

CODE_LIMIT = 30


class CodeTaken(PetitionsError):
    """Another reason has this code."""


class LastReason(PetitionsError):
    """Without this one nothing could be refused any more."""


def listed() -> Sequence[RejectionReason]:
    """All, those that do not hide first, each kind in its order."""
    query = select(RejectionReason).order_by(
        RejectionReason.hides, RejectionReason.position, RejectionReason.code
    )
    return db.session.execute(query).scalars().all()


def get(code: str) -> RejectionReason:
    """One of them. Raises `NotFound`."""
    found = db.session.get(RejectionReason, code)
    if found is None:
        raise NotFound("no such reason")
    return found


@transactional
def add(*, code: str, title: str, description: str, hides: bool, by: Staff) -> None:
    """Add a reason after the others. Raises `CodeTaken`."""
    rows = _locked()
    last = max((row.position for row in rows), default=0)
    words = {"title": title, "description": description}
    if not insert_new(RejectionReason, db.session, code=code, hides=hides, position=last + 1, **words):
        raise CodeTaken(code)
    audit.record("reason_added", by=by, code=code, title=title, hides=hides)


@transactional
def reword(*, code: str, title: str, description: str, by: Staff) -> None:
    """Say a reason in other words, also where it was given before. Raises `NotFound`."""
    row = _one_of(_locked(), code)
    before = (row.title, row.description)
    row.title, row.description = title, description
    if (title, description) != before:
        audit.record(
            "reason_changed",
            by=by,
            code=code,
            title_before=before[0],
            title=title,
            description_before=before[1],
            description=description,
        )


@transactional
def move(*, code: str, up: bool, by: Staff) -> None:
    """Put a reason one place higher or lower among those of its kind. At the end of the list nothing changes."""
    rows = _locked()
    row = _one_of(rows, code)
    kind = [each for each in rows if each.hides == row.hides]
    place = kind.index(row)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(kind):
        return
    kind[place], kind[other] = kind[other], kind[place]
    for number, each in enumerate(kind, start=1):
        each.position = number
    audit.record("reasons_ordered", by=by, code=code, order=[each.code for each in kind])


@transactional
def retire(*, code: str, by: Staff) -> None:
    """Offer a reason no longer. Raises `LastReason` when no other is offered."""
    rows = _locked()
    row = _one_of(rows, code)
    if row.retired_at is not None:
        return
    if not any(each.retired_at is None for each in rows if each is not row):
        raise LastReason(code)
    row.retired_at = clock.now()
    audit.record("reason_retired", by=by, code=code)


@transactional
def offer_again(*, code: str, by: Staff) -> None:
    """Offer a retired reason again."""
    row = _one_of(_locked(), code)
    if row.retired_at is not None:
        row.retired_at = None
        audit.record("reason_offered", by=by, code=code)


def _locked() -> Sequence[RejectionReason]:
    """All of them in order, changed by nobody else until the unit of work ends."""
    query = (
        select(RejectionReason)
        .order_by(RejectionReason.hides, RejectionReason.position, RejectionReason.code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).scalars().all()


def _one_of(rows: Sequence[RejectionReason], code: str) -> RejectionReason:
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise NotFound("no such reason")
    return found
