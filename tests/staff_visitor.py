"""Somebody of the staff with a browser of their own, signed in, who posts forms with their token."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from petitions.models import Staff
from tests import build, staff_browser
from tests.client import PageCheckingClient

SIGN_IN = "/staff/sign-in"


def token_on(page: str) -> str:
    """The token of the forms on a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no staff form"
    return found[1]


class StaffVisitor:
    """A browser, signed in as `staff` where somebody is given."""

    def __init__(self, app: Flask, staff: Staff | None = None) -> None:
        client = app.test_client() if staff is None else staff_browser.signed_in(app, staff)
        assert isinstance(client, PageCheckingClient)
        self.client = client
        self._token = None if staff is None else staff_browser.form_token(app)

    def sign_in(self, email: str, password: str = build.PASSWORD, **fields: str) -> TestResponse:
        """Fill in the sign-in form and send it."""
        page = self.client.get(SIGN_IN).text
        self._token = None
        data = {"csrf_token": token_on(page), "email": email, "password": password} | fields
        return self.client.post(SIGN_IN, data=data)

    def get(self, path: str) -> TestResponse:
        """Fetch a page."""
        return self.client.get(path)

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form with the token that every page of this person carries until the next sign-in."""
        if self._token is None:
            self._token = token_on(self.get("/staff").text)
        return self.client.post(path, data={"csrf_token": self._token} | fields)

    def post_on(self, path: str, **fields: Any) -> TestResponse:
        """Send the form of a page with the token that this very page carries."""
        # What is sent here may end the session and begin another, as a second factor does.
        self._token = None
        return self.client.post(path, data={"csrf_token": token_on(self.get(path).text)} | fields)
