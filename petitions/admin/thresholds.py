"""The thresholds that petitions published from now on get. Those that are published keep theirs, for ever.

While administrators have set none, the settings say which there are. The first change copies those, so that it changes
nothing else; `use_settings` gives them up again.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import delete, select

from petitions import audit
from petitions.counts import crossings
from petitions.database import transactional
from petitions.errors import NotFound, PetitionsError
from petitions.extensions import db
from petitions.models import RESPONSE, Staff, ThresholdRule
from petitions.turns import take_turns

#: Whoever changes them waits for whoever does so already.
TURNS = b"threshold rules"


class SameThreshold(PetitionsError):
    """With as many signatures the same is owed already."""


class LastAnswer(PetitionsError):
    """Without this one no petition would be owed an answer any more."""


def are_set() -> bool:
    """Whether administrators have set them; else they are the settings'."""
    return db.session.execute(select(ThresholdRule.key).limit(1)).first() is not None


def get(key: str) -> ThresholdRule:
    """One of today's. Raises `NotFound`."""
    found = next((rule for rule in crossings.rules_today() if rule.key == key), None)
    if found is None:
        raise NotFound("no such threshold")
    return found


@transactional
def add(*, duty: str, signatures: int, days: int | None, days_kind: str, by: Staff) -> None:
    """Add a threshold. Raises `SameThreshold`."""
    rules = _own_rules()
    _refuse_same(rules, duty, signatures, None)
    taken = {rule.key for rule in rules}
    names = (duty if number == 1 else f"{duty}-{number}" for number in count(1))
    key = next(name for name in names if name not in taken)
    row = ThresholdRule(key=key, duty=duty, signatures=signatures, days=days, days_kind=days_kind)
    db.session.add(row)
    audit.record("threshold_added", by=by, **_told(row))


@transactional
def change(*, key: str, signatures: int, days: int | None, days_kind: str, by: Staff) -> None:
    """Give a threshold another number of signatures or another time. Raises `NotFound` and `SameThreshold`."""
    rules = _own_rules()
    row = _one_of(rules, key)
    _refuse_same(rules, row.duty, signatures, row)
    before = _told(row)
    row.signatures, row.days, row.days_kind = signatures, days, days_kind
    if _told(row) != before:
        audit.record(
            "threshold_changed",
            by=by,
            **_told(row),
            signatures_before=before["signatures"],
            days_before=before["days"],
        )


@transactional
def remove(*, key: str, by: Staff) -> None:
    """Promise it no longer. Raises `NotFound`, and `LastAnswer` when no other leads to an answer."""
    rules = _own_rules()
    row = _one_of(rules, key)
    if row.duty == RESPONSE and not any(rule.duty == RESPONSE for rule in rules if rule is not row):
        raise LastAnswer(key)
    audit.record("threshold_removed", by=by, **_told(row))
    db.session.delete(row)


@transactional
def use_settings(*, by: Staff) -> None:
    """Give up what administrators set: the settings hold again."""
    take_turns(db.session, TURNS)
    if are_set():
        db.session.execute(delete(ThresholdRule))
        audit.record("thresholds_of_settings", by=by)


def _own_rules() -> list[ThresholdRule]:
    """Today's as stored rows, changed by nobody else until the unit of work ends."""
    take_turns(db.session, TURNS)
    rules = crossings.rules_today()
    db.session.add_all(rules)
    db.session.flush()
    return rules


def _one_of(rules: list[ThresholdRule], key: str) -> ThresholdRule:
    found = next((rule for rule in rules if rule.key == key), None)
    if found is None:
        raise NotFound("no such threshold")
    return found


def _refuse_same(rules: list[ThresholdRule], duty: str, signatures: int, mine: ThresholdRule | None) -> None:
    if any(rule.duty == duty and rule.signatures == signatures for rule in rules if rule is not mine):
        raise SameThreshold(f"{duty} {signatures}")


def _told(row: ThresholdRule) -> dict[str, Any]:
    return {
        "threshold": row.duty,
        "key": row.key,
        "signatures": row.signatures,
        "days": row.days,
        "days_kind": row.days_kind,
    }
