"""Whatever is typed into a form stands on pages and in mails as text: no element, handler or script address comes of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import tokens
from petitions.extensions import db
from petitions.models import Duty, Petition, Signature
from petitions.permissions import Role
from petitions.starting import actions as starting
from petitions.tokens import Purpose
from tests import build, world
from tests.client import PageCheckingClient
from tests.faults.scripts import MARKDOWN_SCRIPTS, SCRIPTS, dangers
from tests.reading import Page

PLACES_OF_A_PETITION = (
    "/petitions/{id}",
    "/petitions/{id}/signatures/new",
    "/petitions/{id}/signatures/thank-you",
    "/petitions/{id}/signatures/confirmed",
    "/petitions/{id}/response/versions",
    "/staff/petitions/{id}",
    "/staff/petitions/{id}/text",
    "/staff/petitions/{id}/debate",
    "/staff/history?petition={id}",
)
LISTS = (
    "/",
    "/petitions",
    "/petitions?state=rejected",
    "/trending",
    "/accountability",
    "/staff",
    "/staff/queue",
    "/staff/petitions",
    "/staff/duties",
    "/staff/people",
)


def fail_if_dangerous(client: PageCheckingClient, path: str) -> None:
    """A page that came must be harmless."""
    response = world.fetch(client, path)
    if response.mimetype == "text/html" and response.status_code == 200:
        assert list(dangers(response.text)) == [], path
    assert response.status_code < 500, path


def fail_if_mails_are_dangerous() -> None:
    """Every HTML part that left is harmless."""
    for mail in build.captured():
        body = mail.get_body(("html",))
        assert body is not None
        # What stands before the body is the layout's own, with its one style.
        head, _, content = body.get_content().partition("<body")
        assert head.count("<style>") == 1
        assert list(dangers(f"<body{content}")) == [], mail["Subject"]


def press(client: PageCheckingClient, page: str, action: str, **fields: str) -> None:
    """Send a staff form with the token and hidden fields that its page carries."""
    forms = [form for form in Page(client.get(page).text).forms if form.action.endswith(action)]
    assert forms, f"{page} has no form that goes to {action}"
    form = next((each for each in forms if set(fields) & set(each.fields)), forms[0])
    hidden = {name: values[0] for name, values in form.fields.items() if name not in fields and values}
    response = client.post(form.action, data=hidden | fields)
    assert response.status_code in {200, 303}, f"{action}: {response.status_code} {Page(response.text).texts}"


def chunks(limit: int) -> Iterator[str]:
    """All the scripts, as many in one text as fit into a field."""
    text = ""
    for script in SCRIPTS:
        if len(text) + len(script) + 1 > limit:
            yield text
            text = ""
        text = f"{text} {script}".strip()
    yield text


def started(client: PageCheckingClient, title: str, background: str, details: str, name: str) -> Petition:
    """A petition written through the real form and brought into review."""
    answers = {"eligible": "yes", "action": title, "background": background, "additional_details": details}
    person = {
        "name": name,
        "email": f"{secrets.token_hex(4)}@example.org",
        "country": "GB",
        "postcode": build.POSTCODE,
    }
    response = client.post("/petitions/new", data=answers | person)
    assert response.status_code == 303, Page(response.text).texts
    petition = db.session.execute(select(Petition).order_by(Petition.id.desc())).scalars().first()
    assert petition is not None
    fail_if_dangerous(client, f"/creators/{tokens.sign(Purpose.PETITIONER, petition.id)}")
    starting.confirm(petition_id=petition.id)
    fail_if_dangerous(client, f"/creators/{tokens.sign(Purpose.PETITIONER, petition.id)}")
    fail_if_dangerous(
        client, f"/petitions/{petition.id}/supporters/{tokens.sign(Purpose.SUPPORT, petition.id)}"
    )
    build.work()
    return petition


@pytest.mark.settings(supporters_needed=0)
@pytest.mark.database("sqlite")
def test_scripts_in_the_words_and_names_of_petitions_stay_words(
    app: Flask, client: PageCheckingClient
) -> None:
    staff = world.sign_in(app, build.staff(Role.ADMINISTRATOR).id)
    backgrounds, details = list(chunks(300)), list(chunks(800))
    titles = [script[:80] for script in SCRIPTS]
    for number in range(0, len(titles), 4):
        title = titles[number]
        petition = started(
            client,
            title,
            backgrounds[number % len(backgrounds)],
            details[number % len(details)],
            titles[(number + 1) % len(titles)][:60].replace("://", ":"),
        )
        path = f"/staff/petitions/{petition.id}"
        if db.session.get_one(Petition, petition.id).facts.is_in_moderation:
            if number % 8:
                press(staff, path, "/publish")
            else:
                press(staff, f"{path}/refuse", "/refuse", code="irrelevant", explanation=details[0])
        build.work()
        sent = client.post(
            f"/petitions/{petition.id}/signatures/new",
            data=build.sign_form(
                name=titles[number + 2 - 1][:60].replace("://", ":"), email=f"e{number}@example.org"
            ),
        )
        assert sent.status_code in {303, 422}
        for signature in (
            db.session.execute(select(Signature.id).where(Signature.petition_id == petition.id))
            .scalars()
            .all()
        ):
            for page, purpose in (
                ("signatures/confirm", Purpose.CONFIRM_SIGNATURE),
                ("signatures", Purpose.MY_SIGNATURE),
                ("unsubscribe", Purpose.UNSUBSCRIBE),
            ):
                fail_if_dangerous(client, f"/{page}/{tokens.sign(purpose, signature)}")
        for place in PLACES_OF_A_PETITION:
            fail_if_dangerous(staff, place.format(id=petition.id))
        fail_if_dangerous(client, f"/petitions/similar?q={title[:20]}")
    build.work()
    for place in LISTS:
        fail_if_dangerous(staff, place)
    fail_if_mails_are_dangerous()
    assert len(build.captured()) > len(titles) // 4


@pytest.mark.database("sqlite")
def test_scripts_in_answers_reasons_and_debates_stay_words(app: Flask, client: PageCheckingClient) -> None:
    library = build.department()
    staff = world.sign_in(app, build.staff(Role.ADMINISTRATOR, department=library).id)
    official = build.staff(Role.OFFICIAL, department=library)
    for body in (
        "\n\n".join((*SCRIPTS, *MARKDOWN_SCRIPTS))[:6_000],
        "\n\n".join((*MARKDOWN_SCRIPTS, *SCRIPTS))[:6_000],
    ):
        petition = build.open_petition(departments=[library])
        build.signature(petition, wants_updates=True)
        duty = build.cross(petition)
        page = f"/staff/duties/{duty.id}"
        press(
            staff, page, "/extensions", **{"extend-due_on": "2099-01-01", "extend-reason": next(chunks(500))}
        )
        press(staff, f"{page}/response", "/response", summary=body[:200], body=body, outcome="agreed")
        fail_if_dangerous(staff, f"{page}/response/preview")
        press(staff, f"{page}/response/preview", "/publish")
        outcome = {
            "debated": "yes",
            "debated_on": "2020-01-01",
            "overview": body[:2_000],
            "transcript_url": "https://a.example/<script>\"'",
        }
        press(
            staff,
            f"/staff/petitions/{petition.id}/debate",
            "/debate",
            **{f"outcome-{k}": v for k, v in outcome.items()},
        )
        build.work()
        for place in (*PLACES_OF_A_PETITION, *LISTS, f"{page}/response", page):
            fail_if_dangerous(staff, place.format(id=petition.id))
        assert db.session.get_one(Duty, duty.id).answered_at is not None
    assert build.captured(kind="response_published")
    fail_if_mails_are_dangerous()
    assert official.id


@pytest.mark.parametrize("script", [*SCRIPTS, *MARKDOWN_SCRIPTS])
def test_the_finder_knows_what_is_dangerous(script: str) -> None:
    unescaped = f"<p>{script}</p>"
    if "<" in script and "{{" not in script and not script.startswith("</"):
        assert list(dangers(unescaped)), f"{script!r} was put unescaped into a page and not found"
    assert list(dangers("<p>Harmless <a href='https://example.org'>link</a></p>")) == []
