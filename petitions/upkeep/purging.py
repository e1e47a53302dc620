"""`flask purge`: carries out the table of `petitions.retention.rules`, in batches that each are one unit of work.

Anybody may run it at any time and stop it: what is left is done the next time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, inspect, select, tuple_, update

from petitions import audit, clock, forgetting
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Mail, Petition, Signature
from petitions.retention.rules import RULES, Rule

BATCH = 1000


def purge(most: int | None = None) -> tuple[Counter[str], bool]:
    """Remove what is kept too long. Returns how many rows by the rules' keys, and whether all is done.

    `most` batches are done at most: a worker has other work besides.
    """
    removed: Counter[str] = Counter()
    for rule in RULES:
        while rule.expired is not None:
            if most is not None and most <= 0:
                return removed, False
            number = anonymise_next() if rule.key == "anonymised" else _remove_next(rule)
            if number is None:
                break
            removed[rule.key] += number
            most = None if most is None else most - 1
    return removed, True


@transactional
def _remove_next(rule: Rule) -> int | None:
    """Carry out one rule on the next rows. Returns how many; none where nothing is too old."""
    assert rule.expired is not None
    key = inspect(rule.model).primary_key
    query = select(*key).where(rule.expired(clock.now())).order_by(*key).limit(BATCH)
    found = db.session.execute(query.with_for_update(skip_locked=True, of=rule.model)).all()
    if not found:
        return None
    if rule.key == "refused":
        forgetting.forget_refused([row[0] for row in found])
        return len(found)
    chosen = tuple_(*key).in_([tuple(row) for row in found])
    statement: Any = delete(rule.model)
    if rule.empties:
        unchanged = {each.name: each for each in rule.model.__table__.columns if each.onupdate is not None}
        statement = update(rule.model).values(dict.fromkeys(rule.empties) | unchanged)
    db.session.execute(statement.where(chosen).execution_options(synchronize_session=False))
    return len(found)


@transactional
def anonymise_next(petition_id: int | None = None) -> int | None:
    """Remove everything personal from the next signatures of the first petition whose time is over, or of that one.

    Returns how many signatures; none where no petition's time is over.
    """
    wanted = select(Petition).where(_expired()).order_by(Petition.id).limit(1)
    if petition_id is not None:
        wanted = wanted.where(Petition.id == petition_id)
    petition = db.session.execute(
        wanted.with_for_update(skip_locked=True, key_share=True)
    ).scalar_one_or_none()
    if petition is None:
        return None
    ids = _signatures_of(petition)
    if ids:
        forgetting.anonymise(ids, at=clock.now())
    if len(ids) < BATCH:
        _finish(petition)
    return len(ids)


def to_anonymise(petition_id: int | None = None) -> int:
    """How many signatures `anonymise_next` would do, called until it is done."""
    petitions = select(Petition.id).where(_expired())
    if petition_id is not None:
        petitions = petitions.where(Petition.id == petition_id)
    wanted = select(func.count()).where(
        Signature.petition_id.in_(petitions), Signature.anonymised_at.is_(None)
    )
    return db.session.execute(wanted).scalar_one()


def _expired() -> Any:
    rule = next(rule for rule in RULES if rule.key == "anonymised")
    assert rule.expired is not None
    return rule.expired(clock.now())


def _signatures_of(petition: Petition) -> Sequence[int]:
    query = (
        select(Signature.id)
        .where(Signature.petition_id == petition.id, Signature.anonymised_at.is_(None))
        .order_by(Signature.id)
        .limit(BATCH)
        .with_for_update()
    )
    return db.session.execute(query).scalars().all()


def _finish(petition: Petition) -> None:
    """All its signatures are done: the petition itself follows."""
    db.session.execute(
        update(Petition)
        .where(Petition.id == petition.id)
        .values(anonymised_at=clock.now(), creator_name_sealed=None, updated_at=Petition.updated_at)
        .execution_options(synchronize_session=False)
    )
    forgetting.forget_answers(petition.id)
    db.session.execute(
        update(Mail)
        .where(Mail.petition_id == petition.id)
        .values(recipient_sealed=None)
        .execution_options(synchronize_session=False)
    )
    has_rows = select(func.count()).where(Signature.petition_id == petition.id)
    number = db.session.execute(has_rows).scalar_one()
    if number:
        audit.record("anonymised", petition=petition, rows=number)
