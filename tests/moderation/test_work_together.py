"""Moderators beside each other: who has what in hand, notes, tags, the queue narrowed, and what the same person started."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import AuditEntry, PetitionClaim, Staff, Tag
from petitions.moderation import claims, decisions, earlier, notes, queries
from petitions.moderation.claims import HeldByAnother
from petitions.moderation.queue import Holder, Wanted
from tests import build
from tests.staff_visitor import StaffVisitor

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def maren(app: Flask) -> Staff:
    """A moderator."""
    return build.staff("moderator", name="Maren Holt")


@pytest.fixture
def visitor(app: Flask, maren: Staff) -> StaffVisitor:
    """Maren at work."""
    return StaffVisitor(app, maren)


@pytest.fixture
def other(app: Flask) -> StaffVisitor:
    """A colleague at work."""
    return StaffVisitor(app, build.staff("moderator", name="Idris Vale"))


def actions_on(petition_id: int) -> list[str]:
    """What the history says was done to a petition."""
    query = select(AuditEntry.action).where(AuditEntry.petition_id == petition_id).order_by(AuditEntry.id)
    return list(db.session.execute(query).scalars())


def test_what_is_in_hand_is_shown_to_colleagues_and_binds_nobody(
    visitor: StaffVisitor, other: StaffVisitor
) -> None:
    petition = build.review_petition()
    path = f"/staff/petitions/{petition.id}"
    assert "Nobody has it in hand" in visitor.get(path).text
    assert visitor.post(f"{path}/claim").status_code == 303
    assert "You have this petition in hand" in visitor.get(path).text
    assert "Maren Holt has this petition in hand" in other.get(path).text
    assert "Maren Holt" in other.get("/staff/queue").text
    assert other.post(f"{path}/publish", text_version="1").status_code == 303
    assert petition.state is State.OPEN
    assert db.session.get(PetitionClaim, petition.id) is None, "a decision ends it"


def test_let_go_it_is_nobodys_again(visitor: StaffVisitor, other: StaffVisitor) -> None:
    petition = build.review_petition()
    path = f"/staff/petitions/{petition.id}"
    visitor.post(f"{path}/claim")
    other.post(f"{path}/let-go")
    assert claims.claim_on(petition.id) is not None, "a colleague's is not let go"
    visitor.post(f"{path}/let-go")
    assert claims.claim_on(petition.id) is None
    assert actions_on(petition.id) == ["taken_in_hand", "let_go"]


def test_it_ends_by_itself_after_two_hours_and_may_be_renewed(app: Flask, maren: Staff) -> None:
    petition = build.review_petition()
    with clock.fixed(NOON):
        claims.take(petition_id=petition.id, instead_of=None, by=maren)
    with clock.fixed(NOON + timedelta(minutes=90)):
        claims.take(petition_id=petition.id, instead_of=None, by=maren)
    with clock.fixed(NOON + timedelta(minutes=200)):
        assert claims.claim_on(petition.id) is not None
    with clock.fixed(NOON + timedelta(minutes=211)):
        assert claims.claim_on(petition.id) is None
        idris = build.staff("moderator")
        claims.take(petition_id=petition.id, instead_of=None, by=idris)


def test_the_second_of_two_learns_who_was_first(app: Flask, maren: Staff, other: StaffVisitor) -> None:
    petition = build.review_petition()
    idris = build.staff("moderator")
    claims.take(petition_id=petition.id, instead_of=None, by=maren)
    with pytest.raises(HeldByAnother):
        claims.take(petition_id=petition.id, instead_of=None, by=idris)
    path = f"/staff/petitions/{petition.id}"
    assert other.client.get(other.post(f"{path}/claim").location).text.count(
        "Maren Holt has this petition in hand"
    )
    other.post(f"{path}/claim", instead_of=str(maren.id))
    assert claims.claims_on([petition.id])[petition.id].staff.name == "Idris Vale"


@pytest.mark.parametrize("state", [state for state in State if state is not State.REVIEW])
def test_only_what_is_checked_is_taken_in_hand(visitor: StaffVisitor, state: State) -> None:
    petition = build.petition(state)
    assert visitor.post(f"/staff/petitions/{petition.id}/claim", instead_of="x").status_code == 409


def test_notes_are_for_staff_and_say_nothing_in_the_history(
    app: Flask, visitor: StaffVisitor, other: StaffVisitor
) -> None:
    petition = build.open_petition()
    path = f"/staff/petitions/{petition.id}"
    assert visitor.post(f"{path}/notes", body="Ask the <b>press office</b>").location == f"{path}#notes"
    page = other.get(path).text
    assert "Ask the &lt;b&gt;press office" in page
    assert "Maren Holt" in page
    assert "press office" not in app.test_client().get(f"/petitions/{petition.id}").text
    line = db.session.execute(select(AuditEntry).where(AuditEntry.action == "note_added")).scalar_one()
    assert line.details == {}


@pytest.mark.parametrize("body", ["", "  ", "x" * (notes.NOTE_LIMIT + 1), "a\u202eb"])
def test_a_note_that_cannot_be_is_refused_and_kept(visitor: StaffVisitor, body: str) -> None:
    petition = build.review_petition()
    response = visitor.post(f"/staff/petitions/{petition.id}/notes", body=body)
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert notes.notes_on(petition.id) == []


def test_tags_are_made_by_the_way_and_gone_with_their_last_petition(visitor: StaffVisitor) -> None:
    one, two = build.review_petition(action="First"), build.review_petition(action="Second")
    for petition, name in (
        (one, "Night  Buses"),
        (one, "night buses"),
        (two, "NIGHT BUSES"),
        (two, "Straße"),
    ):
        assert visitor.post(f"/staff/petitions/{petition.id}/tags", tag=name).status_code == 303
    assert [(tag.name, count) for tag, count in notes.all_tags()] == [("night buses", 2), ("strasse", 1)]
    assert actions_on(one.id) == ["tag_added"]
    found = visitor.get("/staff/petitions?tag=Night+Buses").text
    assert "First" in found
    assert "Second" in found
    assert "Second" not in visitor.get("/staff/petitions?tag=night+buses&q=First").text
    assert "night buses" in visitor.get("/staff/tags").text
    number = notes.tags_on(two.id)[1].id
    for _ in range(2):
        assert visitor.post(f"/staff/petitions/{two.id}/tags/{number}/remove").status_code == 303
    assert db.session.get(Tag, number) is None
    assert actions_on(two.id) == ["tag_added", "tag_added", "tag_removed"]


@pytest.mark.parametrize("name", ["", " ", "x" * 51, "a\u202eb"])
def test_a_tag_that_cannot_be_is_refused(visitor: StaffVisitor, name: str) -> None:
    petition = build.review_petition()
    response = visitor.post(f"/staff/petitions/{petition.id}/tags", tag=name)
    assert (response.status_code, "There is a problem" in response.text) == (422, True)
    assert notes.all_tags() == []


def test_the_queue_is_narrowed(app: Flask, visitor: StaffVisitor, maren: Staff) -> None:
    library, topic = build.department(), build.topic()
    mine = build.review_petition(action="Mine", departments=[library])
    theirs = build.review_petition(action="Theirs", topics=[topic])
    free = build.review_petition(action="Free")
    claims.take(petition_id=mine.id, instead_of=None, by=maren)
    claims.take(petition_id=theirs.id, instead_of=None, by=build.staff("moderator"))
    notes.add_tag(petition_id=free.id, name="urgent", by=maren)

    def ids(**wanted: object) -> list[int]:
        return [item.petition.id for item in queries.queue(Wanted(**wanted), maren).items]  # type: ignore[arg-type]

    assert ids() == [mine.id, theirs.id, free.id]
    assert ids(holder=Holder.ME) == ids(department=library.slug) == [mine.id]
    assert ids(holder=Holder.NOBODY) == ids(tag="urgent") == [free.id]
    assert ids(topic=topic.code) == [theirs.id]
    assert ids(topic=topic.code, tag="urgent") == ids(tag="nothing") == []
    page = visitor.get("/staff/queue?holder=me&age=new").text
    assert "Mine" in page
    assert "Theirs" not in page
    assert "holder=me" in page.replace("&amp;", "&"), "the ages keep the other filters"
    for odd in ("holder=x&age=x", "topic=" + "x" * 9000, "tag=%F0%9F%9A%8C"):
        assert visitor.get(f"/staff/queue?{odd}").status_code == 200


def test_what_the_same_mailbox_started_stands_beside_it(app: Flask, visitor: StaffVisitor) -> None:
    before = build.petition(State.REJECTED, action="Ban all dogs", creator_email="p.r.iya+one@gmail.com")
    build.review_petition(action="From somebody else", creator_email="someone@example.org")
    signed = build.open_petition(action="Only signed by her")
    build.signature(signed, email="priya@gmail.com")
    petition = build.review_petition(creator_email="priya@gmail.com")
    assert [each.id for each in earlier.same_petitioner(petition)] == [before.id]
    page = visitor.get(f"/staff/petitions/{petition.id}").text
    assert "Ban all dogs" in page.partition("Others of the same petitioner")[2]
    auditor = StaffVisitor(app, build.staff("auditor"))
    assert "Others of the same petitioner" not in auditor.get(f"/staff/petitions/{petition.id}").text
    build.change(build.creator_of(petition), email_sealed=None)
    assert earlier.same_petitioner(petition) == []


def test_a_decision_ends_what_is_in_hand(maren: Staff) -> None:
    petition = build.review_petition()
    claims.take(petition_id=petition.id, instead_of=None, by=maren)
    decisions.publish(petition_id=petition.id, text_version=1, by=maren)
    assert db.session.get(PetitionClaim, petition.id) is None
