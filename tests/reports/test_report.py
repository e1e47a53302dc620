"""Anybody reports a petition without a name, finds by the reference what came of it, and moderators resolve by petition."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import AuditEntry, Petition, PetitionReport, RejectionReason, ReportOutcome, Staff
from petitions.moderation import decisions
from petitions.reports import actions
from petitions.reports.references import LETTERS, as_written, new_reference
from petitions.upkeep import purging
from tests import build
from tests.client import PageCheckingClient
from tests.faults.race import together
from tests.staff_visitor import StaffVisitor

WORDS = "The second line names a private person."
EXPLANATION = "We took the name out."


@pytest.fixture
def client(app: Flask) -> PageCheckingClient:
    """A browser without a name."""
    found = app.test_client()
    assert isinstance(found, PageCheckingClient)
    return found


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Who resolves."""
    return build.staff("moderator")


def send(client: PageCheckingClient, petition: Petition, **fields: str) -> str:
    """Report a petition; returns the address of the reference."""
    answers = {"code": "personal", "words": WORDS} | fields
    response = client.post(f"/petitions/{petition.id}/report", data=answers)
    assert response.status_code == 303
    return response.location


def resolve(petition: Petition, by: Staff, outcome: ReportOutcome = ReportOutcome.ACTED) -> None:
    """Resolve all that waits."""
    actions.resolve(petition_id=petition.id, newest=10_000, outcome=outcome, explanation=EXPLANATION, by=by)


@transactional
def change_reason(code: str, **columns: object) -> None:
    """Change a rule, or make one."""
    row = db.session.get(RejectionReason, code) or RejectionReason(code=code, title=code, description=code)
    for name, value in columns.items():
        setattr(row, name, value)
    db.session.add(row)


def test_a_report_leads_to_a_reference_and_keeps_nothing_about_who_sent_it(
    client: PageCheckingClient,
) -> None:
    petition = build.open_petition()
    form = client.get(f"/petitions/{petition.id}/report")
    assert "s-maxage" in form.headers["Cache-Control"]
    location = send(client, petition)
    assert re.fullmatch(r"/reports/[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", location)
    page = client.get(location)
    assert "Your report is with us" in page.text
    assert petition.action in page.text
    assert page.headers["Cache-Control"] == "no-store"
    (row,) = db.session.execute(select(PetitionReport)).scalars()
    columns = set(PetitionReport.__table__.columns.keys())
    assert columns == {
        "id",
        "reference",
        "petition_id",
        "code",
        "body",
        "created_at",
        "resolved_at",
        "outcome",
        "explanation",
        "staff_id",
    }
    assert (row.petition_id, row.code, row.body, row.staff_id) == (petition.id, "personal", WORDS, None)
    assert f"/petitions/{petition.id}/report" in client.get(f"/petitions/{petition.id}").text


@pytest.mark.parametrize("state", ["open", "closed", "rejected"])
def test_what_everybody_can_read_can_be_reported(client: PageCheckingClient, state: str) -> None:
    assert client.get(send(client, build.petition(state), words="")).status_code == 200


@pytest.mark.parametrize(
    ("state", "published", "status"),
    [
        ("pending", False, 404),
        ("gathering", False, 404),
        ("review", False, 404),
        ("withdrawn", True, 404),
        ("lapsed", False, 404),
        ("hidden", False, 404),
        ("hidden", True, 410),
    ],
)
def test_what_nobody_can_read_says_nothing(
    client: PageCheckingClient, state: str, published: bool, status: int
) -> None:
    columns = {"opened_at": clock.now() - timedelta(days=3)} if published else {}
    petition = build.petition(state, action="Something vile", **columns)
    path = f"/petitions/{petition.id}/report"
    for response in (client.get(path), client.post(path, data={"code": "personal"})):
        assert response.status_code == status
        assert "Something vile" not in response.text
    assert db.session.execute(select(PetitionReport)).first() is None


@pytest.mark.parametrize(
    "fields",
    [
        {"code": ""},
        {"code": "made-up"},
        {"code": "retired"},
        {"code": "other", "words": ""},
        {"words": "x" * 1001},
        {"words": "a\u202eb"},
        {"comment": "buy now"},
    ],
)
def test_a_report_that_is_not_whole_is_shown_again(
    client: PageCheckingClient, fields: dict[str, str]
) -> None:
    change_reason("retired", retired_at=clock.now())
    petition = build.open_petition()
    answers = {"code": "personal", "words": WORDS} | fields
    page = client.post(f"/petitions/{petition.id}/report", data=answers)
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert answers["words"] in page.text
    assert "buy now" not in page.text, "sending again helps"
    assert "retired" not in client.get(f"/petitions/{petition.id}/report").text
    assert db.session.execute(select(PetitionReport)).first() is None


def test_what_no_rule_names_is_reported_in_words(client: PageCheckingClient, moderator: Staff) -> None:
    petition = build.open_petition()
    form = client.get(f"/petitions/{petition.id}/report").text
    assert form.index('value="personal"') < form.index('value="other"'), (
        "the last of the rules that are named"
    )
    assert "Something else is wrong with it" in client.get(send(client, petition, code="other")).text
    assert "Something else is wrong with it" in client.get("/standards").text.split('id="unseen"')[0]
    refuse = StaffVisitor(client.application, moderator).get(f"/staff/petitions/{petition.id}/refuse").text
    assert "Something else is wrong with it" in refuse


def test_a_reference_is_typed_where_the_help_says(client: PageCheckingClient) -> None:
    petition = build.open_petition()
    location = send(client, petition)
    reference = location.removeprefix("/reports/")
    assert 'href="/reports"' in client.get("/help").text
    page = client.get("/reports")
    assert page.status_code == 200
    assert "There is a problem" not in page.text
    for typed in (reference, reference.lower().replace("-", " "), f" {reference.replace('0', 'o')} "):
        found = client.get("/reports", query_string={"reference": typed})
        assert (found.status_code, found.location) == (303, location)
    unknown = client.get("/reports", query_string={"reference": "00000-00000"})
    assert unknown.status_code == 404
    assert "There is no report with this reference" in unknown.text
    assert 'value="00000-00000"' in unknown.text, "what was typed stands there"
    for typed in ("", "  ", "7" * 41):
        empty = client.get("/reports", query_string={"reference": typed})
        assert empty.status_code == 422
        assert "There is a problem" in empty.text


@pytest.mark.settings(ratelimit_enabled=True)
def test_who_guesses_references_is_made_to_wait(client: PageCheckingClient) -> None:
    location = send(client, build.open_petition())
    reference = location.removeprefix("/reports/")
    for _ in range(120):
        assert client.get("/reports", query_string={"reference": "00000-00000"}).status_code == 404
    assert client.get("/reports", query_string={"reference": reference}).status_code == 429


@pytest.mark.settings(ratelimit_enabled=True)
def test_a_flood_from_one_origin_is_turned_away(client: PageCheckingClient) -> None:
    path = f"/petitions/{build.open_petition().id}/report"
    statuses = [client.post(path, data={"code": "personal"}).status_code for _ in range(12)]
    assert statuses[:10] == [303] * 10
    assert statuses[10:] == [429] * 2
    assert client.get(path).status_code == 200


def test_a_reference_is_found_however_it_is_typed() -> None:
    reference = new_reference()
    assert as_written(reference) == reference
    assert as_written(f" {reference.lower().replace('-', ' ')} ") == reference
    assert as_written("oil00-00000") == "01100-00000"
    assert len({new_reference() for _ in range(200)}) == 200
    assert set("".join(new_reference() for _ in range(200))) == set(LETTERS) | {"-"}


def test_an_unknown_reference_leads_nowhere(client: PageCheckingClient) -> None:
    for wrong in ("7KQ4M-X2B9T", "x", "a" * 5000, "%ff", "-"):
        assert client.get(f"/reports/{wrong}").status_code == 404


def test_resolved_its_reference_tells_what_came_of_it(client: PageCheckingClient, moderator: Staff) -> None:
    acted, left = build.open_petition(), build.open_petition()
    first, second = send(client, acted), send(client, left)
    resolve(acted, moderator)
    resolve(left, moderator, ReportOutcome.NO_ACTION)
    assert "Something was done" in client.get(first).text
    assert EXPLANATION in client.get(first).text
    assert "Nothing had to be done" in client.get(second.lower()).text
    line = db.session.execute(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).scalar_one()
    assert (line.action, line.staff_id, line.details["number"]) == ("reports_resolved", moderator.id, 1)


def test_once_the_petition_is_taken_down_its_reference_names_only_its_number(
    client: PageCheckingClient, moderator: Staff
) -> None:
    petition = build.open_petition(action="Something vile")
    location = send(client, petition)
    decisions.refuse(
        petition_id=petition.id,
        text_version=1,
        state="open",
        code="personal",
        explanation="It names a neighbour.",
        original_id=None,
        by=moderator,
    )
    resolve(petition, moderator)
    page = client.get(location).text
    assert "Something vile" not in page
    assert f"number {petition.id}" in page
    assert EXPLANATION in page


def test_staff_see_reports_by_petition_and_resolve_those_they_saw(
    app: Flask, client: PageCheckingClient, moderator: Staff
) -> None:
    petition, other = build.open_petition(), build.open_petition()
    first = send(client, petition)
    send(client, petition, code="advert", words="")
    send(client, other)
    visitor = StaffVisitor(app, moderator)
    assert "2 wait" in visitor.get("/staff/queue").text
    desk = visitor.get("/staff/reports").text
    assert desk.count(f"/staff/petitions/{petition.id}/reports") == 1
    assert f"/staff/petitions/{petition.id}/reports" in visitor.get(f"/staff/petitions/{petition.id}").text
    path = f"/staff/petitions/{petition.id}/reports"
    page = visitor.get(path).text
    assert WORDS in page
    assert f"/staff/petitions/{petition.id}/refuse" in page
    newest = re.search(r'name="newest" value="(\d+)"', page)
    assert newest
    third = send(client, petition)
    for wrong in ({"outcome": "acted"}, {"explanation": EXPLANATION}, {}):
        refused = visitor.post(path, newest=newest[1], **wrong)
        assert refused.status_code == 422
        assert "There is a problem" in refused.text
    sent = visitor.post(path, newest=newest[1], outcome="acted", explanation=EXPLANATION)
    assert sent.status_code == 303
    assert "Something was done" in client.get(first).text
    assert "Your report is with us" in client.get(third).text, "nobody has read it yet"
    again = visitor.post(path, newest=newest[1], outcome="no_action", explanation="Typed with care")
    assert again.status_code == 409
    assert "Typed with care" in again.text


def test_of_those_who_resolve_at_once_one_does(app: Flask, client: PageCheckingClient) -> None:
    petition_id, people = build.open_petition().id, [build.staff("moderator").id for _ in range(4)]
    send(client, db.session.get_one(Petition, petition_id))
    db.session.remove()

    def resolves(staff_id: int) -> object:
        return actions.resolve(
            petition_id=petition_id,
            newest=10_000,
            outcome=ReportOutcome.ACTED,
            explanation=str(staff_id),
            by=db.session.get_one(Staff, staff_id),
        )

    results = together(app, [lambda each=each: resolves(each) for each in people])
    assert sorted(map(str, results)).count("1") == 1
    (row,) = db.session.execute(select(PetitionReport)).scalars()
    assert row.explanation == str(row.staff_id)
    lines = select(AuditEntry).where(AuditEntry.action == "reports_resolved")
    assert len(db.session.execute(lines).scalars().all()) == 1


def test_reports_are_gone_half_a_year_after_they_were_resolved(
    client: PageCheckingClient, moderator: Staff
) -> None:
    petition, waiting = build.open_petition(), build.open_petition()
    location, kept = send(client, petition), send(client, waiting)
    resolve(petition, moderator)
    with clock.fixed(clock.now() + timedelta(days=180)):
        purging.purge()
        assert client.get(location).status_code == 200
    with clock.fixed(clock.now() + timedelta(days=190)):
        purging.purge()
        assert client.get(location).status_code == 404
        assert client.get(kept).status_code == 200, "it was never answered"
