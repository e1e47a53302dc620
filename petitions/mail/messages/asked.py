"""What waits for somebody of the staff: an answer to approve or to schedule anew, a promise to say about.

Each is a mail of its own or a line in the mail of the day, as its person chose; both are made from the same words, and
neither is sent when it is no longer true, or no longer theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from petitions import links
from petitions.duties.duty_clock import day_in_words
from petitions.extensions import db
from petitions.mail.message import Context, message
from petitions.mail.messages.responses import about
from petitions.models import Commitment, CommitmentCheck, Duty, Mail, Response, Staff, StaffNotice
from petitions.staffing import owners
from petitions.templating import date_and_time

#: Why an answer that waited for its moment was not published.
REASONS = {
    "changed": _l("The words were changed after it was scheduled."),
    "not_approved": _l("No second person has approved the words."),
    "not_complete": _l("Something is missing in the answer."),
    "taken_down": _l("The petition was taken down."),
    "given_away": _l("Another department owes the answer now."),
    "gone": _l("The person who scheduled it is no longer let in."),
}


@dataclass(frozen=True)
class Item:
    """One thing to see to, in the mail of the day."""

    title: str
    sentence: str
    detail: str
    url: str

    @property
    def path(self) -> str:
        """Where it leads, from a page of the site itself."""
        return urlsplit(self.url).path


def item_of(notice: StaffNotice, staff: Staff) -> Item | None:
    """What waits, as a line of the day's mail; none when it is done meanwhile."""
    told = TOLD.get(notice.kind)
    context = told.context(staff, {"duty_id": notice.duty_id} | notice.details) if told else None
    return told.item(context) if told is not None and context is not None else None


@message("approval_asked")
def approval_asked(mail: Mail) -> Context | None:
    """To the second person. Not sent when the draft was changed, approved or published meanwhile."""
    return _approval(mail.staff, mail.details)


@message("response_not_published")
def response_not_published(mail: Mail) -> Context | None:
    """To whoever put an answer on the schedule: it stays a draft, and why. Not sent when it went out after all."""
    return _not_published(mail.staff, mail.details)


@message("commitment_asked")
def commitment_asked(mail: Mail) -> Context | None:
    """To the department: was kept what was promised? Not sent when it was said meanwhile."""
    return _promise(mail.staff, mail.details)


def _approval(staff: Staff | None, details: dict[str, Any]) -> Context | None:
    duty, response = _of_duty(staff, details)
    if staff is None or duty is None or response is None or not owners.answers_for(staff, duty):
        return None
    newest = response.draft_version
    if newest != details["draft_version"] or response.approved_version == newest:
        return None
    return about(duty.petition, None) | {
        "summary": response.summary,
        "preview_url": links.absolute("responses.preview", duty_id=duty.id),
    }


def _approval_item(context: Context) -> Item:
    sentence = _("An answer waits for your approval:")
    return Item(context["petition"].action, sentence, context["summary"], context["preview_url"])


def _not_published(staff: Staff | None, details: dict[str, Any]) -> Context | None:
    duty, response = _of_duty(staff, details)
    if duty is None or response is None:
        return None
    if response.published_at is not None or response.publish_at is not None:
        return None
    return about(duty.petition, None) | {
        "moment": datetime.fromisoformat(details["moment"]),
        "why": str(REASONS[details["why"]]),
        "duty_url": links.absolute("responses.duty", duty_id=duty.id),
    }


def _not_published_item(context: Context) -> Item:
    moment = date_and_time(context["moment"])
    sentence = _("The answer was to be published on %(moment)s, and was not.", moment=moment)
    return Item(context["petition"].action, sentence, context["why"], context["duty_url"])


def _of_duty(staff: Staff | None, details: dict[str, Any]) -> tuple[Duty | None, Response | None]:
    duty = db.session.get(Duty, details["duty_id"])
    if duty is None or staff is None or not staff.is_active:
        return None, None
    wanted = select(Response).where(Response.duty_id == duty.id)
    return duty, db.session.execute(wanted).scalar_one_or_none()


def _promise(staff: Staff | None, details: dict[str, Any]) -> Context | None:
    commitment = db.session.get(Commitment, details["commitment_id"])
    check = db.session.get(CommitmentCheck, (details["commitment_id"], details["months"]))
    if commitment is None or check is None or check.answered_at is not None:
        return None
    if staff is None or not staff.is_active:
        return None
    response = commitment.response
    return about(response.petition, None) | {
        "promise": commitment.promise,
        "due_on": commitment.due_on,
        "months": check.months,
        "duty_url": links.absolute("responses.commitments", duty_id=response.duty_id),
    }


def _promise_item(context: Context) -> Item:
    promise = context["promise"]
    if context["due_on"] is not None:
        promise += " " + _("By %(date)s.", date=day_in_words(context["due_on"]))
    return Item(context["petition"].action, _("Say whether this was kept:"), promise, context["duty_url"])


@dataclass(frozen=True)
class _Told:
    """How one kind of notice is told."""

    context: Callable[[Staff | None, dict[str, Any]], Context | None]
    item: Callable[[Context], Item]


TOLD = {
    "approval_asked": _Told(_approval, _approval_item),
    "response_not_published": _Told(_not_published, _not_published_item),
    "commitment_asked": _Told(_promise, _promise_item),
}
