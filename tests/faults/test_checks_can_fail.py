"""The checks of links and of bad input find the bugs they are there for: each is planted here and must be caught.

Bugs in counting and in mail are planted in `test_state_machine`, a page that confirms on GET in
`tests/rules/test_gets_write_nothing`.
"""

from __future__ import annotations

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from petitions import forms, tokens
from petitions.extensions import settings
from petitions.tokens import Purpose, sign
from tests import build, world
from tests.client import PageCheckingClient
from tests.faults.scripts import SCRIPTS, dangers
from tests.faults.test_bad_input import fail_if_stored_wrongly

pytestmark = pytest.mark.database("sqlite")


def fail_if_links_are_taken_for_others(app: Flask, client: PageCheckingClient, found: world.World) -> None:
    """A link made for one purpose opens no page of another."""
    for rule in world.rules(app, "GET"):
        if "token" in rule.arguments:
            for path in world.bad_paths(app, found, rule):
                assert client.get(path).status_code in {400, 404}, path


def test_a_purpose_that_is_not_checked_is_caught(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = world.make()
    fail_if_links_are_taken_for_others(app, client, found)
    monkeypatch.setattr(
        tokens, "_serializer", lambda purpose: URLSafeSerializer(settings().secret_key, salt="one for all")
    )
    assert sign(Purpose.SUPPORT, 1) == sign(Purpose.UNSUBSCRIBE, 1)
    with pytest.raises(AssertionError, match="/"):
        fail_if_links_are_taken_for_others(app, client, found)


def test_a_form_that_takes_unreadable_characters_is_caught(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = build.open_petition()
    monkeypatch.setattr(forms, "is_readable", lambda text: True)
    sent = client.post(
        f"/petitions/{petition.id}/signatures/new", data=build.sign_form(name="turned \u202egnp.exe")
    )
    assert sent.status_code == 303
    with pytest.raises(AssertionError, match="u202e"):
        fail_if_stored_wrongly()


def test_a_field_that_is_not_escaped_is_caught(
    app: Flask, client: PageCheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = build.open_petition(action=SCRIPTS[0])
    assert list(dangers(client.get(f"/petitions/{petition.id}").text)) == []
    monkeypatch.setattr(app.jinja_env, "autoescape", False)
    app.jinja_env.bytecode_cache = None
    app.jinja_env.cache.clear()  # type: ignore[union-attr]
    client.checks_pages = False
    assert list(dangers(client.get(f"/petitions/{petition.id}").text)) != []
