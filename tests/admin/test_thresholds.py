"""Thresholds as data: they hold for petitions published from then on, and those that are published keep theirs for ever."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from petitions.counts import crossings
from petitions.extensions import db
from petitions.models import AuditEntry, Crossing, Duty, Petition, PetitionThreshold, Staff
from petitions.moderation import decisions
from tests import build
from tests.staff_visitor import StaffVisitor

PAGE = "/staff/settings/thresholds"


@pytest.fixture
def administrator(app: Flask) -> Staff:
    """Who sets them."""
    return build.staff("administrator")


@pytest.fixture
def visitor(app: Flask, administrator: Staff) -> StaffVisitor:
    """An administrator at work."""
    return StaffVisitor(app, administrator)


def of(petition: Petition) -> list[tuple[str, int, int | None, str]]:
    """What holds for a petition."""
    query = select(PetitionThreshold).where(PetitionThreshold.petition_id == petition.id)
    rows = db.session.execute(query.order_by(PetitionThreshold.signatures)).scalars()
    return [(row.key, row.signatures, row.days, row.days_kind) for row in rows]


def today() -> list[tuple[str, str, int, int | None]]:
    """What would hold for a petition published now."""
    return [(rule.key, rule.duty, rule.signatures, rule.days) for rule in crossings.rules_today()]


def add(visitor: StaffVisitor, **fields: Any) -> int:
    """Send the form that adds one; the answer's status."""
    filled = {"duty": "response", "signatures": "50000", "days": "14", "days_kind": "working"} | fields
    return visitor.post(f"{PAGE}/new", **filled).status_code


USUAL = [("response", 10_000, 21, "calendar"), ("debate", 100_000, None, "calendar")]


def test_while_none_are_set_the_settings_hold(visitor: StaffVisitor) -> None:
    assert of(build.open_petition()) == USUAL
    page = visitor.get(PAGE).text
    assert "those of the site’s settings" in page
    assert "10,000 signatures" in page
    assert "An answer within 21 days" in page
    assert "owes you" not in page, "who reads this is staff"


def test_a_further_threshold_is_for_petitions_to_come_alone(visitor: StaffVisitor) -> None:
    before = build.open_petition()
    assert add(visitor) == 303
    assert today() == [
        ("response", "response", 10_000, 21),
        ("response-2", "response", 50_000, 14),
        ("debate", "debate", 100_000, None),
    ]
    after = build.open_petition()
    assert of(before) == USUAL
    assert ("response-2", 50_000, 14, "working") in of(after)


@pytest.mark.settings(response_threshold=3, debate_threshold=6)
def test_published_petitions_keep_theirs_whatever_is_changed(
    app: Flask, visitor: StaffVisitor, administrator: Staff
) -> None:
    petition = build.open_petition()
    kept = of(petition)
    add(visitor, signatures="2", days="1")
    visitor.post(f"{PAGE}/response/numbers", signatures="4", days="2", days_kind="calendar")
    visitor.post(f"{PAGE}/debate/remove")
    decisions.refuse(
        petition_id=petition.id,
        text_version=1,
        state="open",
        code="advert",
        explanation="No.",
        original_id=None,
        by=administrator,
    )
    decisions.restore(petition_id=petition.id, by=administrator)
    decisions.publish(petition_id=petition.id, text_version=1, by=administrator)
    assert of(petition) == kept, "published again, too"
    build.signatures(petition, 2)
    assert db.session.execute(select(Crossing.threshold_key, Crossing.signature_count)).all() == [
        ("response", 3)
    ]
    build.signatures(petition, 3)
    assert sorted(db.session.execute(select(Crossing.threshold_key)).scalars()) == ["debate", "response"]


@pytest.mark.settings(response_threshold=3, debate_threshold=60)
def test_each_of_several_thresholds_brings_its_own_duty(visitor: StaffVisitor) -> None:
    add(visitor, signatures="5", days="10", days_kind="calendar")
    add(visitor, duty="debate", signatures="4", days="")
    petition = build.open_petition()
    build.signatures(petition, 4)
    duties = db.session.execute(select(Duty.threshold_key).order_by(Duty.id)).scalars().all()
    assert duties == ["response", "debate-2", "response-2"]


@pytest.mark.parametrize(
    "fields",
    [
        {"signatures": ""},
        {"signatures": "0"},
        {"signatures": "-4"},
        {"signatures": "1e3"},
        {"signatures": "99999999999"},
        {"signatures": "10000"},
        {"days": ""},
        {"days": "0"},
        {"days": "1001"},
        {"days_kind": "lunar"},
        {"duty": ""},
        {"duty": "coffee"},
    ],
)
def test_a_threshold_that_cannot_be_is_refused(visitor: StaffVisitor, fields: dict[str, str]) -> None:
    assert add(visitor, **fields) == 422
    assert [rule[0] for rule in today()] == ["response", "debate"]


def test_a_debate_needs_no_date_and_an_answer_does(visitor: StaffVisitor) -> None:
    assert add(visitor, duty="debate", signatures="70000", days="") == 303
    assert (
        visitor.post(f"{PAGE}/debate/numbers", signatures="90000", days="", days_kind="calendar").status_code
        == 303
    )
    for path in (f"{PAGE}/response/numbers",):
        refused = visitor.post(path, signatures="9000", days="", days_kind="calendar")
        assert (refused.status_code, "days in which an answer is owed" in refused.text) == (422, True)


def test_the_last_that_leads_to_an_answer_stays(visitor: StaffVisitor) -> None:
    refused = visitor.post(f"{PAGE}/response/remove")
    assert (refused.status_code, "no petition would be owed an answer" in refused.text) == (422, True)
    add(visitor)
    assert visitor.post(f"{PAGE}/response/remove").status_code == 303
    assert [rule[0] for rule in today()] == ["response-2", "debate"]


def test_given_up_the_settings_hold_again(visitor: StaffVisitor) -> None:
    add(visitor)
    for _ in range(2):
        assert visitor.post(f"{PAGE}/settings").status_code == 303
    assert of(build.open_petition()) == USUAL
    names = select(AuditEntry.action).where(AuditEntry.action.startswith("threshold")).order_by(AuditEntry.id)
    assert list(db.session.execute(names).scalars()) == ["threshold_added", "thresholds_of_settings"]


def test_every_page_that_says_todays_thresholds_says_the_same(app: Flask, visitor: StaffVisitor) -> None:
    visitor.post(f"{PAGE}/response/numbers", signatures="4321", days="15", days_kind="working")
    visitor.post(f"{PAGE}/debate/numbers", signatures="87654", days="", days_kind="calendar")
    add(visitor, signatures="55555", days="30", days_kind="calendar")
    reader = app.test_client()
    for path in ("/", "/petitions/start", "/accountability", "/help"):
        page = reader.get(path).text
        assert "4,321" in page, path
        assert "15 working days" in page, path
        assert "10,000" not in page, path
    for path in ("/", "/petitions/start", "/help"):
        assert "87,654" in reader.get(path).text, path
    for path in ("/petitions/start", "/help"):
        assert "55,555" in reader.get(path).text, path
    visitor.post(f"{PAGE}/debate/remove")
    assert "87,654" not in "".join(reader.get(path).text for path in ("/", "/petitions/start", "/help"))
