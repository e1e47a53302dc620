"""Passwords that cost little, so that hundreds of people can sign in; what the real ones cost is a test of its own."""

import pytest

from petitions.staffing import passwords
from tests import build


@pytest.fixture(autouse=True)
def _cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "owasp" not in request.node.name:
        monkeypatch.setattr(passwords, "METHOD", build.CHEAP_HASH)
        monkeypatch.setattr(passwords, "NOBODY", f"{build.CHEAP_HASH}${'0' * 16}${'0' * 128}")
