"""Search within one petition: every condition finds what it says, nothing names anybody, and no address tells what was asked."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from petitions import clock, mailboxes
from petitions.extensions import db
from petitions.models import Petition, Signature
from petitions.scrutiny import looking
from petitions.scrutiny.conditions import Conditions, from_json, to_json
from petitions.secrecy import domain_hash, network_hash
from tests import build
from tests.staff_visitor import StaffVisitor


def signed(petition: Petition, email: str, ip: str | None = None, **columns: object) -> Signature:
    """A signature as the sign form stores it."""
    return build.signature(
        petition,
        email=email,
        ip=ip,
        domain_hash=domain_hash(petition.id, mailboxes.domain_of(email)),
        network_hash=network_hash(petition.id, ip) if ip else None,
        **columns,
    )


def found(petition: Petition, **asked: object) -> list[int]:
    """The numbers of what fits, in rising order, but for the petitioner's own."""
    ids = looking.search(petition.id, Conditions(**asked), after=None, limit=100).ids
    return sorted(set(ids) - {build.creator_of(petition).id})


@pytest.fixture
def rows(petition: Petition) -> dict[str, Signature]:
    """Signatures that differ in everything that can be asked for."""
    now = clock.now()
    return {
        "plain": signed(
            petition, "ada@mail.example.org", "192.0.2.7", postcode="AB1 2CD", confirm_seconds=40
        ),
        "alias": signed(
            petition,
            "ben+x@mail.example.org",
            "192.0.2.200",
            postcode="AB12 3CD",
            signals=["alias", "quick"],
            confirm_seconds=2,
        ),
        "v6": signed(
            petition,
            "cleo@other.example",
            "2001:db8:1:2::5",
            postcode="ZZ1 1ZZ",
            country="FR",
            signals=["quick"],
        ),
        "held": signed(
            petition,
            "dora@other.example",
            "2001:db8:1:3::5",
            state="held",
            validated_at=now,
            held_reason="origin",
            postcode="CD1 1AA",
        ),
        "old": signed(
            petition,
            "emil@example.org",
            None,
            role="supporter",
            postcode="CD1 1AA",
            place=build.place("Fairley Marsh"),
            created_at=now - timedelta(days=9),
            validated_at=now - timedelta(days=8),
        ),
    }


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"address": "ben@mail.example.org"}, "alias"),
        ({"address": "nobody@mail.example.org"}, ""),
        ({"domain": "mail.example.org"}, "plain alias"),
        ({"domain": "*.example.org"}, "plain alias"),
        ({"domain": "*example.org"}, "plain alias old"),
        ({"domain": "o*r.example"}, "v6 held"),
        ({"origin": "192.0.2.7/32"}, "plain"),
        ({"origin": "192.0.2.0/24"}, "plain alias"),
        ({"origin": "192.0.0.0/16"}, "plain alias"),
        ({"origin": "2001:db8:1:2::/64"}, "v6"),
        ({"origin": "2001:db8:1::/48"}, "v6 held"),
        ({"origin": "2001:db8::/32"}, "v6 held"),
        ({"origin": "198.51.100.0/24"}, ""),
        ({"postcode": "AB12CD"}, "plain"),
        ({"postcode": "AB12*"}, "plain alias"),
        ({"country": "FR"}, "v6"),
        ({"state": "held"}, "held"),
        ({"role": "supporter"}, "old"),
        ({"held_reason": "origin"}, "held"),
        ({"signals": ("quick",)}, "alias v6"),
        ({"signals": ("quick", "alias")}, "alias"),
        ({"seconds_to": 5}, "alias"),
        ({"seconds_from": 5, "seconds_to": 60}, "plain"),
        ({"domain": "*.example.org", "origin": "192.0.2.0/25"}, "plain"),
    ],
)
def test_each_condition_finds_what_it_says(
    petition: Petition, rows: dict[str, Signature], asked: dict[str, object], names: str
) -> None:
    assert found(petition, **asked) == sorted(rows[name].id for name in names.split())


def test_times_and_place_find_what_they_say(petition: Petition, rows: dict[str, Signature]) -> None:
    old, week_ago = rows["old"], clock.now() - timedelta(days=7)
    assert found(petition, signed_before=week_ago) == [old.id]
    assert found(petition, confirmed_before=week_ago) == [old.id]
    assert old.id not in found(petition, signed_from=week_ago)
    assert found(petition, confirmed_from=old.validated_at, confirmed_before=week_ago) == [old.id]
    assert found(petition, place_id=old.place_id) == [old.id]


def test_nobody_finds_what_a_person_signed_elsewhere(petition: Petition, rows: dict[str, Signature]) -> None:
    other = build.open_petition()
    for asked in (
        {"address": "ada@mail.example.org"},
        {"domain": "*.example.org"},
        {"origin": "192.0.2.0/24"},
    ):
        assert found(other, **asked) == []


def test_conditions_survive_being_written_down() -> None:
    asked = Conditions(
        domain="*.example.org", signals=("quick",), signed_from=clock.now(), seconds_to=5, place_id=3
    )
    assert from_json(to_json(asked)) == asked


def test_a_search_that_must_open_too_much_says_so_and_goes_on(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = signed(petition, "ada@mail.example.org")
    for number in range(7):
        signed(petition, f"x{number}@elsewhere.example")
    monkeypatch.setattr(looking, "MOST_OPENED", 4)
    monkeypatch.setattr(looking, "PORTION", 2)
    asked = Conditions(domain="*.example.org")
    start = looking.search(petition.id, asked, after=None, limit=10)
    assert (start.ids, start.looked_at, start.is_cut) == ([], 4, True)
    rest = looking.search(petition.id, asked, after=start.after, limit=10)
    assert (rest.ids, rest.is_cut, rest.after) == ([first.id], True, rest.after)
    end = looking.search(petition.id, asked, after=rest.after, limit=10)
    assert (end.ids, end.is_cut, end.after) == ([], False, None)


def test_pages_follow_each_other_without_gap_or_repetition(petition: Petition) -> None:
    ids = [row.id for row in build.signatures(petition, 7)]
    seen: list[int] = []
    after = None
    while True:
        page = looking.search(petition.id, Conditions(role="signer"), after=after, limit=3)
        seen += page.ids
        after = page.after
        if after is None:
            break
    assert seen == ids[::-1]


def search(visitor: StaffVisitor, petition: Petition, **fields: object):  # type: ignore[no-untyped-def]
    """Send the search form and follow it to its results."""
    response = visitor.post(f"/staff/petitions/{petition.id}/signatures", **fields)
    return visitor.get(response.location) if response.status_code == 303 else response


def test_results_cover_up_who_signed(
    visitor: StaffVisitor, petition: Petition, rows: dict[str, Signature]
) -> None:
    page = search(visitor, petition, origin="192.0.2.7").text
    assert "S… S…" in page
    assert "a…@mail.example.org" in page
    assert "192.0.…" in page
    for secret in ("Sam Signer", "ada@mail", "192.0.2.7<", "AB1 2CD"):
        assert secret not in page.replace("192.0.2.7, or a network", "")


def test_the_address_of_a_search_does_not_tell_what_was_asked(
    visitor: StaffVisitor, petition: Petition, rows: dict[str, Signature]
) -> None:
    response = visitor.post(f"/staff/petitions/{petition.id}/signatures", address="ada@mail.example.org")
    assert response.status_code == 303
    assert "ada" not in response.location
    assert "example" not in response.location
    other = build.open_petition()
    moved = response.location.replace(f"/{petition.id}/", f"/{other.id}/")
    assert visitor.get(moved).status_code == 404
    for spoiled in ("x", "%ff", "a" * 7000, response.location.partition("search=")[2][:-4]):
        assert visitor.get(f"/staff/petitions/{petition.id}/signatures?search={spoiled}").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "no address"},
        {"domain": "no domain!"},
        {"origin": "300.1.1.1"},
        {"origin": "192.0.2.0/40"},
        {"postcode": "A*B"},
        {"place": "Nowhere"},
        {"country": "XX"},
        {"state": "gone"},
        {"signals": "odd"},
        {"signed_from": "yesterday"},
        {"signed_from": "0001-01-01T00:00"},
        {"seconds_to": "-1"},
        {"seconds_to": "9999999999"},
    ],
)
def test_what_cannot_be_searched_for_is_said(
    visitor: StaffVisitor, petition: Petition, fields: dict[str, str]
) -> None:
    response = search(visitor, petition, **fields)
    assert response.status_code == 422
    assert "There is a problem" in response.text


def test_what_is_typed_otherwise_is_understood(
    visitor: StaffVisitor, petition: Petition, rows: dict[str, Signature]
) -> None:
    for fields, row in (
        ({"domain": "@OTHER.example"}, rows["v6"]),
        ({"origin": "::ffff:192.0.2.7"}, rows["plain"]),
        ({"postcode": "ab1 2cd"}, rows["plain"]),
        ({"place": "fairley marsh"}, rows["old"]),
        ({"address": " BEN@mail.example.org "}, rows["alias"]),
    ):
        page = search(visitor, petition, **fields).text
        assert f">{row.id}</a>" in page, fields


def test_where_addresses_were_forgotten_it_says_so_and_the_network_still_finds(
    visitor: StaffVisitor, petition: Petition, rows: dict[str, Signature]
) -> None:
    build.change(rows["plain"], ip=None)
    by_address = search(visitor, petition, origin="192.0.2.7").text
    assert "Where the address was forgotten" in by_address
    assert f">{rows['plain'].id}</a>" not in by_address
    by_network = search(visitor, petition, origin="192.0.2.0/24").text
    assert "Where the address was forgotten" not in by_network
    assert f">{rows['plain'].id}</a>" in by_network


@pytest.mark.database("postgresql")
def test_what_is_asked_of_the_database_reads_no_more_than_it_shows(app: Flask, petition: Petition) -> None:
    """The plan of the newest page among many signatures: by the index, without sorting all of a petition's."""
    for each in (petition, build.open_petition()):
        build.signature(each)
    db.session.execute(text(MANY))
    db.session.execute(text("ANALYZE signatures"))
    newest = (
        select(Signature.id)
        .where(Signature.petition_id == petition.id)
        .order_by(Signature.id.desc())
        .limit(100)
    )
    compiled = newest.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = "\n".join(db.session.execute(text(f"EXPLAIN {compiled}")).scalars())
    db.session.rollback()
    assert "ix_signatures_petition_id_id" in plan, plan
    assert "Sort" not in plan, plan


#: As many signatures as life has, and few of them the petition's: reading it by the table's own order costs the planner
#: twenty times as much as by the index, so its choice is no matter of chance.
MANY = """
    INSERT INTO signatures (petition_id, text_version, role, state, row_key, country, wants_updates, created_at, seat)
    SELECT (SELECT CASE WHEN number <= 3000 THEN min(id) ELSE max(id) END FROM petitions),
           1, 'signer', 'pending', decode(md5(number::text), 'hex'), 'GB', false, now(), 1
    FROM generate_series(1, 60000) AS number
"""
