"""What the staff layout shows around every page: the way to what this person may see, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import has_request_context, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from petitions import permissions
from petitions.models import Staff
from petitions.permissions import Permission

STAFF_BLUEPRINTS = {
    "accounts",
    "moderation",
    "responses",
    "debates",
    "scrutiny",
    "admin",
    "postmaster",
    "notices",
    "appeals",
    "reports",
    "webhooks",
}


def links(staff: Staff) -> list[tuple[str, str]]:
    """Label and address of each part of the staff pages that somebody may see."""
    every = (
        (Permission.PETITION_SEE, _("To check"), "moderation.queue"),
        (Permission.PETITION_SEE, _("All petitions"), "moderation.petitions"),
        (Permission.SIGNATURE_SEE, _("Held signatures"), "scrutiny.held"),
        (Permission.DOMAIN_EDIT, _("Mail domains"), "admin.domains"),
        (Permission.DUTY_SEE, _("Answers owed"), "responses.desk"),
        (Permission.MAIL_SEE, _("Mail"), "postmaster.mail"),
        (Permission.PEOPLE_SEE, _("People"), "admin.people"),
        (Permission.SETTINGS_EDIT, _("Settings"), "admin.settings"),
        (Permission.HISTORY_SEE, _("History"), "admin.history"),
    )
    return [
        (label, url_for(endpoint))
        for permission, label, endpoint in every
        if permissions.may(staff, permission)
    ]


def may_for(staff: Staff | None) -> Callable[[str], bool]:
    """`may("petition_decide")` for templates."""
    return lambda name: staff is not None and permissions.may(staff, Permission(name))


def staff_context() -> dict[str, Any]:
    """Names for templates of the staff pages. Any other page gets none: it must not read the session."""
    if not has_request_context() or request.blueprint not in STAFF_BLUEPRINTS:
        return {}
    staff = current_user.staff if current_user.is_authenticated else None
    if staff is None:
        return {"may": may_for(None)}
    # Until the second factor was shown every link would lead to the page that asks for it.
    nav = links(staff) if current_user.is_proved else []
    return {"may": may_for(staff), "staff_person": staff.name, "staff_nav": nav}
