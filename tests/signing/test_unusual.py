"""What is unusual is noted when somebody signs, and held when the mailbox is confirmed; real people in a crowd are not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.limits import DOMAIN_AN_HOUR, NETWORK_AN_HOUR, ORIGIN_AN_HOUR
from petitions.models import DomainStanding, MailDomain, OriginCount, Petition, SignatureState
from petitions.signals import Signal
from petitions.signing import actions, confirming
from tests import build
from tests.client import PageCheckingClient
from tests.signing.journey import confirm_path, form_path, sign, signatures_of

LIMITED = pytest.mark.settings(ratelimit_enabled="yes")
AT_TEN_PAST = clock.now().replace(minute=10)


def sign_as(
    petition: Petition, email: str, *, ip: str | None = None, signals: tuple[Signal, ...] = ()
) -> None:
    """Sign under an address from an origin."""
    person = actions.Person(
        "Ada Adeyemi", email, "GB", "AB1 2CD", wants_updates=False, ip=ip, signals=signals
    )
    actions.sign(petition_id=petition.id, person=person)


def held(petition: Petition) -> list[str | None]:
    """Why signatures of a petition are to be held, those that are."""
    return [row.held_reason for row in signatures_of(petition) if row.held_reason]


@transactional
def know(domain: str, standing: DomainStanding) -> None:
    """Staff have said how far a domain is believed."""
    db.session.add(MailDomain(domain=domain, provider=domain, standing=standing))


@LIMITED
def test_three_hundred_people_behind_one_address_sign_within_the_hour(app: Flask) -> None:
    petition = build.open_petition()
    with clock.fixed(AT_TEN_PAST):
        for number in range(300):
            sign_as(petition, f"pupil@family{number}.example", ip="192.0.2.7")
    assert len(signatures_of(petition)) == 300
    assert held(petition) == []


@transactional
def so_many_before(origin_counts: int) -> None:
    """The origins that were counted this hour have sent so many."""
    for row in db.session.execute(select(OriginCount)).scalars():
        row.number = origin_counts


@LIMITED
@pytest.mark.parametrize(
    ("first", "second", "limit", "is_held"),
    [
        ("192.0.2.7", "192.0.2.7", ORIGIN_AN_HOUR, True),
        ("192.0.2.7", "::ffff:192.0.2.7", ORIGIN_AN_HOUR, True),
        ("192.0.2.7", "192.0.2.8", 10 * NETWORK_AN_HOUR, False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", ORIGIN_AN_HOUR, True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", ORIGIN_AN_HOUR, False),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", NETWORK_AN_HOUR, True),
        ("2001:db8:1:2::1", "2001:db8:2::1", 10 * NETWORK_AN_HOUR, False),
        (None, None, ORIGIN_AN_HOUR, True),
    ],
)
def test_over_the_limit_of_an_origin_it_is_held(
    app: Flask, first: str | None, second: str | None, limit: int, is_held: bool
) -> None:
    petition = build.open_petition()
    with clock.fixed(AT_TEN_PAST):
        sign_as(petition, "one@one.example", ip=first)
        so_many_before(limit - 1)
        sign_as(petition, "two@two.example", ip=second)
        sign_as(petition, "three@three.example", ip=second)
    assert held(petition) == (["origin"] if is_held else [])
    with clock.fixed(AT_TEN_PAST + timedelta(hours=1)):
        sign_as(petition, "four@four.example", ip=second)
    assert signatures_of(petition)[-1].held_reason is None


def test_nobody_can_follow_an_origin_from_hour_to_hour(make_app) -> None:  # type: ignore[no-untyped-def]
    app = make_app(ratelimit_enabled="yes")
    with app.app_context():
        petition = build.open_petition()
        for hours in range(2):
            with clock.fixed(AT_TEN_PAST + timedelta(hours=hours)):
                sign_as(petition, f"a{hours}@example.org", ip="192.0.2.7")
        rows = db.session.execute(select(OriginCount)).scalars().all()
        assert [row.number for row in rows] == [1, 1]
        assert len({row.origin_hash for row in rows}) == 2


@LIMITED
def test_a_farm_of_addresses_at_one_domain_is_held_past_the_limit(app: Flask) -> None:
    petition, other = build.open_petition(), build.open_petition()
    with clock.fixed(AT_TEN_PAST):
        for number in range(500):
            sign_as(petition, f"farm{number}@farm.example", ip=f"192.0.{number // 250}.{number % 250}")
        sign_as(other, "farm1@farm.example")
        sign_as(petition, "somebody@else.example")
    assert held(petition) == ["domain"] * (500 - DOMAIN_AN_HOUR)
    assert held(other) == []
    with clock.fixed(AT_TEN_PAST + timedelta(hours=1, minutes=1)):
        sign_as(petition, "late@farm.example")
    assert signatures_of(petition)[-1].held_reason is None


@LIMITED
def test_two_hundred_at_a_trusted_university_are_not(app: Flask) -> None:
    know("students.example", DomainStanding.TRUSTED)
    petition = build.open_petition()
    with clock.fixed(AT_TEN_PAST):
        for number in range(200):
            sign_as(petition, f"student{number}@students.example", ip=f"198.51.100.{number}")
    assert len(signatures_of(petition)) == 200
    assert held(petition) == []


def test_what_is_held_is_confirmed_first_and_the_page_says_so_in_neutral_words(
    client: PageCheckingClient,
) -> None:
    know("held.example", DomainStanding.HELD)
    petition = build.open_petition()
    sign(client, petition, email="ada@held.example")
    (row,) = signatures_of(petition)
    assert (row.state, row.held_reason, row.signals) == (
        SignatureState.PENDING,
        "domain_held",
        ["domain_held"],
    )
    build.work()
    client.post(path := confirm_path("ada@held.example"), data={"answer": "yes"})
    build.work()
    assert signatures_of(petition)[0].state is SignatureState.HELD
    assert petition.signature_count == 1
    page = client.get(path).text
    assert "held.example" not in page.replace("ada@held.example", "")
    assert "domain" not in page


def test_a_mailbox_whose_signature_staff_removed_is_looked_at_again(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    removed = build.signature(petition, state="invalidated", name="Ada Adeyemi", email="ada@example.org")
    sign(client, petition, email="ADA+1@example.org")
    again = signatures_of(petition)[-1]
    assert again.id != removed.id
    assert (again.held_reason, again.signals) == ("signed_again", ["alias", "signed_again"])
    build.work()
    client.post(confirm_path("ADA+1@example.org"), data={"answer": "yes"})
    assert [row.state.value for row in signatures_of(petition)] == ["invalidated", "held"]


def test_a_field_that_people_do_not_see_is_a_trap(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    sign(client, petition, comment="Great petition!")
    (row,) = signatures_of(petition)
    assert (row.held_reason, row.signals) == ("trap", ["trap"])


def test_the_trap_is_no_trap_for_people(client: PageCheckingClient) -> None:
    page = client.get(form_path(build.open_petition())).text
    (trap,) = re.findall(r'<div class="hidden-text" aria-hidden="true">(.*?)</div>', page, re.DOTALL)
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap
    assert "Leave this empty" in trap


@pytest.mark.parametrize(
    ("seconds", "signals"),
    [
        ("0", ["quick"]),
        ("2", ["quick"]),
        ("3", []),
        ("75", []),
        ("", []),
        ("-1", []),
        ("1e9", []),
        ("²", []),
        ("9" * 50, []),
    ],
)
def test_faster_than_people_type_is_a_hint_that_holds_nothing(
    client: PageCheckingClient, seconds: str, signals: list[str]
) -> None:
    petition = build.open_petition()
    sign(client, petition, seconds=seconds)
    (row,) = signatures_of(petition)
    assert (row.signals, row.held_reason) == (signals, None)


@pytest.mark.parametrize(
    ("typed", "signals"),
    [
        ("ada@example.org", []),
        ("ADA@Example.org", []),
        ("ada+petition@example.org", ["alias"]),
        ("a.d.a@gmail.com", ["alias"]),
        ("ada@me.com", ["alias"]),
        ("ada@gmail.com", []),
    ],
)
def test_another_spelling_is_a_hint_that_holds_nothing(
    client: PageCheckingClient, typed: str, signals: list[str]
) -> None:
    petition = build.open_petition()
    sign(client, petition, email=typed)
    (row,) = signatures_of(petition)
    assert (row.signals, row.held_reason) == (signals, None)


def test_the_form_is_the_same_for_everybody_and_may_be_kept(client: PageCheckingClient) -> None:
    path = form_path(build.open_petition())
    pages = [
        client.get(path, headers={"User-Agent": agent}, environ_overrides={"REMOTE_ADDR": address})
        for agent, address in (("One", "192.0.2.1"), ("Two", "2001:db8::1"))
    ]
    assert pages[0].data == pages[1].data
    assert "s-maxage" in pages[0].headers["Cache-Control"]


def test_of_several_reasons_the_strongest_is_named_and_all_are_noted(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    build.signature(petition, state="invalidated", name="Ada Adeyemi", email="ada@example.org")
    sign(client, petition, email="ada+1@example.org", comment="x", seconds="1")
    row = signatures_of(petition)[-1]
    assert row.signals == ["alias", "quick", "trap", "signed_again"]
    assert row.held_reason == "signed_again"


# --- Where a request comes from -----------------------------------------------------------------------------------

SHAPES: list[dict[str, str]] = [
    {},
    {"X-Forwarded-For": "198.51.100.1"},
    {"X-Forwarded-For": "198.51.100.2, 198.51.100.3"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": "2001:db8::1"},
    {"X-Forwarded-For": "[2001:db8::2]:443"},
    {"X-Forwarded-For": "unknown"},
    {"X-Forwarded-For": "_hidden, 10.0.0.1"},
    {"X-Forwarded-For": ""},
    {"X-Forwarded-For": ", ,"},
    {"X-Forwarded-For": "1.2.3.4:5678"},
    {"X-Forwarded-For": "' OR 1=1 --"},
    {"X-Forwarded-For": "9" * 3000},
    {"Forwarded": "for=198.51.100.4;host=evil.example;proto=https"},
    {"X-Real-IP": "198.51.100.5"},
    {"X-Client-IP": "198.51.100.6"},
    {"X-Cluster-Client-IP": "198.51.100.7"},
    {"True-Client-IP": "198.51.100.8"},
    {"CF-Connecting-IP": "198.51.100.9"},
    {"Fastly-Client-IP": "198.51.100.10", "Via": "1.1 evil.example"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Server": "evil.example", "X-Host": "evil.example"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "1", "X-Forwarded-Prefix": "/evil"},
]


def through_proxy(shape: dict[str, str]) -> dict[str, str]:
    """What one proxy makes of a visitor's headers: it adds the address it saw, as nginx does, at the end."""
    before = shape.get("X-Forwarded-For")
    return shape | {"X-Forwarded-For": f"{before}, 203.0.113.7" if before else "203.0.113.7"}


@pytest.mark.parametrize("proxies", [0, 1])
def test_no_header_of_a_visitor_changes_where_it_comes_from(make_app, proxies: int) -> None:  # type: ignore[no-untyped-def]
    app = make_app(ratelimit_enabled="yes", trusted_proxies=proxies)
    with app.app_context(), clock.fixed(AT_TEN_PAST):
        client, petition = app.test_client(), build.open_petition()
        for number, shape in enumerate(SHAPES):
            response = client.post(
                form_path(petition),
                data=build.sign_form(email=f"ada@family{number}.example"),
                headers=through_proxy(shape) if proxies else shape,
                environ_overrides={"REMOTE_ADDR": "203.0.113.7" if not proxies else "10.0.0.1"},
            )
            assert response.status_code == 303, shape
            assert "evil" not in str(response.headers)
        (row,) = db.session.execute(select(OriginCount)).scalars()
        assert row.number == len(SHAPES)
        assert {row.ip for row in signatures_of(petition)} == {"203.0.113.7"}
        build.work()
        assert not any("evil" in mail.as_string() for mail in build.captured())


def test_a_signature_that_waits_keeps_what_was_seen_first(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    sign(client, petition)
    sign(client, petition, comment="x")
    (row,) = signatures_of(petition)
    assert row.held_reason is None
    assert confirming.confirm(signature_id=row.id).standing is confirming.Standing.CONFIRMED
