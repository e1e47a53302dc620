"""All that a petition's page shows, put together from what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _

from petitions import checking, links, secrecy, wordings
from petitions.browsing import queries, trending
from petitions.browsing.cards import Tag, state_tag
from petitions.browsing.history import history_of
from petitions.browsing.under_charts import days_or_months
from petitions.duties.outcomes import outcome_words
from petitions.models import RESPONSE, Petition, PetitionThreshold, Rejection
from petitions.resemblance import lists
from petitions.resemblance.lists import Similar
from petitions.responses.queries import Afterwards, Record, TimelineEvent, afterwards, record_of, timeline
from petitions.sharing.queries import Preview, preview_of
from petitions.templating import number


@dataclass(frozen=True)
class Goal:
    """A threshold on the way: `label` follows its number."""

    signatures: int
    label: str
    reached: bool


@dataclass(frozen=True)
class Mark:
    """A line across the chart, with what it means."""

    value: int
    label: str


@dataclass(frozen=True)
class Chart:
    """Signatures over time. No points where a petition's signatures came without their times."""

    title: str
    points: list[tuple[datetime, int]]
    marks: list[Mark]
    below: list[tuple[datetime, str]]
    """Beginnings of days or months, with their words."""
    reached: list[tuple[datetime, int, str]]
    """When a threshold was reached, its count, and what that brought about."""
    json_url: str
    csv_url: str


@dataclass(frozen=True)
class PetitionPage:
    """One petition whose words are public."""

    petition: Petition
    tag: Tag
    record: Record
    goals: list[Goal]
    events: list[TimelineEvent]
    chart: Chart | None
    last_hour: int
    rejection: Rejection | None
    original: Petition | None
    """For a duplicate: the petition it repeats, where that may be shown."""
    address: str
    preview: Preview
    """The picture that social media show beside a link to it."""
    corrected_at: datetime | None
    """When its words were corrected last, after they could be signed."""
    after: Afterwards | None
    """What came after the answer, where there is one."""

    similar: list[Similar]
    """Petitions that ask for much the same, best first; the original is not repeated among them."""

    @property
    def outcome(self) -> str:
        """What the answer comes to, as a label; nothing where there is none or it does not say."""
        words = outcome_words(self.record.response.outcome) if self.record.response else ""
        return words[:1].upper() + words[1:]

    @property
    def shows_count(self) -> bool:
        """A petition that was never published has no total to show."""
        return self.petition.was_published

    @property
    def creator_name(self) -> str | None:
        """Who started it; named only while it can be signed, and while the keys are there."""
        return secrecy.opened(self.petition, "creator_name") if self.petition.is_signable else None


def petition_page(petition: Petition) -> PetitionPage:
    """The page of an open, closed or rejected petition."""
    record = record_of(petition.id)
    # Read before the timeline, which then finds it in the session.
    rejection = queries.rejection_of(petition.id) if petition.rejected_at else None
    original = queries.listed_petition(rejection.original_id) if rejection else None
    thresholds = queries.thresholds_of(petition.id)
    corrections = wordings.corrections(petition)
    reached = {crossing.threshold_key for crossing in record.crossings}
    return PetitionPage(
        petition=petition,
        tag=state_tag(petition),
        record=record,
        goals=[
            _goal(threshold, threshold.key in reached)
            for threshold in thresholds
            # Of a petition whose time is over nothing is "to go" any more.
            if petition.is_signable or threshold.key in reached
        ],
        rejection=rejection,
        original=original,
        events=timeline(petition, record, corrections),
        chart=_chart(petition, thresholds, record) if petition.was_published else None,
        last_hour=trending.counted_lately(petition.id) if petition.is_signable else 0,
        address=links.petition(petition),
        preview=preview_of(petition, record, thresholds),
        corrected_at=corrections[-1].created_at if corrections else None,
        after=afterwards(record.response) if record.response else None,
        similar=[each for each in lists.shown(petition.id) if original is None or each.id != original.id],
    )


def promised_by(petition: Petition) -> date:
    """The day by which a petition in moderation is to be checked."""
    return checking.checked_by(petition)


def _goal(threshold: PetitionThreshold, reached: bool) -> Goal:
    label = _("for an answer") if threshold.duty == RESPONSE else _("for a debate")
    return Goal(threshold.signatures, label, reached)


def _chart(petition: Petition, thresholds: Sequence[PetitionThreshold], record: Record) -> Chart:
    points = history_of(petition).points
    return Chart(
        title=_("Signatures over time"),
        points=points,
        below=days_or_months(points[0][0], points[-1][0]) if points else [],
        reached=[
            (each.reached_at, each.signature_count, threshold_meaning(each.threshold))
            for each in record.crossings
            if points and points[0][0] <= each.reached_at <= points[-1][0]
        ],
        marks=[Mark(threshold.signatures, threshold_meaning(threshold)) for threshold in thresholds],
        json_url=url_for("browsing.history_json", petition_id=petition.id),
        csv_url=url_for("browsing.history_csv", petition_id=petition.id),
    )


def threshold_meaning(threshold: PetitionThreshold) -> str:
    """What reaching a threshold brings about, in a few words: beside its line on a chart."""
    count = number(threshold.signatures)
    if threshold.duty == RESPONSE:
        return str(_("%(count)s: an answer is owed", count=count))
    return str(_("%(count)s: a debate is considered", count=count))
