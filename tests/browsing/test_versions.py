"""Words that were corrected after people had signed them: every version stays readable with its reason, but for hidden ones."""

from datetime import timedelta

import pytest
from flask import Flask

from petitions import clock, links
from petitions.differences import Change, Piece, differences
from petitions.extensions import db
from petitions.models import Petition, Staff
from petitions.moderation import actions, decisions
from petitions.moderation.actions import ReasonMissing
from tests import build
from tests.client import PageCheckingClient
from tests.staff_visitor import StaffVisitor

REASON = "Two words were misspelt."


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Who corrects."""
    return build.staff("moderator")


@pytest.fixture
def client(app: Flask) -> PageCheckingClient:
    """Somebody who reads."""
    found = app.test_client()
    assert isinstance(found, PageCheckingClient)
    return found


def correct(petition: Petition, by: Staff, reason: str = REASON, **words: str) -> None:
    """Give a petition new words where `words` says so."""
    before = {name: getattr(petition, name) for name in ("action", "background", "additional_details")}
    version = petition.text_version
    actions.change_text(
        petition_id=petition.id, text_version=version, **(before | words), reason=reason, by=by
    )


def path_of(petition: Petition) -> str:
    return f"/petitions/{petition.id}/versions"


def test_a_correction_is_public_with_its_reason_and_what_it_changed(
    client: PageCheckingClient, moderator: Staff
) -> None:
    petition = build.open_petition(action="Opn the library on Sundays")
    assert "The words were corrected" not in client.get(f"/petitions/{petition.id}").text
    assert "Its words are those with which it was published." in client.get(path_of(petition)).text
    correct(petition, moderator, action="Open the library on Sundays")
    page = client.get(f"/petitions/{petition.id}").text
    assert "The words were corrected on" in page
    assert path_of(petition) in page
    assert f"· {REASON}" in page, "it stands on the timeline"
    versions = client.get(path_of(petition))
    assert REASON in versions.text
    assert "Opn </" in versions.text.replace('<span class="hidden-text"> End. </span>', "</")
    assert '<span class="hidden-text">Added: </span>Open ' in versions.text
    assert versions.text.index("Corrected on") < versions.text.index("Published on")
    assert "s-maxage" in versions.headers["Cache-Control"]
    assert (
        client.get(path_of(petition), headers={"If-None-Match": versions.headers["ETag"]}).status_code == 304
    )


def test_words_from_before_publication_are_nobody_s_business(
    client: PageCheckingClient, moderator: Staff
) -> None:
    with clock.fixed(clock.now() - timedelta(days=2)):
        petition = build.review_petition(action="Fire the rude Mr Smith")
        correct(petition, moderator, reason="", action="Train the staff")
        decisions.publish(petition_id=petition.id, text_version=2, by=moderator)
    assert "Smith" not in client.get(path_of(petition)).text
    assert "The words were corrected" not in client.get(f"/petitions/{petition.id}").text
    correct(petition, moderator, action="Train all the staff")
    page = client.get(path_of(petition)).text
    assert "Train the staff" in page
    assert "Smith" not in page


def test_words_that_were_hidden_once_stay_hidden_when_the_petition_is_shown_again(
    client: PageCheckingClient, moderator: Staff
) -> None:
    administrator = build.staff("administrator")
    with clock.fixed(clock.now() - timedelta(days=2)):
        petition = build.open_petition(background="Mr Smith of Mill Lane is a thief.")
        signature = build.signature(petition)
        decisions.refuse(
            petition_id=petition.id,
            text_version=1,
            state="open",
            code="libellous",
            explanation="It names a person.",
            original_id=None,
            by=moderator,
        )
    assert client.get(path_of(petition)).status_code == 410
    decisions.restore(petition_id=petition.id, by=administrator)
    assert client.get(path_of(petition)).status_code == 404
    correct(petition, moderator, reason="", background="The till is robbed.")
    decisions.publish(petition_id=petition.id, text_version=2, by=moderator)
    for path in (path_of(petition), f"/petitions/{petition.id}", links.my_signature(signature)):
        page = client.get(path)
        assert page.status_code == 200
        assert "Mr Smith" not in page.text, path


@pytest.mark.parametrize("state", ["pending", "gathering", "review", "hidden", "withdrawn", "lapsed"])
def test_where_the_words_are_not_public_their_versions_are_not(
    client: PageCheckingClient, state: str
) -> None:
    petition = build.petition(state, action="Something nobody has checked")
    page = client.get(path_of(petition))
    assert page.status_code == 404
    assert "nobody has checked" not in page.text


def test_a_signer_sees_which_words_were_signed(client: PageCheckingClient, moderator: Staff) -> None:
    petition = build.open_petition(background="It is closd.")
    early = build.signature(petition)
    correct(petition, moderator, background="It is closed.")
    late = build.signature(petition)
    page = client.get(links.my_signature(early)).text
    assert "The words you signed" in page
    assert "It is closd." in page
    assert path_of(petition) in page
    assert "You signed the words as they stand now." in client.get(links.my_signature(late)).text


def test_once_it_can_be_signed_a_correction_needs_a_reason(app: Flask, moderator: Staff) -> None:
    petition, visitor = build.open_petition(), StaffVisitor(app, moderator)
    with pytest.raises(ReasonMissing):
        correct(petition, moderator, reason="", action="Something else")
    path = f"/staff/petitions/{petition.id}/text"
    typed = {
        "text_version": "1",
        "action": "Something else",
        "background": petition.background,
        "additional_details": "",
    }
    refused = visitor.post(path, **typed)
    assert refused.status_code == 422
    assert "Say why the words are corrected" in refused.text
    assert "Something else" in refused.text
    assert visitor.post(path, **typed, reason=REASON).status_code == 303
    db.session.expire_all()
    assert (petition.action, petition.text_version) == ("Something else", 2)


def test_a_petition_that_came_from_elsewhere_has_its_page_too(client: PageCheckingClient) -> None:
    assert client.get(path_of(build.imported_petition())).status_code == 200


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("a b", "a b", [(Change.KEPT, "a b")]),
        ("", "new", [(Change.ADDED, "new")]),
        ("old", "", [(Change.REMOVED, "old")]),
        (
            "one two three",
            "one 2 three",
            [("kept", "one "), ("removed", "two "), ("added", "2 "), ("kept", "three")],
        ),
    ],
)
def test_differences_are_told_word_by_word(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    pieces = differences(before, after)
    assert pieces == [Piece(Change(change), text) for change, text in expected]
    assert "".join(piece.text for piece in pieces if piece.change != "removed") == after
