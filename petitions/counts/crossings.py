"""What happens when a count steps over a threshold: one crossing for ever, one duty, and everybody told, in one transaction.

Called by whatever changes a count or publishes a petition. The crossing's primary key makes it happen once, however
many signatures arrive at that instant and however far a bulk change steps over the value.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from petitions import audit, clock, due_dates, webhook_outbox
from petitions.database import insert_new
from petitions.duties import pauses
from petitions.extensions import db, settings
from petitions.mail import outbox
from petitions.models import (
    DEBATE,
    RESPONSE,
    Crossing,
    Duty,
    Petition,
    PetitionThreshold,
    ThresholdRule,
)
from petitions.petitioners import creator_of
from petitions.staffing.owners import owners_of


def settings_rules() -> list[ThresholdRule]:
    """The thresholds of the settings, the lowest first; rows that are not stored."""
    site = settings()
    return [
        ThresholdRule(key=key, signatures=signatures, duty=key, days=days, days_kind="calendar")
        for key, signatures, days in (
            (RESPONSE, site.response_threshold, site.response_days),
            (DEBATE, site.debate_threshold, None),
        )
    ]


def rules_today() -> list[ThresholdRule]:
    """The thresholds that a petition published now gets, the lowest first: those that administrators set, else the settings'."""
    query = select(ThresholdRule).order_by(ThresholdRule.signatures, ThresholdRule.key)
    return list(db.session.execute(query).scalars()) or settings_rules()


def lowest(rules: Iterable[ThresholdRule], duty: str) -> ThresholdRule | None:
    """The first threshold with which something is owed: an answer (`RESPONSE`), or a debate considered (`DEBATE`)."""
    return min((rule for rule in rules if rule.duty == duty), key=lambda rule: rule.signatures, default=None)


def frozen(rules: Iterable[ThresholdRule], petition_id: int) -> list[PetitionThreshold]:
    """Rules as rows of one petition, not stored yet."""
    return [PetitionThreshold(petition_id=petition_id, **rule.terms()) for rule in rules]


def freeze(petition: Petition) -> None:
    """Write today's thresholds onto a petition that is being published; one that has any keeps just those, for ever."""
    known = select(PetitionThreshold.key).where(PetitionThreshold.petition_id == petition.id)
    if db.session.execute(known.limit(1)).first() is None:
        db.session.add_all(frozen(rules_today(), petition.id))
    db.session.flush()


def frozen_in_words(petition: Petition) -> dict[str, str]:
    """A petition's thresholds by key, as the history names them; `invariants.thresholds` writes the same words."""
    rows = db.session.execute(
        select(PetitionThreshold)
        .where(PetitionThreshold.petition_id == petition.id)
        .order_by(PetitionThreshold.signatures, PetitionThreshold.key)
    ).scalars()
    return {row.key: _in_words(row) for row in rows}


def _in_words(row: PetitionThreshold) -> str:
    days = f" in {row.days} {row.days_kind} days" if row.days is not None else ""
    return f"{row.signatures} signatures: {row.duty}{days}"


def fire(petition: Petition, *, before: int, after: int) -> list[Crossing]:
    """Record every threshold with `before < value <= after` that was not reached earlier, with all that follows."""
    reached = db.session.execute(
        select(PetitionThreshold)
        .where(
            PetitionThreshold.petition_id == petition.id,
            PetitionThreshold.signatures > before,
            PetitionThreshold.signatures <= after,
        )
        .order_by(PetitionThreshold.signatures)
    ).scalars()
    return [crossing for threshold in reached if (crossing := _cross(petition, threshold, after))]


def _cross(petition: Petition, threshold: PetitionThreshold, count: int) -> Crossing | None:
    now = clock.now()
    key = {"petition_id": petition.id, "threshold_key": threshold.key}
    if not insert_new(Crossing, db.session, **key, reached_at=now, signature_count=count):
        return None
    duty = _create_duty(petition, threshold)
    audit.record(
        "threshold_crossed",
        petition=petition,
        threshold=threshold.key,
        signatures=threshold.signatures,
        signature_count=count,
        due_on=duty.due_on.isoformat() if duty.due_on else None,
    )
    # After its line: whoever pauses the whole house at this moment writes one too, so one of the two sees the other.
    pauses.inherit(duty)
    _tell(petition, threshold, duty)
    crossing = db.session.get_one(Crossing, (petition.id, threshold.key))
    webhook_outbox.crossed(petition, crossing, duty)
    return crossing


def due_from_today(threshold: PetitionThreshold) -> date | None:
    """The date of a duty that arises today by the rule that was frozen; none where none is promised."""
    if threshold.days is None:
        return None
    return due_dates.add_days(clock.today(settings().timezone), threshold.days, threshold.days_kind)


def _create_duty(petition: Petition, threshold: PetitionThreshold) -> Duty:
    due_on = due_from_today(threshold)
    department = petition.departments[0] if petition.departments and threshold.duty == RESPONSE else None
    duty = Duty(
        petition_id=petition.id,
        threshold_key=threshold.key,
        department_id=department.id if department else None,
        reached_at=clock.now(),
        due_on=due_on,
        first_due_on=due_on,
    )
    db.session.add(duty)
    db.session.flush()
    return duty


def _tell(petition: Petition, threshold: PetitionThreshold, duty: Duty) -> None:
    creator = creator_of(petition)
    key = f"crossing:{petition.id}:{threshold.key}"
    if creator is not None:
        outbox.queue("threshold_crossed", key=f"{key}:creator", signature=creator, duty_id=duty.id)
    tell_owners(duty, key=key)


def tell_owners(duty: Duty, *, key: str) -> None:
    """Tell whoever has to see to a duty, each once under `key`: at the crossing, when another department gets it, and
    when a better answer is asked for."""
    for staff in owners_of(duty):
        outbox.queue(
            "duty_created",
            key=f"{key}:staff:{staff.id}",
            staff=staff,
            petition=duty.petition,
            duty_id=duty.id,
        )
