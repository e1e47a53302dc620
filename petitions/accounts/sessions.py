"""Who a request comes from: the staff cookie, and the row behind it that can be revoked.

The cookie is signed and holds a random token, the moment it was last used, and the key of the forms' tokens. Whether it
was idle too long is read from that moment, so that looking at a page writes nothing to the database; a copy of the cookie
that was put away is worthless after half an hour, and any copy once the row is ended.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, session
from flask_login import login_user

from petitions import clock, secrecy
from petitions.accounts import asking, codes, queries
from petitions.extensions import login_manager
from petitions.models import Staff

LONGEST_IDLE = timedelta(minutes=30)
#: The cookie's moment moves at most this often.
SEEN_STEP = timedelta(minutes=1)
#: The cookie's name for the secret of an app that is being set up.
NEW_APP = "new_app"

# The row can be revoked and the cookie ages; a person's address may change while they work.
login_manager.session_protection = None


@dataclass(frozen=True)
class Principal:
    """Somebody signed in, as Flask-Login and `permissions.requires` want to know them."""

    staff: Staff
    session_id: int
    token: str
    proved_at: datetime | None

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def is_proved(self) -> bool:
        """Whether the second factor was shown here; without it nothing opens but the pages that ask for it."""
        return self.proved_at is not None

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.token

    def ask_again(self) -> Response | None:
        """The page that asks whether it is still them; `None` where they showed it just now."""
        if self.proved_at is not None and self.proved_at > clock.now() - asking.FRESH:
            return None
        return asking.question(session_id=self.session_id, by=self.staff)


def begin(token: str) -> None:
    """Give the visitor's browser a session of its own; whatever it held before is forgotten."""
    session.clear()
    principal = _principal(token)
    assert principal is not None, "the session was started in this very request"
    login_user(principal)
    _touch()


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> Principal | None:
    """The person of a cookie; `None` when the session was idle too long, is too old or was ended."""
    idle = clock.now().timestamp() - session.get("seen", 0)
    if idle > LONGEST_IDLE.total_seconds():
        return None
    principal = _principal(token)
    if principal is not None and idle >= SEEN_STEP.total_seconds():
        _touch()
    return principal


def new_app_secret(session_id: int) -> str:
    """The secret of an app that is being set up: it lives in the cookie, sealed, until its first code is right, so that
    looking at the page stores nothing and an app that is given up half way counts for nothing."""
    context = f"new app:{session_id}".encode()
    try:
        return secrecy.open_sealed(base64.b64decode(session.get(NEW_APP, "")), context)
    except (secrecy.CannotOpen, ValueError):
        secret = codes.new_secret()
        session[NEW_APP] = base64.b64encode(secrecy.seal(secret, context)).decode()
        return secret


def _principal(token: str) -> Principal | None:
    living = queries.living_session(token)
    return Principal(living.staff, living.id, token, living.proved_at) if living is not None else None


def _touch() -> None:
    session["seen"] = int(clock.now().timestamp())
