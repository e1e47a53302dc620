"""How many working days a decision took: own closed days and what the petitioner was waited for do not count."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from petitions import checking, clock, due_dates
from petitions.database import transactional
from petitions.extensions import db
from petitions.models import (
    ClosedDay,
    DecisionKind,
    ModerationDecision,
    Petition,
    PetitionQuestion,
    Staff,
)
from petitions.moderation import decisions
from tests import build


@contextmanager
def day(number: int, month: int = 11) -> Iterator[None]:
    """Noon of a day of 2026; 2 November is a Monday."""
    with clock.fixed(datetime(2026, month, number, 12, tzinfo=UTC)):
        yield


@transactional
def add(*rows: object) -> None:
    """Store rows."""
    db.session.add_all(rows)


@pytest.fixture
def moderator(app: Flask) -> Staff:
    """Who decides."""
    return build.staff("moderator")


def waiting() -> Petition:
    """A petition that came to the moderators on Monday 2 November."""
    with day(2):
        return build.review_petition()


def decision() -> ModerationDecision:
    """The newest decision."""
    newest = select(ModerationDecision).order_by(ModerationDecision.id.desc()).limit(1)
    return db.session.execute(newest).scalar_one()


def refuse(petition: Petition, by: Staff, code: str = "irrelevant") -> None:
    """Refuse it, or take it down."""
    decisions.refuse(
        petition_id=petition.id,
        text_version=petition.text_version,
        state=petition.current_state.value,
        code=code,
        explanation="It is not for us.",
        original_id=None,
        by=by,
    )


def test_a_publication_is_kept_with_the_working_days_it_took(moderator: Staff) -> None:
    petition = waiting()
    with day(9):
        decisions.publish(petition_id=petition.id, text_version=1, by=moderator)
        kept = decision()
        assert (kept.kind, kept.code, kept.staff_id) == (DecisionKind.PUBLISHED, None, moderator.id)
        assert (kept.received_at, kept.decided_at) == (petition.moderation_threshold_reached_at, clock.now())
        assert kept.working_days == 5


@pytest.mark.parametrize(
    ("code", "kind"), [("irrelevant", DecisionKind.REJECTED), ("offensive", DecisionKind.HIDDEN)]
)
def test_a_refusal_is_kept_with_its_reason(moderator: Staff, code: str, kind: DecisionKind) -> None:
    petition = waiting()
    with day(4):
        refuse(petition, moderator, code)
    assert (decision().kind, decision().code, decision().working_days) == (kind, code, 2)


@pytest.mark.parametrize("code", ["irrelevant", "offensive"])
def test_for_a_taking_down_nobody_had_waited(moderator: Staff, code: str) -> None:
    petition = build.open_petition()
    refuse(petition, moderator, code)
    kept = decision()
    assert (kept.kind, kept.code) == (DecisionKind.TAKEN_DOWN, code)
    assert (kept.received_at, kept.working_days) == (None, None)


def test_own_closed_days_are_no_working_days(moderator: Staff) -> None:
    petition = waiting()
    assert checking.checked_by(petition) == date(2026, 11, 16)
    add(ClosedDay(day=date(2026, 11, 5), name="The office moves"))
    assert not due_dates.is_working_day(date(2026, 11, 5))
    with day(9):
        assert checking.checked_by(petition) == date(2026, 11, 17)
        decisions.publish(petition_id=petition.id, text_version=1, by=moderator)
    assert decision().working_days == 4


def test_what_the_petitioner_was_waited_for_does_not_count(moderator: Staff) -> None:
    petition = waiting()
    at = [datetime(2026, 11, each, 12, tzinfo=UTC) for each in (4, 11)]
    add(
        PetitionQuestion(
            petition_id=petition.id,
            questions="Which library?",
            asked_at=at[0],
            answer="All.",
            answered_at=at[1],
        )
    )
    with day(12):
        assert checking.checked_by(petition) == date(2026, 11, 23)
        decisions.publish(petition_id=petition.id, text_version=1, by=moderator)
    assert decision().working_days == 3


def test_while_the_petitioner_is_waited_for_the_day_moves_on(moderator: Staff) -> None:
    petition = waiting()
    asked_at = datetime(2026, 11, 4, 12, tzinfo=UTC)
    add(PetitionQuestion(petition_id=petition.id, questions="Which library?", asked_at=asked_at))
    for today, promised in ((4, date(2026, 11, 16)), (5, date(2026, 11, 17)), (12, date(2026, 11, 24))):
        with day(today):
            assert checking.checked_by(petition) == promised
            assert checking.days_taken(petition) == 2


def test_put_back_it_is_promised_anew(moderator: Staff) -> None:
    petition = waiting()
    with day(3):
        refuse(petition, moderator)
    with day(23):
        decisions.restore(petition_id=petition.id, by=build.staff("administrator"))
        assert checking.checked_by(petition) == date(2026, 12, 7)
    with day(25):
        decisions.publish(petition_id=petition.id, text_version=1, by=moderator)
    assert decision().working_days == 2
    assert decision().received_at == petition.restored_at
