"""A duty of a department, its official, staff who are signed in, and forms as a browser sends them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from petitions import clock
from petitions.accounts import actions
from petitions.extensions import db
from petitions.models import Department, Duty, Staff
from tests import build
from tests.client import PageCheckingClient


class StaffBrowser:
    """The browser of somebody of the staff."""

    def __init__(self, client: PageCheckingClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        """Fetch a page."""
        return self.client.get(path)

    def post(self, path: str, page: str, **fields: str) -> TestResponse:
        """Send a form with the token that `page` carries."""
        found = re.search(r'name="(?:\w+-)?csrf_token"[^>]*value="([^"]+)"', self.client.get(page).text)
        assert found, f"{page} has no form"
        return self.client.post(path, data={"csrf_token": found[1]} | fields)


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Staff], StaffBrowser]:
    """Sign somebody in: `sign_in(official)` is their browser."""

    def signed_in(staff: Staff) -> StaffBrowser:
        client = app.test_client()
        assert isinstance(client, PageCheckingClient)
        token = actions.start_session(by=staff, password_hash=staff.password_hash)

        with client.session_transaction(base_url="http://localhost/staff") as session:
            session["_user_id"] = token
            session["seen"] = int(clock.now().timestamp())
        db.session.rollback()
        return StaffBrowser(client)

    return signed_in


@pytest.fixture
def transport(app: Flask) -> Department:
    """A department."""
    return build.department("Department of Transport")


@pytest.fixture
def duty(transport: Department) -> Duty:
    """The answer that it owes."""
    return build.cross(build.open_petition(action="Guarantee a night bus", departments=[transport]))


@pytest.fixture
def official(transport: Department) -> Staff:
    """Who writes it."""
    return build.staff("official", department=transport)
