"""Every form and every address, sent what no browser sends: a clear page with a 4xx, nothing stored that should not be.

The usual run sends some two thousand requests. `BAD_INPUTS=100000 pytest tests/faults/test_bad_input.py` puts every known
bad text into every field, and as many texts as it says that Hypothesis makes up, new ones each time.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from petitions.database import Base
from petitions.extensions import db
from petitions.forms import is_readable
from petitions.lifecycle import State
from petitions.models import Petition, Signature, SignatureRole, SignatureState
from petitions.permissions import Role
from petitions.upkeep import backing_up
from tests import build, world
from tests.client import PageCheckingClient
from tests.faults.bad_values import (
    BODIES,
    COLUMN_NAMES,
    COLUMN_VALUES,
    ODD_TEXTS,
    RAW_VALUES,
    REFUSED_TEXTS,
    form_type,
    multipart,
)
from tests.reading import Form, Page
from tests.staff_visitor import token_on
from tests.world import World

MORE = int(os.environ.get("BAD_INPUTS", "0"))
#: Requests of one usual run that put one bad text into one field of one form.
USUAL_SAMPLES = 450
#: Forms that stand on their page only under other settings, at another time of a duty, or for somebody else than an
#: administrator: they are sent as from a page that was left open.
ON_NO_PAGE = {
    "accounts.recovery_codes",
    "accounts.second_factor",
    "admin.archive_term",
    "admin.invite_again",
    "admin.reset_second_factor",
    "admin.take_back_invitation",
    "responses.approve",
    "responses.ask",
    "responses.change",
    "responses.end_all",
    "responses.unschedule",
    "responses.withdraw_all",
    "responses.withdraw_pause",
}
LEFT_OPEN = {
    "code": "123456",
    "draft_version": "1",
    "ends_on": "2027-01-04",
    "reason": "The house rises.",
    "next": "/staff",
}
WRONG_METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW")
GOOD = {
    "action": "Open the library on Sundays",
    "background": "Everybody has time then.",
    "country": "GB",
    "eligible": "yes",
    "email": "ada@example.org",
    "name": "Ada Adeyemi",
    "postcode": build.POSTCODE,
}
#: Texts that are kept by name of ours or by a machine: a person types none of them.
SEALED = {Petition: ("creator_name",), Signature: ("name", "email", "postcode")}


@dataclass
class Target:
    """A form with who sends it."""

    client: PageCheckingClient
    path: str
    good: dict[str, str]

    def send(self, body: bytes, content_type: str | None, method: str = "POST") -> TestResponse:
        """Send a body to where the form goes."""
        return world.fetch(self.client, self.path, method, data=body, content_type=content_type)

    def fill(self, **values: str) -> TestResponse:
        """Send the form with some values changed."""
        return self.send(encoded(self.good | values), form_type())


def encoded(fields: dict[str, str]) -> bytes:
    """Fields as a form sends them; a lone surrogate goes as the bytes it would be."""
    return urlencode(fields, errors="surrogatepass").encode()


#: Every form, by the world it was read in: whether it is the staff's, its address, what stands in it.
_read: dict[str, list[tuple[bool, str, dict[str, str]]]] = {}


def targets(app: Flask, found: World) -> list[Target]:
    """Every form there is. They are read from the pages once, and sent by people who are new each time."""
    anonymous, administrator = app.test_client(), world.sign_in(app, found.staff[Role.ADMINISTRATOR])
    assert isinstance(anonymous, PageCheckingClient)
    # A page shows the same forms on both databases, if what they are about has the same numbers there.
    seen = repr(found)
    if seen not in _read:
        _read[seen] = _forms(app, found, anonymous, administrator)
    clients = {True: (administrator, "/staff"), False: (anonymous, "/staff/sign-in")}
    tokens = {
        staff: {"csrf_token": token_on(client.get(path).text)} for staff, (client, path) in clients.items()
    }
    return [
        Target(clients[staff][0], path, good | (tokens[staff] if "csrf_token" in good else {}))
        for staff, path, good in _read[seen]
    ]


def _forms(
    app: Flask, found: World, anonymous: PageCheckingClient, administrator: PageCheckingClient
) -> list[tuple[bool, str, dict[str, str]]]:
    """Forms on the pages, and addresses that take a post and stand on no page."""
    by_rule: dict[tuple[str, ...], tuple[bool, str, dict[str, str]]] = {}
    # Whether these pages are sound is told where all of them are looked at.
    anonymous.checks_pages = administrator.checks_pages = False
    adapter = app.url_map.bind("localhost")
    for rule in world.rules(app, "GET"):
        is_staff = rule.rule.startswith("/staff") and rule.endpoint != "accounts.sign_in"
        client = administrator if is_staff else anonymous
        for path in world.paths(app, found, rule):
            response = client.get(path)
            if response.mimetype != "text/html" or response.status_code >= 300:
                continue
            if 'method="post"' not in response.text:
                continue
            for form in Page(response.text).forms:
                action = (form.action or path).partition("?")[0]
                if form.method == "post" and "sign-out" not in action:
                    key = (
                        adapter.match(action, method="POST")[0],
                        *sorted(form.fields),
                        *map(str, form.buttons),
                    )
                    by_rule.setdefault(key, (is_staff, action, filled(form)))
    anonymous.checks_pages = administrator.checks_pages = True
    posted = {key[0] for key in by_rule}
    missing = {rule.endpoint for rule in world.rules(app, "POST")} - posted - {"accounts.sign_out"}
    assert missing <= ON_NO_PAGE, f"no page has a form for {missing - ON_NO_PAGE}"
    for rule in world.rules(app, "POST"):
        if rule.endpoint in missing:
            path = world.paths(app, found, rule)[0]
            by_rule[(rule.endpoint,)] = (True, path, LEFT_OPEN | {"csrf_token": ""})
    assert len(by_rule) > 20
    return list(by_rule.values())


def filled(form: Form) -> dict[str, str]:
    """A form as somebody fills it in who means well."""
    values = form.first_values() | dict(form.buttons[:1])
    return {name: GOOD[name] if name in GOOD and not value else value for name, value in values.items()}


def fail_if_unclear(response: TestResponse, what: object) -> None:
    """No unplanned error; what was refused was refused with a page. (The client has checked the page itself.)"""
    assert response.status_code < 500, f"{what}: {response.status_code}"
    if response.status_code >= 400 and response.request.method not in {"HEAD", "OPTIONS"}:
        assert response.data, f"{what}: {response.status_code} without a page"


def texts_stored() -> Iterator[tuple[str, str]]:
    """Every text in every table, opened where it is sealed."""
    db.session.rollback()
    for table in Base.metadata.sorted_tables:
        if table.name in backing_up.LEFT_OUT:
            continue
        for row in db.session.execute(select(table)).mappings():
            yield from (
                (f"{table.name}.{name}", value) for name, value in row.items() if isinstance(value, str)
            )
    for model, names in SEALED.items():
        for row in db.session.execute(select(model)).scalars():
            yield from ((f"{model.__name__}.{name}", getattr(row, name) or "") for name in names)
    db.session.rollback()


def fail_if_stored_wrongly() -> None:
    """No refused character reached a table."""
    wrong = [f"{where}: {text[:60]!r}" for where, text in texts_stored() if not is_readable(text)]
    assert wrong == []


@pytest.mark.database("sqlite")
def test_bodies_that_are_no_form_are_refused_with_a_page(app: Flask) -> None:
    found = world.make()
    for target in targets(app, found):
        for body, content_type in BODIES:
            fail_if_unclear(target.send(body, content_type), (target.path, body[:40], content_type))
        for method in WRONG_METHODS:
            response = target.send(b"", None, method)
            assert 400 <= response.status_code < 500 or response.status_code == 501, (method, target.path)
    fail_if_stored_wrongly()


def test_fields_missing_repeated_unknown_or_sent_as_files(app: Flask) -> None:
    found = world.make()
    unknown = {name: COLUMN_VALUES.get(name, "1") for name in COLUMN_NAMES}
    for target in targets(app, found):
        good = target.good
        for name in good:
            fail_if_unclear(
                target.send(encoded({k: v for k, v in good.items() if k != name}), form_type()),
                (target.path, name),
            )
        twice = encoded(good) + b"&" + encoded({name: "other" for name in good if "csrf" not in name})
        fail_if_unclear(target.send(twice, form_type()), (target.path, "twice"))
        arrays = {f"{name}[]": value for name, value in good.items()} | {
            f"{name}[0][x]": "1" for name in good
        }
        fail_if_unclear(target.send(encoded(good | arrays), form_type()), (target.path, "arrays"))
        fail_if_unclear(target.send(encoded(unknown | good), form_type()), (target.path, "unknown"))
        token = {name: value for name, value in good.items() if "csrf" in name}
        files = multipart(token, boundary="b").removesuffix(b"--b--\r\n") + multipart(
            {k: v for k, v in good.items() if k not in token}, file_fields=True, boundary="b"
        )
        fail_if_unclear(target.send(files, form_type("b")), (target.path, "files"))
    fail_if_stored_wrongly()


def samples(all_targets: list[Target], number: int) -> Iterator[tuple[Target, str, bytes]]:
    """Forms with one bad text in one field: a fair choice of all there are, the same each time."""
    values = [
        quote_plus(text.encode("utf-8", "surrogatepass")).encode()
        for text in (*REFUSED_TEXTS, *ODD_TEXTS, "\ud800 lone")
    ]
    every = [
        (target, name, value)
        for target in all_targets
        for name in target.good
        if "csrf" not in name
        for value in (*values, *RAW_VALUES)
    ]
    yield from random.Random(2).sample(every, min(number, len(every)))


@pytest.mark.database("sqlite")
def test_bad_texts_in_every_field_store_nothing_unreadable(app: Flask) -> None:
    found = world.make()
    for target, name, value in samples(targets(app, found), max(USUAL_SAMPLES, MORE)):
        rest = encoded({k: v for k, v in target.good.items() if k != name})
        body = rest + b"&" + quote(name).encode() + b"=" + value
        fail_if_unclear(target.send(body, form_type()), (target.path, name, value[:60]))
    fail_if_stored_wrongly()


@pytest.mark.parametrize("text", [*REFUSED_TEXTS, "\ud800 lone"], ids=ascii)
def test_a_name_that_cannot_be_read_is_refused_and_nothing_is_stored(app: Flask, text: str) -> None:
    petition = build.open_petition()
    before = db.session.execute(select(Signature.id)).scalars().all()
    target = Target(app.test_client(), f"/petitions/{petition.id}/signatures/new", build.sign_form())  # type: ignore[arg-type]
    for name in ("name", "email", "postcode"):
        response = target.fill(**{name: text})
        assert response.status_code in {400, 422}, (name, response.status_code)
    assert db.session.execute(select(Signature.id)).scalars().all() == before


def test_no_column_can_be_set_from_outside(app: Flask) -> None:
    petition = build.open_petition(count=3)
    other = build.open_petition()
    client = app.test_client()
    hostile = {name: COLUMN_VALUES.get(name, "1") for name in COLUMN_NAMES if name not in GOOD} | {
        "petition_id": str(other.id),
        "validated_at": "2020-01-01",
        "counted_at": "2020-01-01",
    }
    sent = client.post(f"/petitions/{petition.id}/signatures/new", data=hostile | build.sign_form())
    assert sent.status_code == 303
    row = db.session.execute(select(Signature).order_by(Signature.id.desc())).scalars().first()
    assert row is not None
    assert (row.petition_id, row.state, row.role, row.seat) == (
        petition.id,
        SignatureState.PENDING,
        SignatureRole.SIGNER,
        1,
    )
    assert (row.validated_at, row.counted_at, row.ended_at) == (None, None, None)
    started = client.post(
        "/petitions/new", data={k: v for k, v in hostile.items() if k not in {"stage", "move"}} | GOOD
    )
    assert started.status_code == 303, started.text
    newest = db.session.execute(select(Petition).order_by(Petition.id.desc())).scalars().first()
    assert newest is not None
    assert (newest.state, newest.signature_count, newest.opened_at, newest.committee_note) == (
        State.PENDING,
        0,
        None,
        "",
    )


def test_odd_questions_to_the_lists_are_answered(client: PageCheckingClient, app: Flask) -> None:
    world.make()
    names = (
        "q",
        "page",
        "count",
        "state",
        "topic",
        "department",
        "state[]",
        "topic[]",
        "age",
        "step",
        "place",
    )
    odd = [
        *(quote(text[:2_000]) for text in (*REFUSED_TEXTS, *ODD_TEXTS)),
        *(raw.decode("latin-1") for raw in RAW_VALUES),
    ]
    for path in (
        "/petitions",
        "/petitions/similar",
        "/petitions/similar.json",
        "/signatures/find",
        "/trending",
        "/trending.json",
        "/trending.atom",
    ):
        for name in names if path == "/petitions" else ("q", "page"):
            for value in odd if name in {"q", "page", "state", "topic"} else odd[::12]:
                fail_if_unclear(world.fetch(client, f"{path}?{name}={value}"), (path, name, value))
        fail_if_unclear(
            world.fetch(client, f"{path}?" + "&".join(f"{n}={v}" for n in names for v in odd[:9])), path
        )
        fail_if_unclear(world.fetch(client, path + "?q=" + "&q=".join("x" for _ in range(3_000))), path)


def test_odd_headers_are_answered(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    odd = (
        "\xff",
        "x" * 9_000,
        "a, b;q=nan",
        "*/*;q=-1",
        "text/html;q=1e9",
        '"',
        "W/",
        "bytes=9-1",
        "Thu, 99 Foo 2026",
    )
    names = (
        "Accept",
        "Accept-Language",
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "Cookie",
        "User-Agent",
        "Referer",
        "Origin",
    )
    for name in names:
        for value in odd:
            fail_if_unclear(
                world.fetch(client, f"/petitions/{petition.id}", headers={name: value}), (name, value)
            )
            fail_if_unclear(world.fetch(client, "/staff", headers={name: value}), (name, value))


def test_a_host_that_is_not_ours_is_refused(client: PageCheckingClient) -> None:
    client.checks_pages = False
    for host in ("evil.example", "localhost.evil.example", "localhost@evil.example"):
        assert client.get("/", base_url=f"http://{host}").status_code == 400


@pytest.mark.database("sqlite")
def test_texts_that_hypothesis_makes_up(app: Flask) -> None:
    found = world.make()
    forms = targets(app, found)
    every = [(target, name) for target in forms for name in target.good if "csrf" not in name]
    texts = st.text(st.characters(exclude_categories=()), max_size=400)

    @hypothesis_settings(
        max_examples=max(80, MORE),
        derandomize=not MORE,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(every), texts)
    def send(chosen: tuple[Target, str], text: str) -> None:
        target, name = chosen
        fail_if_unclear(target.fill(**{name: text}), (target.path, name, text))

    send()
    fail_if_stored_wrongly()
