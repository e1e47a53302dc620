"""What administrators set: departments, topics, reasons, templates, closed days. Each change stands in the history."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.admin import closed_days, departments, explanations, reasons, topics
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import AuditEntry, ClosedDay, Department, ExplanationTemplate, RejectionReason, Staff
from tests import build
from tests.staff_visitor import StaffVisitor

SETTINGS = "/staff/settings"


@pytest.fixture
def administrator(app: Flask) -> Staff:
    """Who sets things."""
    return build.staff("administrator", name="Noor Castellan")


@pytest.fixture
def visitor(app: Flask, administrator: Staff) -> StaffVisitor:
    """An administrator at work."""
    return StaffVisitor(app, administrator)


def lines(*names: str) -> list[AuditEntry]:
    """What the history says of some kinds, oldest first."""
    query = select(AuditEntry).where(AuditEntry.action.in_(names)).order_by(AuditEntry.id)
    return list(db.session.execute(query).scalars())


def offered() -> list[str]:
    """The codes that moderators may give, in order."""
    return [row.code for row in reasons.listed() if row.retired_at is None]


def test_the_index_leads_to_every_part(visitor: StaffVisitor) -> None:
    page = visitor.get(SETTINGS).text
    for part in ("departments", "topics", "reasons", "templates", "closed-days", "thresholds"):
        assert f'href="{SETTINGS}/{part}"' in page
        assert visitor.get(f"{SETTINGS}/{part}").status_code == 200
    assert f'href="{SETTINGS}"' in visitor.get("/staff").text


def test_a_department_is_added_and_renamed_and_keeps_its_address(app: Flask, visitor: StaffVisitor) -> None:
    words = {
        "name": "Department of Trams",
        "slug": "trams",
        "acronym": "DoT",
        "url": "https://trams.example.org",
    }
    assert visitor.post(f"{SETTINGS}/departments/new", **words).status_code == 303
    renamed = {"name": "Department of Trams and Ferries", "acronym": "", "url": ""}
    for _ in range(2):
        assert visitor.post(f"{SETTINGS}/departments/trams/words", **renamed).status_code == 303
    found = departments.get("trams")
    assert (found.name, found.acronym, found.url) == ("Department of Trams and Ferries", None, None)
    assert "Trams and Ferries" in app.test_client().get("/departments/trams").text
    added, changed = lines("department_added", "department_changed")
    assert added.details == {"department": "trams", "name": "Department of Trams"}
    assert changed.details["name_before"] == "Department of Trams"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "Department of Libraries"},
        {"slug": ""},
        {"slug": "department-of-libraries"},
        {"slug": "Not a slug"},
        {"slug": "a/b"},
        {"acronym": "x" * 21},
        {"url": "javascript:alert(1)"},
        {"url": "https://" + "x" * 500 + ".org"},
    ],
)
def test_a_department_that_cannot_be_is_refused_and_kept_in_the_form(
    visitor: StaffVisitor, fields: dict[str, str]
) -> None:
    build.department()
    words = {"name": "Department of Trams", "slug": "trams", "acronym": "DoT", "url": ""}
    refused = visitor.post(f"{SETTINGS}/departments/new", **(words | fields))
    assert (refused.status_code, "There is a problem" in refused.text) == (422, True)
    assert len(db.session.execute(select(Department)).all()) == 1


def test_a_department_cannot_take_the_name_of_another(visitor: StaffVisitor) -> None:
    build.department()
    build.department("Department of Roads")
    refused = visitor.post(
        f"{SETTINGS}/departments/department-of-roads/words", name="Department of Libraries"
    )
    assert (refused.status_code, "has this name" in refused.text) == (422, True)


def test_a_topic_is_added_and_renamed(visitor: StaffVisitor) -> None:
    assert visitor.post(f"{SETTINGS}/topics/new", name="Trams", code="trams").status_code == 303
    assert visitor.post(f"{SETTINGS}/topics/new", name="Others", code="trams").status_code == 422
    assert visitor.post(f"{SETTINGS}/topics/trams/words", name="Trams and ferries").status_code == 303
    assert topics.get("trams").name == "Trams and ferries"
    assert [line.action for line in lines("topic_added", "topic_changed")] == ["topic_added", "topic_changed"]


def test_a_new_reason_is_offered_and_stands_in_the_published_rules(app: Flask, visitor: StaffVisitor) -> None:
    words = {"title": "It is about one school", "description": "Ask that school.", "code": "one-school"}
    assert visitor.post(f"{SETTINGS}/reasons/new", **words).status_code == 303
    assert visitor.post(f"{SETTINGS}/reasons/new", **words).status_code == 422
    petition = build.review_petition()
    moderator = StaffVisitor(app, build.staff("moderator"))
    assert "It is about one school" in moderator.get(f"/staff/petitions/{petition.id}/refuse").text
    assert "It is about one school" in app.test_client().get("/standards").text
    visitor.post(f"{SETTINGS}/reasons/one-school/words", title="It is about a school", description="Ask it.")
    assert "It is about a school" in app.test_client().get("/standards").text
    assert reasons.get("one-school").hides is False
    assert lines("reason_changed")[0].details["title_before"] == "It is about one school"


def test_a_reason_that_hides_says_so_for_ever(visitor: StaffVisitor) -> None:
    words = {"title": "It is a threat", "description": "It threatens.", "code": "threat", "hides": "y"}
    visitor.post(f"{SETTINGS}/reasons/new", **words)
    visitor.post(f"{SETTINGS}/reasons/threat/words", title="Threat", description="It threatens.", hides="")
    assert reasons.get("threat").hides is True


def test_reasons_are_put_in_another_order_within_their_kind(visitor: StaffVisitor) -> None:
    before = [row.code for row in reasons.listed() if not row.hides]
    for _ in range(2):
        visitor.post(f"{SETTINGS}/reasons/{before[1]}/move", way="up")
    after = [row.code for row in reasons.listed() if not row.hides]
    assert after == [before[1], before[0], *before[2:]]
    visitor.post(f"{SETTINGS}/reasons/{before[1]}/move", way="down")
    assert [row.code for row in reasons.listed() if not row.hides] == before
    assert len(lines("reasons_ordered")) == 2


def test_a_retired_reason_stays_readable_and_is_not_given_any_more(app: Flask, visitor: StaffVisitor) -> None:
    petition, other = build.petition(State.REJECTED), build.review_petition()
    title = reasons.get("irrelevant").title
    assert visitor.post(f"{SETTINGS}/reasons/irrelevant/retire").status_code == 303
    assert title in app.test_client().get(f"/petitions/{petition.id}").text
    assert title not in app.test_client().get("/standards").text
    moderator = StaffVisitor(app, build.staff("moderator"))
    assert title not in moderator.get(f"/staff/petitions/{other.id}/refuse").text
    refused = moderator.post(
        f"/staff/petitions/{other.id}/refuse",
        text_version="1",
        state="review",
        code="irrelevant",
        explanation="No.",
    )
    assert (refused.status_code, other.state) == (422, State.REVIEW)
    assert visitor.post(f"{SETTINGS}/reasons/irrelevant/offer").status_code == 303
    assert "irrelevant" in offered()
    assert [line.action for line in lines("reason_retired", "reason_offered")] == [
        "reason_retired",
        "reason_offered",
    ]


def test_the_last_reason_stays_offered(visitor: StaffVisitor, administrator: Staff) -> None:
    *others, last = offered()
    for code in others:
        reasons.retire(code=code, by=administrator)
    refused = visitor.post(f"{SETTINGS}/reasons/{last}/retire")
    assert (refused.status_code, "only reason that is offered" in refused.text) == (422, True)
    assert offered() == [last]


def test_a_template_begins_an_explanation_without_script(app: Flask, visitor: StaffVisitor) -> None:
    words = {"title": "For the council", "code": "irrelevant", "body": "Please ask your council."}
    assert visitor.post(f"{SETTINGS}/templates/new", **words).status_code == 303
    number = db.session.execute(select(ExplanationTemplate.id)).scalar_one()
    moderator = StaffVisitor(app, build.staff("moderator"))
    petition = build.review_petition()
    path = f"/staff/petitions/{petition.id}/refuse"
    assert "For the council" in moderator.get(path).text
    form = {"text_version": "1", "state": "review", "template": str(number), "insert": "1"}
    page = moderator.post(path, **form, explanation="Thank you.")
    assert page.status_code == 200
    assert "There is a problem" not in page.text
    assert "Thank you.\n\nPlease ask your council.</textarea>" in page.text
    assert 'value="irrelevant" checked' in page.text
    other = moderator.post(path, **form, code="advert")
    assert 'value="advert" checked' in other.text
    assert petition.state is State.REVIEW
    for odd in ("", "x", "999"):
        assert moderator.post(path, **(form | {"template": odd}), explanation="Kept").text.count("Kept") == 1
    visitor.post(f"{SETTINGS}/templates/{number}", **(words | {"code": "", "body": "Another text."}))
    assert explanations.get(number).code is None
    assert visitor.post(f"{SETTINGS}/templates/{number}/remove").status_code == 303
    assert visitor.get(f"{SETTINGS}/templates/{number}").status_code == 404
    assert [line.action for line in lines("template_added", "template_changed", "template_removed")] == [
        "template_added",
        "template_changed",
        "template_removed",
    ]


def test_closed_days_are_added_in_a_row_and_taken_out(visitor: StaffVisitor) -> None:
    first = clock.now().date() + timedelta(days=30)
    days = {
        "first": first.isoformat(),
        "last": (first + timedelta(days=2)).isoformat(),
        "name": "The office moves",
    }
    assert visitor.post(f"{SETTINGS}/closed-days", **days).status_code == 303
    assert [row.day for row in closed_days.to_come()] == [first + timedelta(days=n) for n in range(3)]
    assert visitor.get(f"{SETTINGS}/closed-days").text.count("The office moves") == 3
    visitor.post(f"{SETTINGS}/closed-days", first=first.isoformat(), name="Another reason")
    assert len(lines("closed_days_added")) == 1, "it was closed already"
    path = f"{SETTINGS}/closed-days/{first.isoformat()}/remove"
    assert visitor.post(path).status_code == 303
    assert visitor.post(path).status_code == 404
    assert visitor.post(f"{SETTINGS}/closed-days/tomorrow/remove").status_code == 404
    assert len(closed_days.to_come()) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"first": ""},
        {"first": "24.12.2026"},
        {"first": "2026-02-30"},
        {"last": "2026-12-23"},
        {"last": "2027-03-01"},
        {"last": "x"},
        {"name": ""},
        {"name": "x" * 101},
    ],
)
def test_days_that_cannot_be_are_refused(visitor: StaffVisitor, fields: dict[str, str]) -> None:
    refused = visitor.post(
        f"{SETTINGS}/closed-days", **({"first": "2026-12-24", "name": "Christmas Eve"} | fields)
    )
    assert (refused.status_code, "There is a problem" in refused.text) == (422, True)
    assert db.session.execute(select(ClosedDay)).all() == []


def test_what_is_not_there_is_not_found(visitor: StaffVisitor) -> None:
    for path in (
        "departments/x/words",
        "topics/x/words",
        "reasons/x/words",
        "templates/77",
        "thresholds/x/numbers",
    ):
        assert visitor.get(f"{SETTINGS}/{path}").status_code == 404, path
    for path in ("reasons/x/move", "reasons/x/retire", "reasons/x/offer", "templates/77/remove"):
        assert visitor.post(f"{SETTINGS}/{path}").status_code == 404, path


def test_the_history_says_it_in_words(visitor: StaffVisitor, administrator: Staff) -> None:
    closed_days.add(first=date(2026, 12, 24), last=date(2026, 12, 24), name="Christmas Eve", by=administrator)
    reasons.retire(code="advert", by=administrator)
    page = visitor.get("/staff/history").text
    for words in ("Closed days added", "24 December 2026", "Reason to refuse offered no longer"):
        assert words in page
    assert db.session.get_one(RejectionReason, "advert").retired_at is not None
