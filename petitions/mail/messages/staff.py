"""Messages to staff about themselves: invited, another password, another second factor."""

from __future__ import annotations

from sqlalchemy import select

from petitions import links
from petitions.extensions import db
from petitions.mail.message import Context, message
from petitions.models import Mail, StaffLink
from petitions.staffing.staff_access import still_works


def _link(mail: Mail) -> StaffLink | None:
    """The link that a mail is about, while it works."""
    query = select(StaffLink).where(StaffLink.id == mail.details["link_id"], still_works())
    return db.session.execute(query).scalar_one_or_none()


@message("staff_invitation")
def staff_invitation(mail: Mail) -> Context | None:
    """To somebody who is to work here: the link by which they choose a password. Not sent once it works no more."""
    link = _link(mail)
    if link is None or not link.staff.is_active:
        return None
    return {
        "person": link.staff,
        "url": links.staff_invitation(link),
        "expires_at": link.expires_at,
    }


@message("staff_reset")
def staff_reset(mail: Mail) -> Context | None:
    """To somebody who does not know their password any more. Not sent once the link works no more."""
    link = _link(mail)
    if link is None or not link.staff.is_active:
        return None
    return {"person": link.staff, "url": links.staff_reset(link), "expires_at": link.expires_at}


@message("password_changed")
def password_changed(mail: Mail) -> Context | None:
    """To somebody whose password was changed: if it was not them, they know what to do."""
    if mail.staff is None or not mail.staff.is_active:
        return None
    return {"person": mail.staff, "changed_at": mail.created_at, "url": links.absolute("accounts.ask_reset")}


@message("second_factor_changed")
def second_factor_changed(mail: Mail) -> Context | None:
    """To somebody who has another app, or whose second factor an administrator reset."""
    if mail.staff is None or not mail.staff.is_active:
        return None
    return {
        "person": mail.staff,
        "changed_at": mail.created_at,
        "was_reset": mail.details["how"] == "reset",
        "url": links.absolute("accounts.account"),
    }
