"""Changing the words makes a version; two editors never overwrite each other; departments and topics are assigned."""

import pytest
from flask import Flask
from sqlalchemy import select

from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import AuditEntry, Petition, PetitionText, Staff
from petitions.moderation import actions
from tests import build
from tests.staff_visitor import StaffVisitor


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Who edits."""
    return build.staff("moderator", name="Maren")


@pytest.fixture
def visitor(app: Flask, moderator: Staff) -> StaffVisitor:
    """A moderator at work."""
    return StaffVisitor(app, moderator)


def form(petition: Petition, **fields: str) -> dict[str, str]:
    """The text form as it is shown, with some fields changed."""
    return {
        "text_version": str(petition.text_version),
        "action": petition.action,
        "background": petition.background,
        "additional_details": petition.additional_details,
    } | fields


def lines(petition: Petition) -> list[AuditEntry]:
    """What the history says about a petition."""
    query = select(AuditEntry).where(AuditEntry.petition_id == petition.id).order_by(AuditEntry.id)
    return list(db.session.execute(query).scalars())


def test_new_words_are_the_next_version_and_signatures_keep_theirs(
    visitor: StaffVisitor, moderator: Staff
) -> None:
    petition = build.review_petition(action="Opn the library")
    response = visitor.post(
        f"/staff/petitions/{petition.id}/text", **form(petition, action="  Open\tthe library ")
    )
    assert (response.status_code, response.location) == (303, f"/staff/petitions/{petition.id}")
    versions = db.session.execute(select(PetitionText).order_by(PetitionText.version)).scalars().all()
    assert [(v.action, v.staff_id) for v in versions] == [
        ("Opn the library", None),
        ("Open the library", moderator.id),
    ]
    assert (petition.action, petition.text_version) == ("Open the library", 2)
    assert build.creator_of(petition).text_version == 1
    (line,) = lines(petition)
    assert (line.action, line.staff_id, line.details) == ("text_changed", moderator.id, {"version": 2})
    assert "Opn the library" in visitor.get(f"/staff/petitions/{petition.id}").text


def test_the_same_words_make_no_version(visitor: StaffVisitor) -> None:
    petition = build.review_petition()
    assert visitor.post(f"/staff/petitions/{petition.id}/text", **form(petition)).status_code == 303
    assert petition.text_version == 1
    assert lines(petition) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"action": ""},
        {"action": "x" * 81},
        {"background": "x" * 301},
        {"additional_details": "x" * 801},
        {"action": "a\u202eb"},
        {"text_version": ""},
        {"text_version": "one"},
        {"text_version": "0"},
        {"text_version": "9" * 40},
    ],
)
def test_words_that_cannot_be_are_refused_and_kept_in_the_form(
    visitor: StaffVisitor, fields: dict[str, str]
) -> None:
    petition = build.review_petition()
    typed = form(petition, background="Typed with care") | fields
    response = visitor.post(f"/staff/petitions/{petition.id}/text", **typed)
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert typed["background"] in response.text
    assert petition.text_version == 1


def test_the_second_editor_gets_both_texts_and_may_put_them_together(
    app: Flask, visitor: StaffVisitor
) -> None:
    petition = build.review_petition()
    stale = form(petition, background="What the second one typed")
    other = StaffVisitor(app, build.staff("moderator"))
    other.post(f"/staff/petitions/{petition.id}/text", **form(petition, background="Nobody can borrow books"))
    conflict = visitor.post(f"/staff/petitions/{petition.id}/text", **stale)
    assert conflict.status_code == 409
    assert "Nobody can borrow books" in conflict.text
    assert "What the second one typed" in conflict.text
    changed = conflict.text.partition("What your colleague changed")[2]
    assert "Nobody can borrow books" in changed
    assert "The library is closed on the one day" in changed, "what both began with"
    assert 'name="text_version" type="hidden" value="2"' in conflict.text
    db.session.expire_all()
    assert petition.background == "Nobody can borrow books"
    again = visitor.post(f"/staff/petitions/{petition.id}/text", **(stale | {"text_version": "2"}))
    assert again.status_code == 303
    assert (petition.background, petition.text_version) == ("What the second one typed", 3)


def test_words_of_a_petition_that_is_over_stay(visitor: StaffVisitor, moderator: Staff) -> None:
    petition = build.petition(State.REJECTED)
    assert visitor.get(f"/staff/petitions/{petition.id}/text").status_code == 409
    response = visitor.post(
        f"/staff/petitions/{petition.id}/text", **form(petition, background="Typed in vain")
    )
    assert response.status_code == 409
    assert "Typed in vain" in response.text
    with pytest.raises(StateChanged):
        actions.change_text(
            petition_id=petition.id,
            text_version=1,
            action="a",
            background="b",
            additional_details="",
            by=moderator,
        )


def test_departments_and_topics_are_assigned_and_written_down(visitor: StaffVisitor) -> None:
    petition = build.review_petition()
    department, topic = build.department("Department of Trams"), build.topic("Trams")
    path = f"/staff/petitions/{petition.id}/subjects"
    assert visitor.post(path, departments=[department.id], topics=[topic.id]).status_code == 303
    assert ([d.name for d in petition.departments], [t.name for t in petition.topics]) == (
        ["Department of Trams"],
        ["Trams"],
    )
    assert visitor.post(path, departments=[department.id], topics=[topic.id]).status_code == 303
    (line,) = lines(petition)
    assert (line.details["departments_before"], line.details["departments"]) == ([], ["department-of-trams"])
    page = visitor.get(f"/staff/petitions/{petition.id}").text
    assert "No department yet" not in page
    assert visitor.post(path).status_code == 303
    db.session.expire_all()
    assert petition.departments == []


@pytest.mark.parametrize("wrong", ["999", "x", "9" * 30, "-1"])
def test_a_department_that_is_not_there_is_refused(visitor: StaffVisitor, wrong: str) -> None:
    petition = build.review_petition()
    response = visitor.post(f"/staff/petitions/{petition.id}/subjects", departments=[wrong])
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert lines(petition) == []
