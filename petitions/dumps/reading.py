"""The rows of the tables, read a batch of petitions at a time, so that memory stays flat however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urljoin

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from petitions import links
from petitions.counts import published_places
from petitions.documents import day_or_none, moment, moment_or_none
from petitions.duties.duty_days import days_taken, local_day
from petitions.extensions import db, settings
from petitions.models import Duty, HourCount, Petition, PetitionThreshold, Rejection, Response
from petitions.models.threshold import Crossing
from petitions.opendata.queries import petitions_in_batches
from petitions.places import countries
from petitions.responses.queries import duty_rows, timeline

Row = Sequence[object]
#: Petitions read at once.
#: Signatures are told by the hour so long after publication, then by the day: as on a petition's own page.
HOURLY_FOR = timedelta(days=14)
HOUR = timedelta(hours=1)


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
    """Signatures over time: by the hour for the first 14 days, then by the day. Steps without a signature are left out."""
    for found in petitions_in_batches():
        opened = {row.id: row.opened_at for row in found if row.opened_at is not None}
        query = (
            select(HourCount.petition_id, HourCount.hour, HourCount.signature_count)
            .where(HourCount.petition_id.in_(opened), HourCount.signature_count > 0)
            .order_by(HourCount.petition_id, HourCount.hour)
        )
        step: list[Any] = []
        for row in db.session.execute(query):
            began = opened[row.petition_id].replace(minute=0, second=0, microsecond=0)
            if row.hour < began:
                continue
            since, period = _step(row.hour, began)
            if step and step[:3] == [row.petition_id, since, period]:
                step[3] += row.signature_count
                continue
            if step:
                yield _told(step)
            step = [row.petition_id, since, period, row.signature_count]
        if step:
            yield _told(step)


def _told(step: list[Any]) -> Row:
    petition_id, since, period, number = step
    return (petition_id, moment(since), period, number)


def _step(hour: datetime, began: datetime) -> tuple[datetime, str]:
    """The step in which an hour lies: itself, or the day of the site's zone from the first whole hour of UTC in it."""
    if hour < began + HOURLY_FOR:
        return hour, "hour"
    midnight = datetime.combine(hour.astimezone(settings().timezone).date(), time(), settings().timezone)
    floor = midnight.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return max(floor if floor == midnight else floor + HOUR, began + HOURLY_FOR), "day"
