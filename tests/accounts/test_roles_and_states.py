"""Every staff page × every role × every state of what it is about: answered where the role may, not there where it may not."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from petitions.extensions import db
from petitions.models import Department, Staff
from petitions.permissions import ROLES, Permission, Role
from tests import build, staff_browser, world
from tests.client import PageCheckingClient

#: Who may see what does not depend on the database; whether it can answer does: one role that may see all goes there too.
ON_ONE = pytest.mark.database("sqlite")

#: Petitions in each of the nine states come first in the world, so do duties in each of theirs.
STATES = 9
#: What a page of staff may answer to who may see it: the page, that it is not there in this state, that it leads elsewhere.
ANSWERS = {200, 303, 404, 409, 410}


def guarded(app: Flask, method: str) -> list[tuple[Rule, Permission]]:
    """Every page that asks for a permission, and which; but for the way out."""
    found = []
    for rule in world.rules(app, method):
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if rule.rule.startswith("/staff") and permission and rule.endpoint != "accounts.sign_out":
            found.append((rule, permission))
    return found


def token_of(client: PageCheckingClient) -> str:
    """The token that this browser's forms carry."""
    return re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/staff").text)[0]


def look(app: Flask, role: Role) -> int:
    """Fetch every page in every state as one role, and hold what is answered to what the role may. Returns how many."""
    found = world.make()
    client, looked = world.sign_in(app, found.staff[role]), 0
    for rule, permission in guarded(app, "GET"):
        for path in world.paths(app, found, rule)[:STATES]:
            status = world.fetch(client, path).status_code
            allowed = ANSWERS if permission in ROLES[role] else {404}
            assert status in allowed, f"{role} GET {path}: {status}"
            looked += 1
    return looked


@pytest.mark.database("postgresql")
def test_every_page_answers_in_every_state_on_the_other_database_too(app: Flask) -> None:
    assert look(app, Role.ADMINISTRATOR) > 150


@ON_ONE
@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_what_it_may_in_every_state(app: Flask, role: Role) -> None:
    assert look(app, role) > 150


@ON_ONE
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_what_a_role_may_not_do_is_not_there_in_any_state(app: Flask, role: Role) -> None:
    found = world.make()
    client, tried = world.sign_in(app, found.staff[role]), 0
    data = {"csrf_token": token_of(client)}
    for rule, permission in guarded(app, "POST"):
        if permission in ROLES[role]:
            continue
        for path in world.paths(app, found, rule)[:STATES]:
            assert world.fetch(client, path, "POST", data=data).status_code == 404, f"{role} POST {path}"
            tried += 1
    assert tried > 50


@ON_ONE
def test_an_official_of_another_department_finds_none_of_its_duties(app: Flask) -> None:
    found = world.make()
    roads = db.session.query(Department).filter_by(acronym="DfR").one()
    other: Staff = build.staff(Role.OFFICIAL, department=roads)
    client, tried = staff_browser.signed_in(app, other), 0
    data = {"csrf_token": token_of(client)}
    for method in ("GET", "POST"):
        for rule, _permission in guarded(app, method):
            if "duty_id" not in rule.arguments:
                continue
            for path in world.paths(app, found, rule):
                more = {"data": data} if method == "POST" else {}
                assert world.fetch(client, path, method, **more).status_code == 404, f"{method} {path}"
                tried += 1
    assert tried > 30
