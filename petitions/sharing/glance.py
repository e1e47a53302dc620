"""What a petition comes to at one glance: its count, its next goal, and how its answer stands. Card and widget say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask_babel import gettext as _
from flask_babel import ngettext

from petitions.extensions import settings
from petitions.lifecycle import State
from petitions.models import RESPONSE, Petition, PetitionThreshold
from petitions.responses.queries import DutyStatus, Record
from petitions.templating import long_date, number


@dataclass(frozen=True)
class Goal:
    """The next threshold, or the highest that was reached."""

    signatures: int
    duty: str
    share: float
    """How far the count is, 0 to 1."""

    @property
    def words(self) -> str:
        """Of how many it is so many, and what for."""
        goal = number(self.signatures)
        if self.duty == RESPONSE:
            return str(_("of %(goal)s for an answer", goal=goal))
        return str(_("of %(goal)s for a debate", goal=goal))


@dataclass(frozen=True)
class Glance:
    """One petition at a glance, in the language at hand."""

    petition_id: int
    title: str
    count: int | None
    """None: it was never published, so there is no total to show."""
    goal: Goal | None
    status: str
    """A few words and their tone (wait soon late done paused quiet)."""
    tone: str
    sentences: list[str]
    """Who owes what by when, or what came of it."""
    is_signable: bool

    @property
    def count_words(self) -> str:
        """The number with its noun, as screen readers say it."""
        if self.count is None:
            return ""
        return str(
            ngettext("%(count)s signature", "%(count)s signatures", self.count, count=number(self.count))
        )

    @property
    def key(self) -> str:
        """Changes with everything that is said: the version of a picture of it."""
        said = (
            settings().site_name,
            self.petition_id,
            self.title,
            self.count,
            self.goal,
            self.status,
            self.tone,
            self.sentences,
            self.is_signable,
        )
        return sha256(repr(said).encode()).hexdigest()[:16]


def glance_of(petition: Petition, record: Record, thresholds: Sequence[PetitionThreshold]) -> Glance:
    """A petition at a glance, from what was read already. `thresholds`: the lowest first."""
    statuses = [row.status for row in record.duties]
    status, tone = _stands(petition, statuses)
    reached = {crossing.threshold_key for crossing in record.crossings}
    return Glance(
        petition_id=petition.id,
        title=petition.action,
        count=petition.signature_count if petition.was_published else None,
        goal=_goal(petition, reached, thresholds) if petition.was_published else None,
        status=status,
        tone=tone,
        sentences=[each.whole for each in statuses],
        is_signable=petition.is_signable,
    )


def _stands(petition: Petition, statuses: Sequence[DutyStatus]) -> tuple[str, str]:
    """The newest duty's status; without one, where the petition is in its life."""
    if statuses:
        return statuses[-1].short, statuses[-1].tone
    state = petition.current_state
    if state is State.OPEN and petition.closes_at is not None:
        return str(_("Open until %(date)s", date=long_date(petition.closes_at))), "wait"
    closed_at = petition.closed_at or petition.closes_at
    if state is State.CLOSED and closed_at is not None:
        return str(_("Closed on %(date)s", date=long_date(closed_at))), "quiet"
    return str(_("Withdrawn") if state is State.WITHDRAWN else _("Rejected")), "quiet"


def _goal(petition: Petition, reached: set[str], thresholds: Sequence[PetitionThreshold]) -> Goal | None:
    """The lowest that was not reached, while it can be; else the highest that was."""
    ahead = [each for each in thresholds if each.key not in reached] if petition.is_signable else []
    behind = [each for each in thresholds if each.key in reached]
    wanted = ahead[0] if ahead else behind[-1] if behind else None
    if wanted is None:
        return None
    share = 1.0 if wanted.key in reached else min(1.0, petition.signature_count / wanted.signatures)
    return Goal(wanted.signatures, wanted.duty, share)
