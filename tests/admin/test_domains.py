"""Mail domains: staff say which are one provider's, how it reads an address and how far it is believed, for what is signed later."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from petitions import mailboxes
from petitions.extensions import db
from petitions.models import AuditEntry, DomainStanding, MailDomain, Staff
from tests import build
from tests.client import PageCheckingClient
from tests.reading import Page
from tests.staff_browser import signed_in

LIST = "/staff/domains"


@pytest.fixture
def moderator(app: Flask) -> Staff:
    return build.staff("moderator")


@pytest.fixture
def staff(app: Flask, moderator: Staff) -> PageCheckingClient:
    return signed_in(app, moderator)


def send(staff: PageCheckingClient, path: str, **fields: str) -> TestResponse:
    """Fill in and send a form of these pages; an empty value leaves a box unticked."""
    page = Page(staff.get(path.removesuffix("/remove")).text)
    form = next(form for form in page.forms if form.action == path)
    data = {name: values[0] for name, values in form.fields.items() if values} | fields
    return staff.post(path, data={name: value for name, value in data.items() if value})


def told(staff: PageCheckingClient) -> list[str]:
    """What the history tells about domains."""
    entries = db.session.execute(select(AuditEntry).where(AuditEntry.action.startswith("domain_"))).scalars()
    return [f"{entry.action} {entry.details['domain']}" for entry in entries]


def test_a_domain_is_found_by_a_part_of_its_name_or_its_providers(staff: PageCheckingClient) -> None:
    page = staff.get(f"{LIST}?q=GMAIL").text
    assert "gmail.com" in page
    assert "googlemail.com" in page
    assert "outlook.com" not in page
    assert "mailinator.com" in staff.get(f"{LIST}?standing=refused").text
    assert "No domain matches" in staff.get(f"{LIST}?q=100%25").text
    assert "A change holds for signatures from now on." in page
    assert "page=2" in staff.get(LIST).text


def test_a_university_is_added_and_trusted_from_then_on(staff: PageCheckingClient) -> None:
    response = send(
        staff, f"{LIST}/new", domain="@Students.Bücher.example", standing="trusted", note="The university"
    )
    assert response.status_code == 303
    found = mailboxes.known("ada@students.bücher.example")
    assert found.standing is DomainStanding.TRUSTED
    assert told(staff) == ["domain_added students.xn--bcher-kva.example"]
    assert "The university" in staff.get(f"{LIST}?q=university").text


def test_another_name_of_a_provider_reads_addresses_as_it_does(staff: PageCheckingClient) -> None:
    send(staff, f"{LIST}/new", domain="gmail.example", other_name_of="gmail.com", standing="usual")
    assert mailboxes.canonical("a.da+1@gmail.example") == "ada@gmail.com"
    send(staff, f"{LIST}/gmail.com", ignores_dots="")
    for domain in ("gmail.com", "googlemail.com", "gmail.example"):
        assert mailboxes.canonical(f"a.da+1@{domain}") == "a.da@gmail.com"


def test_what_is_changed_stands_in_the_history_with_what_was_before(
    staff: PageCheckingClient, app: Flask
) -> None:
    send(staff, f"{LIST}/outlook.com", standing="held", note="A wave of them")
    assert mailboxes.known("ada@outlook.com").standing is DomainStanding.HELD
    send(staff, f"{LIST}/outlook.com", standing="held", note="A wave of them")
    assert told(staff) == ["domain_changed outlook.com"], "the second time nothing changed"
    history = signed_in(app, build.staff("administrator")).get("/staff/history").text
    assert "Mail domain changed" in history
    assert "Every one is held for staff" in history
    assert "Trusted, however many there are" in history


def test_a_domain_is_removed(staff: PageCheckingClient) -> None:
    assert send(staff, f"{LIST}/mailinator.com/remove").status_code == 303
    assert mailboxes.known("ada@mailinator.com").standing is DomainStanding.USUAL
    assert told(staff) == ["domain_removed mailinator.com"]
    assert staff.get(f"{LIST}/mailinator.com").status_code == 404


def test_a_provider_with_other_names_stays_one(staff: PageCheckingClient) -> None:
    page = send(staff, f"{LIST}/gmail.com/remove")
    assert page.status_code == 422
    assert "Other domains are names of this one: googlemail.com." in page.text
    page = send(staff, f"{LIST}/gmail.com", other_name_of="outlook.com")
    assert page.status_code == 422
    assert mailboxes.canonical("a.da@googlemail.com") == "ada@gmail.com"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"domain": ""}, "Enter a domain."),
        ({"domain": "no domain"}, "in the form example.org"),
        ({"domain": "gmail.com"}, "in the list already"),
        ({"domain": "GMail.com"}, "in the list already"),
        ({"domain": "x.example", "other_name_of": "nowhere.example"}, "has a name of its own"),
        ({"domain": "x.example", "other_name_of": "googlemail.com"}, "has a name of its own"),
        ({"domain": "x.example", "other_name_of": "x.example"}, ""),
        ({"domain": "x.example", "standing": "adored"}, "Choose one of the answers"),
        ({"domain": "x.example", "note": "n" * 201}, "Shorten this by 1 character."),
    ],
)
def test_what_cannot_be_is_refused_with_words(
    staff: PageCheckingClient, fields: dict[str, str], words: str
) -> None:
    page = send(staff, f"{LIST}/new", **fields)
    if not words:
        assert page.status_code == 303
        return
    assert page.status_code == 422
    assert words in page.text
    assert told(staff) == []
    assert db.session.get(MailDomain, "x.example") is None


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", ["official", "press", "auditor", "approver"])
def test_only_those_who_may_change_domains_see_them(app: Flask, role: str) -> None:
    client = signed_in(app, build.staff(role))
    assert client.get(LIST).status_code == 404
    assert client.get(f"{LIST}/gmail.com").status_code == 404


def test_a_domain_that_is_not_in_the_list_is_not_found(staff: PageCheckingClient) -> None:
    for domain in ("nowhere.example", "GMAIL.COM", "..", "%00"):
        assert staff.get(f"{LIST}/{domain}").status_code in {308, 400, 404}
