"""The board for programs, feed readers and pages of others."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask

from petitions import clock
from petitions.extensions import db
from petitions.models import DutyTransfer
from petitions.responses import duty_actions
from tests import build
from tests.accountability.duties import owed
from tests.browsing.pages import count_queries
from tests.client import PageCheckingClient

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(NOW):
        yield


@pytest.fixture
def some(app: Flask) -> dict[str, int]:
    """A late, a paused and an answered one, of two departments."""
    trade, works = build.department("Department of Trade"), build.department("Department of Works")
    late = owed("=SUM(late)", date(2026, 10, 20), trade)
    paused = owed("Paused library", date(2026, 10, 1), works)
    answered = owed("Answered library", date(2025, 10, 1), works, answered_on=date(2025, 11, 1))
    duty_actions.pause(
        paused.id,
        starts_on=date(2026, 10, 10),
        ends_on=None,
        reason="An election",
        by=build.staff("administrator"),
    )
    duty_actions.transfer(
        late.id, department_id=works.id, reason="It builds them.", by=build.staff("administrator")
    )
    return {"late": late.id, "paused": paused.id, "answered": answered.id}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["late", "paused", "answered"]),
        ("?status=overdue", ["late"]),
        ("?status=owed&sort=-reached", ["late", "paused"]),
        ("?status=answered", ["answered"]),
        ("?status=late", ["answered"]),
        ("?status=nonsense", ["late", "paused", "answered"]),
        ("?year=2025", ["answered"]),
        ("?year=never", ["late", "paused", "answered"]),
        ("?department=department-of-works&status=paused", ["paused"]),
        ("?department=nobody", []),
        ("?q=LIBRARY", ["paused", "answered"]),
        ("?q=library%20paused", ["paused"]),
        ("?q=works", ["late", "paused", "answered"]),
        ("?count=2", ["late", "paused"]),
        ("?count=2&page=2", ["answered"]),
        ("?count=2&page=99", ["answered"]),
        ("?count=0&page=0", ["late", "paused", "answered"]),
    ],
)
def test_it_is_narrowed_sorted_and_turned_page_by_page(
    some: dict[str, int], client: PageCheckingClient, query: str, expected: list[str]
) -> None:
    document = client.get(f"/accountability.json{query}").json
    assert document is not None
    assert [each["id"] for each in document["data"]] == [some[name] for name in expected]
    rows = re.findall(r'<tr id="duty-(\d+)">', client.get(f"/accountability{query}").text)
    assert [int(each) for each in rows] == [some[name] for name in expected]


def test_the_lists_lead_on_and_keep_what_was_asked(some: dict[str, int], client: PageCheckingClient) -> None:
    document = client.get("/accountability.json?count=1&status=owed&page=2").json
    assert document is not None
    assert document["links"]["prev"].endswith("/accountability.json?count=1&status=owed")
    assert document["links"]["next"] is None
    assert document["links"]["last"].endswith("/accountability.json?count=1&page=2&status=owed")
    page = client.get("/accountability?count=1&status=owed").text
    assert 'href="/accountability?count=1&amp;page=2&amp;status=owed"' in page
    assert 'href="/accountability?count=1&amp;sort=-due&amp;status=owed"' in page


def test_one_duty_says_all_that_is_public(some: dict[str, int], client: PageCheckingClient) -> None:
    document = client.get(f"/accountability/{some['late']}.json").json
    assert document is not None
    found = document["data"]["attributes"]
    assert found["status"] == "overdue"
    assert (found["due_on"], found["days"], found["days_taken"]) == ("2026-11-10", -13, None)
    assert found["department"]["slug"] == "department-of-works"
    (given,) = found["transfers"]
    assert (given["from"]["slug"], given["to"]["slug"]) == ("department-of-trade", "department-of-works")
    assert given["reason"] == "It builds them."
    page = client.get(f"/accountability/{some['paused']}").text
    assert "An election. The clock stands still since 10 October; no end is set." in page
    answered = client.get(f"/accountability/{some['answered']}.json").json
    assert answered is not None
    assert answered["data"]["attributes"]["days_taken"] == 31
    assert answered["data"]["attributes"]["outcome"] == "agreed"


def test_a_duty_that_is_not_public_has_no_address(client: PageCheckingClient) -> None:
    hidden = owed("Taken down", date(2026, 11, 1), state="hidden").id
    debate = build.cross(build.open_petition(), "debate").id
    for number in (hidden, debate, 999):
        assert client.get(f"/accountability/{number}").status_code == 404
        assert client.get(f"/accountability/{number}.json").status_code == 404


def test_the_table_has_a_line_for_each_and_no_formula(
    some: dict[str, int], client: PageCheckingClient
) -> None:
    reply = client.get("/accountability.csv?sort=reached")
    assert reply.mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(reply.text)))
    assert [int(line["duty"]) for line in lines] == [some["answered"], some["paused"], some["late"]]
    late = lines[2]
    assert late["title"] == "'=SUM(late)"
    assert (late["status"], late["days"], late["due_on"]) == ("overdue", "-13", "2026-11-10")
    assert lines[1]["pauses"] == "2026-10-10/ An election"


def parsed(document: bytes) -> ElementTree.Element:
    """What a strict parser makes of a document of ours."""
    return ElementTree.fromstring(document)  # noqa: S314


def feed(client: PageCheckingClient, path: str = "/accountability.atom") -> ElementTree.Element:
    """The feed, read by a parser of XML."""
    reply = client.get(path)
    assert reply.mimetype == "application/atom+xml"
    return parsed(reply.data)


def test_the_feed_is_what_rfc_4287_asks_for(some: dict[str, int], client: PageCheckingClient) -> None:
    root = feed(client)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"{ATOM}{name}")) == 1
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    relations = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert relations["self"] == "http://localhost/accountability.atom"
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 3
    ids = set()
    for entry in entries:
        for name in ("id", "title", "updated", "published", "summary"):
            (found,) = entry.findall(f"{ATOM}{name}")
            assert found.text
        ids.add(entry.findtext(f"{ATOM}id"))
        assert entry.find(f"{ATOM}author/{ATOM}name") is not None
        assert entry.find(f"{ATOM}link[@rel='alternate']") is not None
    assert len(ids) == 3
    times = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert times == sorted(times, reverse=True)
    assert root.findtext(f"{ATOM}updated") == times[0]


def test_ids_stay_and_the_feed_changes_when_something_happens(client: PageCheckingClient) -> None:
    with clock.fixed(NOW - timedelta(days=20)):
        duty = owed("Soon late", date(2026, 10, 30), build.department())
        before = feed(client).find(f"{ATOM}entry")
        reply = client.get("/accountability.atom")
    assert before is not None
    assert reply.headers["Last-Modified"] == "Fri, 30 Oct 2026 12:00:00 GMT"
    with clock.fixed(NOW - timedelta(days=19)):
        same = {"If-None-Match": reply.headers["ETag"]}
        assert client.get("/accountability.atom", headers=same).status_code == 304
    after = feed(client).find(f"{ATOM}entry")
    assert after is not None
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert "overdue since 21 November" in (after.findtext(f"{ATOM}title") or "")
    assert after.findtext(f"{ATOM}updated") == "2026-11-21T00:00:00.000Z"
    assert (after.findtext(f"{ATOM}id") or "").endswith(f"duties/{duty.id}")


def test_a_feed_of_nothing_is_a_feed(client: PageCheckingClient) -> None:
    root = feed(client)
    assert root.findall(f"{ATOM}entry") == []
    assert root.findtext(f"{ATOM}updated") == "2000-01-01T00:00:00.000Z"


def test_what_xml_cannot_hold_does_not_break_the_feed(client: PageCheckingClient) -> None:
    owed("A bell \x07 & <b>", date(2026, 11, 1))
    entry = feed(client).find(f"{ATOM}entry")
    assert entry is not None
    assert (entry.findtext(f"{ATOM}title") or "").startswith("A bell \ufffd & <b>")


def test_the_feed_can_be_of_one_department(some: dict[str, int], client: PageCheckingClient) -> None:
    assert (
        len(feed(client, "/accountability.atom?department=department-of-works").findall(f"{ATOM}entry")) == 3
    )
    assert feed(client, "/accountability.atom?department=department-of-trade").findall(f"{ATOM}entry") == []
    narrowed = feed(client, "/accountability.atom?q=two words&status=owed").findtext(f"{ATOM}id") or ""
    assert narrowed.endswith(":accountability?q=two+words&status=owed"), "an id is an address, without spaces"


def test_programs_of_other_sites_may_read_it_and_nothing_sets_a_cookie(
    some: dict[str, int], client: PageCheckingClient
) -> None:
    for path in (
        "/accountability.json",
        "/accountability.csv",
        "/accountability.atom",
        f"/accountability/{some['late']}.json",
        "/departments/department-of-works.json",
        "/departments/department-of-works/badge.svg",
    ):
        reply = client.get(path)
        assert reply.headers["Access-Control-Allow-Origin"] == "*", path
        assert "Set-Cookie" not in reply.headers
        assert client.get(path, headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304, path


def test_the_badge_says_what_is_owed_in_a_picture(some: dict[str, int], client: PageCheckingClient) -> None:
    reply = client.get("/departments/department-of-works/badge.svg")
    assert reply.mimetype == "image/svg+xml"
    root = parsed(reply.data)
    assert root.get("aria-label") == "Department of Works: 1 answer overdue · 0% on time"
    assert b"<script" not in reply.data
    assert b"style" not in reply.data
    assert client.get("/departments/nobody/badge.svg").status_code == 404


def test_a_name_cannot_break_out_of_the_badge(client: PageCheckingClient) -> None:
    build.department('Department of "<script>alert(1)</script>" & more', slug="odd")
    root = parsed(client.get("/departments/odd/badge.svg").data)
    assert "<script>" in (root.get("aria-label") or "")
    assert not root.findall(".//{http://www.w3.org/2000/svg}script")


def test_only_the_page_for_frames_may_stand_in_a_frame(
    some: dict[str, int], client: PageCheckingClient
) -> None:
    reply = client.get("/departments/department-of-works/embed")
    assert reply.status_code == 200
    policy = reply.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in reply.headers
    assert "Set-Cookie" not in reply.headers
    assert "<script" not in reply.text
    assert "<form" not in reply.text
    assert "=SUM(late)" in reply.text
    for path in ("/accountability", "/departments/department-of-works", "/"):
        other = client.get(path)
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
        assert other.headers["X-Frame-Options"] == "DENY"


@pytest.mark.settings(languages="en,ar")
@pytest.mark.database("sqlite")
def test_the_frame_is_light_or_dark_and_in_the_language_that_is_asked_for(
    some: dict[str, int], client: PageCheckingClient
) -> None:
    address = "/departments/department-of-works/embed"
    for query, scheme, language in (
        ("", "light dark", "en"), ("?theme=dark&lang=ar", "dark", "ar"), ("?theme=pink&lang=tlh", "light dark", "en"),
    ):  # fmt: skip
        page = client.get(address + query).text
        assert f'<meta name="color-scheme" content="{scheme}">' in page
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
        assert ("theme=dark" in page) == (scheme == "dark")


def test_the_department_page_hands_out_the_code(some: dict[str, int], client: PageCheckingClient) -> None:
    page = client.get("/departments/department-of-works").text
    assert "&lt;iframe src=&#34;http://localhost/departments/department-of-works/embed&#34;" in page
    assert "http://localhost/departments/department-of-works/badge.svg" in page


@pytest.mark.parametrize(
    "path",
    [
        "/accountability",
        "/accountability.json?count=500",
        "/accountability.csv",
        "/accountability.atom",
        "/departments/department-of-works",
        "/",
    ],
)
def test_many_duties_take_no_more_queries_than_few(client: PageCheckingClient, path: str) -> None:
    works = build.department("Department of Works")

    def one_more(number: int) -> None:
        duty = owed(f"Petition {number}", date(2026, 10, 1), works)
        answered = owed(f"Answered {number}", date(2026, 9, 1), works, answered_on=date(2026, 9, 9))
        for row in (duty, answered):
            db.session.add(DutyTransfer(duty_id=row.id, to_department_id=works.id, reason="It is theirs."))
        db.session.commit()

    one_more(1)
    client.get(path)
    with count_queries() as few:
        assert client.get(path).status_code == 200
    for number in range(2, 12):
        one_more(number)
    with count_queries() as many:
        assert client.get(path).status_code == 200
    assert len(many) == len(few) <= 20, many
