"""What happened to a petition, newest first, from nothing but dated facts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from petitions import clock
from petitions.database import transactional
from petitions.debates import actions as debate_actions
from petitions.debates.actions import DebateOutcome
from petitions.duties.answers import Words
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import OtherBusiness, Outcome, Petition
from petitions.responses import duty_actions, response_actions
from petitions.responses.queries import TimelineEvent, timeline
from tests import build

PUBLISHED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(days: int, hour: int = 10) -> datetime:
    """A moment so many days after publication."""
    return PUBLISHED.replace(hour=hour) + timedelta(days=days)


def of(petition_id: int) -> list[TimelineEvent]:
    """The timeline as a petition's page shows it."""
    db.session.rollback()
    return timeline(db.session.get_one(Petition, petition_id))


def test_a_whole_life_is_told_newest_first(app: Flask) -> None:
    trade, works = build.department("Department of Trade"), build.department("Department of Works")
    administrator = build.staff("administrator")
    with app.test_request_context():
        with clock.fixed(PUBLISHED):
            petition = build.open_petition(
                departments=[trade], moderation_threshold_reached_at=PUBLISHED - timedelta(days=4)
            )
        petition_id = petition.id
        with clock.fixed(at(7)):
            duty_id = build.cross(petition).id
        with clock.fixed(at(8)):
            duty_actions.transfer(duty_id, department_id=works.id, reason="They build it.", by=administrator)
        with clock.fixed(at(10)):
            duty_actions.pause(
                duty_id, starts_on=at(10).date(), ends_on=at(20).date(), reason="Recess", by=administrator
            )
        with clock.fixed(at(21)):
            duty_actions.extend(
                duty_id, due_on=date(2026, 5, 1), reason="Figures are missing.", by=administrator
            )
        words = Words("We build it.", "In May.", Outcome.AGREED)
        with clock.fixed(at(30)):
            response_actions.save_draft(duty_id, words=words, draft_version=0, by=administrator)
            response_actions.publish(duty_id, draft_version=1, by=administrator)
        with clock.fixed(at(33)):
            later = Words("We build it.", "In June.", Outcome.AGREED)
            response_actions.save_draft(duty_id, words=later, draft_version=1, by=administrator)
            response_actions.change(duty_id, draft_version=2, reason="Not May.", tell=False, by=administrator)
        with clock.fixed(at(40)):
            build.cross(petition, "debate")
            debate_actions.schedule(petition_id, scheduled_on=at(50).date(), by=administrator)
        with clock.fixed(at(51)):
            held = DebateOutcome(debated=True, debated_on=at(50).date(), overview="Everybody spoke.")
            debate_actions.give_outcome(petition_id, outcome=held, by=administrator)
            _letter(petition_id, at(45).date())
            events = of(petition_id)
    assert [event.title for event in events] == [
        "Debated in Parliament",
        "The committee wrote to the minister",
        "A debate was scheduled",
        "Reached 100,000: a debate is considered",
        "The answer was changed",
        "The Department of Works answered",
        "The date was moved to 1 May",
        "The time to answer was paused",
        "Given to the Department of Works",
        "Reached 10,000: an answer is owed",
        "Published",
    ]
    by_title = {event.title: event for event in events}
    assert by_title["Published"].text == "Checked in 2 working days."
    assert by_title["Reached 10,000: an answer is owed"].text == "7 days after publication. Due by 30 March."
    assert by_title["The Department of Works answered"].text == "Agreed · Answered, 30 days early"
    assert by_title["The answer was changed"].url == f"/petitions/{petition_id}/response/versions"
    assert by_title["The time to answer was paused"].text.startswith("Recess. The clock stands still from")
    assert by_title["The date was moved to 1 May"].text == "Figures are missing."


@transactional
def _letter(petition_id: int, day: date) -> None:
    db.session.add(
        OtherBusiness(petition_id=petition_id, subject="The committee wrote to the minister", occurred_on=day)
    )


def test_closing_is_told_by_the_clock_and_not_by_the_job(app: Flask) -> None:
    with app.test_request_context():
        petition = build.open_petition()
        assert petition.closes_at is not None
        assert [event.title for event in of(petition.id)] == ["Published"]
        with clock.fixed(petition.closes_at + timedelta(seconds=1)):
            assert [event.title for event in of(petition.id)] == ["Closed", "Published"]


@pytest.mark.parametrize(
    ("state", "titles"),
    [
        (State.REJECTED, ["Rejected", "Published"]),
        (State.WITHDRAWN, ["Withdrawn by its petitioner", "Published"]),
        (State.CLOSED, ["Closed", "Published"]),
    ],
)
def test_every_end_is_told(app: Flask, state: State, titles: list[str]) -> None:
    with app.test_request_context():
        petition = build.petition(state, opened_at=clock.now() - timedelta(days=30))
        assert [event.title for event in of(petition.id)] == titles


def test_a_refused_petition_names_the_reason(app: Flask) -> None:
    with app.test_request_context():
        (event,) = of(build.petition(State.REJECTED).id)
    assert (event.title, bool(event.text)) == ("Rejected", True)


def test_a_refused_debate_is_told(app: Flask) -> None:
    administrator = build.staff("administrator")
    with app.test_request_context():
        petition_id = build.open_petition().id
        refused = DebateOutcome(debated=False, debated_on=None, overview="There is no time.")
        debate_actions.give_outcome(petition_id, outcome=refused, by=administrator)
        assert of(petition_id)[0].title == "Parliament decided not to debate it"
