"""A mailed link opens the one page it was made for, and acts on the one row it names; all else is one and the same page.

`FORGED_LINKS=full` tries as many forged ones as the bar asks for (a hundred thousand by chance, ten thousand with one bit
turned); without it a hundredth of that.
"""

from __future__ import annotations

import os
import random
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from petitions import clock
from petitions.database import transactional
from petitions.duties.answers import Words
from petitions.extensions import db
from petitions.models import LinkKind, Outcome, Petition, Response, Signature, StaffLink
from petitions.responses import response_actions
from petitions.tokens import Purpose, sign
from tests import build, snapshot, world
from tests.client import PageCheckingClient

SHARE = 1 if os.environ.get("FORGED_LINKS") == "full" else 100
RANDOM, TURNED = 100_000 // SHARE, 10_000 // SHARE
#: Every button of every page behind a link, pressed at once.
ALL_BUTTONS = {
    "answer": "yes",
    "action": "confirm",
    "choice": "count",
    "stop": "all",
    "addressed": "yes",
    "clear": "yes",
    "List-Unsubscribe": "One-Click",
} | {
    "name": "Mallory",
    "email": "mallory@example.org",
    "country": "GB",
    "postcode": "AB1 2CD",
    "eligible": "y",
}


class Links:
    """A petition and a signature of the same number, and the way to every page behind a link."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        # The same number, so that a link that is read for another purpose would find a row.
        signature = build.signature(build.gathering_petition(), state="pending", role="supporter")
        petition = build.gathering_petition()
        assert signature.id == petition.id
        self.number = petition.id
        _links_of_staff(petition.id)
        self.rated = _answered()
        build.alert(id=petition.id)

    def token(self, purpose: Purpose) -> str:
        """A link that was made for a purpose: to the number, or to an answer and one who may rate it."""
        return sign(purpose, self.rated if purpose is Purpose.RATE_RESPONSE else self.number)

    def pages(self) -> list[tuple[Rule, str]]:
        """Every address with a link in it, and its methods."""
        found = {rule.endpoint: rule for method in ("GET", "POST") for rule in world.rules(self.app, method)}
        return [
            (rule, method)
            for rule in found.values()
            if "token" in rule.arguments
            for method in ("GET", "POST")
            if method in (rule.methods or ())
        ]

    def path(self, rule: Rule, token: str) -> str:
        """The address of one page with `token` in the place of its link."""
        values: dict[str, object] = {"token": token}
        if "petition_id" in rule.arguments:
            values["petition_id"] = self.number
        return self.app.url_map.bind("localhost").build(rule.endpoint, values)


@transactional
def _links_of_staff(number: int) -> None:
    """An invitation of this number."""
    invited = build.staff("press")
    db.session.flush()
    later = clock.now() + timedelta(days=7)
    db.session.add(StaffLink(id=number, staff_id=invited.id, kind=LinkKind.INVITATION, expires_at=later))


def _answered() -> list[int]:
    """The numbers of a published answer and of a signature that counts."""
    duty = build.cross(build.open_petition())
    by, words = build.staff("administrator"), Words("Yes.", "We will.", Outcome.AGREED)
    response_actions.save_draft(duty.id, words=words, draft_version=0, by=by)
    response_actions.publish(duty.id, draft_version=1, by=by)
    response = db.session.execute(select(Response)).scalar_one()
    return [response.id, build.creator_of(duty.petition).id]


@pytest.fixture
def found(app: Flask) -> Links:
    """Rows whose numbers are the same, so that only the purpose tells their links apart."""
    return Links(app)


def is_refused(answer: TestResponse) -> bool:
    """Whether the page is the one for links that are none, and may be shown to anybody."""
    return (
        answer.status_code == 404
        and answer.headers["Cache-Control"] == "no-store"
        and answer.headers["Referrer-Policy"] == "no-referrer"
        and "script-src" not in answer.headers["Content-Security-Policy"]
        and "Set-Cookie" not in answer.headers
    )


def test_every_page_behind_a_link_is_known_with_its_purpose(found: Links) -> None:
    assert {rule.endpoint for rule, _ in found.pages()} == set(world.PURPOSES)
    in_a_form = {Purpose.DRAFT}
    assert set(world.PURPOSES.values()) == set(Purpose) - in_a_form


def test_a_link_opens_the_page_of_its_own_purpose_and_no_other(
    found: Links, client: PageCheckingClient
) -> None:
    before, opened, bodies = snapshot.of_database(), 0, set()
    for rule, method in found.pages():
        for purpose in Purpose:
            path = found.path(rule, found.token(purpose))
            if purpose is world.PURPOSES[rule.endpoint]:
                if method == "GET":
                    # One number names one link of staff: an invitation. Its page has a test of its own.
                    # Nobody asked this petitioner anything: the page to answer on says so.
                    expected = {"accounts.reset": 404, "starting.creator_answer": 409}.get(rule.endpoint, 200)
                    assert client.get(path).status_code == expected, path
                    opened += 1
                continue
            answer = client.open(path, method=method, data=ALL_BUTTONS if method == "POST" else None)
            assert is_refused(answer), (rule.endpoint, method, purpose, answer.status)
            bodies.add(answer.data)
    assert opened == len([each for each in found.pages() if each[1] == "GET"])
    assert len(bodies) == 1
    assert snapshot.of_database() == before


def test_a_link_of_another_purpose_is_no_draft(found: Links, client: PageCheckingClient) -> None:
    before = snapshot.of_database()
    for purpose in Purpose:
        draft = sign(purpose, {"action": "Smuggled words", "eligible": "yes"})
        answer = client.post(
            "/petitions/new", data={"stage": "check", "move": "change:action", "draft": draft}
        )
        assert answer.status_code == (200 if purpose is Purpose.DRAFT else 422)
        assert ("Smuggled words" in answer.text) == (purpose is Purpose.DRAFT)
    assert snapshot.of_database() == before


def test_the_number_in_the_address_cannot_differ_from_the_links(
    found: Links, client: PageCheckingClient
) -> None:
    other = build.gathering_petition()
    path = f"/petitions/{other.id}/supporters/{sign(Purpose.SUPPORT, found.number)}"
    for method in ("GET", "POST"):
        assert is_refused(client.open(path, method=method, data=ALL_BUTTONS))


def test_a_link_acts_on_its_own_row_alone(app: Flask, client: PageCheckingClient) -> None:
    petition = build.open_petition()
    mine, theirs = (build.signature(petition, state="pending", link_sent_at=clock.now()) for _ in range(2))
    other = build.gathering_petition()
    kept = _row(Signature, theirs.id), _row(Petition, other.id)
    names = ("id", "signature", "signature_id", "petition", "petition_id", "token", "email", "row")
    query = "&".join(f"{name}={theirs.id}" for name in names)
    for endpoint, data in (
        ("signing.confirm", {"answer": "yes"}),
        ("signing.my_signature", {"action": "withdraw"}),
        ("signing.my_signature", {"action": "erase"}),
        ("signing.unsubscribe", {}),
    ):
        path = app.url_map.bind("localhost").build(
            endpoint, {"token": sign(world.PURPOSES[endpoint], mine.id)}
        )
        smuggled = dict.fromkeys(names, str(theirs.id)) | data
        assert client.post(f"{path}?{query}", data=smuggled).status_code == 303
    assert mine.email_sealed is None
    assert (_row(Signature, theirs.id), _row(Petition, other.id)) == kept


def _row(model: type[Signature] | type[Petition], number: int) -> tuple[object, ...]:
    db.session.expire_all()
    return tuple(getattr(db.session.get_one(model, number), column.key) for column in model.__table__.columns)


def forged(live: list[str]) -> Iterator[str]:
    """Links that were never made: by chance, in the form of a link, and live ones with one bit turned."""
    dice = random.Random(20261125)
    for _ in range(RANDOM):
        payload = urlsafe_b64encode(str(dice.randrange(1, 50)).encode()).rstrip(b"=").decode()
        mark = urlsafe_b64encode(dice.randbytes(32)).rstrip(b"=").decode()
        yield dice.choice((f"{payload}.{mark}", mark, f"{payload}.{mark[: dice.randrange(43)]}"))
    for _ in range(TURNED):
        token = bytearray(dice.choice(live).encode())
        token[dice.randrange(len(token))] ^= 1 << dice.randrange(7)
        yield token.decode("latin-1")


@pytest.mark.database("sqlite")
def test_no_forged_link_is_ever_taken(found: Links, client: PageCheckingClient) -> None:
    pages = [(found.path(rule, "FORGED"), method) for rule, method in found.pages()]
    live = [found.token(purpose) for purpose in Purpose]
    before, bodies = snapshot.of_database(), set()
    client.checks_pages = False
    for number, token in enumerate(forged(live)):
        path, method = pages[number % len(pages)]
        answer = client.open(path.replace("FORGED", quote(token, safe="")), method=method)
        # What is no path of ours any more (a slash, a question mark, a dot or two) is not found either.
        assert answer.status_code in {404, 405, 308, 400}, (path, token)
        if "/" not in token and answer.status_code == 404:
            bodies.add(answer.data)
    assert len(bodies) == 1
    assert snapshot.of_database() == before
