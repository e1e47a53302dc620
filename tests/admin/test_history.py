"""The permanent history is read in plain words, page by page, and for one petition."""

import pytest
from flask import Flask

from petitions import audit
from petitions.admin import queries
from petitions.database import transactional
from petitions.models import Petition
from tests import build
from tests.staff_visitor import StaffVisitor


@transactional
def write(petition: Petition, times: int = 1, **details: object) -> None:
    """Put lines into the history."""
    for _ in range(times):
        audit.record("closed", petition=petition, **details)


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
    write(petition, times=queries.LINES_PER_PAGE + 1)
    visitor = StaffVisitor(app, build.staff("auditor"))
    first = visitor.get(f"/staff/history?petition={petition.id}").text
    assert f"/staff/history?petition={petition.id}&amp;page=2" in first
    assert "Page 2 of 2" in visitor.get(f"/staff/history?petition={petition.id}&page=2").text


@pytest.mark.parametrize(
    "query", ["petition=x", "petition=-1", "petition=99999999999999999999", "page=x", "page=-1"]
)
def test_an_address_that_makes_no_sense_is_no_error(app: Flask, query: str) -> None:
    assert StaffVisitor(app, build.staff("auditor")).get(f"/staff/history?{query}").status_code == 200
