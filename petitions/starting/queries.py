"""What a petitioner's own page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import func, select

from petitions import checking, clock, links, refusals, tokens
from petitions.browsing import queries as browsing
from petitions.errors import NotFound
from petitions.extensions import db, settings
from petitions.lifecycle import FACTS, State
from petitions.models import (
    Petition,
    PetitionQuestion,
    PetitionThreshold,
    Rejection,
    Signature,
    SignatureRole,
    SignatureState,
)
from petitions.petitioners import creator_of
from petitions.responses import queries as responses
from petitions.responses.queries import DutyStatus
from petitions.starting.similar import SimilarPetition, similar_to
from petitions.tokens import Purpose


@dataclass(frozen=True)
class PetitionerPage:
    """A petition as its petitioner sees it, in any state."""

    petition: Petition
    state: State
    """By the clock: lapsed as soon as its time is over, whether or not a job has said so."""
    link_expired: bool
    """Not confirmed yet, and the mailed link is too old to do it with."""
    is_disowned: bool
    """Not confirmed, and its mailbox has answered that it was somebody else."""
    supporters: int
    needed: int
    support_url: str

    @property
    def days_left(self) -> int:
        """Days to find supporters in, today not counted; never below 0."""
        assert self.petition.lapses_at is not None
        last_day = self.petition.lapses_at.astimezone(settings().timezone).date()
        return max(0, (last_day - clock.today(settings().timezone)).days)

    @property
    def promised_on(self) -> date:
        """The day by which it is to be checked."""
        return checking.checked_by(self.petition)

    @cached_property
    def question(self) -> PetitionQuestion | None:
        """What the moderators asked and wait for."""
        return checking.open_question(self.petition.id) if self.petition.facts.is_in_moderation else None

    @property
    def public_url(self) -> str:
        """The public page."""
        return links.petition(self.petition)

    @property
    def next_threshold(self) -> PetitionThreshold | None:
        """The lowest threshold that was not reached."""
        return browsing.next_thresholds([self.petition.id]).get(self.petition.id)

    @property
    def duties(self) -> list[DutyStatus]:
        """What is owed, or was."""
        return [row.status for row in responses.duties_of(self.petition.id)]

    @property
    def rejection(self) -> Rejection | None:
        """Why it was refused or taken down."""
        return browsing.rejection_of(self.petition.id)

    @property
    def original(self) -> Petition | None:
        """For a duplicate: the petition it repeats, while everybody can see it."""
        refused = self.rejection
        return browsing.listed_petition(refused.original_id) if refused else None

    @property
    def appeal_until(self) -> date | None:
        """The last day to appeal against that; nothing where it cannot be appealed, or was already."""
        refused = self.rejection
        if refused is None or not refusals.may_be_appealed(self.petition, refused):
            return None
        return refusals.appeal_until(refused)

    @property
    def appeal_token(self) -> str:
        """Of the page to appeal on, and of what became of it."""
        return tokens.sign(Purpose.APPEAL, self.petition.id)


def petition_of(token: str) -> Petition:
    """The petition whose petitioner was given `token`. Raises `NotFound`."""
    petition = db.session.get(Petition, tokens.read_id(Purpose.PETITIONER, token))
    if petition is None or creator_of(petition) is None:
        raise NotFound("no such petition")
    return petition


def supporters_of(petition: Petition) -> int:
    """How many supporters have confirmed, the petitioner not counted."""
    query = select(func.count()).where(
        Signature.petition_id == petition.id,
        Signature.role == SignatureRole.SUPPORTER,
        Signature.state == SignatureState.VALIDATED,
    )
    return db.session.execute(query).scalar_one()


def lapses_at(petition: Petition) -> datetime | None:
    """When it lapses if nothing happens; nothing for a petition that is past that part of its life."""
    if petition.state is State.PENDING:
        return petition.created_at + timedelta(days=settings().supporters_days)
    return petition.lapses_at if petition.state is State.GATHERING else None


def state_of(petition: Petition) -> State:
    """The state by the clock."""
    ends = lapses_at(petition)
    return State.LAPSED if ends is not None and ends < clock.now() else petition.current_state


def may_edit(petition: Petition) -> bool:
    """Whether the petitioner may change its words: until it is checked, and while moderators wait for an answer."""
    if FACTS[state_of(petition)].is_editable_by_petitioner:
        return True
    return petition.facts.is_in_moderation and checking.open_question(petition.id) is not None


def petitioner_page(petition: Petition) -> PetitionerPage:
    """What the petitioner sees of a petition."""
    creator = creator_of(petition)
    lifetime = timedelta(days=settings().confirm_days)
    state = state_of(petition)
    return PetitionerPage(
        petition=petition,
        state=state,
        link_expired=state is State.PENDING and creator is not None and creator.link_expired(lifetime),
        is_disowned=creator is not None and creator.mails_stopped_at is not None,
        supporters=supporters_of(petition),
        needed=settings().supporters_needed,
        support_url=links.support(petition),
    )


def similar_petitions(petition: Petition, most: int = 5) -> list[SimilarPetition]:
    """Up to `most` listed petitions that resemble one that is being checked, best first; itself left out."""
    return similar_to(petition.action, petition.background, most, without=[petition.id])
