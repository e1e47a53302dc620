"""Signers say whether an answer dealt with what they asked, and whether it was clear: one answer each, shown from thirty on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock, lifecycle, links
from petitions.database import transactional
from petitions.duties.ratings import signer_hash
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.lifecycle import Event
from petitions.models import Duty, Response, ResponseRating, Signature, Staff
from petitions.responses import rating_actions, satisfaction
from petitions.responses.satisfaction import ENOUGH, Satisfaction
from petitions.signing import confirming, own_signature
from tests import build, invariants, snapshot
from tests.browser.robots import Choosing, Presser
from tests.client import PageCheckingClient
from tests.responses.answering import published
from tests.scrutiny.acts import act, run

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
YES = {"addressed": "yes", "clear": "yes"}


@pytest.fixture(autouse=True)
def _stand_in_november(app: Flask):  # type: ignore[no-untyped-def]
    with clock.fixed(NOON):
        yield


def rate(response: Response, number: int, *, addressed: bool = True, clear: bool = True) -> None:
    """So many signers say the same."""
    for signature in build.signatures(response.petition, number):
        rating_actions.rate(
            response_id=response.id, signature_id=signature.id, addressed=addressed, clear=clear
        )


def ratings() -> list[tuple[bool, bool]]:
    """What is kept."""
    found = db.session.execute(select(ResponseRating.addressed, ResponseRating.clear))
    return [(row.addressed, row.clear) for row in found]


def test_the_mail_asks_each_signer_by_a_link_of_their_own(
    duty: Duty, official: Staff, client: PageCheckingClient
) -> None:
    signers = build.signatures(duty.petition, 2, wants_updates=True)
    published(duty, official)
    build.work()
    paths = set()
    for signer in signers:
        (mail,) = build.captured(to=signer.email, kind="response_published")
        assert "Say what you think, in two questions:" in build.text_of(mail)
        path = build.extract_link(mail, "/responses/rate/")
        page = client.get(path)
        assert "Does the answer deal with what the petition asks?" in page.text
        assert "We run night buses from May." in page.text
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Cache-Control"] == "no-store"
        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in page.headers
        paths.add(path)
    assert len(paths) == 2
    assert ratings() == [], "looking keeps nothing"


def test_a_signer_answers_once_and_may_change_their_mind(
    duty: Duty, official: Staff, client: PageCheckingClient
) -> None:
    signer = build.signature(duty.petition)
    path = links.rate_response(published(duty, official).id, signer).removeprefix("http://localhost")
    reply = client.post(path, data=YES)
    assert (reply.status_code, reply.location) == (303, path)
    page = client.get(path).text
    assert "You said that it deals with what the petition asks." in page
    assert "You found it clear." in page
    client.post(path, data=YES)
    client.post(path, data={"addressed": "no", "clear": "yes"})
    assert ratings() == [(False, True)]
    assert "You said that it does not deal with what the petition asks." in client.get(path).text


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 422),
        ({"addressed": "yes"}, 422),
        ({"clear": "yes"}, 422),
        ({"addressed": "maybe", "clear": "yes"}, 422),
        ({"addressed": "yes", "clear": "\u202e"}, 422),
        ({"addressed": "later"}, 303),
        ({"addressed": "none", "clear": "yes"}, 303),
    ],
)
def test_what_says_nothing_keeps_nothing(
    duty: Duty, official: Staff, client: PageCheckingClient, said: dict[str, str], status: int
) -> None:
    path = links.rate_response(published(duty, official).id, build.signature(duty.petition))
    path = path.removeprefix("http://localhost")
    before = snapshot.of_database()
    reply = client.post(path, data=said)
    assert reply.status_code == status
    assert ("There is a problem" in reply.text) == (status == 422)
    assert snapshot.of_database() == before


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("choosing", Choosing)
@pytest.mark.parametrize("deep", [True, False])
def test_a_program_that_presses_every_button_says_nothing(
    duty: Duty, official: Staff, client: PageCheckingClient, choosing: Choosing, deep: bool
) -> None:
    path = links.rate_response(published(duty, official).id, build.signature(duty.petition))
    robot = Presser(client, deep=deep, choosing=choosing)
    robot.opens(path.removeprefix("http://localhost"))
    assert robot.pressed
    assert ratings() == []


@pytest.mark.parametrize("state", ["pending", "withdrawn", "invalidated", "held", "refused"])
def test_only_signatures_that_count_rate(
    duty: Duty, official: Staff, client: PageCheckingClient, state: str
) -> None:
    signer = build.signature(duty.petition, state=state)
    response = published(duty, official)
    path = links.rate_response(response.id, signer).removeprefix("http://localhost")
    assert "Only signatures that count" in client.get(path).text
    assert client.post(path, data=YES).status_code == 409
    with pytest.raises(StateChanged):
        rating_actions.rate(response_id=response.id, signature_id=signer.id, addressed=True, clear=True)
    assert ratings() == []


def test_a_link_is_good_for_its_own_petitions_answer_alone(
    duty: Duty, official: Staff, client: PageCheckingClient
) -> None:
    response, stranger = published(duty, official), build.signature(build.open_petition())
    path = links.rate_response(response.id, stranger).removeprefix("http://localhost")
    assert client.get(path).status_code == 404
    assert client.post(path, data=YES).status_code == 404
    assert ratings() == []


def test_a_draft_is_not_rated_nor_what_was_taken_down(
    duty: Duty, official: Staff, client: PageCheckingClient
) -> None:
    response, signer = published(duty, official), build.signature(duty.petition)
    path = links.rate_response(response.id, signer).removeprefix("http://localhost")

    @transactional
    def take_down() -> None:
        lifecycle.move(duty.petition, Event.HIDE, hidden_at=clock.now())

    take_down()
    assert client.get(path).status_code == 410
    assert client.post(path, data=YES).status_code == 410


def test_results_are_shown_from_thirty_answers_on(
    duty: Duty, official: Staff, client: PageCheckingClient
) -> None:
    response = published(duty, official)
    rate(response, 20)
    rate(response, 9, addressed=False)
    page = client.get(f"/petitions/{duty.petition_id}").text
    assert "Not enough answers yet" in page
    assert "69%" not in page
    rate(response, 1, clear=False)
    page = client.get(f"/petitions/{duty.petition_id}").text
    assert "Not enough answers yet" not in page
    assert "70%" in page
    assert "97%" in page
    assert "30 signers answered two questions in the e-mail." in page


def test_one_query_adds_up_answers_departments_and_months(duty: Duty, official: Staff) -> None:
    trade = build.department("Department of Trade")
    other = build.cross(build.open_petition(departments=[trade]))
    first, second = published(duty, official), published(other, build.staff("official", department=trade))
    rate(first, 2)
    with clock.fixed(NOON + timedelta(days=20)):
        rate(second, 3, addressed=False)
        rate(first, 1, clear=False)
    assert satisfaction.satisfaction_of([first.id, second.id, 99]) == {
        first.id: Satisfaction(3, 3, 2),
        second.id: Satisfaction(3, 0, 3),
        99: Satisfaction(),
    }
    said = satisfaction.opinions()
    assert (said.total(), said.by_department(), said.by_month()) == (Satisfaction(), {}, {}), "too few spoke"
    rate(first, ENOUGH)
    rate(second, ENOUGH)
    said = satisfaction.opinions()
    assert said.by_department() == {
        duty.department_id: Satisfaction(33, 33, 32),
        trade.id: Satisfaction(33, 30, 33),
    }
    assert said.total() == Satisfaction(66, 63, 65)
    # December's four are left out, and so is November: the total less November would be those four.
    assert said.by_month() == said.by_month(trade.id) == {}
    assert Satisfaction(ENOUGH - 1, 3, 3).addressed_share is None
    assert Satisfaction(ENOUGH, 15, 30).addressed_share == 0.5


def test_a_rating_names_nobody(duty: Duty, official: Staff) -> None:
    signer = build.signature(duty.petition)
    first = published(duty, official)
    rating_actions.rate(response_id=first.id, signature_id=signer.id, addressed=True, clear=True)
    row = db.session.execute(select(ResponseRating)).scalar_one()
    columns = {column.key: getattr(row, column.key) for column in ResponseRating.__table__.columns}
    assert columns == {
        "response_id": first.id,
        "signer_hash": signer_hash(first.id, signer.id),
        "addressed": True,
        "clear": True,
        "rated_on": NOON.date(),
    }
    assert signer_hash(first.id + 1, signer.id) != columns["signer_hash"]


def _two_rate(response: Response) -> list[Signature]:
    """Two signers; the second's opinion is the one that is missed or kept."""
    signers = build.signatures(response.petition, 2)
    for signer, clear in zip(signers, (False, True), strict=True):
        rating_actions.rate(response_id=response.id, signature_id=signer.id, addressed=True, clear=clear)
    return signers


@pytest.mark.parametrize("end", [own_signature.withdraw, own_signature.erase, confirming.refuse])
def test_who_takes_the_signature_back_says_nothing_any_more(
    duty: Duty, official: Staff, end: Callable[..., None]
) -> None:
    first, _ = _two_rate(published(duty, official))
    end(signature_id=first.id)
    assert ratings() == [(True, True)], "the other's stays"
    invariants.check(at_rest=False)


def test_who_is_erased_after_the_end_still_counts_and_says_nothing_any_more(
    duty: Duty, official: Staff
) -> None:
    first, _ = _two_rate(published(duty, official))

    @transactional
    def close() -> None:
        lifecycle.move(duty.petition, Event.CLOSE, closed_at=clock.now())

    close()
    count = duty.petition.signature_count
    own_signature.erase(signature_id=first.id)
    assert duty.petition.signature_count == count
    assert ratings() == [(True, True)]


@pytest.mark.parametrize(("action", "kept"), [("invalidate", 1), ("hold", 2)])
def test_what_moderators_remove_says_nothing_any_more(
    duty: Duty, official: Staff, action: str, kept: int
) -> None:
    first, _ = _two_rate(published(duty, official))
    moderator = build.staff("moderator")
    act(action, duty.petition, [first], moderator)
    assert len(ratings()) == kept, "what is only held may come back"
    act({"invalidate": "restore", "hold": "release"}[action], duty.petition, [first], moderator)
    assert len(ratings()) == kept


def test_a_campaign_removes_what_its_signatures_said(duty: Duty, official: Staff) -> None:
    response = published(duty, official)
    rate(response, 3)
    run(duty.petition, build.staff("moderator"))
    assert ratings() == []
