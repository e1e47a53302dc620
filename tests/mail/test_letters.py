"""Confirmations that are filled in are what the mail library would have written, and are as true as those composed one by one."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

import pytest
from flask import Flask

from petitions import clock, suppressions
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import confirmations, marking
from petitions.mail.batches import BELIEVED, Letters
from petitions.mail.letters import Prepared
from petitions.mail.message import compose
from petitions.mail.transport import written
from petitions.models import Mail, Petition, Signature
from tests import build
from tests.mail.outboxes import forget_mails, queue, waiting_signature

NAMES = (
    "Ines Example",
    "Łukasz Ōé",
    "محمد بن عبد الله",
    "李小龍",
    "शिवांगी",
    "Νίκος Ἀθηναῖος",
    "O’Neil & <Sons> \"quoted\" 'single' %(name)s %s {{ name }} {x}",
    "=?utf-8?q?Ines?=",
    "𝔘" * 100,
    "a" * 1200,
    "é" + " é" * 200,
    ".",
    "From the start",
    "ends in =",
    "\0",
    "a\u2028\u0085\x0bb",
)
TITLES = (
    "Keep the ferry",
    "Zachowajmy prom na rzece Wiśle, bo innej drogi nie ma, a most stoi daleko stąd",
    "احفظوا العبّارة",
    "渡し船を残してください",
    "=?utf-8?q?Free=20money?= 100% {{ sure }} & <b>",
    "x" * 200,
)
ADDRESSES = ("ines@example.org", "o'neil+tag=x.y@sub.example.org", f"{'l' * 64}@{'d' * 60}.example.org")


def own_edges(content: bytes) -> bytes:
    """Without what is drawn by lot between the parts."""
    return re.sub(rb"===============\d+==", b"EDGE", content)


@transactional
def rewrite(signature: Signature, **values: str) -> None:
    """Put words where no form would let them in."""
    row = db.session.get_one(Signature, signature.id)
    row.name, row.email = values["name"], values["email"]
    db.session.get_one(Petition, row.petition_id).action = values["title"]


def test_what_is_filled_in_is_byte_for_byte_what_the_library_writes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.5)
    signature = waiting_signature()
    mail_id = queue(signature)
    cases = [(name, TITLES[0], ADDRESSES[0]) for name in NAMES]
    cases += [(NAMES[count % 5], title, ADDRESSES[count % 3]) for count, title in enumerate(TITLES)]
    for name, title, email in cases:
        rewrite(signature, name=name, title=title, email=email)
        prepared = Letters().of(mail_id, [])
        assert prepared is not None, repr((name, title, email))
        assert prepared.letter is not None, "it goes the short way"
        message = compose(db.session.get_one(Mail, mail_id))
        assert message is not None
        sender, recipient, content = written(message)
        assert (prepared.letter.sender, prepared.letter.recipient) == (sender, recipient)
        assert own_edges(prepared.letter.content) == own_edges(content), repr((name, title, email))
        assert (prepared.letter.subject, prepared.letter.message_id) == (message.subject, message.message_id)
        db.session.rollback()


@pytest.mark.settings(bounce_address="bounces@example.org")
def test_it_comes_back_to_the_address_that_is_this_mails_alone(app: Flask) -> None:
    mail_id = queue(waiting_signature())
    prepared = Letters().of(mail_id, [])
    assert prepared is not None
    assert prepared.letter is not None
    assert prepared.letter.sender == written(compose(db.session.get_one(Mail, mail_id)))[0]  # type: ignore[arg-type]
    assert re.fullmatch(rf"bounces\+{mail_id}\.[0-9a-f]{{16}}@example\.org", prepared.letter.sender)


@pytest.mark.parametrize("name", ["two\nlines", "or\rtwo", " a space", "a space ", ""])
@pytest.mark.database("sqlite")
def test_names_that_no_form_lets_in_go_the_long_way(app: Flask, name: str) -> None:
    signature = waiting_signature()
    build.change(signature, name=name)
    assert Letters().of(queue(signature), []) is None


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "email", ["jo@straße.example", "ün@example.org", "a..b@example.org", "a b@example.org"]
)
def test_whatever_is_unusual_goes_the_long_way(app: Flask, email: str) -> None:
    signature = waiting_signature()
    build.change(signature, email=email)
    assert Letters().of(queue(signature), []) is None


def test_mails_of_other_kinds_and_to_other_addresses_are_composed_one_by_one(app: Flask) -> None:
    signature = waiting_signature()
    ids = [queue(signature, 1, "already_signed"), queue(signature, 2, recipient="Ines@example.org")]
    letters = Letters()
    assert [letters.of(mail_id, ids) for mail_id in ids] == [None, None]


def test_what_changes_while_a_batch_leaves_is_seen_within_a_second(app: Flask) -> None:
    petition = build.open_petition()
    people = [waiting_signature(petition, f"p{number}@example.org") for number in range(4)]
    forget_mails()
    ids = [queue(person, number) for number, person in enumerate(people)]
    letters, moment = Letters(), clock.now()
    with clock.fixed(moment):
        first = letters.of(ids[0], ids[1:])
    assert first is not None
    assert first.letter is not None
    build.change(people[1], state="validated", validated_at=clock.now())
    suppress("P2@example.org")
    build.change(people[3], email=None)
    with clock.fixed(moment + BELIEVED):
        second, third, fourth = (letters.of(ids[number], ids[number + 1 :]) for number in (1, 2, 3))
    assert second == Prepared(None, people[1].id, has_link=True), "nobody is to get it any more"
    assert third == Prepared(None, people[2].id, has_link=True)
    assert fourth is None, "the long way finds nobody"


@transactional
def suppress(address: str) -> None:
    """Its owner wants no mail at all."""
    suppressions.suppress(address)


@pytest.mark.database("sqlite")
def test_a_form_that_cannot_be_made_sends_every_mail_the_long_way(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_id = queue(waiting_signature())
    monkeypatch.setattr(confirmations, "Form", None)
    assert Letters().of(mail_id, []) is None


@pytest.mark.database("sqlite")
def test_few_mails_are_taken_and_not_marked_however_slow_the_database_is(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked: list[int] = []

    def slow(links: Mapping[int, int | None]) -> None:
        time.sleep(0.02)
        marked.append(len(links))

    monkeypatch.setattr(marking, "accepted", slow)
    taken = marking.Taken()
    for number in range(26):
        taken.add(number, link_of=None)
    taken.write_down()
    assert marked == [1, marking.MOST_UNMARKED, marking.MOST_UNMARKED, 5]
    time.sleep(0.02 * marking.REST * 2)
    taken.add(30, link_of=None)
    assert marked[-1] == 1, "where mails are slow each is marked by itself"
