"""Who started or supported a duplicate is shown the original and invited to sign it; nothing is ever merged. What is taken
down leaves what it had brought about in the history."""

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import links
from petitions.extensions import db
from petitions.models import Crossing, Duty, Petition, Signature, Staff
from petitions.moderation import decisions
from tests import build
from tests.client import PageCheckingClient

INVITATION = "Sign that petition"


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Who decides."""
    return build.staff("moderator")


@pytest.fixture
def client(app: Flask) -> PageCheckingClient:
    """Somebody who reads."""
    found = app.test_client()
    assert isinstance(found, PageCheckingClient)
    return found


def refuse(
    petition: Petition, by: Staff, code: str, *, state: str = "review", original: Petition | None = None
) -> None:
    """Refuse a petition, or take it down."""
    decisions.refuse(
        petition_id=petition.id,
        text_version=petition.text_version,
        state=state,
        code=code,
        explanation="See the other one.",
        original_id=original.id if original else None,
        by=by,
    )


def test_the_original_is_shown_with_its_count_and_the_way_to_sign_it(
    client: PageCheckingClient, moderator: Staff
) -> None:
    original = build.open_petition(action="Run night buses", count=1_234)
    petition = build.review_petition(supporters=2, creator_email="priya@example.org")
    refuse(petition, moderator, "duplicate", original=original)
    build.work()
    mails = build.captured(kind="petition_rejected")
    assert len(mails) == 3
    for mail in mails:
        text = build.text_of(mail)
        assert "Run night buses (1,234 signatures)" in text
        assert links.petition(original) in text.splitlines()
        assert "You can sign it:" in text
        assert "Sign the petition that asks for the same" in mail.as_string().replace("=\n", "")
    for path in (f"/petitions/{petition.id}", links.petitioner(petition)):
        page = client.get(path).text
        assert "Run night buses" in page
        assert "1,234 signatures" in page
        assert INVITATION in page
        assert f"/petitions/{original.id}/signatures/new" in page


def test_an_original_whose_time_is_over_is_shown_without_an_invitation(
    client: PageCheckingClient, moderator: Staff
) -> None:
    petition, original = build.review_petition(), build.closed_petition(action="Run night buses")
    refuse(petition, moderator, "duplicate", original=original)
    page = client.get(f"/petitions/{petition.id}").text
    assert "Run night buses" in page
    assert INVITATION not in page


def test_an_original_that_was_taken_down_is_named_nowhere(
    client: PageCheckingClient, moderator: Staff
) -> None:
    original = build.open_petition(action="Something vile")
    petition = build.review_petition(creator_email="priya@example.org")
    refuse(petition, moderator, "duplicate", original=original)
    refuse(original, moderator, "offensive", state="open")
    build.work()
    (mail,) = build.captured("priya@example.org", "petition_rejected")
    assert "Something vile" not in mail.as_string()
    assert links.petition(original) not in build.text_of(mail)
    for path in (f"/petitions/{petition.id}", links.petitioner(petition)):
        page = client.get(path)
        assert page.status_code == 200
        assert "Something vile" not in page.text
        assert f'"/petitions/{original.id}"' not in page.text


def test_nothing_is_merged(moderator: Staff) -> None:
    original, petition = build.open_petition(), build.review_petition(supporters=3)
    before = original.signature_count
    refuse(petition, moderator, "duplicate", original=original)
    build.work()
    db.session.expire_all()
    assert original.signature_count == before
    on_it = select(Signature).where(Signature.petition_id == petition.id)
    assert len(db.session.execute(on_it).scalars().all()) == 4


@pytest.mark.parametrize("code", ["irrelevant", "offensive"])
def test_what_a_petition_brought_about_stays_in_the_history_when_it_is_taken_down(
    client: PageCheckingClient, moderator: Staff, code: str
) -> None:
    petition = build.open_petition(action="Open the ferry", departments=[build.department()])
    duty = build.cross(petition)
    due_on = duty.due_on
    refuse(petition, moderator, code, state="open")
    db.session.expire_all()
    assert db.session.execute(select(Crossing)).scalar_one().petition_id == petition.id
    assert db.session.get_one(Duty, duty.id).due_on == due_on
    page = client.get(f"/petitions/{petition.id}")
    assert page.status_code == (410 if code == "offensive" else 200)
    assert ("an answer is owed" in page.text) == (code == "irrelevant"), "its timeline tells it"
    if code == "offensive":
        assert "Open the ferry" not in client.get("/accountability").text
