"""The rows of the tables, read a batch of petitions at a time, so that memory stays flat however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from petitions import links
from petitions.browsing import queries as browsing
from petitions.counts import published_places
from petitions.documents import day_or_none, moment, moment_or_none
from petitions.duties.duty_days import days_taken, local_day
from petitions.extensions import db
from petitions.models import Duty, Petition, PetitionThreshold, Rejection, Response
from petitions.models.threshold import Crossing
from petitions.opendata.queries import petitions_in_batches
from petitions.places import countries
from petitions.responses.queries import duty_rows, timeline

Row = Sequence[object]


def petition_rows() -> Iterator[Row]:
    """One row a petition."""
    for found in petitions_in_batches(selectinload(Petition.departments), selectinload(Petition.topics)):
        ids = [row.id for row in found]
        refused = _refusals(ids)
        reached = _reached(ids)
        for row in found:
            rejection = refused.get(row.id)
            yield (
                row.id,
                row.current_state.value,
                row.action,
                row.background,
                row.additional_details,
                row.signature_count,
                moment(row.created_at),
                moment_or_none(row.opened_at),
                day_or_none(local_day(row.closes_at) if row.closes_at else None),
                moment_or_none(row.closed_at),
                moment_or_none(row.rejected_at),
                rejection.code if rejection else None,
                rejection.details if rejection else None,
                rejection.original_id if rejection else None,
                [topic.code for topic in row.topics],
                [department.slug for department in row.departments],
                reached.get((row.id, "response")),
                reached.get((row.id, "debate")),
                links.petition(row),
            )


def _refusals(ids: Sequence[int]) -> dict[int, Rejection]:
    query = select(Rejection).join(Petition, Petition.id == Rejection.petition_id)
    query = query.where(Petition.id.in_(ids), Petition.rejected_at.is_not(None))
    return {row.petition_id: row for row in db.session.execute(query).scalars()}


def _reached(ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """When each petition first reached a threshold, by what is owed then."""
    query = (
        select(Crossing.petition_id, PetitionThreshold.duty, Crossing.reached_at)
        .join(Crossing.threshold)
        .where(Crossing.petition_id.in_(ids))
        .order_by(Crossing.reached_at.desc())
    )
    return {(row.petition_id, row.duty): moment(row.reached_at) for row in db.session.execute(query)}


def response_rows() -> Iterator[Row]:
    """One row for each published answer, in the words published last."""
    for found in petitions_in_batches():
        query = (
            select(Response)
            .where(Response.petition_id.in_([row.id for row in found]), Response.published_at.is_not(None))
            .order_by(Response.petition_id, Response.id)
            .options(joinedload(Response.department), joinedload(Response.versions))
        )
        for answer in db.session.execute(query).unique().scalars():
            words = answer.versions[-1]
            yield (
                answer.id,
                answer.petition_id,
                answer.duty_id,
                answer.department.slug if answer.department else None,
                day_or_none(answer.responded_on),
                moment_or_none(answer.published_at),
                moment(words.published_at),
                words.version,
                words.outcome,
                words.summary,
                words.body,
            )


def duty_table_rows() -> Iterator[Row]:
    """One row for each duty to answer, as on the public board."""
    for found in petitions_in_batches():
        query = select(Duty.id).where(Duty.petition_id.in_([row.id for row in found]))
        for row in duty_rows(list(db.session.execute(query.order_by(Duty.id)).scalars()), notes=False):
            duty = row.duty
            yield (
                duty.id,
                duty.petition_id,
                duty.threshold_key,
                duty.crossing.threshold.signatures,
                duty.round,
                row.department.slug if row.department else None,
                moment(duty.reached_at),
                day_or_none(duty.first_due_on),
                day_or_none(row.status.due_on),
                row.status.standing.value,
                moment_or_none(duty.answered_at),
                days_taken(duty),
                links.absolute("accountability.duty", duty_id=duty.id),
            )


def timeline_rows() -> Iterator[Row]:
    """What happened to each petition that was published, the first thing first."""
    for found in petitions_in_batches():
        for petition in found:
            if not petition.was_published:
                continue
            for event in reversed(timeline(petition)):
                yield (
                    petition.id,
                    event.key,
                    moment(event.moment),
                    event.title,
                    event.text,
                    urljoin(links.petition(petition), event.url or ""),
                )


def place_rows() -> Iterator[Row]:
    """Signatures of each petition from each area and region, as far as they may be published."""
    for found in petitions_in_batches():
        ids = [row.id for row in found]
        by_area, by_region = published_places.areas_of(ids), published_places.regions_of(ids)
        for petition_id in ids:
            for figure in (*by_area[petition_id], *by_region[petition_id]):
                place = figure.place
                yield (petition_id, place.code, place.kind, place.name, figure.signature_count)


def country_rows() -> Iterator[Row]:
    """Signatures of each petition from each country, as far as they may be published."""
    for found in petitions_in_batches():
        ids = [row.id for row in found]
        for petition_id, figures in published_places.countries_of(ids).items():
            for figure in figures:
                yield (petition_id, figure.country, countries.name(figure.country), figure.signature_count)


def history_rows() -> Iterator[Row]:
    """Signatures over time: the steps that a petition's own page has, without those in which nothing was counted."""
    for found in petitions_in_batches():
        for petition, history in browsing.history.histories(found):
            for step in history.steps:
                if step.signature_count:
                    yield (petition.id, moment(step.since), step.period, step.signature_count)
