"""Staff in their browsers, signed in without the slow check of a password; the sign-in page has tests of its own."""

from __future__ import annotations

from flask import Flask

from petitions import clock
from petitions.accounts import actions
from petitions.extensions import db
from petitions.models import Staff
from tests.client import PageCheckingClient


def signed_in(app: Flask, staff: Staff) -> PageCheckingClient:
    """The browser of somebody of the staff."""
    client = app.test_client()
    assert isinstance(client, PageCheckingClient)
    token = actions.start_session(by=staff, password_hash=staff.password_hash)
    with client.session_transaction(base_url="http://localhost/staff") as session:
        session["_user_id"] = token
        session["seen"] = int(clock.now().timestamp())
    db.session.rollback()
    return client
