"""In a pseudo-language no word of the service is left in English: on pages, in answers to bad forms, in errors, in mails.

What people wrote (titles, names, reasons in the database) and what the settings say is data and stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template
from sqlalchemy import select

from petitions import clock
from petitions.admin import wording
from petitions.browsing.lists import LISTS
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.mail.message import KINDS, compose
from petitions.mail.messages.asked import REASONS
from petitions.models import (
    CommitmentCheck,
    Correction,
    Duty,
    DutyEscalation,
    HoldingReply,
    Mail,
    OtherBusiness,
    Petition,
    PetitionQuestion,
    Response,
    Signature,
    SignatureRole,
    Staff,
    StaffNotice,
    Webhook,
)
from petitions.permissions import Role
from tests import world
from tests.client import PageCheckingClient
from tests.reading import Page
from tests.rules.source import modules
from tests.translations import pseudo
from tests.translations.escaped import Escaped
from tests.world import World

SITE = {
    "languages": pseudo.LANGUAGE,
    "site_name": "Vzqk",
    "site_body": "the Kwarx",
    "site_chamber": "the Zworp",
    "site_overseer": "the Vurkl",
    "eligibility": "Jkrqz hgfx",
    "home_country_name": "Fqzonia",
}
MORE = (
    *(f"/petitions?state={key}" for key in LISTS),
    "/petitions?q=ẍẍẍ",
    "/petitions?topic=libraries&page=2&count=1",
    "/signatures/find?sent=yes",
    "/petitions/similar?q=library",
    "/no-such-page",
)
MORE_FOR_STAFF = (
    "/staff/queue?age=late",
    "/staff/petitions?q=ẍẍẍ",
    "/staff/petitions?state=open",
    "/staff/history?petition=1",
    "/staff/no-such-page",
)

pytestmark = [pytest.mark.database("sqlite")]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the pseudo-language."""
    folder = tmp_path_factory.mktemp("pseudo")
    assert pseudo.write_catalogue(folder) > 300
    return folder


@pytest.fixture
def odd_app(make_app: Callable[..., Flask], catalogue: Path) -> Iterator[Flask]:
    """The service in the pseudo-language."""
    app = make_app(**SITE)
    # A name of its own for the staff cookie, which a page tells: "staff" must not pass as data.
    app.config["SESSION_COOKIE_NAME"] = "vzqk_cookie"
    app.extensions["babel"].translation_directories = [str(catalogue)]
    with app.app_context():
        yield app


#: Each shows one message filled with made-up data; the words of every message are read for themselves, below.
SAMPLES = "/staff/mail/messages/"
#: Nobody reads the words of the page that sends a browser on.
REDIRECTS = {302, 303}


def addresses(app: Flask, found: World, *, staff: bool) -> list[str]:
    """Every address that can be looked at, public or of the staff."""
    rules = [rule for rule in world.rules(app, "GET") if rule.rule.startswith("/staff") == staff]
    paths = [path for rule in rules for path in world.paths(app, found, rule) if not path.startswith(SAMPLES)]
    paths += [
        f"{path}?step={step}"
        for path in paths
        if path.startswith("/signatures/")
        for step in ("withdraw", "erase")
    ]
    return [*paths, *(MORE_FOR_STAFF if staff else MORE)]


def escaped_on(app: Flask, found: World, *, staff: bool) -> list[str]:
    """What escaped on every page, and on the pages that answer its forms sent empty."""
    client = world.sign_in(app, found.staff[Role.ADMINISTRATOR]) if staff else app.test_client()
    assert isinstance(client, PageCheckingClient)
    escaped, problems, forms = Escaped(), {}, {}
    for path in addresses(app, found, staff=staff):
        # The same pages are held to be sound in English, by whoever looks at every address.
        client.checks_pages = False
        response = client.get(path)
        assert response.status_code < 500, path
        if response.mimetype == "text/html" and response.status_code not in REDIRECTS:
            page = Page(response.text)
            for problem in escaped.in_texts(page.texts):
                problems.setdefault(problem, path)
            forms |= {
                (form.action or path, tuple(form.fields), *form.buttons[:1]): form for form in page.forms
            }
    for (action, names, *_), form in forms.items():
        if form.method != "post" or "sign-out" in action:
            continue
        kept = {
            name: form.first_values()[name]
            for name in names
            if "csrf" in name or name in {"stage", "draft", "text_version"}
        }
        for sent in (
            kept,
            kept | dict.fromkeys(set(names) - set(kept), "ž" * 70),
            kept | dict(form.buttons[:1]),
        ):
            response = world.fetch(client, action, "POST", data=sent)
            assert response.status_code < 500, action
            if response.mimetype == "text/html" and response.status_code not in REDIRECTS:
                for problem in escaped.on_page(response.text):
                    problems.setdefault(problem, f"POST {action}")
    return [f"{path} {problem}" for problem, path in problems.items()]


def test_no_public_page_has_a_word_that_cannot_be_translated(odd_app: Flask) -> None:
    found = world.make()
    assert escaped_on(odd_app, found, staff=False) == []


def test_no_staff_page_has_a_word_that_cannot_be_translated(odd_app: Flask) -> None:
    found = world.make()
    assert escaped_on(odd_app, found, staff=True) == []


def test_no_error_page_has_a_word_that_cannot_be_translated(odd_app: Flask) -> None:
    escaped, problems = Escaped(), []
    for template in sorted(
        Path(odd_app.root_path, odd_app.template_folder or "", "errors").glob("[0-9]*.html")
    ):
        with odd_app.test_request_context("/"):
            page = render_template(f"errors/{template.name}", status=int(template.stem), retry_after="30")
        problems += [f"{template.name} {problem}" for problem in escaped.on_page(page)]
    assert problems == []


@transactional
def queue_every_kind() -> None:
    """Queue every message to everybody it could be for; composing finds out to whom it is true."""
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    responses = {row.petition_id: row.id for row in db.session.execute(select(Response)).scalars()}
    duties = {row.petition_id: row.id for row in db.session.execute(select(Duty)).scalars()}
    corrections = {row.petition_id: row.id for row in db.session.execute(select(Correction)).scalars()}
    businesses = {row.petition_id: row.id for row in db.session.execute(select(OtherBusiness)).scalars()}
    questions = {row.petition_id: row.id for row in db.session.execute(select(PetitionQuestion)).scalars()}
    replies = {row.duty_id: row.id for row in db.session.execute(select(HoldingReply)).scalars()}
    for kind in KINDS:
        for signature in db.session.execute(select(Signature)).scalars():
            petition = db.session.get_one(Petition, signature.petition_id)
            details = {
                "duty_id": duties.get(petition.id, 0),
                "response_id": responses.get(petition.id, 0),
                "correction_id": corrections.get(petition.id, 0),
                "business_id": businesses.get(petition.id, 0),
                "question_id": questions.get(petition.id, 0),
                "reply_id": replies.get(duties.get(petition.id, 0), 0),
                "scheduled_on": day,
                "supporters": 2,
                "taken_down": petition.was_published,
                "link_id": 0,
                "version": 2,
            }
            if kind in FOR_STAFF:
                continue
            outbox.queue(
                kind, key=f"{kind}:{signature.id}", signature=signature, petition=petition, **details
            )
    somebody = (
        db.session.execute(select(Signature).where(Signature.role == SignatureRole.SIGNER)).scalars().first()
    )
    assert somebody is not None
    outbox.queue("my_signatures", key="odd:find", recipient=somebody.email)


@transactional
def queue_for_staff(found: World) -> None:
    """Queue what staff get."""
    staff = db.session.get_one(Staff, found.staff[Role.OFFICIAL])
    outbox.queue("staff_invitation", key="odd:invitation", staff=staff, link_id=found.invitations[0])
    outbox.queue("staff_reset", key="odd:reset", staff=staff, link_id=found.resets[0])
    outbox.queue("password_changed", key="odd:password", staff=staff)
    for how in ("app", "reset"):
        outbox.queue("second_factor_changed", key=f"odd:{how}", staff=staff, how=how)
    for duty in db.session.execute(select(Duty)).scalars():
        outbox.queue(
            "duty_created", key=f"odd:{duty.id}", staff=staff, petition=duty.petition, duty_id=duty.id
        )
        db.session.add(
            StaffNotice(staff_id=staff.id, key=f"odd:{duty.id}", kind="answer_due", duty_id=duty.id)
        )
    asked = {"approval_asked": _drafts, "response_not_published": _waiting, "commitment_asked": _promises}
    for kind, about in asked.items():
        for number, details in enumerate(about()):
            duty_id = details.pop("duty_id", None)
            key = f"odd:{kind}:{number}"
            db.session.add(
                StaffNotice(staff_id=staff.id, key=key, kind=kind, duty_id=duty_id, details=details)
            )
    db.session.flush()

    for kind, rows in FOR_STAFF.items():
        for number, details in enumerate(rows()):
            outbox.queue(kind, key=f"odd:{kind}:{number}", staff=staff, **details)


def _drafts() -> list[dict[str, Any]]:
    """What the mails about drafts name."""
    found = db.session.execute(select(Response)).scalars()
    return [{"duty_id": row.duty_id, "draft_version": row.draft_version} for row in found]


def _waiting() -> list[dict[str, Any]]:
    """An answer that was not published as scheduled, for each reason."""
    moment = clock.now().isoformat()
    return [{"duty_id": _drafts()[0]["duty_id"], "why": why, "moment": moment} for why in REASONS]


def _promises() -> list[dict[str, Any]]:
    """What was promised and asked about."""
    found = db.session.execute(select(CommitmentCheck)).scalars()
    return [{"commitment_id": row.commitment_id, "months": row.months} for row in found]


def _escalations() -> list[dict[str, Any]]:
    """Late answers that the overseeing body was told of."""
    found = db.session.execute(select(DutyEscalation)).scalars()
    return [{"duty_id": row.duty_id, "number": row.number} for row in found]


def _notices() -> list[dict[str, Any]]:
    """One mail with everything there is to tell."""
    return [{"notices": list(db.session.execute(select(StaffNotice.id)).scalars())}]


def _webhooks() -> list[dict[str, Any]]:
    """Webhooks that were disabled."""
    found = db.session.execute(select(Webhook.id).where(Webhook.disabled_at.is_not(None))).scalars()
    return [{"webhook_id": number} for number in found]


#: Messages to staff, by what each names.
FOR_STAFF: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "approval_asked": _drafts,
    "duty_escalated": _escalations,
    "staff_digest": _notices,
    "response_not_published": _waiting,
    "commitment_asked": _promises,
    "webhook_disabled": _webhooks,
}


def test_no_mail_has_a_word_that_cannot_be_translated(odd_app: Flask) -> None:
    found = world.make()
    queue_every_kind()
    queue_for_staff(found)
    escaped, problems, composed = Escaped(), set(), set()
    for mail in db.session.execute(select(Mail)).scalars().all():
        message = compose(mail)
        if message is None:
            continue
        composed.add(mail.kind)
        assert all((message.subject, message.body, message.html))
        for part, text in (
            ("subject", message.subject),
            *(("text", line) for line in message.body.split("\n")),
        ):
            if words := escaped.words(text):
                problems.add(f"{mail.kind}.{part}: {text[:120]!r} {words}")
        problems |= {f"{mail.kind}.html {problem}" for problem in escaped.on_page(message.html)}
    assert sorted(problems) == []
    assert composed == set(KINDS), "every kind of mail was read at least once"


def recorded() -> list[ast.Call]:
    """Every place that writes a line of the history."""
    calls = [node for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    return [
        call
        for call in calls
        if (isinstance(call.func, ast.Attribute) and call.func.attr == "record")
        or (isinstance(call.func, ast.Name) and call.func.id == "_record")
    ]


def test_every_line_of_the_history_has_words() -> None:
    named = [call.args[0] for call in recorded() if call.args]
    actions = {name.value for name in named if isinstance(name, ast.Constant)}
    assert len(actions) > 20
    assert actions - wording.ACTIONS.keys() == set()
    details = {keyword.arg for call in recorded() for keyword in call.keywords if keyword.arg}
    assert details - {"petition", "by", "actor", "at"} - wording.DETAILS.keys() == set()


def test_the_finder_finds_what_escaped(odd_app: Flask) -> None:
    world.make()
    escaped = Escaped()
    assert list(escaped.on_page(f"<p>{pseudo.odd('Sign this')} now</p>")) != []
    assert list(escaped.on_page('<input placeholder="Type here">')) != []
    assert list(escaped.on_page(f"<p>{pseudo.odd('Sign this')} 12 (CSV), Department of Libraries</p>")) == []


@pytest.mark.settings(languages="ar")
def test_a_language_from_right_to_left_turns_the_page(app: Flask) -> None:
    page = app.test_client().get("/help").text
    assert '<html lang="ar" dir="rtl">' in page


def test_a_language_from_left_to_right_does_not(app: Flask) -> None:
    assert '<html lang="en" dir="ltr">' in app.test_client().get("/help").text
