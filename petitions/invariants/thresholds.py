"""I4, I5: a threshold is crossed once, when the count came there, with one duty and one mail to each who must know."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, String, cast, func, literal, or_, select, type_coerce, union_all

from petitions import clock
from petitions.extensions import db
from petitions.invariants.invariant import invariant
from petitions.invariants.mails import KEPT
from petitions.lifecycle import FACTS
from petitions.models import (
    AuditEntry,
    Crossing,
    Duty,
    Mail,
    Petition,
    PetitionThreshold,
    Signature,
    SignatureRole,
)

#: States in which the count makes somebody owe an answer.
OWING = [state for state, facts in FACTS.items() if facts.is_listed and facts.counts_signatures]


def _of_threshold(other: Any) -> Any:
    """Joins something that has a petition and a threshold's key to that threshold."""
    return (PetitionThreshold.petition_id == other.petition_id) & (
        PetitionThreshold.key == other.threshold_key
    )


#: Made here, not brought in by an import, which knows only the count there was in the end.
_CROSSED_HERE = Crossing.signature_count > Petition.imported_signatures


def _named_in_history() -> Select[*tuple[Any, ...]]:
    """The thresholds that lines of publication name. Those from before lines named them have none."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    pairs = func.json_each if is_sqlite else func.json_each_text
    each = pairs(AuditEntry.details["thresholds"]).table_valued("key", "value")
    return (
        select(
            AuditEntry.petition_id,
            each.c.key.label("threshold"),
            type_coerce(each.c.value, String).label("words"),
            literal(1).label("named"),
        )
        .select_from(AuditEntry)
        .join(each, literal(True))
        .where(AuditEntry.action == "published", each.c.key.is_not(None))
        .distinct()
    )


def _words_of_threshold() -> Any:
    """As `crossings.frozen_in_words`."""
    days = literal(" in ").concat(cast(PetitionThreshold.days, String)).concat(" ")
    days = days.concat(type_coerce(PetitionThreshold.days_kind, String)).concat(" days")
    words = cast(PetitionThreshold.signatures, String).concat(" signatures: ")
    return words.concat(type_coerce(PetitionThreshold.duty, String)).concat(func.coalesce(days, ""))


@invariant(
    "I4",
    about=PetitionThreshold,
    broken="petition {petition_id}, threshold {threshold} ({words}) is not what the history says of its publication",
)
def thresholds_are_those_of_the_publication() -> Select[*tuple[Any, ...]]:
    """The thresholds of a published petition are those that the line of its publication names."""
    named = _named_in_history().subquery()
    kept = select(
        PetitionThreshold.petition_id,
        PetitionThreshold.key,
        _words_of_threshold(),
        literal(0),
    ).where(PetitionThreshold.petition_id.in_(select(named.c.petition_id)))
    both = union_all(select(named), kept).subquery()
    return (
        select(both.c.petition_id, both.c.threshold, both.c.words)
        .join(Petition, Petition.id == both.c.petition_id)
        .group_by(both.c.petition_id, both.c.threshold, both.c.words)
        .having(or_(func.count() != 2, func.sum(both.c.named) != 1))
    )


@invariant(
    "I4",
    about=PetitionThreshold,
    broken="petition {petition_id} has {signature_count} signatures and did not cross {signatures}",
)
def reached_thresholds_are_crossed() -> Select[*tuple[Any, ...]]:
    """A petition that the public can see has crossed every threshold that its count has reached here."""
    return (
        select(PetitionThreshold.petition_id, PetitionThreshold.signatures, Petition.signature_count)
        .join(Petition, Petition.id == PetitionThreshold.petition_id)
        .outerjoin(Crossing, _of_threshold(Crossing))
        .where(
            Petition.state.in_(OWING),
            PetitionThreshold.signatures > Petition.imported_signatures,
            PetitionThreshold.signatures <= Petition.signature_count,
            Crossing.petition_id.is_(None),
        )
    )


@invariant(
    "I4",
    about=Crossing,
    broken="petition {petition_id} crossed {signatures} with {signature_count} signatures",
)
def crossings_have_their_count() -> Select[*tuple[Any, ...]]:
    """A threshold that was crossed here was crossed with as many signatures as it asks for."""
    return (
        select(Crossing.petition_id, Crossing.signature_count, PetitionThreshold.signatures)
        .join(PetitionThreshold, _of_threshold(Crossing))
        .join(Petition, Petition.id == Crossing.petition_id)
        .where(_CROSSED_HERE, Crossing.signature_count < PetitionThreshold.signatures)
    )


@invariant(
    "I4",
    about=Crossing,
    broken="petition {petition_id}, threshold {threshold}: {crossings} crossings, {lines} lines in the history",
)
def crossings_are_in_the_history() -> Select[*tuple[Any, ...]]:
    """Each crossing that happened here has one line in the history, and each such line its crossing."""
    crossings = (
        select(
            Crossing.petition_id,
            Crossing.threshold_key.label("threshold"),
            literal(1).label("crossings"),
            literal(0).label("lines"),
            (Crossing.signature_count <= Petition.imported_signatures).label("imported"),
        )
        .select_from(Crossing)
        .join(Petition, Petition.id == Crossing.petition_id)
    )
    lines = select(
        AuditEntry.petition_id,
        AuditEntry.details["threshold"].as_string(),
        literal(0),
        literal(1),
        literal(False),
    ).where(AuditEntry.action == "threshold_crossed")
    both = union_all(crossings, lines).subquery()
    imported = func.max(cast(both.c.imported, Integer))
    number, told = func.sum(both.c.crossings), func.sum(both.c.lines)
    return (
        select(both.c.petition_id, both.c.threshold, number.label("crossings"), told.label("lines"))
        .group_by(both.c.petition_id, both.c.threshold)
        .having(or_(number != 1, told > 1, (told == 0) & (imported == 0)))
    )


@invariant(
    "I5",
    about=Crossing,
    broken="nobody owes anything for threshold {threshold_key} of petition {petition_id}",
)
def crossings_have_one_duty() -> Select[*tuple[Any, ...]]:
    """Each crossing has its duty. (More than one, and one without a crossing, the database refuses.)"""
    return (
        select(Crossing.petition_id, Crossing.threshold_key)
        .outerjoin(
            Duty,
            (Duty.petition_id == Crossing.petition_id)
            & (Duty.threshold_key == Crossing.threshold_key)
            & (Duty.round == 1),
        )
        .where(Duty.id.is_(None))
    )


@invariant("I5", about=Duty, broken="duty {id} of petition {petition_id} has the date {due_on}")
def duties_have_their_date() -> Select[*tuple[Any, ...]]:
    """A duty has a date where its threshold promises one, and none where it does not."""
    return (
        select(Duty.id, Duty.petition_id, Duty.due_on)
        .join(PetitionThreshold, _of_threshold(Duty))
        .where(Duty.due_on.is_(None) != PetitionThreshold.days.is_(None))
    )


@invariant(
    "I5",
    about=Crossing,
    broken="nobody was told that petition {petition_id} reached threshold {threshold_key}",
    of_the_moment=True,
)
def crossings_were_told() -> Select[*tuple[Any, ...]]:
    """The petitioner of a petition that crossed a threshold here was told, as far back as mails are kept."""
    key = (
        literal("crossing:")
        .concat(cast(Crossing.petition_id, String))
        .concat(":")
        .concat(Crossing.threshold_key)
        .concat(":creator")
    )
    return (
        select(Crossing.petition_id, Crossing.threshold_key)
        .select_from(Crossing)
        .join(Petition, Petition.id == Crossing.petition_id)
        .join(
            Signature,
            (Signature.petition_id == Crossing.petition_id) & (Signature.role == SignatureRole.CREATOR),
        )
        .outerjoin(Mail, Mail.key == key)
        .where(
            _CROSSED_HERE,
            Crossing.reached_at > clock.now() - KEPT,
            Signature.anonymised_at.is_(None),
            Mail.id.is_(None),
        )
    )


@invariant(
    "I5",
    about=Mail,
    broken="somebody was told {times} times of one crossing of petition {petition_id}, in mail {mail_id} at last",
)
def crossings_are_told_once() -> Select[*tuple[Any, ...]]:
    """Nobody is told twice of one crossing."""
    mails = (
        select(
            Mail.id,
            Mail.kind,
            Mail.petition_id,
            Mail.staff_id,
            Mail.signature_id,
            Mail.details["duty_id"].as_integer().label("duty_id"),
        )
        .where(Mail.key.startswith("crossing:"))
        .subquery()
    )
    who = (mails.c.kind, mails.c.petition_id, mails.c.staff_id, mails.c.signature_id, mails.c.duty_id)
    return (
        select(mails.c.petition_id, func.count().label("times"), func.max(mails.c.id).label("mail_id"))
        .group_by(*who)
        .having(func.count() > 1)
    )
