"""The private link: first supporters sign words that nobody has checked yet."""

import pytest

from petitions import clock, links
from petitions.lifecycle import State
from petitions.models import Petition, SignatureRole
from petitions.starting import actions as starting
from tests import build
from tests.client import PageCheckingClient
from tests.signing.journey import confirm_path, path_of, signatures_of


def link(petition: Petition) -> str:
    """The path of the private link."""
    return path_of(links.support(petition))


def support(client: PageCheckingClient, petition: Petition, number: int) -> None:
    """Support and confirm, all the way by mail."""
    email = f"friend{number}@example.org"
    form = build.sign_form(name=f"Friend {number}", email=email)
    assert client.post(link(petition), data=form).status_code == 303
    build.work()
    response = client.post(confirm_path(email), data={"answer": "yes"})
    assert response.location == f"/petitions/{petition.id}/signatures/confirmed"
    build.work()


def test_the_page_says_that_nobody_has_checked_the_words(client: PageCheckingClient) -> None:
    petition = build.gathering_petition()
    page = client.get(link(petition))
    assert page.status_code == 200
    assert petition.action in page.text
    assert petition.additional_details in page.text
    assert "Nobody has checked these words yet" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text


@pytest.mark.settings(supporters_needed=2)
def test_enough_supporters_bring_it_to_the_moderators(client: PageCheckingClient) -> None:
    petition = build.gathering_petition(creator_email="petitioner@example.org")
    support(client, petition, 1)
    mail = build.captured(to="friend1@example.org")[0]
    assert "Nobody has checked them yet" in build.text_of(mail)
    assert petition.additional_details not in build.text_of(mail)
    assert petition.state is State.GATHERING
    support(client, petition, 2)
    assert petition.state is State.REVIEW
    assert petition.moderation_threshold_reached_at is not None
    assert {row.role for row in signatures_of(petition)} == {SignatureRole.SUPPORTER}
    kinds = [mail["X-Petitions-Message"] for mail in build.captured(to="petitioner@example.org")]
    assert kinds == ["supporter_joined", "petition_in_review"]
    assert petition.signature_count == 3


def test_what_is_thanked_for_does_not_show_unchecked_words(client: PageCheckingClient) -> None:
    petition = build.gathering_petition()
    for page in ("thank-you", "confirmed"):
        text = client.get(f"/petitions/{petition.id}/signatures/{page}").text
        assert petition.action not in text
    assert "With 5 first supporters" in text


@pytest.mark.settings(supporters_needed=2, supporters_most=2)
def test_the_link_closes_when_it_has_the_most_supporters(client: PageCheckingClient) -> None:
    petition = build.review_petition(supporters=2)
    for response in (client.get(link(petition)), client.post(link(petition), data=build.sign_form())):
        assert response.status_code == 200
        assert "has found its supporters" in response.text
    assert len(signatures_of(petition)) == 2


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.OPEN, "This petition is published"),
        (State.CLOSED, "takes no supporters any more"),
        (State.REJECTED, "takes no supporters any more"),
        (State.HIDDEN, "takes no supporters any more"),
        (State.WITHDRAWN, "takes no supporters any more"),
        (State.LAPSED, "takes no supporters any more"),
        (State.PENDING, "takes no supporters any more"),
    ],
)
def test_afterwards_it_says_what_happened(client: PageCheckingClient, state: State, words: str) -> None:
    petition = build.petition(state, action="Words that may not be shown")
    page = client.get(link(petition))
    assert words in page.text
    assert "Words that may not" not in page.text
    client.post(link(petition), data=build.sign_form())
    assert signatures_of(petition) == []


def test_the_petitioner_cannot_support_the_petition(client: PageCheckingClient) -> None:
    petition = build.gathering_petition(creator="Ada Adeyemi", creator_email="ada@example.org")
    assert client.post(link(petition), data=build.sign_form()).status_code == 303
    assert signatures_of(petition) == []
    build.work()
    assert [mail["X-Petitions-Message"] for mail in build.captured()] == ["already_signed"]


def test_the_link_of_another_petition_is_not_found(client: PageCheckingClient) -> None:
    one, other = build.gathering_petition(), build.gathering_petition()
    token = link(other).rsplit("/", 1)[1]
    for method in ("GET", "POST"):
        path = f"/petitions/{one.id}/supporters/{token}"
        assert client.open(path, method=method, data=build.sign_form()).status_code == 404
    assert client.get(f"/petitions/{one.id}/supporters/x").status_code == 404


def test_a_bad_form_comes_back_with_its_errors(client: PageCheckingClient) -> None:
    petition = build.gathering_petition()
    response = client.post(link(petition), data=build.sign_form(name="", eligible=""))
    assert response.status_code == 422
    assert "Enter your name." in response.text
    assert signatures_of(petition) == []


def test_a_supporter_supports_the_words_that_were_read(client: PageCheckingClient) -> None:
    petition = build.gathering_petition()
    words = {"action": "Open every library", "background": "As asked.", "additional_details": ""}
    starting.change_text(petition_id=petition.id, **words)
    response = client.post(link(petition), data=build.sign_form(text_version="1"))
    assert response.status_code == 422
    assert "The words of this petition were changed while you read them." in response.text
    assert "Open every library" in response.text
    assert signatures_of(petition) == []


def test_a_supporter_confirms_after_publication_too(client: PageCheckingClient) -> None:
    petition = build.gathering_petition()
    client.post(link(petition), data=build.sign_form())
    build.work()
    path = confirm_path("ada@example.org")
    now = clock.now()
    build.change(petition, state=State.OPEN, opened_at=now, closes_at=now.replace(year=now.year + 1, day=1))
    client.post(path, data={"answer": "yes"})
    build.work()
    assert petition.signature_count == 2
