"""What happens when a count steps over a threshold: one crossing for ever, one duty, and everybody told, in one transaction.

Called by whatever changes a count or publishes a petition. The crossing's primary key makes it happen once, however
many signatures arrive at that instant and however far a bulk change steps over the value.
"""

from __future__ import annotations

from sqlalchemy import select

from petitions import audit, clock, due_dates
from petitions.database import insert_new
from petitions.extensions import db, settings
from petitions.mail import outbox
from petitions.models import (
    DEBATE,
    RESPONSE,
    Crossing,
    Duty,
    Petition,
    PetitionThreshold,
    Staff,
    StaffRole,
)
from petitions.permissions import Role
from petitions.petitioners import creator_of


def todays_rules(petition_id: int) -> list[PetitionThreshold]:
    """The thresholds of today's settings as rows for one petition, not stored yet."""
    site = settings()
    return [
        PetitionThreshold(
            petition_id=petition_id,
            key=key,
            signatures=signatures,
            duty=key,
            days=days,
            days_kind="calendar",
        )
        for key, signatures, days in (
            (RESPONSE, site.response_threshold, site.response_days),
            (DEBATE, site.debate_threshold, None),
        )
    ]


def freeze(petition: Petition) -> None:
    """Write today's thresholds onto a petition that is being published; those it already has stay as they were."""
    for rule in todays_rules(petition.id):
        if db.session.get(PetitionThreshold, (petition.id, rule.key)) is None:
            db.session.add(rule)
    db.session.flush()


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
    _tell(petition, threshold, duty)
    return db.session.get_one(Crossing, (petition.id, threshold.key))


def _create_duty(petition: Petition, threshold: PetitionThreshold) -> Duty:
    due_on = None
    if threshold.days is not None:
        due_on = due_dates.add_days(clock.today(settings().timezone), threshold.days, threshold.days_kind)
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
    tell_owners(duty, threshold, key=key)


def tell_owners(duty: Duty, threshold: PetitionThreshold, *, key: str) -> None:
    """Tell whoever has to see to a duty, each once under `key`: at the crossing, and when another department gets it."""
    for staff in _owners(duty, threshold):
        outbox.queue(
            "duty_created",
            key=f"{key}:staff:{staff.id}",
            staff=staff,
            petition=duty.petition,
            duty_id=duty.id,
        )


def _owners(duty: Duty, threshold: PetitionThreshold) -> list[Staff]:
    """Officials of the department that owes an answer; where none owns it, and for debates, the moderators."""
    query = select(Staff).join(StaffRole).where(Staff.is_active.is_(True)).distinct()
    officials: list[Staff] = []
    if threshold.duty == RESPONSE and duty.department_id is not None:
        roles = [Role.OFFICIAL, Role.APPROVER]
        officials = list(
            db.session.execute(
                query.where(StaffRole.role.in_(roles), Staff.department_id == duty.department_id)
            ).scalars()
        )
    return officials or list(db.session.execute(query.where(StaffRole.role == Role.MODERATOR)).scalars())
