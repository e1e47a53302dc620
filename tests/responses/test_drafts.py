"""Whatever an official writes is kept: by hand, by itself, each time; two who write at once lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.duties.answers import Words
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.models import AuditEntry, Department, Duty, Outcome, ResponseDraft, ResponseVersion, Staff
from petitions.responses import response_actions
from petitions.responses.errors import DraftChanged
from tests import build
from tests.client import PageCheckingClient
from tests.responses.answering import FIELDS, drafted, published, response_to, words
from tests.responses.conftest import StaffBrowser

SignIn = Callable[[Staff], StaffBrowser]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
POINT = {
    "points-0-ask": "A bus until two",
    "points-0-answer": "Until *midnight*.",
    "points-0-outcome": "partly_agreed",
}
LINK = {"links-0-title": "The night bus plan", "links-0-url": "https://transport.example.org/plan"}


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(NOON):
        yield


def saved() -> list[tuple[int, str, bool]]:
    """Version, summary, and whether it was saved by itself, of every draft."""
    found = db.session.execute(select(ResponseDraft).order_by(ResponseDraft.version)).scalars()
    return [(row.version, row.summary, row.saved_by_itself) for row in found]


def test_every_save_is_a_draft_of_its_own_and_the_same_words_are_none(
    duty: Duty, official: Staff, sign_in: SignIn
) -> None:
    write, browser = f"/staff/duties/{duty.id}/response", sign_in(official)
    fields = FIELDS | {"draft_version": "0", "action": "autosave", "summary": "One"}
    reply = browser.post(write, write, **fields)
    assert reply.status_code == 200
    assert reply.json is not None
    assert reply.json["draft_version"] == 1
    assert "Saved by itself" in reply.json["saved"]
    assert reply.json["reading"].startswith("Easy to read")
    again = browser.post(write, write, **(fields | {"draft_version": "1"}))
    assert again.json is not None
    assert again.json["draft_version"] == 1, "nothing was written since"
    assert (
        browser.post(
            write, write, **(fields | {"draft_version": "1", "summary": "Two", "action": "save"})
        ).status_code
        == 303
    )
    assert saved() == [(1, "One", True), (2, "Two", False)]
    assert "Two" in browser.get(write).text


def test_what_cannot_be_saved_by_itself_says_why(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    write, browser = f"/staff/duties/{duty.id}/response", sign_in(official)
    reply = browser.post(
        write, write, **(FIELDS | {"draft_version": "0", "action": "autosave", "summary": "x" * 203})
    )
    assert reply.status_code == 422
    assert reply.json == {"problem": "Not saved: Shorten this by 3 characters."}
    assert saved() == []


def test_the_second_of_two_who_write_sees_both_texts_and_what_differs(
    duty: Duty, official: Staff, transport: Department, sign_in: SignIn
) -> None:
    write = f"/staff/duties/{duty.id}/response"
    first, second = sign_in(official), sign_in(build.staff("approver", department=transport))
    first.post(write, write, **(FIELDS | {"draft_version": "0", "action": "save"}))
    mine = FIELDS | {"draft_version": "0", "summary": "We run night buses from June.", **POINT}
    by_itself = second.post(write, write, action="autosave", **mine)
    assert by_itself.status_code == 409
    assert by_itself.json is not None
    assert "Somebody else saved this answer." in by_itself.json["problem"]
    page = second.post(write, write, action="save", **mine)
    assert page.status_code == 409
    for text in (
        "We run night buses from May.",
        "We run night buses from June.",
        '<del><span class="hidden-text">removed: </span>May.</del>',
        '<ins><span class="hidden-text">added: </span>June.</ins>',
        "A bus until two",
    ):
        assert text in page.text
    assert [version for version, _, _ in saved()] == [1], "nothing was overwritten"
    assert second.post(write, write, action="save", **(mine | {"draft_version": "1"})).status_code == 303
    assert [summary for _, summary, _ in saved()] == [FIELDS["summary"], "We run night buses from June."]


def test_an_older_draft_is_read_and_brought_back(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    drafted(duty, official, words(summary="The first"))
    response_actions.save_draft(duty.id, words=words(summary="The second"), draft_version=1, by=official)
    browser, base = sign_in(official), f"/staff/duties/{duty.id}/response"
    listed = browser.get(f"{base}/drafts").text
    assert listed.index("The second") < listed.index("The first")
    assert official.name in listed
    page = browser.get(f"{base}/drafts/1").text
    assert "The first" in page
    assert "<ins>" in page
    reply = browser.post(f"{base}/drafts/1", f"{base}/drafts/1", draft_version="2")
    assert (reply.status_code, reply.location) == (303, base)
    assert [summary for _, summary, _ in saved()] == ["The first", "The second", "The first"]
    stale = browser.post(f"{base}/drafts/2", f"{base}/drafts/2", draft_version="2")
    assert stale.status_code == 409
    assert browser.get(f"{base}/drafts/9").status_code == 404


def test_points_and_links_are_added_and_removed_without_script(
    duty: Duty, official: Staff, sign_in: SignIn
) -> None:
    write, browser = f"/staff/duties/{duty.id}/response", sign_in(official)
    fields = FIELDS | {"draft_version": "0"} | POINT
    page = browser.post(write, write, action="add_point", **fields).text
    assert 'name="points-1-ask"' in page
    assert "Until *midnight*." in page
    page = browser.post(write, write, action="add_link", **fields).text
    assert 'name="links-0-url"' in page
    second = {name.replace("-0-", "-1-"): value for name, value in POINT.items()} | {"points-1-ask": "A fare"}
    page = browser.post(write, write, action="remove_point:0", **fields, **second).text
    assert "A bus until two" not in page
    assert "A fare" in page
    assert 'name="points-1-ask"' not in page
    for odd in ("remove_point:99", "remove_point:²", "remove_point:", "add_"):
        assert browser.post(write, write, action=odd, **fields).status_code in {200, 303}


def test_points_and_links_stand_on_the_page_in_the_mail_and_in_the_versions(
    duty: Duty, official: Staff, sign_in: SignIn, client: PageCheckingClient
) -> None:
    signer = build.signature(duty.petition, wants_updates=True)
    write, browser = f"/staff/duties/{duty.id}/response", sign_in(official)
    browser.post(write, write, action="save", draft_version="0", **FIELDS, **POINT, **LINK)
    preview = browser.get(f"{write}/preview")
    assert "Until <em>midnight</em>." in preview.text
    assert "frame-src 'self'" in preview.headers["Content-Security-Policy"]
    mail = browser.get(f"{write}/mail")
    assert "Until <em>midnight</em>." in mail.text
    assert "style-src 'unsafe-inline'" in mail.headers["Content-Security-Policy"]
    browser.post(f"{write}/publish", f"{write}/preview", draft_version="1")
    build.work()
    for path in (f"/petitions/{duty.petition_id}", f"/petitions/{duty.petition_id}/response/versions"):
        page = client.get(path).text
        assert "A bus until two" in page
        assert "Until <em>midnight</em>." in page
        assert 'href="https://transport.example.org/plan"' in page
    text = build.text_of(build.captured(to=signer.email, kind="response_published")[0])
    for line in ("1. A bus until two", "Outcome: Partly agreed", "Until midnight.", LINK["links-0-url"]):
        assert line in text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("points-0-ask", "x" * 301, "Shorten this by 1 character."),
        ("points-0-outcome", "maybe", "Choose one of the answers that are offered."),
        ("links-0-url", "javascript:alert(1)", "Enter an address that begins with https://."),
        ("links-0-title", "", "Give each link a title and an address"),
        ("points-0-answer", "\u202e", "Remove the characters that cannot be shown."),
    ],
)
def test_what_is_wrong_in_a_row_is_said_where_it_is(
    duty: Duty, official: Staff, sign_in: SignIn, field: str, value: str, sentence: str
) -> None:
    write = f"/staff/duties/{duty.id}/response"
    fields = FIELDS | {"draft_version": "0", "action": "save"} | POINT | LINK | {field: value}
    reply = sign_in(official).post(write, write, **fields)
    assert reply.status_code == 422
    assert sentence in reply.text
    assert "There is a problem" in reply.text
    assert saved() == []


def test_odd_names_of_rows_are_not_read(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    write, browser = f"/staff/duties/{duty.id}/response", sign_in(official)
    odd = {f"points-{number}-ask": "x" for number in ("²", "999999999999", "-1", "a", "")}
    many = {f"points-{number}-ask": f"Ask {number}" for number in range(40)}
    assert (
        browser.post(write, write, action="save", draft_version="0", **FIELDS, **odd, **many).status_code
        == 303
    )
    assert len(response_to(duty).points) == 10


def test_a_point_without_its_answer_is_kept_as_a_draft_and_not_published(
    duty: Duty, official: Staff, sign_in: SignIn
) -> None:
    write, browser = f"/staff/duties/{duty.id}/response", sign_in(official)
    browser.post(write, write, action="save", draft_version="0", **FIELDS, **{"points-0-ask": "A fare"})
    page = browser.get(f"{write}/preview")
    assert page.status_code == 422
    assert "Write the answer to what is asked." in page.text


@pytest.mark.settings(response_points=False)
def test_points_are_not_offered_where_the_setting_says_so(
    duty: Duty, official: Staff, sign_in: SignIn
) -> None:
    page = sign_in(official).get(f"/staff/duties/{duty.id}/response").text
    assert "Add a point" not in page
    assert "Add a link" in page


def test_guidance_names_long_sentences_and_long_words(duty: Duty, official: Staff, sign_in: SignIn) -> None:
    long = "We " + "really " * 30 + "will do it. Interdepartmentally speaking."
    drafted(duty, official, words(body=long))
    page = sign_in(official).get(f"/staff/duties/{duty.id}/response").text
    assert "1 sentence is longer than 25 words" in page
    assert "We really really really really really really really …" in page
    assert "interdepartmentally" in page


def test_a_later_version_is_mailed_only_where_it_is_wanted_and_once_each(duty: Duty, official: Staff) -> None:
    signer = build.signature(duty.petition, wants_updates=True)
    published(duty, official)
    build.work()
    for version, tell in ((2, False), (3, True)):
        response_actions.save_draft(
            duty.id, words=words(summary=f"Version {version}"), draft_version=version - 1, by=official
        )
        response_actions.change(
            duty.id, draft_version=version, reason="A figure was wrong.", tell=tell, by=official
        )
        build.work()
    build.work()
    (mail,) = build.captured(to=signer.email, kind="response_changed")
    text = build.text_of(mail)
    assert "Why: A figure was wrong." in text
    assert "Version 3" in text
    assert build.extract_link(mail, "/responses/rate/")
    assert len(build.captured(to=signer.email, kind="response_published")) == 1
    assert len(build.captured(kind="response_changed")) == 2, "the petitioner and one signer"
    kept = db.session.execute(select(ResponseVersion.version, ResponseVersion.reason)).all()
    assert [tuple(row) for row in kept] == [(1, ""), (2, "A figure was wrong."), (3, "A figure was wrong.")]


def test_a_change_of_nothing_is_none(duty: Duty, official: Staff) -> None:
    published(duty, official)
    with pytest.raises(StateChanged):
        response_actions.change(duty.id, draft_version=1, reason="Why.", tell=True, by=official)


def test_a_change_is_published_only_as_it_was_previewed(duty: Duty, official: Staff) -> None:
    published(duty, official)
    for version, summary in ((1, "Two"), (2, "Three")):
        response_actions.save_draft(duty.id, words=words(summary=summary), draft_version=version, by=official)
    with pytest.raises(DraftChanged):
        response_actions.change(duty.id, draft_version=2, reason="Why.", tell=False, by=official)
    assert response_to(duty).summary == words().summary


def test_each_save_is_a_line_of_the_history(duty: Duty, official: Staff) -> None:
    drafted(duty, official)
    response_actions.save_draft(
        duty.id, words=words(body="Else."), draft_version=1, by=official, by_itself=True
    )
    lines = db.session.execute(
        select(AuditEntry.details).where(AuditEntry.action == "response_drafted").order_by(AuditEntry.id)
    ).scalars()
    assert [(line["draft_version"], line["by_itself"]) for line in lines] == [(1, False), (2, True)]


def test_words_of_a_row_are_what_was_put_in(duty: Duty, official: Staff) -> None:
    said = Words(
        "A",
        "B",
        Outcome.AGREED,
        [{"ask": "a", "answer": "b", "outcome": "agreed"}],
        [{"title": "t", "url": "https://x.example"}],
    )
    assert Words.of(drafted(duty, official, said)).same_as(said)
