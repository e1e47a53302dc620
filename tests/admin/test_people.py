"""People are added, changed and let go by administrators and at the command line; one administrator always stays."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from petitions.admin import actions
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.models import AuditEntry, Staff
from petitions.permissions import Role
from petitions.staffing import passwords
from tests import build
from tests.staff_visitor import StaffVisitor


@pytest.fixture
def boss(app: Flask) -> Staff:
    """The only administrator."""
    return build.staff("administrator", name="Noor Castellan", email="noor@staff.example.org")


@pytest.fixture
def visitor(app: Flask, boss: Staff) -> StaffVisitor:
    """The administrator's browser."""
    return StaffVisitor(app, boss)


def known(email: str) -> Staff | None:
    """Who has an address."""
    return db.session.execute(select(Staff).where(Staff.email == email)).scalar_one_or_none()


def actions_of_history() -> list[str]:
    """What the history says was done to people."""
    query = select(AuditEntry.action).where(AuditEntry.action.notin_(["signed_in", "signed_out"]))
    return list(db.session.execute(query.order_by(AuditEntry.id)).scalars())


def person(**fields: str) -> dict[str, str | list[str]]:
    """The form about a new person, filled in."""
    return {
        "name": "Ada Osei",
        "email": "Ada@Staff.Example.org",
        "roles": ["moderator"],
        "department": "",
    } | fields


def test_a_person_is_invited_and_cannot_sign_in_before_choosing_a_password(
    app: Flask, visitor: StaffVisitor
) -> None:
    response = visitor.post("/staff/people/new", **person())
    assert (response.status_code, response.location) == (303, "/staff/people")
    added = known("ada@staff.example.org")
    assert added is not None
    assert (added.roles, added.password_hash) == ({"moderator"}, None)
    assert "Invited" in visitor.get("/staff/people").text
    assert StaffVisitor(app).sign_in("ada@staff.example.org", "any password at all").status_code == 422
    assert actions_of_history() == ["staff_added", "staff_invited"]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": "see https://spam.example"},
        {"email": "nobody"},
        {"email": "noor@staff.example.org"},
        {"email": "NOOR@staff.example.org"},
        {"roles": []},
        {"roles": ["emperor"]},
        {"roles": ["official"]},
        {"department": "nowhere"},
    ],
)
def test_a_person_who_cannot_be_added_is_asked_for_again(
    visitor: StaffVisitor, fields: dict[str, str]
) -> None:
    response = visitor.post("/staff/people/new", **person(**fields))
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert actions_of_history() == []


def test_other_roles_sign_out_and_hold_from_then_on(app: Flask, visitor: StaffVisitor) -> None:
    department = build.department()
    moderator = build.staff("moderator")
    theirs = StaffVisitor(app, moderator)
    assert theirs.get("/staff/queue").status_code == 200
    form = {"name": "Robin Renamed", "roles": ["official", "press"], "department": department.slug}
    assert visitor.post(f"/staff/people/{moderator.id}", **form).status_code == 303
    assert theirs.get("/staff/queue").status_code == 303
    theirs.sign_in(moderator.email)
    assert theirs.get("/staff/queue").status_code == 404
    assert (moderator.name, moderator.roles) == ("Robin Renamed", {"official", "press"})
    (line,) = db.session.execute(select(AuditEntry).where(AuditEntry.action == "staff_changed")).scalars()
    assert (line.details["roles_before"], line.details["roles"]) == (["moderator"], ["official", "press"])


def test_another_name_alone_signs_nobody_out(app: Flask, visitor: StaffVisitor) -> None:
    moderator = build.staff("moderator")
    theirs = StaffVisitor(app, moderator)
    form = {"name": "Robin Renamed", "roles": ["moderator"], "department": ""}
    assert visitor.post(f"/staff/people/{moderator.id}", **form).status_code == 303
    assert "Robin Renamed" in theirs.get("/staff").text
    assert visitor.post(f"/staff/people/{moderator.id}", **form).status_code == 303
    assert actions_of_history() == ["staff_changed"]


def test_who_is_let_go_is_out_at_once_and_may_come_back(app: Flask, visitor: StaffVisitor) -> None:
    moderator = build.staff("moderator")
    theirs = StaffVisitor(app, moderator)
    for _ in range(2):
        assert visitor.post(f"/staff/people/{moderator.id}/deactivate").status_code == 303
    assert theirs.get("/staff").status_code == 303
    assert theirs.sign_in(moderator.email).status_code == 422
    assert "Let in again" in visitor.get(f"/staff/people/{moderator.id}").text
    for _ in range(2):
        assert visitor.post(f"/staff/people/{moderator.id}/reactivate").status_code == 303
    assert theirs.get("/staff").status_code == 303, "the old session stays ended"
    assert theirs.sign_in(moderator.email).status_code == 303
    assert actions_of_history() == ["staff_deactivated", "staff_reactivated"]


def test_the_last_administrator_stays(visitor: StaffVisitor, boss: Staff) -> None:
    gone = build.staff("administrator", is_active=False)
    form = {"name": boss.name, "roles": ["moderator"], "department": ""}
    for path, fields in ((f"/staff/people/{boss.id}", form), (f"/staff/people/{boss.id}/deactivate", {})):
        response = visitor.post(path, **fields)
        assert response.status_code == 422
        assert "Nobody else is an administrator" in response.text
    assert (boss.is_active, boss.roles) == (True, {"administrator"})
    visitor.post(f"/staff/people/{gone.id}/reactivate")
    assert visitor.post(f"/staff/people/{boss.id}/deactivate").status_code == 303


def test_two_administrators_who_let_each_other_go_at_once_do_not_both_succeed(
    app: Flask, boss: Staff
) -> None:
    other = build.staff("administrator")
    pairs = [(boss.id, other.id), (other.id, boss.id)]
    start, refused = threading.Barrier(2), []

    def let_go(by_id: int, staff_id: int) -> None:
        with app.app_context():
            by = db.session.get_one(Staff, by_id)
            start.wait()
            try:
                actions.deactivate(staff_id=staff_id, by=by)
            except actions.LastAdministrator:
                refused.append(staff_id)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=let_go, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert len(refused) == 1
    assert len(db.session.execute(select(Staff).where(Staff.is_active.is_(True))).scalars().all()) == 1


def test_somebody_who_is_not_there_is_not_found(visitor: StaffVisitor) -> None:
    assert visitor.get("/staff/people/777").status_code == 404
    for verb in ("deactivate", "reactivate"):
        assert visitor.post(f"/staff/people/777/{verb}").status_code == 404


def test_an_auditor_sees_people_and_changes_none(app: Flask, boss: Staff) -> None:
    page = StaffVisitor(app, build.staff("auditor")).get("/staff/people").text
    assert "Noor Castellan" in page
    assert f"/staff/people/{boss.id}" not in page
    assert "Invite a person" not in page


def test_the_command_line_adds_somebody_and_prints_the_password_once(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(
        args=["staff", "add", "First@Staff.example.org", "--role", "administrator", "--name", "First"]
    )
    assert first.exit_code == 0, first.output
    password = first.output.strip().rpartition(" ")[2]
    assert StaffVisitor(app).sign_in("first@staff.example.org", password).status_code == 303
    again = runner.invoke(args=["staff", "add", "first@staff.example.org", "--role", "administrator"])
    assert (again.exit_code, "Password" in again.output) == (0, False)
    assert actions_of_history() == ["staff_added"]
    build.staff("administrator")
    more = ["staff", "add", "first@staff.example.org", "--role", "moderator", "--role", "press"]
    assert runner.invoke(args=more).exit_code == 0
    changed = known("first@staff.example.org")
    assert changed is not None
    assert (changed.name, changed.roles) == ("First", {"moderator", "press"})


def test_the_command_line_asks_for_a_password_until_it_is_long_enough(app: Flask) -> None:
    build.department("Department of Trams")
    command = [
        "staff",
        "add",
        "o@staff.example.org",
        "--role",
        "official",
        "--department",
        "department-of-trams",
    ]
    typed = "short\nshort\npassword12345\npassword12345\nlong enough to be one\nlong enough to be one\n"
    added = app.test_cli_runner().invoke(args=[*command, "--ask-password"], input=typed)
    assert added.exit_code == 0, added.output
    assert "Use at least 12 characters" in added.output
    assert "first that somebody would guess" in added.output
    assert StaffVisitor(app).sign_in("o@staff.example.org", "long enough to be one").status_code == 303
    typed = "another long password\nanother long password\n"
    assert app.test_cli_runner().invoke(args=[*command, "--ask-password"], input=typed).exit_code == 0
    assert StaffVisitor(app).sign_in("o@staff.example.org", "another long password").status_code == 303
    assert StaffVisitor(app).sign_in("o@staff.example.org", "long enough to be one").status_code == 422


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no-address", "--role", "moderator"], "write an e-mail address"),
        (["a@example.org"], "--role"),
        (["a@example.org", "--role", "emperor"], "emperor"),
        (["a@example.org", "--role", "official", "--department", "nowhere"], "no departments yet"),
        (["noor@staff.example.org", "--role", "press"], "Nobody else is an administrator"),
    ],
)
def test_the_command_line_says_what_is_wrong(
    app: Flask, boss: Staff, arguments: list[str], says: str
) -> None:
    result = app.test_cli_runner().invoke(args=["staff", "add", *arguments])
    assert result.exit_code != 0
    assert says in result.output


def test_the_command_line_names_the_departments_there_are(app: Flask) -> None:
    build.department("Department of Trams")
    result = app.test_cli_runner().invoke(
        args=["staff", "add", "a@b.example", "--role", "official", "--department", "x"]
    )
    assert "department-of-trams" in result.output


def test_a_password_that_is_too_short_is_never_kept(app: Flask, boss: Staff) -> None:
    with pytest.raises(ValueError, match="12 to 256"):
        actions.set_password(staff_id=boss.id, password="too short", by=boss)
    assert passwords.matches(boss.password_hash, build.PASSWORD)
    with pytest.raises(NotFound):
        actions.set_password(staff_id=999, password=passwords.make(), by=boss)
    with pytest.raises(ValueError, match="12 to 256"):
        actions.add_person(
            email="x@y.example", name="X", roles=[Role.PRESS], department=None, password="", by=boss
        )
