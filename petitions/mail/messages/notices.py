"""The mail about notices: what waits, is owed and late, and what is coming; as it stands when the mail is written."""

from __future__ import annotations

from flask_babel import format_decimal, format_percent, gettext
from sqlalchemy import select

from petitions import links
from petitions.duties.coming import Coming, coming_of, forecast_words
from petitions.duties.duty_clock import status
from petitions.extensions import db
from petitions.mail.message import Context, message
from petitions.mail.messages.asked import Item, item_of
from petitions.models import Duty, Mail, Staff, StaffNotice
from petitions.staffing import owners
from petitions.staffing.noting import DUE, LATE

OWED = (DUE, LATE)


@message("staff_digest")
def staff_digest(mail: Mail) -> Context | None:
    """To somebody of the staff. What is no longer true, or no longer theirs, is left out; of nothing no mail is sent."""
    if mail.staff is None or not mail.staff.is_active:
        return None
    wanted = select(StaffNotice).where(StaffNotice.id.in_(mail.details["notices"]))
    notices = list(db.session.execute(wanted).scalars())
    waiting = [item for notice in notices if (item := item_of(notice, mail.staff)) is not None]
    owed = _owed({notice.duty_id for notice in notices if notice.kind in OWED and notice.duty_id}, mail.staff)
    on_their_way = coming_of(
        {notice.petition_id for notice in notices if notice.petition_id and notice.duty_id is None}
    )
    if not waiting and not owed and not on_their_way:
        return None
    return {
        "waiting": waiting,
        "owed": owed,
        "coming": [coming_item(row) for _, row in sorted(on_their_way.items())],
        "desk_url": links.absolute("responses.desk"),
        "mails_url": links.absolute("notices.mails"),
    }


def _owed(duty_ids: set[int], staff: Staff) -> list[Item]:
    query = (
        select(Duty).where(Duty.id.in_(duty_ids), Duty.answered_at.is_(None)).order_by(Duty.due_on, Duty.id)
    )
    duties = [
        duty
        for duty in db.session.execute(query).scalars()
        if staff.id in {owner.id for owner in owners.owners_of(duty)}
    ]
    return [owed_item(duty) for duty in duties]


def owed_item(duty: Duty) -> Item:
    """An answer that is owed, with how long there is."""
    stands = status(duty)
    return Item(
        title=duty.petition.action,
        sentence=stands.whole,
        detail=stands.detail if stands.is_overdue else "",
        url=links.absolute("responses.duty", duty_id=duty.id),
    )


def coming_item(row: Coming) -> Item:
    """A petition on its way, with how far it is and when it will get there."""
    words = {
        "share": format_percent(row.percent / 100),
        "count": format_decimal(row.petition.signature_count),
        "needed": format_decimal(row.threshold.signatures),
    }
    if row.is_for_response:
        sentence = gettext("%(count)s signatures, %(share)s of the %(needed)s for an answer.", **words)
    else:
        sentence = gettext("%(count)s signatures, %(share)s of the %(needed)s for a debate.", **words)
    return Item(row.petition.action, str(sentence), forecast_words(row), links.petition(row.petition))
