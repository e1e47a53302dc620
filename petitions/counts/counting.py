"""Counting: exact, and nobody who confirms waits for it. The only code that changes a count.

Confirming marks a signature valid. `sweep` claims valid, uncounted signatures, marks them counted, and adds them to the
petition's count and to the counts by place, country, hour and minute (`rollups`); fires the thresholds stepped over; and
moves a petition with enough supporters into review: one transaction for each petition. So the count always equals the
marked rows, each counted once, whatever crashes. `uncount` and `uncount_many` undo exactly what was counted, under the petition's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update

from petitions import audit, changes, clock, lifecycle
from petitions.counts import crossings, rollups
from petitions.database import transactional
from petitions.duties import ratings
from petitions.errors import NotFound
from petitions.extensions import db, settings
from petitions.lifecycle import Event, State
from petitions.mail import outbox
from petitions.models import Petition, Signature, SignatureRole, SignatureState
from petitions.petitioners import creator_of

#: Signatures counted in one transaction: short enough that a kill loses little work, long enough for a surge.
BATCH = 2000
PETITIONS_AT_ONCE = 200

UNCOUNTED = (Signature.state == SignatureState.VALIDATED, Signature.counted_at.is_(None))


def sweep() -> int:
    """Count every valid signature that is not yet counted. Returns how many were."""
    waiting = (
        db.session.execute(
            select(Signature.petition_id).where(*UNCOUNTED).distinct().limit(PETITIONS_AT_ONCE)
        )
        .scalars()
        .all()
    )
    return sum(_count(petition_id) for petition_id in waiting)


@transactional
def _count(petition_id: int) -> int:
    petition = _lock(petition_id, wait=False)
    if petition is None:
        return 0
    now = clock.now()
    counted = _mark(petition_id, now)
    if not counted:
        return 0
    changes.counts()
    before = petition.signature_count
    after = before + len(counted)
    _add_to_petition(petition, len(counted), last_signed_at=max(row.validated_at for row in counted))
    rollups.move(petition_id, counted, +1)
    if petition.facts.is_listed and petition.facts.counts_signatures:
        # A petition that was taken down meanwhile, or is back with the moderators, makes nobody owe an answer.
        crossings.fire(petition, before=before, after=after)
    if petition.state is State.GATHERING:
        _welcome_supporters(petition, counted)
    return len(counted)


def _lock(petition_id: int, *, wait: bool) -> Petition | None:
    """The petition with its row locked; `None` where another worker has it and we do not wait."""
    query = (
        select(Petition)
        .where(Petition.id == petition_id)
        .with_for_update(skip_locked=not wait, key_share=True)
    )
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def _mark(petition_id: int, now: datetime) -> list[Any]:
    """Mark a batch of valid signatures counted, and return what was marked. What was counted before staff took it off
    is counted at that moment again, so that the counts by hour are as they were."""
    claimed = (
        select(Signature.id)
        .where(Signature.petition_id == petition_id, *UNCOUNTED)
        .order_by(Signature.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        # Not a plain subquery: PostgreSQL may run one again for each row, and then the limit does not hold.
        .cte("claimed")
    )
    mark = (
        update(Signature)
        .where(Signature.id.in_(select(claimed.c.id)), *UNCOUNTED)
        .values(
            # Confirmed anew since, it counts from then on.
            counted_at=case(
                (Signature.counted_before >= Signature.validated_at, Signature.counted_before), else_=now
            ),
            counted_before=None,
        )
        .returning(
            Signature.id,
            Signature.role,
            Signature.place_id,
            Signature.country,
            Signature.validated_at,
            Signature.counted_at,
        )
        .execution_options(synchronize_session=False)
    )
    return list(db.session.execute(mark).all())


def _add_to_petition(petition: Petition, number: int, *, last_signed_at: datetime | None = None) -> None:
    values: dict[str, Any] = {"signature_count": Petition.signature_count + number, "updated_at": clock.now()}
    if last_signed_at is not None:
        # What waited for staff, or is put back, was signed before others that are counted.
        values["last_signed_at"] = max(last_signed_at, petition.last_signed_at or last_signed_at)
    db.session.execute(
        update(Petition)
        .where(Petition.id == petition.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(petition)


def _welcome_supporters(petition: Petition, counted: list[Any]) -> None:
    """Tell the petitioner of new supporters; with enough of them the petition enters review by itself."""
    creator = creator_of(petition)
    supporters = db.session.execute(
        select(func.count()).where(
            Signature.petition_id == petition.id,
            Signature.role == SignatureRole.SUPPORTER,
            Signature.counted_at.is_not(None),
        )
    ).scalar_one()
    if supporters >= settings().supporters_needed:
        lifecycle.move(petition, Event.FIND_SUPPORTERS, moderation_threshold_reached_at=clock.now())
        audit.record("supporters_found", petition=petition, supporters=supporters)
        outbox.queue("petition_in_review", key=f"review:{petition.id}", signature=creator)
        return
    for row in counted:
        if row.role is SignatureRole.SUPPORTER:
            outbox.queue(
                "supporter_joined", key=f"supporter:{row.id}", signature=creator, supporters=supporters
            )


def uncount(signature: Signature) -> None:
    """Take one signature off every count it is in. Call inside the unit of work that ends it, before it is ended.

    Locks the petition first and then the signature, in the order the sweep does. Crossings stay: they are history.
    """
    petition = _lock(signature.petition_id, wait=True)
    assert petition is not None
    db.session.refresh(signature, with_for_update={"of": Signature})
    if signature.counted_at is None:
        return
    rollups.move(petition.id, [signature], -1)
    signature.counted_at = None
    db.session.flush()
    _add_to_petition(petition, -1)


def lock_petition(petition_id: int) -> Petition:
    """A petition with its row locked: whoever changes many of its signatures comes here first. Raises `NotFound`."""
    petition = _lock(petition_id, wait=True)
    if petition is None:
        raise NotFound("no such petition")
    return petition


def uncount_many(petition: Petition, signature_ids: Sequence[int]) -> int:
    """Take signatures off every count they are in, until they are valid again; returns how many were in one.

    Call with the petition's row locked (`lock_petition`), before their state is changed. Crossings stay. When they were
    counted is kept: the sweep counts what is put back in the hour where it stood.
    """
    take_off = (
        update(Signature)
        .where(Signature.id.in_(signature_ids), Signature.petition_id == petition.id)
        .where(Signature.counted_at.is_not(None))
        .values(counted_before=Signature.counted_at, counted_at=None)
        .returning(Signature.place_id, Signature.country, Signature.counted_before.label("counted_at"))
        .execution_options(synchronize_session=False)
    )
    taken = list(db.session.execute(take_off).all())
    if taken:
        rollups.move(petition.id, taken, -1)
        _add_to_petition(petition, -len(taken))
    return len(taken)


def lock_both(signature_id: int) -> Signature:
    """A signature with its petition's row locked, then its own: the order in which everything that uncounts goes.

    Raises `NotFound`.
    """
    signature = db.session.get(Signature, signature_id)
    if signature is None:
        raise NotFound("no such signature")
    lock = select(Petition).where(Petition.id == signature.petition_id).with_for_update(key_share=True)
    db.session.execute(lock.execution_options(populate_existing=True)).scalar_one()
    db.session.refresh(signature, with_for_update={"of": Signature})
    return signature


def end(signature: Signature, state: SignatureState) -> None:
    """Give an uncounted signature its last state. It leaves its seat, gets no more news, and rates no answer."""
    signature.state, signature.seat, signature.ended_at = state, None, clock.now()
    signature.wants_updates = False
    if signature.validated_at is not None:
        ratings.remove(signature.petition_id, [signature.id])
