"""Made-up cases of the messages to staff about themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from petitions import clock, links
from petitions.mail.message import Context
from petitions.models import LinkKind, Staff
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample
from petitions.staffing import staff_access


def _person() -> Staff:
    return Staff(id=7, name="Maren Holt", email="maren@petitions.example.org")


@sample("staff_invitation", _l("Invitation to work here"), to=made_up.STAFF)
def staff_invitation() -> Context:
    """Somebody new."""
    expires_at = clock.now() + staff_access.LIFE[LinkKind.INVITATION]
    return {"person": _person(), "url": made_up.link("accounts.invitation"), "expires_at": expires_at}


@sample("staff_reset", _l("Link for another password"), to=made_up.STAFF)
def staff_reset() -> Context:
    """Somebody forgot it."""
    expires_at = clock.now() + staff_access.LIFE[LinkKind.RESET]
    return {"person": _person(), "url": made_up.link("accounts.reset"), "expires_at": expires_at}


@sample("password_changed", _l("Password was changed"), to=made_up.STAFF)
def password_changed() -> Context:
    """Somebody changed it."""
    url = links.absolute("accounts.ask_reset")
    return {"person": _person(), "changed_at": clock.now(), "url": url}


@sample("second_factor_changed", _l("Second factor was changed"), to=made_up.STAFF)
def second_factor_changed() -> Context:
    """An administrator reset it."""
    url = links.absolute("accounts.account")
    return {"person": _person(), "changed_at": clock.now(), "was_reset": True, "url": url}
