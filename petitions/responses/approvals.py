"""The second person: where the setting asks for it, nothing is published that somebody else has not approved word for word."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from petitions import audit
from petitions.database import transactional
from petitions.errors import NotFound, StateChanged
from petitions.extensions import db
from petitions.models import AuditEntry, Duty, Response, Staff, StaffRole
from petitions.permissions import Permission, Role, may
from petitions.responses import drafts
from petitions.responses.access import locked_duty
from petitions.responses.drafts import response_to
from petitions.responses.errors import DraftChanged, NotComplete, OwnWords
from petitions.staffing.noting import APPROVAL, note

ASKED = "approval_asked"


def is_approved(response: Response) -> bool:
    """Whether somebody approved exactly the newest draft."""
    return response.approved_by_id is not None and response.approved_version == response.draft_version


def may_approve(by: Staff, response: Response) -> bool:
    """Whether this person may be the second one: who may approve at all, and did not write the newest words."""
    return may(by, Permission.RESPONSE_APPROVE) and by.id not in drafts.author_ids(response)


def void(response: Response) -> None:
    """The approval counts no more. In a unit of work."""
    response.approved_version = response.approved_by_id = None


def asked_at(duty: Duty, response: Response) -> datetime | None:
    """When somebody asked for the approval of the newest draft; the permanent history knows."""
    lines = db.session.execute(
        select(AuditEntry)
        .where(AuditEntry.petition_id == duty.petition_id, AuditEntry.action == ASKED)
        .order_by(AuditEntry.id.desc())
    ).scalars()
    wanted = {"duty": duty.id, "draft_version": response.draft_version}
    return next((line.at for line in lines if wanted.items() <= line.details.items()), None)


@transactional
def ask(duty_id: int, *, draft_version: int, by: Staff) -> int:
    """Ask those who may for their approval of a draft; each hears of it once, as they chose. Returns how many were asked now.

    Raises `DraftChanged`, `NotComplete`.
    """
    duty = locked_duty(duty_id, by)
    response = _unchanged(duty, draft_version)
    if not drafts.newest_words(response).are_complete:
        raise NotComplete("only a complete answer is approved")
    if is_approved(response):
        return 0
    asked = note(
        approvers(duty, response),
        APPROVAL,
        key=f"approval:{response.id}:{draft_version}",
        petition_id=duty.petition_id,
        duty_id=duty.id,
        draft_version=draft_version,
    )
    audit.record(ASKED, petition=duty.petition, by=by, duty=duty.id, draft_version=draft_version)
    return asked


@transactional
def approve(duty_id: int, *, draft_version: int, by: Staff) -> None:
    """Approve exactly this draft. Any later edit voids it. Raises `DraftChanged`, `NotComplete`, `OwnWords`."""
    duty = locked_duty(duty_id, by)
    if not may(by, Permission.RESPONSE_APPROVE):
        raise NotFound("not for this role")
    response = _unchanged(duty, draft_version)
    if not drafts.newest_words(response).are_complete:
        raise NotComplete("only a complete answer is approved")
    if not may_approve(by, response):
        raise OwnWords("the second person is somebody else than the author")
    if is_approved(response):
        return
    response.approved_version, response.approved_by_id = draft_version, by.id
    audit.record(
        "response_approved", petition=duty.petition, by=by, duty=duty.id, draft_version=draft_version
    )


def approvers(duty: Duty, response: Response) -> list[Staff]:
    """Whom to ask: approvers of the department that answers; where there is none, administrators. Never an author."""
    authors = drafts.author_ids(response)
    query = select(Staff).join(StaffRole).where(Staff.is_active.is_(True)).order_by(Staff.id).distinct()
    own = query.where(StaffRole.role == Role.APPROVER, Staff.department_id == duty.department_id)
    for wanted in (own, query.where(StaffRole.role == Role.ADMINISTRATOR)):
        found = [each for each in db.session.execute(wanted).scalars() if each.id not in authors]
        if found:
            return found
    return []


def _unchanged(duty: Duty, draft_version: int) -> Response:
    response = response_to(duty)
    if response.draft_version != draft_version:
        raise DraftChanged("the draft was changed since it was read")
    if response.published_at is not None and not drafts.has_pending_change(response):
        raise StateChanged("it was published already")
    return response
