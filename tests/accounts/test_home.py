"""The front of the staff pages shows what waits for this person, and only what they may see."""

import pytest
from flask import Flask

from petitions.accounts import navigation
from petitions.permissions import ROLES, Permission, Role
from tests import build
from tests.staff_visitor import StaffVisitor


def test_moderators_see_the_numbers_of_the_queue(app: Flask) -> None:
    build.review_petition()
    page = StaffVisitor(app, build.staff("moderator")).get("/staff").text
    assert "Petitions to check" in page
    assert "/staff/queue" in page
    assert "/staff/people" not in page


def test_officials_see_what_their_own_department_owes(app: Flask) -> None:
    mine, other = build.department("Department of Libraries"), build.department("Department of Bridges")
    for department in (mine, other):
        build.cross(build.open_petition(action=f"Ask the {department.name}", departments=[department]))
    page = StaffVisitor(app, build.staff("official", department=mine)).get("/staff").text
    assert "Ask the Department of Libraries" in page
    assert "Ask the Department of Bridges" not in page
    assert "Petitions to check" not in page


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_leads_only_where_the_role_may_go(app: Flask, role: Role) -> None:
    visitor = StaffVisitor(app, build.staff(role))
    page = visitor.get("/staff").text
    expected = {
        "/staff/queue": Permission.PETITION_SEE,
        "/staff/petitions": Permission.PETITION_SEE,
        "/staff/duties": Permission.DUTY_SEE,
        "/staff/people": Permission.PEOPLE_SEE,
        "/staff/history": Permission.HISTORY_SEE,
    }
    for address, permission in expected.items():
        assert (f'href="{address}"' in page) == (permission in ROLES[role])
        assert visitor.get(address).status_code == (200 if permission in ROLES[role] else 404)


def test_templates_of_nobody_may_nothing() -> None:
    assert not navigation.may_for(None)("staff_home")
