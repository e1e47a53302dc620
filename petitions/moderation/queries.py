"""Reading for moderators: one petition with all that helps to judge it, and search over every state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from petitions.addresses import HIGHEST
from petitions.admin import queries as history
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.lifecycle import State, states_where
from petitions.models import (
    AuditEntry,
    Department,
    ExplanationTemplate,
    Petition,
    PetitionText,
    Rejection,
    RejectionReason,
    Staff,
    Tag,
    Topic,
    petition_tags,
)
from petitions.moderation.queue import Queue as Queue
from petitions.moderation.queue import queue as queue
from petitions.moderation.statistics import Figures as Figures
from petitions.moderation.statistics import Statistics as Statistics
from petitions.moderation.statistics import statistics as statistics
from petitions.paging import Page, page_of

RECENT_DECISIONS = 10
PER_PAGE = 50
DECISIONS = ("published", "rejected", "hidden", "restored")


@dataclass(frozen=True)
class Decision:
    """A decision made lately."""

    line: history.HistoryLine
    petition: Petition


@dataclass(frozen=True)
class TextVersion:
    """One version of a petition's words, and who of the staff made it (nobody: the petitioner)."""

    text: PetitionText
    by: str | None


def recent_decisions(limit: int = RECENT_DECISIONS) -> list[Decision]:
    """The newest decisions of anybody."""
    newest = select(AuditEntry).where(AuditEntry.action.in_(DECISIONS), AuditEntry.petition_id.is_not(None))
    lines = history.lines(newest.order_by(AuditEntry.id.desc()).limit(limit))
    ids = {line.petition_id for line in lines}
    petitions = {
        row.id: row for row in db.session.execute(select(Petition).where(Petition.id.in_(ids))).scalars()
    }
    return [Decision(line, petitions[line.petition_id]) for line in lines if line.petition_id in petitions]


def petition(petition_id: int) -> Petition:
    """One petition in whatever state. Raises `NotFound`."""
    found = db.session.get(Petition, petition_id)
    if found is None:
        raise NotFound("no such petition")
    return found


def rejection_of(petition_id: int) -> Rejection | None:
    """Why it was refused."""
    return db.session.get(Rejection, petition_id, options=[joinedload(Rejection.reason)])


def versions(petition_id: int) -> list[TextVersion]:
    """Every version of its words, newest first."""
    query = (
        select(PetitionText, Staff.name)
        .outerjoin(Staff, Staff.id == PetitionText.staff_id)
        .where(PetitionText.petition_id == petition_id)
        .order_by(PetitionText.version.desc())
    )
    return [TextVersion(text, name) for text, name in db.session.execute(query)]


def reasons() -> Sequence[RejectionReason]:
    """The reasons that are given, those that do not hide first, each kind in its own order; retired ones are left out."""
    query = (
        select(RejectionReason)
        .where(RejectionReason.retired_at.is_(None))
        .order_by(RejectionReason.hides, RejectionReason.position, RejectionReason.code)
    )
    return db.session.execute(query).scalars().all()


def reason_titles() -> dict[str, str]:
    """The title of every reason, by its code, of those that are given no more too."""
    return dict(db.session.execute(select(RejectionReason.code, RejectionReason.title)).all())


def explanation_templates() -> Sequence[ExplanationTemplate]:
    """Words to begin an explanation with: those for any reason first, then by reason and title."""
    query = select(ExplanationTemplate).order_by(
        ExplanationTemplate.code.is_not(None), ExplanationTemplate.code, ExplanationTemplate.title
    )
    return db.session.execute(query).scalars().all()


def departments() -> Sequence[Department]:
    """All departments by name."""
    return db.session.execute(select(Department).order_by(Department.name)).scalars().all()


def topics() -> Sequence[Topic]:
    """All topics by name."""
    return db.session.execute(select(Topic).order_by(Topic.name)).scalars().all()


def is_listed(petition_id: int) -> bool:
    """Whether everybody can see it, so that a duplicate may point to it."""
    listed = select(Petition.id).where(
        Petition.id == petition_id, Petition.state.in_(states_where("is_listed"))
    )
    return 0 < petition_id <= HIGHEST and db.session.execute(listed).first() is not None


def text_version(petition_id: int, version: int) -> PetitionText | None:
    """One version of its words."""
    return db.session.get(PetitionText, (petition_id, version)) if 0 < version <= HIGHEST else None


def search(
    *, state: State | None, tag: str, words: str, number: int, url: Callable[[int], str]
) -> Page[Petition]:
    """Petitions of every state, newest first, whose words or number match, and that have a tag where one is given."""
    query = select(Petition).order_by(Petition.id.desc()).options(selectinload(Petition.departments))
    if state is not None:
        query = query.where(Petition.state == state)
    if tag:
        tagged = select(petition_tags.c.petition_id).join(Tag).where(Tag.name == tag)
        query = query.where(Petition.id.in_(tagged))
    if words:
        texts = (Petition.action, Petition.background, Petition.additional_details)
        matches = [column.icontains(words, autoescape=True) for column in texts]
        if words.isascii() and words.isdecimal() and int(words) <= HIGHEST:
            matches.append(Petition.id == int(words))
        query = query.where(or_(*matches))
    return page_of(query, number=number, per_page=PER_PAGE, url=url)
