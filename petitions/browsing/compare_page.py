"""Up to four petitions side by side: what each has reached, and their counts on one chart."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from petitions import ticks
from petitions.browsing import queries
from petitions.browsing.cards import Tag, state_tag
from petitions.browsing.comparing import Wanted
from petitions.browsing.drawing import (
    MOST_STEPS,
    Line,
    Picture,
    Tick,
    apart,
    ceiling_of,
    marks_of,
    with_names_apart,
)
from petitions.browsing.history import History, history_of, known_moments
from petitions.browsing.petition_page import threshold_meaning
from petitions.browsing.under_charts import days_or_months
from petitions.duties.duty_clock import DutyStatus
from petitions.extensions import db
from petitions.models import Crossing, Petition, PetitionThreshold
from petitions.responses.queries import statuses_of
from petitions.templating import long_date, number

LETTERS = "ABCD"
#: Days since publication in which the table names counts.
AGES = (1, 2, 3, 7, 14, 30, 60, 90, 120, 150, 180, 240, 365)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Compared:
    """One of them."""

    letter: str
    petition: Petition
    tag: Tag
    status: DutyStatus | None
    """How its answer stands, where one is owed."""
    answered_at: datetime | None
    thresholds: Sequence[PetitionThreshold]
    reached: dict[str, datetime]
    """When it reached which of them, by their keys."""
    history: History
    points: list[tuple[datetime, int]]
    """Its line; of a count that came here without its times, the few moments that are known."""

    @property
    def is_sparse(self) -> bool:
        """Its line is straight between a few known moments."""
        return bool(self.points) and not self.history.steps

    @property
    def start(self) -> datetime:
        """Where its line begins."""
        return self.points[0][0]

    def total_at(self, moment: datetime) -> int | None:
        """Its count at a moment; nothing before its line begins or where it is not known, and what it came to after its
        end."""
        if moment < self.start or (self.is_sparse and moment < self.points[-1][0]):
            return None
        if self.is_sparse:
            return self.points[-1][1]
        place = bisect_right([step.until for step in self.history.steps], moment)
        return self.history.steps[place - 1].total if place else self.history.before


@dataclass(frozen=True)
class ComparePage:
    """All of it. A petition without a record by the hour has no line: `without_line`."""

    wanted: Wanted
    compared: list[Compared]
    picture: Picture | None
    rows: list[tuple[str, list[int | None]]]
    """Counts of those with a line, at the moments that stand under the picture, where any is known."""
    drawn: list[Compared]
    without_line: list[Compared]


def compare_page(wanted: Wanted) -> ComparePage:
    """The petitions that were asked for, side by side."""
    compared = _compared(wanted.petitions)
    drawn = [each for each in compared if len(each.points) > 1]
    return ComparePage(
        wanted=wanted,
        compared=compared,
        picture=_picture(drawn, wanted.by_age) if drawn else None,
        rows=[row for row in _rows(drawn, wanted.by_age) if any(total is not None for total in row[1])],
        drawn=drawn,
        without_line=[each for each in compared if each not in drawn],
    )


def _compared(petitions: Sequence[Petition]) -> list[Compared]:
    ids = [petition.id for petition in petitions]
    statuses, answers = statuses_of(ids), queries.responses_of(ids)
    crossings: dict[int, list[Crossing]] = {number: [] for number in ids}
    for row in db.session.execute(select(Crossing).where(Crossing.petition_id.in_(ids))).scalars():
        crossings[row.petition_id].append(row)
    compared = []
    for letter, petition in zip(LETTERS, petitions, strict=False):
        history, answer = history_of(petition), answers.get(petition.id)
        compared.append(
            Compared(
                letter=letter,
                petition=petition,
                tag=state_tag(petition),
                status=statuses.get(petition.id),
                answered_at=answer.published_at if answer else None,
                thresholds=queries.thresholds_of(petition.id),
                reached={row.threshold_key: row.reached_at for row in crossings[petition.id]},
                history=history,
                points=history.points or known_moments(petition, crossings[petition.id]),
            )
        )
    return compared


def _origin(each: Compared) -> datetime:
    """From where its age is counted."""
    return each.petition.opened_at or each.start


def _bounds(drawn: Sequence[Compared], by_age: bool) -> tuple[datetime, datetime]:
    """From where to where the picture goes; by age, as if all had been published with the first."""
    ends = [each.points[-1][0] for each in drawn]
    if not by_age:
        return min(each.start for each in drawn), max(ends)
    first = _origin(drawn[0])
    return first, first + max(end - _origin(each) for each, end in zip(drawn, ends, strict=True))


def _picture(drawn: Sequence[Compared], by_age: bool) -> Picture:
    start, end = _bounds(drawn, by_age)
    span = max((end - start).total_seconds(), 1.0)
    counts = [count for each in drawn for _at, count in each.points]
    named = {each.signatures: threshold_meaning(each) for one in drawn for each in one.thresholds}
    ceiling = ceiling_of(max(counts), list(named))

    def across(moment: datetime, origin: datetime) -> float:
        return min(1.0, max(0.0, (moment - origin).total_seconds() / span))

    lines = [
        Line(
            each.letter,
            [(across(at, _origin(each) if by_age else start), count / ceiling) for at, count in each.points],
        )
        for each in drawn
    ]
    marks = marks_of(sorted(named.items()), ceiling, lines)
    grid = [Tick(each / ceiling, number(each)) for each in ticks.numbers(ceiling, MOST_STEPS)]
    below = (
        [(start + day * DAY, number(day)) for day in _ages(end - start)]
        if by_age
        else days_or_months(start, end)
    )
    return Picture(
        title=_("Days since publication") if by_age else _("Signatures over time"),
        summary="; ".join(
            _(
                "%(letter)s: from %(first)s to %(last)s",
                letter=each.letter,
                first=number(each.points[0][1]),
                last=number(each.points[-1][1]),
            )
            for each in drawn
        ),
        lines=with_names_apart(lines),
        across=[Tick(across(at, start), label) for at, label in below],
        upward=apart(grid, marks),
        marks=marks,
    )


def _ages(span: timedelta) -> list[int]:
    """Round numbers of days, at most six."""
    return ticks.numbers(max(span / DAY, 1.0), MOST_STEPS + 1)


def _rows(drawn: Sequence[Compared], by_age: bool) -> list[tuple[str, list[int | None]]]:
    if not drawn:
        return []
    start, end = _bounds(drawn, by_age)
    if not by_age:
        moments = [at for at, _label in days_or_months(start, end)] + [end]
        return [(long_date(at), [each.total_at(at) for each in drawn]) for at in moments]
    rows = []
    for age in (age for age in AGES if age * DAY <= end - start):
        at = [min(_origin(each) + age * DAY, each.points[-1][0]) for each in drawn]
        lived = [
            _origin(each) + age * DAY <= each.points[-1][0] or not each.petition.is_signable for each in drawn
        ]
        rows.append(
            (
                number(age),
                [
                    each.total_at(moment) if was else None
                    for each, moment, was in zip(drawn, at, lived, strict=True)
                ],
            )
        )
    return rows
