"""Every staff page, every role: what the role may do is answered, anything else does not exist for it."""

from datetime import date

import pytest
from flask import Flask
from werkzeug.routing import Rule

from petitions import terms as terms_of_the_body
from petitions.admin import terms
from petitions.admin.terms import TermFacts
from petitions.database import transactional
from petitions.duties.answers import Words
from petitions.extensions import db
from petitions.models import Campaign, CampaignAction, Duty, ExplanationTemplate, Outcome, Petition, Webhook
from petitions.permissions import ROLES, Permission, Role
from petitions.responses import commitment_actions, response_actions
from petitions.scrutiny.conditions import Conditions, to_json
from tests import build
from tests.staff_visitor import StaffVisitor

#: Who may do what does not depend on the database.
ON_ONE = pytest.mark.database("sqlite")
#: A page for whoever is not signed in.
WITHOUT_PERMISSION = {
    "accounts.sign_in",
    "accounts.ask_reset",
    "accounts.invitation",
    "accounts.reset",
    "accounts.oidc",
    "accounts.oidc_callback",
}
#: It ends the session, so it has a test of its own.
ENDS_THE_SESSION = {"accounts.sign_out"}
#: It asks for a code; who has shown one is sent on.
ASKS_FOR_THE_CODE = "/staff/second-factor"


@transactional
def campaign(petition: Petition) -> Campaign:
    """A campaign that looks for signatures."""
    by = build.staff("moderator")
    db.session.flush()
    row = Campaign(
        petition_id=petition.id,
        action=CampaignAction.HOLD,
        conditions=to_json(Conditions(country="GB")),
        reason="Why.",
        staff_id=by.id,
    )
    db.session.add(row)
    db.session.flush()
    return row


@transactional
def template() -> int:
    """A template of an explanation."""
    row = ExplanationTemplate(title="Not for us", code=None, body="Ask the council.")
    db.session.add(row)
    db.session.flush()
    return row.id


@transactional
def webhook() -> int:
    """Somebody else's program."""
    row = Webhook(url="https://192.0.2.1/", secret="whsec_c2VjcmV0")
    db.session.add(row)
    db.session.flush()
    return row.id


def answered(duty: Duty) -> int:
    """Answer a duty, promise something in it, and begin to change the answer. Returns the number of what was promised."""
    by = build.staff("administrator")
    words = Words("Yes.", "We will.", Outcome.AGREED)
    response_actions.save_draft(duty.id, words=words, draft_version=0, by=by)
    response_actions.publish(duty.id, draft_version=1, by=by)
    promised = commitment_actions.add(duty.id, promise="By May", due_on=None, by=by).id
    later = Words("Yes, soon.", "We will.", Outcome.AGREED)
    response_actions.save_draft(duty.id, words=later, draft_version=1, by=by)
    return promised


def staff_rules(app: Flask) -> list[Rule]:
    """Every address of the staff pages."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/staff")]
    return [rule for rule in rules if rule.endpoint not in WITHOUT_PERMISSION | ENDS_THE_SESSION]


def addresses(app: Flask, **numbers: int | str) -> list[tuple[str, str, Permission]]:
    """Method, path and permission of every staff page, for existing rows."""
    found = []
    for rule in staff_rules(app):
        permission: Permission = app.view_functions[rule.endpoint].permission  # type: ignore[attr-defined]
        path = app.url_map.bind("localhost").build(
            rule.endpoint, {name: numbers[name] for name in rule.arguments}
        )
        found += [(method, path, permission) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def term() -> int:
    """A term of the body."""
    facts = TermFacts("2010-2015", "The coalition", date(2010, 5, 18), date(2015, 3, 30), 10_000, 100_000)
    terms.add(facts, by=build.staff("administrator"))
    return terms_of_the_body.named("2010-2015").id


@pytest.fixture
def numbers(app: Flask) -> dict[str, int | str]:
    """Rows that the addresses may name."""
    department = build.department()
    published = build.open_petition(departments=[department])
    duty = build.cross(published)
    build.appeal(published)
    commitment = answered(duty)
    return {
        "version": 1,
        "commitment_id": commitment,
        "petition_id": published.id,
        "duty_id": duty.id,
        "staff_id": build.staff("press").id,
        "pause_id": 1,
        "business_id": build.business(published).id,
        "house_pause_id": 1,
        "mail_id": 1,
        "mailing_id": 1,
        "kind": "confirm_signature",
        "domain": "gmail.com",
        "signature_id": build.signature(published).id,
        "campaign_id": campaign(published).id,
        "session_id": 1,
        "tag_id": 1,
        "slug": department.slug,
        "topic_code": build.topic().code,
        "code": "duplicate",
        "template_id": template(),
        "term_id": term(),
        "day": "2026-12-24",
        "key": "response",
        "webhook_id": webhook(),
        "button": "ping",
    }


@ON_ONE
def test_a_stranger_is_sent_to_sign_in_by_every_page(app: Flask, numbers: dict[str, int | str]) -> None:
    visitor = StaffVisitor(app)
    pages = addresses(app, **numbers)
    assert len(pages) > 20
    for method, path, _ in pages:
        if method == "GET":
            response = visitor.get(path)
            assert (response.status_code, response.location.partition("?")[0]) == (303, "/staff/sign-in"), (
                path
            )
        else:
            assert visitor.client.post(path).status_code == 400, path


@ON_ONE
@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_what_it_may_and_nothing_else(
    app: Flask, numbers: dict[str, int | str], role: Role
) -> None:
    department = build.department("Department of Bridges") if role in {Role.OFFICIAL, Role.APPROVER} else None
    visitor = StaffVisitor(app, build.staff(role, department=department))
    for method, path, permission in addresses(app, **numbers):
        if permission in ROLES[role]:
            continue
        status = visitor.get(path).status_code if method == "GET" else visitor.post(path).status_code
        assert status == 404, f"{role} {method} {path}"


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_a_role_is_answered_where_it_may(app: Flask, numbers: dict[str, int | str], role: Role) -> None:
    visitor = StaffVisitor(app, build.staff(role))
    reached = [
        path
        for method, path, permission in addresses(app, **numbers)
        if method == "GET" and permission in ROLES[role] and path != ASKS_FOR_THE_CODE
    ]
    assert reached
    for path in reached:
        # A preview of an answer that nobody has written yet is no page.
        # And of a published petition nobody is asked anything before it is decided.
        expected = {"preview": {200, 404}, "ask": {409}}.get(path.rpartition("/")[2], {200})
        assert visitor.get(path).status_code in expected, path


@ON_ONE
@pytest.mark.parametrize("role", list(Role))
def test_no_post_without_its_token_does_anything(
    app: Flask, numbers: dict[str, int | str], role: Role
) -> None:
    visitor = StaffVisitor(app, build.staff(role))
    for method, path, _ in addresses(app, **numbers):
        if method == "POST":
            assert visitor.client.post(path).status_code == 400, path


def test_the_roles_are_what_they_were_agreed_to_be() -> None:
    assert {role.value: len(permissions) for role, permissions in ROLES.items()} == {
        "moderator": 11,
        "official": 5,
        "approver": 6,
        "overseer": 7,
        "press": 2,
        "auditor": 7,
        "administrator": len(Permission),
    }
