"""Staff in their browsers, signed in without the slow check of a password; the sign-in page has tests of its own."""

from __future__ import annotations

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from petitions import clock
from petitions.accounts import actions
from petitions.extensions import db
from petitions.models import Staff
from tests.client import PageCheckingClient

#: What Flask-WTF keeps in a session and signs into every form of it.
CSRF = "0" * 40


def form_token(app: Flask) -> str:
    """The token that stands in the forms of everybody who is `signed_in`."""
    # As Flask-WTF makes it, without a page to read it from.
    return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(CSRF))


def signed_in(app: Flask, staff: Staff) -> PageCheckingClient:
    """The browser of somebody of the staff."""
    client = app.test_client()
    assert isinstance(client, PageCheckingClient)
    token = actions.start_session(by=staff, password_hash=staff.password_hash)
    with client.session_transaction(base_url="http://localhost/staff") as session:
        session["_user_id"] = token
        session["seen"] = int(clock.now().timestamp())
        session["csrf_token"] = CSRF
    db.session.rollback()
    return client
