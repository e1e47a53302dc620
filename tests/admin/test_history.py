"""The permanent history is read in plain words, page by page, and for one petition."""

import csv
import hashlib
import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from petitions import audit, clock
from petitions.admin import history
from petitions.database import transactional
from petitions.models import Petition
from tests import build
from tests.staff_visitor import StaffVisitor, token_on


@transactional
def write(petition: Petition, times: int = 1, **details: object) -> None:
    """Put lines into the history."""
    for _ in range(times):
        audit.record("closed", petition=petition, **details)


def export(visitor: StaffVisitor, **fields: str) -> TestResponse:
    """Take the history away; the whole file is read."""
    data = {"csrf_token": token_on(visitor.get("/staff").text)} | fields
    return visitor.client.post("/staff/history/export", data=data, buffered=True)


def test_lines_say_who_did_what_and_why(app: Flask) -> None:
    petition = build.review_petition()
    moderator = build.staff("moderator", name="Maren Holt")
    refusal = {
        "text_version": "1",
        "state": "review",
        "code": "advert",
        "explanation": "It sells <b>shoes</b>.",
    }
    StaffVisitor(app, moderator).post(f"/staff/petitions/{petition.id}/refuse", **refusal)
    page = StaffVisitor(app, build.staff("auditor")).get("/staff/history").text
    for part in (
        "Maren Holt",
        "Rejected and hidden",
        "reason: advert",
        "It sells &lt;b&gt;shoes",
        "Signed in",
    ):
        assert part in page


def test_days_and_unknown_details_are_words_too(app: Flask) -> None:
    write(
        build.open_petition(),
        due_on="2026-12-09",
        odd="2026-02-31",
        names=["a", "b"],
        none=None,
        no=False,
        yes=True,
    )
    page = StaffVisitor(app, build.staff("auditor")).get("/staff/history").text
    for part in ("due on: 9 December 2026", "odd: 2026-02-31", "names: a, b", "yes: yes"):
        assert part in page
    assert "none:" not in page
    assert "the clock" in page


def test_frozen_thresholds_are_said_in_the_readers_words(app: Flask) -> None:
    """The line keeps plain words for ever; the page says them as every other page does, so they can be translated."""
    kept = {"response": "10000 signatures: response in 1 working days", "debate": "100000 signatures: debate"}
    write(build.open_petition(), thresholds=kept)
    page = StaffVisitor(app, build.staff("auditor")).get("/staff/history").text
    assert "answer: 10,000 signatures: an answer within 1 working day" in page
    assert "debate: 100,000 signatures: considered for a debate" in page


def test_one_petition_has_its_own_history(app: Flask) -> None:
    mine, other = build.open_petition(), build.open_petition()
    write(mine, signature_count=4711)
    write(other, signature_count=1234)
    visitor = StaffVisitor(app, build.staff("auditor"))
    page = visitor.get(f"/staff/history?petition={mine.id}").text
    assert "4711" in page
    assert "1234" not in page


def test_long_histories_have_pages(app: Flask) -> None:
    petition = build.open_petition()
    write(petition, times=history.LINES_PER_PAGE + 1)
    visitor = StaffVisitor(app, build.staff("auditor"))
    first = visitor.get(f"/staff/history?petition={petition.id}").text
    assert f"/staff/history?petition={petition.id}&amp;page=2" in first
    assert "Page 2 of 2" in visitor.get(f"/staff/history?petition={petition.id}&page=2").text


@pytest.mark.parametrize(
    "query",
    [
        "petition=x",
        "petition=-1",
        "petition=99999999999999999999",
        "page=x",
        "page=-1",
        "person=x",
        "person=-1",
        "person=99999999999999999999",
        "person=%D9%A1",
        "action=nothing",
        "since=2026-02-31",
        "since=0001-01-01",
        "until=9999-12-31",
        "until=tomorrow",
    ],
)
def test_an_address_that_makes_no_sense_is_no_error(app: Flask, query: str) -> None:
    assert StaffVisitor(app, build.staff("auditor")).get(f"/staff/history?{query}").status_code == 200


def test_lines_are_found_by_person_kind_and_day(app: Flask) -> None:
    petition, maren = build.open_petition(), build.staff("moderator", name="Maren Holt")
    with clock.fixed(datetime(2026, 7, 1, 22, 59, tzinfo=UTC)):
        write(petition, note="in the evening of the first")
    with clock.fixed(datetime(2026, 7, 1, 23, 0, tzinfo=UTC)):
        write(petition, note="at midnight in London")
    StaffVisitor(app, maren)
    visitor = StaffVisitor(app, build.staff("auditor"))

    def found(query: str) -> str:
        return visitor.get(f"/staff/history?{query}").text.partition("<tbody>")[2]

    assert "Maren Holt" in found(f"person={maren.id}")
    assert "Closed" not in found(f"person={maren.id}")
    assert "Maren Holt" not in found("person=system")
    assert "Maren Holt" not in found("action=closed")
    assert "midnight" in found("action=closed")
    assert "midnight" not in found("until=2026-07-01")
    assert "evening" in found("until=2026-07-01")
    assert "evening" not in found("since=2026-07-02&until=2026-07-02")
    assert "midnight" in found("since=2026-07-02&until=2026-07-02")
    assert found("action=closed&person=petitioner") == ""


def test_the_filter_stays_from_page_to_page(app: Flask) -> None:
    write(build.open_petition(), times=history.LINES_PER_PAGE + 1)
    visitor = StaffVisitor(app, build.staff("auditor"))
    page = visitor.get("/staff/history?action=closed&person=system").text
    assert "person=system&amp;action=closed&amp;page=2" in page
    assert '<option value="closed" selected>' in page


def test_json_lines_hold_all_that_the_chain_is_made_of(app: Flask) -> None:
    write(build.open_petition(), times=3, reason="Über <b>alles</b>")
    auditor = build.staff("auditor", name="Greta Osei")
    answer = export(StaffVisitor(app, auditor), form="jsonl")
    assert answer.headers["Content-Disposition"].endswith('.jsonl"')
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["id"] for line in lines] == list(range(1, len(lines) + 1))
    assert (lines[-1]["action"], lines[-1]["person"]) == ("history_exported", "Greta Osei")
    before = bytes(32)
    for line in lines:
        assert line["previous_hash"] == before.hex()
        content = {
            name: line[name] for name in ("id", "at", "actor", "staff_id", "action", "petition_id", "details")
        }
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        before = hashlib.sha256(before + canonical.encode()).digest()
        assert line["hash"] == before.hex()
    assert list(audit.verify()) == []


def test_a_table_holds_what_was_asked_for_and_no_formula(app: Flask) -> None:
    write(build.open_petition(), times=2, reason="a, b")
    auditor = build.staff("auditor", name="=HYPERLINK(1)")
    visitor = StaffVisitor(app, auditor)
    answer = export(visitor, form="csv", action="closed")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [row["action"] for row in rows] == ["closed", "closed"]
    assert json.loads(rows[0]["details"]) == {"reason": "a, b"}
    own = list(csv.DictReader(export(visitor, form="csv").text.splitlines()))
    assert {row["person"] for row in own} == {"", "'=HYPERLINK(1)"}
    assert "History exported" in visitor.get("/staff/history").text
