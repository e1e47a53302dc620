"""Staff see how a petition was signed, beside what is usual; nobody is named on that page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from petitions.models import Petition
from petitions.permissions import Role
from petitions.scrutiny import integrity
from petitions.secrecy import domain_hash, keyed_hash
from petitions.signals import Signal
from tests import build
from tests.staff_visitor import StaffVisitor


def sign(petition: Petition, number: int, domain: str, **columns: object) -> None:
    """Signatures from mailboxes of their own at one mail domain."""
    for each in range(number):
        email = f"{domain.partition('.')[0]}{each}@{domain}"
        build.signature(
            petition, email=email, domain_hash=domain_hash(petition.id, domain), counted=False, **columns
        )
    build.work()


def page_of(app: Flask, petition: Petition) -> str:
    visitor = StaffVisitor(app, build.staff(Role.MODERATOR))
    response = visitor.get(f"/staff/petitions/{petition.id}/integrity")
    assert response.status_code == 200
    words = unescape(re.sub(r"<[^>]+>", " ", response.text.partition("<main")[2]))
    return " ".join(words.split())


def test_large_domains_are_named_and_small_ones_are_not(app: Flask) -> None:
    petition = build.open_petition()
    sign(petition, 6, "large.example.org")
    sign(petition, 2, "grace-hopper.example.net")
    page = page_of(app, petition)
    assert "large.example.org 6 75%" in page
    assert "All others 2 25%" in page
    assert "grace-hopper" not in page


def test_signatures_that_do_not_count_are_no_part_of_the_mix(app: Flask) -> None:
    petition = build.open_petition()
    sign(petition, 6, "large.example.org")
    sign(petition, 9, "held.example.org", state="held")
    assert [group.label for group in integrity.domains(petition.id)] == ["large.example.org"]


def test_delays_signals_networks_and_states_are_counted(app: Flask) -> None:
    petition = build.open_petition()
    network = keyed_hash("network", "a")
    sign(petition, 3, "a.example.org", confirm_seconds=4, signals=[Signal.ALIAS.value], network_hash=network)
    sign(petition, 1, "b.example.org", confirm_seconds=700)
    sign(petition, 1, "c.example.org", state="held", signals=[Signal.TRAP.value, Signal.ALIAS.value])
    page = page_of(app, petition)
    assert "Under 10 seconds 3 75%" in page
    assert "Under 1 hour 1 25%" in page
    assert "Another spelling of the mailbox 4 67%" in page
    assert "A field that people do not see was filled in 1 17%" in page
    assert "Network 1 3 100%" in page
    assert "held for a check" in page


def test_a_place_with_more_signatures_than_can_be_true_stands_out(app: Flask) -> None:
    petition, tiny = build.open_petition(), build.place("Tiny Holm", electorate=10, postcode_prefixes=())
    build.signatures(petition, 4, place=tiny)
    build.signatures(petition, 2, place=build.place("Great Wold", electorate=1000, postcode_prefixes=()))
    shares, middle = integrity.places(petition.id)
    assert [(each.name, each.is_implausible) for each in shares] == [
        ("Tiny Holm", True),
        ("Great Wold", False),
    ]
    assert middle == pytest.approx((400 + 2) / 2)
    assert "more than can be true" in page_of(app, petition).lower()


def test_a_figure_out_of_the_ordinary_is_marked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "FEWEST_SIGNATURES", 3)
    for _ in range(integrity.FEWEST_TO_COMPARE):
        sign(build.open_petition(), 4, "usual.example.org", confirm_seconds=90)
    bots = build.open_petition()
    sign(bots, 4, "usual.example.org", confirm_seconds=3)
    usual, compared = integrity.usual_measures(bots)
    assert compared == integrity.FEWEST_TO_COMPARE
    assert usual["within_ten_seconds"].high == 0
    page = page_of(app, bots)
    assert "Confirmed within 10 seconds 100% 0% More than usual" in page
    assert "From abroad 0% 0% –" in page


def test_a_petition_without_signatures_of_its_own_has_a_page_too(app: Flask) -> None:
    assert "not known" in page_of(app, build.imported_petition())


def test_a_petition_that_is_not_there_is_not_found(app: Flask) -> None:
    visitor = StaffVisitor(app, build.staff(Role.MODERATOR))
    assert visitor.get("/staff/petitions/4711/integrity").status_code == 404


def test_half_the_signers_took_no_longer_than_is_said(app: Flask) -> None:
    petition = build.open_petition()
    for seconds in (3, 40, 41, 300, 90_000):
        sign(petition, 1, f"d{seconds}.example.org", confirm_seconds=seconds)
    assert "Half of them took no more than 41 seconds." in page_of(app, petition)
    assert "Longer 1 20%" in page_of(app, petition)


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("large.example.org", 6),
        ("Under 10 seconds", 3),
        ("Another spelling of the mailbox", 2),
        ("Tiny Holm", 4),
    ],
)
def test_a_figure_leads_to_the_signatures_that_it_counts(app: Flask, words: str, rows: int) -> None:
    petition = build.open_petition()
    area = build.place("Tiny Holm", electorate=1000, postcode_prefixes=())
    sign(petition, 3, "large.example.org", confirm_seconds=4)
    build.change(build.creator_of(petition), role="signer", signals=[Signal.ALIAS.value])
    build.signatures(petition, 1, signals=[Signal.ALIAS.value])
    for number in range(3):
        email = f"more{number}@large.example.org"
        build.signature(petition, email=email, domain_hash=domain_hash(petition.id, "large.example.org"))
    build.signatures(petition, 4, place=area)
    visitor = StaffVisitor(app, build.staff(Role.MODERATOR))
    page = visitor.get(f"/staff/petitions/{petition.id}/integrity").text
    link = re.search(rf'<a href="([^"]+)">{re.escape(words)}</a>', page)
    assert link is not None, page
    found = visitor.get(unescape(link[1]))
    assert found.status_code == 200
    assert len(re.findall(r'name="signatures"', found.text)) == rows


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_signatures_may_see_how_a_petition_was_signed(app: Flask, role: Role) -> None:
    petition = build.open_petition()
    visitor = StaffVisitor(app, build.staff(role))
    may = role in {Role.MODERATOR, Role.AUDITOR, Role.ADMINISTRATOR}
    path = f"/staff/petitions/{petition.id}/integrity"
    assert visitor.get(path).status_code == (200 if may else 404)
    assert app.test_client().get(path).status_code == 303
