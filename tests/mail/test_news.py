"""News to many that is filled in is what the mail library would have written to each, as true, and to nobody else."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from petitions import clock, suppressions
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import mailings, outbox
from petitions.mail.batches import BELIEVED, Letters
from petitions.mail.letters import Prepared
from petitions.mail.message import KINDS, compose
from petitions.mail.transport import written
from petitions.models import Debate, Mail, Petition, Response, ResponseVersion, Signature
from petitions.tokens import Purpose, sign
from tests import build
from tests.mail.outboxes import forget_mails, run_until_quiet
from tests.mail.test_letters import own_edges
from tests.smtp import SmtpServer

#: Long lines, another script, what looks like markup, and what looks like a place to fill in.
WORDS = (
    "Yes — 100% sure: %(to)b {x} <b>& “so”</b>. "
    + "渡し船を残してください。" * 12
    + "\n\n. dots\n"
    + "x" * 300
)


def answered(petition: Petition) -> dict[str, Any]:
    """An answer that is published."""
    return {"response_id": _answer(petition).id}


def changed(petition: Petition) -> dict[str, Any]:
    """The second version of an answer."""
    response = _answer(petition)
    second = ResponseVersion(
        response_id=response.id, version=2, summary=response.summary, body=response.body,
        outcome=response.outcome, published_at=clock.now(), reason="A figure was wrong: 10% <of> it.",
    )  # fmt: skip
    build.add(second)
    return {"response_id": response.id, "version": 2}


def _answer(petition: Petition) -> Response:
    return build.answer(build.cross(petition), summary="We do it.", body=WORDS)


def debated(petition: Petition) -> dict[str, Any]:
    """What came of a debate."""
    now = clock.now()
    build.add(
        Debate(petition_id=petition.id, debated=True, debated_on=now.date(), outcome_at=now, overview=WORDS)
    )
    return {"debated": True}


def scheduled(petition: Petition) -> dict[str, Any]:
    """The day of a debate."""
    day = (clock.now() + timedelta(days=9)).date()
    build.add(Debate(petition_id=petition.id, scheduled_on=day))
    return {"scheduled_on": day.isoformat()}


def wrote(petition: Petition) -> dict[str, Any]:
    """Other business of the chamber."""
    return {"business_id": build.business(petition, body=WORDS, url="https://example.org/a?b=c&d=%20").id}


def closed(petition: Petition) -> dict[str, Any]:
    """A petition that was closed early."""
    build.change(petition, state="closed", closed_at=clock.now(), closed_early_reason=WORDS)
    return {}


HAPPENED: dict[str, Callable[[Petition], dict[str, Any]]] = {
    "response_published": answered,
    "response_changed": changed,
    "debate_outcome": debated,
    "debate_scheduled": scheduled,
    "other_business": wrote,
    "petition_closed_early": closed,
}


@transactional
def tell(kind: str, petition: Petition, **details: Any) -> None:
    """Queue it to everybody who asked."""
    outbox.queue_mailing(kind, key="test", petition=petition, audience="updates", **details)


def to_each(kind: str, petition: Petition) -> list[int]:
    """Let it happen and feed the news of it. Returns the mails in the order of their signers."""
    details = HAPPENED[kind](petition)
    forget_mails()
    tell(kind, petition, **details)
    while mailings.feed():
        pass
    found = db.session.execute(
        db.select(Mail.id).where(Mail.mailing_id.is_not(None)).order_by(Mail.signature_id)
    )
    return list(found.scalars())


def petition_with_people(*emails: str) -> tuple[Petition, list[Signature]]:
    """A petition and who signed it and asked to be told."""
    petition = build.open_petition(action="Keep the ferry: 100% {{ sure }} & “free” =?utf-8?q?x?=")
    return petition, [build.signature(petition, email=email, wants_updates=True) for email in emails]


def test_every_kind_that_goes_to_many_is_tried_here(app: Flask) -> None:
    assert {kind.name for kind in KINDS.values() if kind.is_for_many} == set(HAPPENED)


@pytest.mark.database("sqlite")
@pytest.mark.settings(bounce_address="bounces@example.org")
@pytest.mark.parametrize("kind", HAPPENED)
def test_what_is_filled_in_is_byte_for_byte_what_the_library_writes(
    app: Flask, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.5)
    petition, people = petition_with_people("ines@example.org", "o'neil+tag=x.y@sub.example.org")
    people.append(build.signature(petition, role="supporter", wants_updates=True, email="s@example.org"))
    ids, letters = to_each(kind, petition), Letters()
    assert len(ids) == len(people)
    for number, mail_id in enumerate(ids):
        prepared = letters.of(mail_id, ids[number + 1 :])
        assert prepared is not None, "it goes the short way"
        assert prepared.letter is not None
        assert not prepared.has_link
        message = compose(db.session.get_one(Mail, mail_id))
        assert message is not None
        sender, recipient, content = written(message)
        letter = prepared.letter
        assert (letter.sender, letter.recipient) == (sender, recipient)
        assert own_edges(letter.content) == own_edges(content)
        assert (letter.subject, letter.message_id) == (message.subject, message.message_id)
        token = sign(Purpose.UNSUBSCRIBE, people[number].id)
        assert re.search(
            rf"^List-Unsubscribe: <\S+/{re.escape(token)}>\r$".encode(), letter.content, re.MULTILINE
        )
        db.session.rollback()


@pytest.mark.parametrize("kind", ["response_published", "petition_closed_early"])
def test_news_that_is_true_no_longer_goes_to_nobody(app: Flask, smtp: SmtpServer, kind: str) -> None:
    petition, _ = petition_with_people("ines@example.org", "jo@example.org")
    ids = to_each(kind, petition)
    build.change(petition, state="hidden", hidden_at=clock.now())
    assert compose(db.session.get_one(Mail, ids[0])) is None
    letters = Letters()
    assert letters.of(ids[0], ids[1:]) == Prepared(None, db.session.get_one(Mail, ids[0]).signature_id or 0)
    run_until_quiet()
    assert smtp.messages == []


def test_who_stops_the_mails_while_a_batch_leaves_gets_none_after_a_second(app: Flask) -> None:
    petition, people = petition_with_people(*(f"p{number}@example.org" for number in range(7)))
    ids = to_each("response_published", petition)
    letters, moment = Letters(), clock.now()
    with clock.fixed(moment):
        first = letters.of(ids[0], ids[1:])
    assert first is not None
    assert first.letter is not None
    build.change(people[1], wants_updates=False)
    build.change(people[2], mails_stopped_at=clock.now())
    suppress("P3@example.org")
    build.change(people[4], email=None)
    build.change(people[5], undeliverable_at=clock.now())
    with clock.fixed(moment + BELIEVED):
        after = [letters.of(ids[number], ids[number + 1 :]) for number in range(1, 7)]
    assert after[2] == Prepared(None, people[3].id)
    assert [after[number] for number in (0, 1, 3, 4)] == [None] * 4, "left to the long way,"
    assert [compose(db.session.get_one(Mail, ids[number])) for number in (1, 2, 4, 5)] == [None] * 4, (
        "which finds nobody"
    )
    assert after[5] is not None
    assert after[5].letter is not None, "the next one gets it"


def test_what_a_mailing_says_is_asked_anew_after_a_second_though_batches_change(app: Flask) -> None:
    petition, _ = petition_with_people("ines@example.org", "jo@example.org", "kim@example.org")
    ids = to_each("response_published", petition)
    letters, moment = Letters(), clock.now()
    with clock.fixed(moment):
        assert letters.of(ids[0], [])
    db.session.rollback()
    build.change(db.session.execute(db.select(Response)).scalar_one(), published_at=None)
    letters.forget_batch()
    with clock.fixed(moment + BELIEVED / 2):
        second = letters.of(ids[1], [])
    letters.forget_batch()
    with clock.fixed(moment + BELIEVED):
        third = letters.of(ids[2], [])
    assert second is not None
    assert second.letter is not None
    assert third is not None
    assert third.letter is None


@transactional
def suppress(address: str) -> None:
    """Its owner wants no mail at all."""
    suppressions.suppress(address)


@pytest.mark.parametrize("email", ["jo@straße.example", "a..b@example.org"])
@pytest.mark.database("sqlite")
def test_whatever_is_unusual_goes_the_long_way(app: Flask, email: str) -> None:
    petition, (person,) = petition_with_people("ines@example.org")
    (mail_id,) = to_each("other_business", petition)
    build.change(person, email=email)
    assert Letters().of(mail_id, []) is None


@pytest.mark.database("sqlite")
def test_words_that_ask_for_more_than_is_the_same_for_all_go_the_long_way(
    app: Flask, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition, _ = petition_with_people("ines@example.org", "jo@example.org")
    ids = to_each("other_business", petition)
    kind = KINDS["other_business"]

    def greets(mail: Mail) -> dict[str, Any]:
        return {**(kind.build(mail) or {}), "subject_line": f"Dear {mail.signature.name.upper()}"}  # type: ignore[union-attr]

    monkeypatch.setitem(KINDS, "other_business", replace(kind, build=greets))
    assert Letters().of(ids[0], ids[1:]) is None
    run_until_quiet()
    assert ["Dear SAM SIGNER" in build.text_of(message) for message in smtp.messages] == [True, True]


@pytest.mark.database("postgresql")
def test_people_sign_and_are_counted_while_a_batch_of_news_is_put_into_the_outbox(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition, _ = petition_with_people("ines@example.org", "jo@example.org")
    petition_id = petition.id
    tell("petition_closed_early", petition)
    signed: list[int] = []

    def sign_meanwhile() -> None:
        with app.app_context():
            signed.append(build.signature(db.session.get_one(Petition, petition_id)).id)

    def meanwhile(point: str) -> None:
        if point == "before_commit:feed":
            other = Thread(target=sign_meanwhile, daemon=True)
            other.start()
            other.join(20)
            assert signed, "nobody waits for it"

    monkeypatch.setattr("petitions.failpoints.reach", meanwhile)
    assert mailings.feed() == 2
    assert len(signed) == 1
