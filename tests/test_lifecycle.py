"""Only the listed moves are made, once each, and every state says what it means."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from petitions import clock, lifecycle
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.lifecycle import FACTS, MOVES, Event, State
from petitions.models import Petition
from tests import build

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

#: What each state asks for before a row may be in it.
COLUMNS = {
    State.GATHERING: {"confirmed_at": NOON, "lapses_at": NOON + timedelta(days=30)},
    State.REVIEW: {"moderation_threshold_reached_at": NOON},
    State.OPEN: {"opened_at": NOON, "closes_at": NOON + timedelta(days=1)},
    State.CLOSED: {"opened_at": NOON, "closed_at": NOON},
    State.REJECTED: {"rejected_at": NOON},
    State.HIDDEN: {"hidden_at": NOON},
    State.WITHDRAWN: {"withdrawn_at": NOON},
    State.LAPSED: {"lapsed_at": NOON},
}


@transactional
def move(petition: Petition, event: Event, **columns: object) -> None:
    """The move as one unit of work."""
    lifecycle.move(petition, event, **columns)


def make(state: State) -> Petition:
    """A bare petition in a state."""

    @transactional
    def add() -> Petition:
        petition = Petition(state=state, action="A", background="B", **COLUMNS.get(state, {}))
        db.session.add(petition)
        return petition

    return add()


def test_every_listed_move_is_made(app: Flask) -> None:
    for (before, event), after in MOVES.items():
        petition = make(before)
        move(petition, event, **COLUMNS.get(after, {}))
        assert petition.state is after


def test_every_other_move_is_refused_and_changes_nothing(app: Flask) -> None:
    for state in State:
        petition = make(state)
        for event in Event:
            if (state, event) not in MOVES:
                with pytest.raises(StateChanged):
                    move(petition, event)
                assert petition.state is state
    assert len(MOVES) < len(list(product(State, Event)))


def test_of_two_who_decide_at_once_the_second_is_told(app: Flask) -> None:
    petition = make(State.REVIEW)

    @transactional
    def decide_on_what_was_read_before() -> None:
        stale = db.session.get_one(Petition, petition.id)
        # Another moderator's transaction, done between reading and writing.
        db.session.execute(
            db.update(Petition)
            .where(Petition.id == petition.id)
            .values(state=State.REJECTED, rejected_at=NOON)
            .execution_options(synchronize_session=False)
        )
        lifecycle.move(stale, Event.PUBLISH, **COLUMNS[State.OPEN])

    with pytest.raises(StateChanged):
        decide_on_what_was_read_before()


@pytest.mark.parametrize("state", [State.REVIEW, State.OPEN, State.CLOSED, State.REJECTED, State.HIDDEN])
def test_the_database_refuses_a_state_without_its_time(app: Flask, state: State) -> None:
    @transactional
    def add() -> None:
        db.session.add(Petition(state=state, action="A", background="B"))

    with pytest.raises(IntegrityError):
        add()


def test_an_open_petition_is_closed_by_the_clock_even_when_no_job_ran(app: Flask) -> None:
    petition = build.open_petition()
    assert petition.closes_at is not None
    with clock.fixed(petition.closes_at):
        assert petition.is_signable
    with clock.fixed(petition.closes_at + timedelta(milliseconds=1)):
        assert petition.current_state is State.CLOSED
        assert not petition.is_signable


def test_a_link_counts_in_the_grace_after_closing_and_not_later(app: Flask) -> None:
    petition = build.open_petition()
    assert petition.closes_at is not None
    grace = timedelta(hours=24)
    with clock.fixed(petition.closes_at + grace):
        assert petition.takes_confirmations(grace)
    with clock.fixed(petition.closes_at + grace + timedelta(milliseconds=1)):
        assert not petition.takes_confirmations(grace)


def test_every_state_has_its_facts() -> None:
    assert set(FACTS) == set(State)
    assert lifecycle.states_where("is_listed") == [State.OPEN, State.CLOSED, State.REJECTED]
    assert lifecycle.states_where("takes_signatures") == [State.OPEN]
