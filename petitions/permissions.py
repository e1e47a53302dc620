"""Who of the staff may do what: permissions, roles as sets of them, and the decorator every staff page carries."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, redirect, request, url_for
from flask_login import current_user

from petitions.errors import NotFound
from petitions.models.staff import Staff

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """One thing that staff may be allowed to do."""

    STAFF_HOME = "staff_home"
    PETITION_SEE = "petition_see"
    PETITION_EDIT = "petition_edit"
    PETITION_DECIDE = "petition_decide"
    PETITION_RESTORE = "petition_restore"
    DUTY_SEE = "duty_see"
    RESPONSE_WRITE = "response_write"
    RESPONSE_PUBLISH = "response_publish"
    DUTY_CLOCK = "duty_clock"
    """Pause the clock of duties, and give a duty to another department."""
    DUTY_EXTEND = "duty_extend"
    """Move the date of a duty: of the own department's once, of any other only with `DUTY_OVERSEE`."""
    DEBATE_EDIT = "debate_edit"
    PEOPLE_SEE = "people_see"
    PEOPLE_EDIT = "people_edit"
    HISTORY_SEE = "history_see"
    SIGNATURE_SEE = "signature_see"
    """Search signatures, masked, and see how a petition was signed."""
    SIGNATURE_CHANGE = "signature_change"
    """Hold, release, remove and put back signatures."""
    SIGNATURE_REVEAL = "signature_reveal"
    """See who one signer is, for a reason that is kept."""
    DOMAIN_EDIT = "domain_edit"
    """Change what is known about mail domains."""
    WEBHOOK_EDIT = "webhook_edit"
    """Say whose programs are told what happens."""
    SETTINGS_EDIT = "settings_edit"
    """Change departments, topics, reasons, thresholds, closed days and templates."""
    DUTY_OVERSEE = "duty_oversee"
    """What only the overseeing body may do to a duty: allow a further extension, ask for a better answer."""
    RESPONSE_APPROVE = "response_approve"
    """Be the second person, where a second person must approve an answer."""
    MAIL_SEE = "mail_see"
    MAIL_EDIT = "mail_edit"
    """Try mails again, stop a mailing and let it go on."""


class Role(StrEnum):
    """What somebody is at the petitions office or at a department."""

    MODERATOR = "moderator"
    OFFICIAL = "official"
    APPROVER = "approver"
    OVERSEER = "overseer"
    """Of the body that watches over the duty to respond, such as the committee for petitions."""
    PRESS = "press"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


_SEE = {Permission.STAFF_HOME, Permission.PETITION_SEE, Permission.DUTY_SEE}

ROLES: dict[Role, set[Permission]] = {
    Role.MODERATOR: _SEE
    | {
        Permission.PETITION_EDIT,
        Permission.PETITION_DECIDE,
        Permission.DEBATE_EDIT,
        Permission.SIGNATURE_SEE,
        Permission.SIGNATURE_CHANGE,
        Permission.SIGNATURE_REVEAL,
        Permission.DOMAIN_EDIT,
        Permission.MAIL_SEE,
    },
    Role.OFFICIAL: {
        Permission.STAFF_HOME,
        Permission.DUTY_SEE,
        Permission.DUTY_EXTEND,
        Permission.RESPONSE_WRITE,
        Permission.RESPONSE_PUBLISH,
    },
    Role.APPROVER: {
        Permission.STAFF_HOME,
        Permission.DUTY_SEE,
        Permission.DUTY_EXTEND,
        Permission.RESPONSE_WRITE,
        Permission.RESPONSE_PUBLISH,
        Permission.RESPONSE_APPROVE,
    },
    Role.OVERSEER: _SEE
    | {Permission.DUTY_CLOCK, Permission.DUTY_EXTEND, Permission.DUTY_OVERSEE, Permission.DEBATE_EDIT},
    Role.PRESS: {Permission.STAFF_HOME, Permission.DUTY_SEE},
    Role.AUDITOR: _SEE
    | {
        Permission.HISTORY_SEE,
        Permission.PEOPLE_SEE,
        Permission.SIGNATURE_SEE,
        Permission.MAIL_SEE,
    },
    Role.ADMINISTRATOR: set(Permission),
}


def permissions_of(staff: Staff) -> set[Permission]:
    """All that somebody's roles allow together."""
    return {permission for role in staff.roles if role in ROLES for permission in ROLES[Role(role)]}


def may(staff: Staff, permission: Permission) -> bool:
    """Whether somebody may do one thing."""
    return permission in permissions_of(staff)


def requires(permission: Permission, *, proved: bool = True, fresh: bool = False) -> Callable[[View], View]:
    """Let only staff with `permission` see a page, and hand it the person as `by`.

    A stranger is sent to sign in and comes back; who has shown no second factor yet is sent to show it; a colleague without
    the permission learns nothing (404). `proved=False`: a page that a password alone opens. `fresh=True`: what is posted
    there is done only for who proved who they are within the last minutes; anybody else is asked, and nothing is lost.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            back = request.full_path.rstrip("?") if request.method == "GET" else None
            if not current_user.is_authenticated:
                return redirect(url_for("accounts.sign_in", next=back), 303)
            if proved and not current_user.is_proved:
                return redirect(url_for("accounts.second_factor", next=back), 303)
            staff = cast(Staff, current_user.staff)
            if not may(staff, permission):
                current_app.logger.warning("refused: staff %s has no permission %s", staff.id, permission)
                raise NotFound("not for this role")
            if fresh and request.method == "POST" and (question := current_user.ask_again()) is not None:
                return question
            return view(*args, by=staff, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.needs_second_factor = proved  # type: ignore[attr-defined]
        guarded.needs_fresh_proof = fresh  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate
