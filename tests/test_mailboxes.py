"""Which spellings are one mailbox: by what each provider publishes, and by no guess where nothing is known."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from petitions import mailboxes
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import DomainStanding, Mail, MailDomain
from tests import build
from tests.client import PageCheckingClient

SAME = [
    ("Ines@Example.org", "ines@example.org"),
    ("INES@EXAMPLE.ORG", "ines@example.org"),
    (" ines@example.org ", "ines@example.org"),
    ("ines+petition@example.org", "ines@example.org"),
    ("ines+a+b@example.org", "ines@example.org"),
    ("ines+@example.org", "ines@example.org"),
    ("Ines+X@EXAMPLE.org", "ines+y@example.org"),
    ("ines@bücher.example", "ines@XN--bcher-kva.example"),
    ("ines@BÜCHER.example", "ines@bücher.example"),
    ("ines@bu\u0308cher.example", "ines@bücher.example"),
    ("ines@пример.example", "ines@xn--e1afmkfd.example"),
    ("i.n.e.s@gmail.com", "ines@gmail.com"),
    ("ines.x@gmail.com", "i.nesx@gmail.com"),
    ("in.es@gmail.com", "ines@googlemail.com"),
    ("INES@GMail.com", "ines@googlemail.com"),
    ("i.nes+1@googlemail.com", "ine.s+2@gmail.com"),
    ("ines@icloud.com", "ines@me.com"),
    ("ines@me.com", "ines@mac.com"),
    ("ines+a@mac.com", "ines@icloud.com"),
    ("ines@proton.me", "ines@protonmail.com"),
    ("ines@pm.me", "ines@protonmail.ch"),
    ("in.es@proton.me", "ines@pm.me"),
    ("ines+a@pm.me", "ines@proton.me"),
    ("ines@yandex.ru", "ines@ya.ru"),
    ("ines@yandex.com", "ines@yandex.kz"),
    ("ines@yandex.by", "ines+x@yandex.ru"),
    ("ines+x@outlook.com", "ines@outlook.com"),
    ("ines+x@hotmail.co.uk", "ines@hotmail.co.uk"),
    ("ines+x@fastmail.com", "ines@fastmail.com"),
    ("o'neil@example.org", "O'NEIL@example.org"),
]
DIFFERENT = [
    ("in.es@example.org", "ines@example.org"),
    ("in-es@example.org", "ines@example.org"),
    ("in_es@example.org", "ines@example.org"),
    ("ines@example.org", "ines@example.com"),
    ("ines@example.org", "ines@mail.example.org"),
    ("ines1@example.org", "ines@example.org"),
    ("ines@straße.example", "ines@strasse.example"),
    ("ines@no..domain", "ines@no.domain"),
    ("ines@ü..example", "ines@ü.example"),
    ("+ines@example.org", "@example.org"),
    ("+ines@example.org", "+petra@example.org"),
    ("in.es@outlook.com", "ines@outlook.com"),
    ("in.es@hotmail.com", "ines@hotmail.com"),
    ("ines@outlook.com", "ines@hotmail.com"),
    ("ines@live.com", "ines@outlook.com"),
    ("ines@msn.com", "ines@hotmail.com"),
    ("in.es@icloud.com", "ines@icloud.com"),
    ("in.es@me.com", "ines@icloud.com"),
    ("in.es@yahoo.com", "ines@yahoo.com"),
    ("ines@yahoo.com", "ines@ymail.com"),
    ("ines@yahoo.com", "ines@yahoo.co.uk"),
    ("ines-shop@yahoo.com", "ines@yahoo.com"),
    ("ines@gmx.de", "ines@gmx.net"),
    ("ines@mail.ru", "ines@bk.ru"),
    ("ines@fastmail.com", "ines@fastmail.fm"),
    ("ines-x@gmail.com", "ines@gmail.com"),
    ("ines_x@gmail.com", "inesx@gmail.com"),
    ("ines@gmail.com", "ines@gmail.co"),
    ("ines@gmail.com", "ines@gmail.com.example"),
    ("іnes@example.org", "ines@example.org"),
]


@pytest.mark.parametrize(("typed", "other"), SAME)
@pytest.mark.database("sqlite")
def test_one_mailbox_in_two_spellings(app: Flask, typed: str, other: str) -> None:
    assert mailboxes.canonical(typed) == mailboxes.canonical(other)


@pytest.mark.parametrize(("typed", "other"), DIFFERENT)
@pytest.mark.database("sqlite")
def test_two_mailboxes_that_look_alike(app: Flask, typed: str, other: str) -> None:
    assert mailboxes.canonical(typed) != mailboxes.canonical(other)


def test_there_are_sixty_pairs() -> None:
    assert len(SAME) + len(DIFFERENT) == 60


local_parts = st.text("abcXYZ019.+-_'", min_size=1, max_size=12)
domains = st.sampled_from(
    [
        "gmail.com",
        "GoogleMail.com",
        "me.com",
        "pm.me",
        "ya.ru",
        "outlook.com",
        "example.org",
        "bücher.example",
    ]
)


@pytest.mark.database("sqlite")
def test_the_canonical_form_of_a_canonical_form_is_itself(app: Flask) -> None:
    @given(local_parts, domains)
    @settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def holds(local: str, domain: str) -> None:
        once = mailboxes.canonical(f"{local}@{domain}")
        assert mailboxes.canonical(once) == once
        assert mailboxes.canonical(f"{local.upper()}@{domain.upper()}") == once

    holds()


def test_every_alias_in_the_table_has_the_rules_of_its_provider(app: Flask) -> None:
    rows = {row.domain: row for row in db.session.execute(select(MailDomain)).scalars()}
    for row in rows.values():
        own = rows[row.provider]
        assert own.provider == own.domain
        assert (row.ignores_dots, row.ignores_tags) == (own.ignores_dots, own.ignores_tags), row.domain


@pytest.mark.parametrize(
    ("typed", "standing", "is_alias"),
    [
        ("ines@example.org", DomainStanding.USUAL, False),
        ("INES@bücher.example", DomainStanding.USUAL, False),
        ("ines+1@example.org", DomainStanding.USUAL, True),
        ("ines@gmail.com", DomainStanding.TRUSTED, False),
        ("i.nes@gmail.com", DomainStanding.TRUSTED, True),
        ("ines@googlemail.com", DomainStanding.TRUSTED, True),
        ("ines@mailinator.com", DomainStanding.REFUSED, False),
    ],
)
def test_what_is_known_of_an_address(
    app: Flask, typed: str, standing: DomainStanding, is_alias: bool
) -> None:
    found = mailboxes.known(typed)
    assert (found.standing, found.is_alias) == (standing, is_alias)


@transactional
def forget_all_domains() -> None:
    db.session.execute(delete(MailDomain))


def test_without_the_table_every_domain_is_read_as_most_are(app: Flask) -> None:
    forget_all_domains()
    assert mailboxes.canonical("I.nes+x@GMail.com") == "i.nes@gmail.com"
    assert mailboxes.known("ines@mailinator.com").standing is DomainStanding.USUAL


@pytest.mark.parametrize("address", ["eve@mailinator.com", "Eve+1@MAILINATOR.com"])
def test_a_provider_of_throw_away_addresses_is_named_whoever_asks(
    client: PageCheckingClient, address: str
) -> None:
    petition = build.open_petition()
    build.signature(petition, email="eve@mailinator.com", name="Eve")
    for typed in (address, "nobody@mailinator.com"):
        page = client.post(f"/petitions/{petition.id}/signatures/new", data=build.sign_form(email=typed))
        assert page.status_code == 422
        assert (
            "Addresses at mailinator.com cannot be used here. Enter one from another provider." in page.text
        )
    assert db.session.execute(select(Mail)).first() is None


def test_mail_goes_to_what_was_typed(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    client.post(
        f"/petitions/{petition.id}/signatures/new", data=build.sign_form(email="A.da+x@GoogleMail.com")
    )
    build.work()
    assert [mail["To"] for mail in build.captured()] == ["A.da+x@GoogleMail.com"]
