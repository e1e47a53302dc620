"""Somebody who is to work here gets a link, chooses a password and sets up a second factor; a lost password likewise."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from petitions import clock, links
from petitions.accounts import choosing
from petitions.admin import actions as people
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import LinkKind, Staff, StaffLink, StaffSession
from petitions.staffing import staff_access
from tests import authenticator, build
from tests.client import PageCheckingClient
from tests.staff_history import actions
from tests.staff_visitor import StaffVisitor

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
NEW_PASSWORD = "gulls over the harbour wall"
CHOSEN = {"name": "Ada Osei", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
PERSON = {"name": "Ada", "email": "ada@staff.example.org", "roles": ["moderator"], "department": ""}


def mailed_link(to: str, kind: str = "staff_invitation") -> str:
    """The path in the newest mail of a kind."""
    build.work()
    return build.extract_link(build.captured(to, kind)[-1], "/staff/")


@pytest.fixture
def boss(app: Flask) -> StaffVisitor:
    """An administrator's browser."""
    return StaffVisitor(app, build.staff("administrator", name="Noor Castellan"))


def ada() -> Staff:
    """Who was invited."""
    return db.session.execute(select(Staff).where(Staff.email == PERSON["email"])).scalar_one()


def test_an_invitation_leads_to_a_password_and_then_to_the_second_factor(
    app: Flask, boss: StaffVisitor
) -> None:
    boss.post("/staff/people/new", **PERSON)
    link = mailed_link("ada@staff.example.org")
    assert link.startswith("/staff/invitations/")
    client = app.test_client()
    page = client.get(link)
    assert page.status_code == 200
    assert "ada@staff.example.org" in page.text
    assert 'value="Ada"' in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "<script" not in page.text
    done = client.post(link, data=CHOSEN)
    assert (done.status_code, done.location) == (303, "/staff")
    assert client.get("/staff").status_code == 200
    assert ada().name == "Ada Osei"
    assert StaffVisitor(app).sign_in("ada@staff.example.org", NEW_PASSWORD).status_code == 303
    assert "invitation_accepted" in actions()


@pytest.mark.settings(second_factor="required")
def test_where_a_second_factor_is_asked_for_it_is_set_up_next(app: Flask) -> None:
    boss = build.staff("administrator")
    authenticator.give(boss)
    authenticator.opened(app, boss).post("/staff/people/new", **PERSON)
    client = StaffVisitor(app)
    client.client.post(mailed_link("ada@staff.example.org"), data=CHOSEN)
    assert client.get("/staff").location.startswith("/staff/second-factor")
    assert client.get("/staff/second-factor").location == "/staff/second-factor/new"


def test_the_mail_says_who_for_how_long_and_what_comes(app: Flask) -> None:
    with clock.fixed(NOON):
        StaffVisitor(app, build.staff("administrator")).post("/staff/people/new", **PERSON)
        build.work()
        (mail,) = build.captured("ada@staff.example.org")
    text = build.text_of(mail)
    assert mail["Subject"] == "You are invited to work on Petitions"
    for part in ("Hello Ada", "authenticator app", "once, until 25 November 2026, 12:00"):
        assert part in text
    assert "List-Unsubscribe" not in mail


def test_looking_changes_nothing_and_the_link_works_once(
    app: Flask, boss: StaffVisitor, client: PageCheckingClient
) -> None:
    boss.post("/staff/people/new", **PERSON)
    link = mailed_link("ada@staff.example.org")
    for method in ("GET", "HEAD", "GET"):
        assert client.open(link, method=method).status_code == 200
    assert ada().password_hash is None
    assert client.post(link, data=CHOSEN).status_code == 303
    for method, data in (("GET", None), ("POST", CHOSEN)):
        assert app.test_client().open(link, method=method, data=data).status_code == 410


def test_a_link_is_good_for_seven_days(app: Flask, client: PageCheckingClient) -> None:
    with clock.fixed(NOON):
        StaffVisitor(app, build.staff("administrator")).post("/staff/people/new", **PERSON)
        link = mailed_link("ada@staff.example.org")
    with clock.fixed(NOON + timedelta(days=7, seconds=-1)):
        assert client.get(link).status_code == 200
    with clock.fixed(NOON + timedelta(days=7)):
        assert client.get(link).status_code == 410
        assert client.post(link, data=CHOSEN).status_code == 410


def test_another_link_ends_the_one_before_and_any_can_be_taken_back(
    boss: StaffVisitor, client: PageCheckingClient
) -> None:
    boss.post("/staff/people/new", **PERSON)
    first = mailed_link("ada@staff.example.org")
    assert boss.post(f"/staff/people/{ada().id}/invite").status_code == 303
    second = mailed_link("ada@staff.example.org")
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert "Take the invitation back" in boss.get(f"/staff/people/{ada().id}").text
    assert boss.post(f"/staff/people/{ada().id}/take-back").status_code == 303
    assert client.get(second).status_code == 410
    assert "They have no link that works" in boss.get(f"/staff/people/{ada().id}").text
    assert "invitation_taken_back" in actions()


def test_a_mail_that_waited_until_its_link_was_taken_back_does_not_go_out(
    app: Flask, boss: StaffVisitor
) -> None:
    boss.post("/staff/people/new", **PERSON)
    boss.post(f"/staff/people/{ada().id}/take-back")
    build.work()
    assert build.captured("ada@staff.example.org") == []


def test_who_is_let_go_before_coming_does_not_come(boss: StaffVisitor, client: PageCheckingClient) -> None:
    boss.post("/staff/people/new", **PERSON)
    link = mailed_link("ada@staff.example.org")
    boss.post(f"/staff/people/{ada().id}/deactivate")
    boss.post(f"/staff/people/{ada().id}/reactivate")
    assert client.get(link).status_code == 410


def test_who_has_a_password_is_not_invited_again(app: Flask, boss: StaffVisitor) -> None:
    other = build.staff("moderator")
    assert boss.post(f"/staff/people/{other.id}/invite").status_code == 409


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"password": "too short", "again": "too short"}, "at least 12"),
        ({"password": "x" * 257, "again": "x" * 257}, "at most 256"),
        ({"password": "password12345", "again": "password12345"}, "first that somebody would guess"),
        ({"password": "ada-osei-ada-osei", "again": "ada-osei-ada-osei"}, "first that somebody would guess"),
        ({"again": "gulls over the harbour"}, "the same password twice"),
        ({"again": ""}, "a second time"),
        ({"name": ""}, "Enter your name"),
        ({"name": "see https://spam.example"}, "without a web address"),
    ],
)
def test_what_cannot_be_is_asked_for_again(
    boss: StaffVisitor, client: PageCheckingClient, fields: dict[str, str], says: str
) -> None:
    boss.post("/staff/people/new", **PERSON)
    link = mailed_link("ada@staff.example.org")
    answer = client.post(link, data=CHOSEN | fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert ada().password_hash is None


def test_the_first_administrator_comes_by_a_link_that_a_command_prints(app: Flask) -> None:
    command = ["staff", "first", "Noor@Staff.example.org", "--name", "Noor"]
    printed = app.test_cli_runner().invoke(args=command)
    assert printed.exit_code == 0, printed.output
    old = build.extract_link(printed.output, "/staff/invitations/")
    again = app.test_cli_runner().invoke(args=command)
    link = build.extract_link(again.output, "/staff/invitations/")
    client = app.test_client()
    assert client.get(old).status_code == 410
    assert client.post(link, data=CHOSEN | {"name": "Noor"}).status_code == 303
    assert client.get("/staff/people").status_code == 200
    refused = app.test_cli_runner().invoke(args=command)
    assert refused.exit_code != 0
    assert "There is an administrator already" in refused.output
    assert build.captured() == []


@pytest.mark.parametrize("arguments", [["no-address"], ["robin@staff.example.org"]])
def test_the_command_refuses_what_is_no_address_and_who_is_something_else(
    app: Flask, arguments: list[str]
) -> None:
    build.staff("moderator", email="robin@staff.example.org")
    assert app.test_cli_runner().invoke(args=["staff", "first", *arguments]).exit_code != 0


def test_a_lost_password_is_replaced_by_a_mailed_link(app: Flask) -> None:
    person = build.staff("moderator")
    elsewhere = StaffVisitor(app, person)
    visitor = StaffVisitor(app)
    asked = visitor.post_on("/staff/reset", email=person.email.upper())
    assert asked.status_code == 200
    link = mailed_link(person.email, "staff_reset")
    assert elsewhere.get("/staff").status_code == 200, "asking changes nothing"
    client = app.test_client()
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "short", "again": "short"}).status_code == 422
    done = client.post(link, data={"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert done.status_code == 200
    assert client.get(link).status_code == 410
    assert elsewhere.get("/staff").status_code == 303
    assert visitor.sign_in(person.email).status_code == 422
    assert visitor.sign_in(person.email, NEW_PASSWORD).status_code == 303
    build.work()
    (told,) = build.captured(person.email, "password_changed")
    assert "If it was not you" in build.text_of(told)
    assert actions("reset_asked", "password_changed") == ["reset_asked", "password_changed"]


def test_asking_says_the_same_to_everybody(app: Flask) -> None:
    person, gone = build.staff("moderator"), build.staff("moderator", is_active=False)
    visitor = StaffVisitor(app)
    addresses = [person.email, gone.email, "nobody@staff.example.org"]
    pages = {visitor.post_on("/staff/reset", email=each).text.replace(each, "X") for each in addresses}
    assert len(pages) == 1
    build.work()
    assert [mail["To"] for mail in build.captured()] == [person.email]


def test_a_reset_link_is_good_for_two_hours(app: Flask) -> None:
    person = build.staff("moderator")
    with clock.fixed(NOON):
        StaffVisitor(app).post_on("/staff/reset", email=person.email)
        link = mailed_link(person.email, "staff_reset")
    with clock.fixed(NOON + timedelta(hours=2, seconds=-1)):
        assert app.test_client().get(link).status_code == 200
    with clock.fixed(NOON + timedelta(hours=2)):
        assert app.test_client().get(link).status_code == 410


def test_nobody_is_flooded_with_links(app: Flask) -> None:
    person = build.staff("moderator")
    for _ in range(5):
        assert StaffVisitor(app).post_on("/staff/reset", email=person.email).status_code == 200
    build.work()
    assert len(build.captured(person.email)) == 3


@pytest.mark.settings(second_factor="required")
def test_a_reset_password_does_not_replace_the_second_factor(app: Flask) -> None:
    person = build.staff("moderator")
    authenticator.give(person)
    StaffVisitor(app).post_on("/staff/reset", email=person.email)
    link = mailed_link(person.email, "staff_reset")
    app.test_client().post(link, data={"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    visitor = StaffVisitor(app)
    visitor.sign_in(person.email, NEW_PASSWORD)
    assert visitor.get("/staff").location.startswith("/staff/second-factor")
    assert visitor.get("/staff/second-factor").status_code == 200


def test_an_invitation_is_no_reset_and_a_reset_no_invitation(app: Flask) -> None:
    person = build.staff("moderator")
    StaffVisitor(app).post_on("/staff/reset", email=person.email)
    link = mailed_link(person.email, "staff_reset")
    assert app.test_client().get(link.replace("/reset/", "/invitations/")).status_code == 404
    assert db.session.execute(select(StaffLink.used_at)).scalar_one() is None
    assert db.session.execute(select(StaffSession)).first() is None


@pytest.mark.parametrize("kind", [LinkKind.RESET, LinkKind.INVITATION])
def test_a_password_given_by_command_ends_links_that_were_mailed_before(app: Flask, kind: LinkKind) -> None:
    """It is given where somebody else may read the mail."""
    person = build.staff("moderator")
    link = transactional(staff_access.new_link)(person, kind)
    path = links.staff_reset(link) if kind is LinkKind.RESET else links.staff_invitation(link)
    people.set_password(staff_id=person.id, password=NEW_PASSWORD, by=None)
    assert app.test_client().get(path).status_code == 410


def test_asking_does_the_same_for_an_address_that_nobody_has(app: Flask) -> None:
    """The time that it takes would tell who works here."""
    address = build.staff("moderator", email="ada@staff.example.org").email
    done: list[list[str]] = [[]]

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        done[-1].append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for each in (address, "nobody@example.org"):
            done.append([])
            choosing.ask_for_reset(email=each)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    known, unknown = (
        [each.split(" ", 3)[:3] for each in statements if "SAVEPOINT" not in each] for statements in done[1:]
    )
    assert known == unknown
    assert db.session.execute(select(StaffLink)).scalar_one().staff.email == address
    assert actions("reset_asked") == ["reset_asked"]
