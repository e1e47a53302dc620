"""A petition goes back to its petitioner with questions. It stays with the moderators; their promise stands still."""

from __future__ import annotations

from petitions import audit, checking, clock
from petitions.database import transactional
from petitions.errors import StateChanged
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Petition, PetitionQuestion, Staff
from petitions.moderation.actions import locked
from petitions.petitioners import creator_of

QUESTIONS_LIMIT = 2_000


class CannotBeAsked(StateChanged):
    """It waits for an answer already, is not being checked, or has no petitioner who could be written to."""


def may_be_asked(petition: Petition) -> bool:
    """Whether its petitioner can be asked: it is being checked, nothing waits for an answer, and there is somebody."""
    if not petition.facts.is_in_moderation or checking.open_question(petition.id) is not None:
        return False
    creator = creator_of(petition)
    return creator is not None and creator.email_sealed is not None and creator.gets_mails


@transactional
def ask(*, petition_id: int, text_version: int, questions: str, by: Staff) -> None:
    """Send a petition back with questions: its petitioner may change the words and answer, then it is checked again.

    Raises `CannotBeAsked`, and `TextChanged` when the words are not those that the questions are about.
    """
    petition = locked(petition_id, text_version)
    if not may_be_asked(petition):
        raise CannotBeAsked("there is nobody to ask, or an answer is waited for")
    row = PetitionQuestion(petition_id=petition.id, staff_id=by.id, questions=questions, asked_at=clock.now())
    db.session.add(row)
    db.session.flush()
    audit.record("petitioner_asked", petition=petition, by=by)
    outbox.queue(
        "petition_questions",
        key=f"questions:{row.id}",
        signature=creator_of(petition),
        question_id=row.id,
    )
