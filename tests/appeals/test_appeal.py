"""A petitioner appeals once, by an own link and in time; another moderator decides; both reasons are public where the words are."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import clock, links
from petitions.appeals import actions
from petitions.errors import PetitionsError
from petitions.extensions import db, settings
from petitions.lifecycle import State
from petitions.models import Appeal, AuditEntry, Petition, Rejection, Staff
from petitions.moderation import decisions
from tests import build
from tests.client import PageCheckingClient
from tests.faults.race import together
from tests.staff_visitor import StaffVisitor

REASON = "The railways do belong to the state since last year."
ANSWER = "They do: we overlooked the new law."
_numbers = count(1)


@pytest.fixture
def mara(app: Flask) -> Staff:
    """Who refuses."""
    return build.staff("moderator", name="Mara Refuser")


@pytest.fixture
def idris(app: Flask) -> Staff:
    """Somebody else."""
    return build.staff("moderator", name="Idris Other")


@pytest.fixture
def client(app: Flask) -> PageCheckingClient:
    """A browser without a name."""
    found = app.test_client()
    assert isinstance(found, PageCheckingClient)
    return found


def refused(by: Staff, code: str = "irrelevant", *, was_open: bool = False) -> Petition:
    """A petition that was refused, or taken down."""
    make = build.open_petition if was_open else build.review_petition
    petition = make(creator_email=f"priya{next(_numbers)}@example.org", action="Run the night train again")
    decisions.refuse(
        petition_id=petition.id,
        text_version=1,
        state="open" if was_open else "review",
        code=code,
        explanation="The railways are private.",
        original_id=None,
        by=by,
    )
    return petition


def appeal(petition: Petition, reason: str = REASON) -> None:
    """Its petitioner appeals."""
    actions.appeal(petition_id=petition.id, reason=reason)


def decide(petition: Petition, by: Staff, *, upheld: bool, hides_reason: bool = False) -> None:
    """Somebody decides."""
    actions.decide(
        petition_id=petition.id, upheld=upheld, explanation=ANSWER, hides_reason=hides_reason, by=by
    )


def the_appeal(petition: Petition) -> Appeal | None:
    """The appeal as it is stored."""
    db.session.expire_all()
    return db.session.get(Appeal, petition.id)


def path_of(petition: Petition) -> str:
    """The petitioner's page to appeal on."""
    return links.appeal(petition).removeprefix(settings().base_url)


def actions_in_history(petition: Petition) -> list[str]:
    """What the history says, oldest first."""
    query = select(AuditEntry.action).where(AuditEntry.petition_id == petition.id).order_by(AuditEntry.id)
    return list(db.session.execute(query).scalars())


def test_the_link_is_in_the_petitioner_s_mail_and_page_and_in_no_supporter_s(
    client: PageCheckingClient, mara: Staff
) -> None:
    for code, kind in (("irrelevant", "petition_rejected"), ("offensive", "petition_hidden")):
        petition = refused(mara, code)
        build.work()
        for mail in build.captured(kind=kind):
            is_petitioner = mail["To"].startswith("priya")
            assert ("/appeals/" in build.text_of(mail)) == is_petitioner
            assert ("/appeals/" in mail.as_string()) == is_petitioner
        page = client.get(links.petitioner(petition)).text
        assert path_of(petition) in page


def test_an_appeal_is_kept_confirmed_by_mail_and_written_down(
    client: PageCheckingClient, mara: Staff
) -> None:
    petition = refused(mara)
    page = client.get(path_of(petition))
    assert "The railways are private." in page.text
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    sent = client.post(path_of(petition), data={"reason": f"  {REASON}\r\n"})
    assert (sent.status_code, sent.location) == (303, path_of(petition))
    kept = the_appeal(petition)
    assert kept is not None
    assert (kept.reason, kept.refused_by_id, kept.decided_at) == (REASON, mara.id, None)
    assert actions_in_history(petition)[-1] == "appealed"
    assert petition.state is State.REJECTED
    build.work()
    (mail,) = build.captured(kind="appeal_received")
    assert REASON in build.text_of(mail)
    assert "Your appeal is with us" in client.get(path_of(petition)).text
    assert "It is with us since" in client.get(links.petitioner(petition)).text


def test_while_it_waits_everybody_sees_that_and_nobody_the_unread_reason(
    client: PageCheckingClient, mara: Staff
) -> None:
    petition = refused(mara)
    appeal(petition)
    page = client.get(f"/petitions/{petition.id}").text
    assert "An appeal waits to be decided" in page
    assert REASON not in page


@pytest.mark.parametrize(
    "reason", ["", "too short", " " * 50, "x" * 2001, "It turns \u202ethe text around, and round again"]
)
def test_a_reason_that_is_none_is_shown_again_with_what_is_wrong(
    client: PageCheckingClient, mara: Staff, reason: str
) -> None:
    petition = refused(mara)
    page = client.post(path_of(petition), data={"reason": reason})
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert reason.strip() in page.text
    assert the_appeal(petition) is None


def test_two_thousand_characters_are_taken(client: PageCheckingClient, mara: Staff) -> None:
    petition = refused(mara)
    assert client.post(path_of(petition), data={"reason": "é" * 2000}).status_code == 303


def test_an_appeal_is_possible_once(client: PageCheckingClient, mara: Staff, idris: Staff) -> None:
    petition = refused(mara)
    appeal(petition)
    again = client.post(path_of(petition), data={"reason": "Another reason altogether."})
    assert again.status_code == 200
    assert "Your appeal is with us" in again.text
    kept = the_appeal(petition)
    assert kept is not None
    assert kept.reason == REASON
    decide(petition, idris, upheld=True)
    decisions.refuse(
        petition_id=petition.id,
        text_version=1,
        state="review",
        code="irrelevant",
        explanation="Again.",
        original_id=None,
        by=idris,
    )
    with pytest.raises(actions.NotAppealable):
        appeal(petition)
    build.work()
    assert "/appeals/" not in build.text_of(build.captured(kind="petition_rejected")[-1])


@pytest.mark.settings(appeal_days=3)
def test_the_time_to_appeal_ends_with_the_last_day_in_the_site_s_zone(
    client: PageCheckingClient, app: Flask
) -> None:
    # In London it is half past midnight, and the 2nd of July.
    with clock.fixed(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)):
        petition = refused(build.staff("moderator"))
    with clock.fixed(datetime(2026, 7, 5, 22, 59, tzinfo=UTC)):
        assert "until 5 July 2026" in client.get(path_of(petition)).text
    with clock.fixed(datetime(2026, 7, 5, 23, 1, tzinfo=UTC)):
        late = client.post(path_of(petition), data={"reason": REASON})
        assert late.status_code == 410
        assert "The time to appeal is over" in late.text
        assert path_of(petition) not in client.get(links.petitioner(petition)).text
    assert the_appeal(petition) is None


def test_what_is_not_refused_has_nothing_to_appeal_against(client: PageCheckingClient) -> None:
    for state in set(State) - {State.REJECTED, State.HIDDEN}:
        petition = build.petition(state)
        page = client.get(path_of(petition))
        assert page.status_code == 200
        assert "There is nothing to appeal against" in page.text
        with pytest.raises(actions.NotAppealable):
            appeal(petition)


def test_dismissed_both_reasons_are_public_and_the_petitioner_is_told(
    client: PageCheckingClient, mara: Staff, idris: Staff
) -> None:
    petition = refused(mara)
    appeal(petition)
    decide(petition, idris, upheld=False)
    page = client.get(f"/petitions/{petition.id}").text
    assert "The appeal was dismissed on" in page
    assert REASON in page
    assert ANSWER in page
    assert (petition.state, actions_in_history(petition)[-1]) == (State.REJECTED, "appeal_dismissed")
    build.work()
    (mail,) = build.captured(kind="appeal_decided")
    assert "dismissed" in mail["Subject"]
    assert ANSWER in build.text_of(mail)
    assert "Your appeal was dismissed" in client.get(path_of(petition)).text


def test_a_reason_that_breaks_the_rules_is_read_by_nobody_else(
    client: PageCheckingClient, mara: Staff, idris: Staff
) -> None:
    petition = refused(mara)
    appeal(petition, "My neighbour Tom Vile is a thief.")
    decide(petition, idris, upheld=False, hides_reason=True)
    page = client.get(f"/petitions/{petition.id}").text
    assert "Tom Vile" not in page
    assert ANSWER in page
    assert "Tom Vile" in client.get(path_of(petition)).text


@pytest.mark.parametrize("was_open", [False, True])
def test_of_a_hidden_petition_neither_reason_is_public(
    client: PageCheckingClient, mara: Staff, idris: Staff, was_open: bool
) -> None:
    petition = refused(mara, "offensive", was_open=was_open)
    appeal(petition)
    decide(petition, idris, upheld=False)
    page = client.get(f"/petitions/{petition.id}")
    assert page.status_code == (410 if was_open else 404)
    assert REASON not in page.text
    assert ANSWER not in page.text
    build.work()
    (mail,) = build.captured(kind="appeal_decided")
    assert ANSWER in build.text_of(mail)
    assert "night train" not in mail.as_string()


def test_upheld_it_goes_back_to_the_moderators_with_its_promise_anew(
    client: PageCheckingClient, mara: Staff, idris: Staff
) -> None:
    with clock.fixed(clock.now() - timedelta(days=25)):
        petition = refused(mara)
    appeal(petition)
    decide(petition, idris, upheld=True)
    db.session.expire_all()
    assert (petition.state, db.session.get(Rejection, petition.id)) == (State.REVIEW, None)
    since = petition.received_at
    assert since is not None
    assert clock.now() - since < timedelta(minutes=5)
    assert actions_in_history(petition)[-1] == "appeal_upheld"
    assert "Your appeal was upheld" in client.get(path_of(petition)).text
    decisions.publish(petition_id=petition.id, text_version=1, by=mara)
    page = client.get(f"/petitions/{petition.id}").text
    assert "It was refused once" in page
    assert REASON in page
    assert ANSWER in page


def test_a_taken_down_petition_keeps_its_deadline_and_signatures_when_it_comes_back(
    mara: Staff, idris: Staff
) -> None:
    petition = refused(mara, was_open=True)
    before = (petition.opened_at, petition.closes_at, petition.signature_count)
    appeal(petition)
    decide(petition, idris, upheld=True)
    decisions.publish(petition_id=petition.id, text_version=1, by=idris)
    db.session.expire_all()
    assert (petition.opened_at, petition.closes_at, petition.signature_count) == before


def test_who_refused_does_not_decide_and_is_told_why(app: Flask, mara: Staff) -> None:
    petition = refused(mara)
    appeal(petition)
    visitor = StaffVisitor(app, mara)
    path = f"/staff/petitions/{petition.id}/appeal"
    page = visitor.get(path)
    assert "somebody else decides the appeal" in page.text
    assert "Decide the appeal" not in page.text
    sent = visitor.post(path, outcome="dismissed", explanation="I stay with what I said.")
    assert sent.status_code == 409
    assert "I stay with what I said." in sent.text
    kept = the_appeal(petition)
    assert kept is not None
    assert kept.decided_at is None


def test_another_moderator_finds_it_on_the_desk_and_decides(app: Flask, mara: Staff, idris: Staff) -> None:
    with clock.fixed(clock.now() - timedelta(days=40)):
        petition = refused(mara)
        appeal(petition)
    visitor = StaffVisitor(app, idris)
    assert "1 waits" in visitor.get("/staff/queue").text
    desk = visitor.get("/staff/appeals").text
    assert f"/staff/petitions/{petition.id}/appeal" in desk
    assert "Mara Refuser" in desk
    path = f"/staff/petitions/{petition.id}/appeal"
    assert REASON in visitor.get(path).text
    for wrong in ({"outcome": "upheld"}, {"explanation": ANSWER}, {"outcome": "so", "explanation": ANSWER}):
        page = visitor.post(path, **wrong)
        assert page.status_code == 422
        assert "There is a problem" in page.text
    assert visitor.post(path, outcome="upheld", explanation=ANSWER).status_code == 303
    late = visitor.post(path, outcome="dismissed", explanation="Too late, but typed with care.")
    assert late.status_code == 409
    assert "Typed" not in late.text
    assert "typed with care" in late.text
    assert "Somebody else was first" in late.text
    assert petition.state is State.REVIEW
    assert "No appeal waits." in visitor.get("/staff/appeals").text


def test_put_back_by_an_administrator_the_appeal_has_what_it_asked_for(
    client: PageCheckingClient, mara: Staff
) -> None:
    petition = refused(mara)
    appeal(petition)
    decisions.restore(petition_id=petition.id, by=build.staff("administrator"))
    kept = the_appeal(petition)
    assert kept is not None
    assert (kept.upheld, kept.decided_by_id) == (True, None)
    assert "Your appeal was upheld" in client.get(path_of(petition)).text
    build.work()
    assert len(build.captured(kind="appeal_decided")) == 1
    # Nobody has read the petitioner's words: they are not shown once the petition is.
    decisions.publish(petition_id=petition.id, text_version=1, by=build.staff("administrator"))
    page = client.get(f"/petitions/{petition.id}").text
    assert "the petition was put back before anybody had read it" in page
    assert kept.reason not in page


def raced(app: Flask, *verbs: Callable[[], object]) -> list[object]:
    """What each verb came to, started at the same instant."""
    db.session.remove()
    return together(app, verbs)


def test_who_was_overruled_does_not_refuse_it_again_and_is_told_why(
    app: Flask, mara: Staff, idris: Staff
) -> None:
    petition = refused(mara)
    appeal(petition)
    decide(petition, idris, upheld=True)
    answers = {
        "text_version": "1",
        "state": "review",
        "code": "irrelevant",
        "explanation": "The railways are private, I say.",
    }
    path = f"/staff/petitions/{petition.id}/refuse"
    page = StaffVisitor(app, mara).post(path, **answers)
    assert page.status_code == 422
    assert "The appeal against your refusal was upheld" in page.text
    assert "The railways are private, I say." in page.text, "what was typed is not lost"
    assert db.session.get_one(Petition, petition.id, populate_existing=True).state is State.REVIEW
    assert StaffVisitor(app, idris).post(path, **answers).status_code == 303
    assert db.session.get_one(Petition, petition.id, populate_existing=True).state is State.REJECTED


def test_pressed_many_times_at_once_there_is_one_appeal(app: Flask, mara: Staff) -> None:
    petition_id = refused(mara).id

    def press(number: int) -> Callable[[], object]:
        return lambda: actions.appeal(petition_id=petition_id, reason=f"{REASON} {number}")

    results = raced(app, *[press(number) for number in range(6)])
    assert sorted(result is None for result in results) == [False] * 5 + [True]
    lines = select(AuditEntry).where(AuditEntry.action == "appealed")
    assert len(db.session.execute(lines).scalars().all()) == 1
    build.work()
    assert len(build.captured(kind="appeal_received")) == 1


def test_of_those_who_decide_at_once_one_does(app: Flask, mara: Staff) -> None:
    petition = refused(mara)
    appeal(petition)
    petition_id, people = petition.id, [build.staff("moderator").id for _ in range(4)]

    def decides(number: int, staff_id: int) -> Callable[[], object]:
        return lambda: actions.decide(
            petition_id=petition_id,
            upheld=bool(number % 2),
            explanation=f"{ANSWER} {number}",
            by=db.session.get_one(Staff, staff_id),
        )

    results = raced(app, *[decides(number, each) for number, each in enumerate(people)])
    assert sum(result is None for result in results) == 1
    assert all(result is None or issubclass(result, PetitionsError) for result in results)  # type: ignore[arg-type]
    kept = db.session.get_one(Appeal, petition_id)
    state = db.session.get_one(Petition, petition_id).state
    assert state is (State.REVIEW if kept.upheld else State.REJECTED)
    lines = select(AuditEntry).where(AuditEntry.action.in_(["appeal_upheld", "appeal_dismissed"]))
    (line,) = db.session.execute(lines).scalars()
    assert line.staff_id == kept.decided_by_id


def test_decided_and_put_back_at_once_it_is_put_back_once(app: Flask, mara: Staff, idris: Staff) -> None:
    petition = refused(mara)
    appeal(petition)
    petition_id, other, boss = petition.id, idris.id, build.staff("administrator").id
    results = raced(
        app,
        lambda: actions.decide(
            petition_id=petition_id, upheld=True, explanation=ANSWER, by=db.session.get_one(Staff, other)
        ),
        lambda: decisions.restore(petition_id=petition_id, by=db.session.get_one(Staff, boss)),
    )
    assert sum(result is None for result in results) == 1
    assert db.session.get_one(Petition, petition_id).state is State.REVIEW
    assert db.session.get_one(Appeal, petition_id).upheld is True
    moved = select(AuditEntry).where(AuditEntry.action.in_(["appeal_upheld", "restored"]))
    assert len(db.session.execute(moved).scalars().all()) == 1
