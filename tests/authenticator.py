"""An authenticator app on a telephone, as somebody of the staff has one."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
from flask import Flask

from petitions import clock
from petitions.accounts import codes
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import Authenticator, RecoveryCode, Staff
from tests.staff_visitor import StaffVisitor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@transactional
def give(staff: Staff, *recovery_codes: str, secret: str = SECRET) -> None:
    """Somebody has set up an app, a while ago."""
    db.session.add(Authenticator(staff_id=staff.id, secret=secret, proved_at=clock.now()))
    for code in recovery_codes:
        db.session.add(RecoveryCode(staff_id=staff.id, code_hash=codes.recovery_hash(staff.id, code)))


def code(secret: str = SECRET, *, later: float = 0) -> str:
    """What the app shows now, or so many seconds later."""
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=later))


def key_on(page: str) -> str:
    """The key that a page offers to type into an app."""
    (shown,) = re.findall(r'<code translate="no">([A-Z2-7 ]+)</code>', page)
    return str(shown).replace(" ", "")


def half_open(app: Flask, staff: Staff) -> StaffVisitor:
    """A browser after the password and before the code."""
    return StaffVisitor(app, staff)


def opened(app: Flask, staff: Staff, *, later: float = 0) -> StaffVisitor:
    """A browser in which somebody with an app showed password and code."""
    visitor = StaffVisitor(app, staff)
    answer = visitor.post_on("/staff/second-factor", code=code(later=later))
    assert answer.status_code == 303, answer.text
    return visitor
