"""The public promise to check a petition within some working days, and the questions during which it stands still.

A petition that went back to its petitioner with questions waits for the petitioner, not for the moderators: the working
days of that time do not count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from petitions import clock, due_dates
from petitions.extensions import db, settings
from petitions.models import Petition, PetitionQuestion

#: After so many days without an answer moderators see the petition again among those that wait for them.
SILENCE = timedelta(days=14)


def questions_of(petition_id: int) -> Sequence[PetitionQuestion]:
    """All questions that a petition went back with, oldest first."""
    return questions_of_many([petition_id]).get(petition_id, [])


def questions_of_many(petition_ids: Collection[int]) -> dict[int, list[PetitionQuestion]]:
    """The questions of many petitions, oldest first; a petition without any is left out."""
    query = (
        select(PetitionQuestion)
        .where(PetitionQuestion.petition_id.in_(petition_ids))
        .order_by(PetitionQuestion.id)
    )
    found: dict[int, list[PetitionQuestion]] = {}
    for question in db.session.execute(query).scalars():
        found.setdefault(question.petition_id, []).append(question)
    return found


def open_question(petition_id: int) -> PetitionQuestion | None:
    """The questions that wait for their answer; there is one such row at most."""
    query = select(PetitionQuestion).where(
        PetitionQuestion.petition_id == petition_id, PetitionQuestion.answered_at.is_(None)
    )
    return db.session.execute(query).scalar_one_or_none()


def checked_by(petition: Petition, questions: Sequence[PetitionQuestion] | None = None) -> date:
    """The day by which it is promised in public that moderators have checked a petition that came to them.

    While it waits for its petitioner the day moves on with every working day. `questions` saves reading them again.
    """
    today = clock.today(settings().timezone)
    still = _days_stood_still(petition, _given(petition, questions), today)
    return due_dates.add_working_days(_received_on(petition), settings().moderation_days + still)


def days_taken(petition: Petition, questions: Sequence[PetitionQuestion] | None = None) -> int:
    """Working days that a petition has waited for moderators until today: what public statistics count."""
    today, received = clock.today(settings().timezone), _received_on(petition)
    still = _days_stood_still(petition, _given(petition, questions), today)
    return max(0, due_dates.working_days_between(received, today) - still)


def _given(petition: Petition, questions: Sequence[PetitionQuestion] | None) -> Sequence[PetitionQuestion]:
    return questions_of(petition.id) if questions is None else questions


def _received_on(petition: Petition) -> date:
    assert petition.received_at is not None, "the database holds it for every petition in moderation"
    return _day(petition.received_at)


def _day(moment: datetime) -> date:
    return moment.astimezone(settings().timezone).date()


def _days_stood_still(petition: Petition, questions: Sequence[PetitionQuestion], today: date) -> int:
    """Working days between each question and its answer, of those asked since the petition came (or came back)."""
    received = petition.received_at
    return sum(
        due_dates.working_days_between(
            _day(question.asked_at), _day(question.answered_at) if question.answered_at else today
        )
        for question in questions
        if received is not None and question.asked_at >= received
    )
