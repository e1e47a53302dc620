"""The terms of the body: made, changed, archived by administrators."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from petitions import audit, clock
from petitions.database import transactional
from petitions.errors import NotFound, PetitionsError
from petitions.extensions import db, settings
from petitions.models import Staff, Term
from petitions.turns import take_turns

#: Whoever changes terms waits for whoever does so already: no two of them overlap.
TURNS = b"terms of the body"


class PeriodTaken(PetitionsError):
    """Another term has this period."""


class Overlaps(PetitionsError):
    """Another term has some of these days."""


class NotOver(PetitionsError):
    """Only a term whose last day is past is archived."""


@dataclass(frozen=True)
class TermFacts:
    """What administrators set of a term. Days are days of the site's zone."""

    period: str
    government: str
    opens_on: date
    dissolves_on: date | None
    """The first day after it; none: not known yet."""
    response_threshold: int
    debate_threshold: int

    def columns(self) -> dict[str, Any]:
        """As the table has them."""
        return {
            "period": self.period,
            "government": self.government,
            "opens_at": _start_of(self.opens_on),
            "dissolves_at": _start_of(self.dissolves_on) if self.dissolves_on else None,
            "response_threshold": self.response_threshold,
            "debate_threshold": self.debate_threshold,
        }


def facts_of(term: Term) -> TermFacts:
    """What is set of a stored term."""
    zone = settings().timezone
    return TermFacts(
        period=term.period,
        government=term.government,
        opens_on=term.opens_at.astimezone(zone).date(),
        dissolves_on=term.dissolves_at.astimezone(zone).date() if term.dissolves_at else None,
        response_threshold=term.response_threshold,
        debate_threshold=term.debate_threshold,
    )


def get(term_id: int) -> Term:
    """One term. Raises `NotFound`."""
    found = db.session.get(Term, term_id)
    if found is None:
        raise NotFound("no such term")
    return found


@transactional
def add(facts: TermFacts, *, by: Staff) -> None:
    """Add a term. Raises `PeriodTaken` and `Overlaps`."""
    take_turns(db.session, TURNS)
    _refuse(facts, None)
    db.session.add(Term(**facts.columns()))
    audit.record("term_added", by=by, **_told(facts))


@transactional
def change(term_id: int, facts: TermFacts, *, by: Staff) -> None:
    """Change a term. Raises `NotFound`, `PeriodTaken`, `Overlaps`, and `NotOver` where an archived one would go on."""
    take_turns(db.session, TURNS)
    term = get(term_id)
    _refuse(facts, term)
    columns = facts.columns()
    if term.archived_at is not None and not is_over(columns["dissolves_at"]):
        raise NotOver(term.period)
    before = facts_of(term)
    if before != facts:
        for name, value in columns.items():
            setattr(term, name, value)
        audit.record(
            "term_changed",
            by=by,
            **_told(facts),
            before=", ".join(str(value) for value in _told(before).values()),
        )


@transactional
def archive(term_id: int, *, by: Staff) -> None:
    """Put its petitions into the archive. Raises `NotFound` and `NotOver`."""
    take_turns(db.session, TURNS)
    term = get(term_id)
    if not is_over(term.dissolves_at):
        raise NotOver(term.period)
    if term.archived_at is None:
        term.archived_at = clock.now()
        audit.record("term_archived", by=by, period=term.period)


@transactional
def take_out(term_id: int, *, by: Staff) -> None:
    """Take its petitions out of the archive again. Raises `NotFound`."""
    term = get(term_id)
    if term.archived_at is not None:
        term.archived_at = None
        audit.record("term_taken_out", by=by, period=term.period)


@transactional
def remove(term_id: int, *, by: Staff) -> None:
    """Forget a term; its petitions belong to none then. Raises `NotFound`."""
    term = get(term_id)
    audit.record("term_removed", by=by, **_told(facts_of(term)))
    db.session.delete(term)


def _refuse(facts: TermFacts, mine: Term | None) -> None:
    others = [row for row in db.session.execute(select(Term)).scalars() if row is not mine]
    if any(row.period == facts.period for row in others):
        raise PeriodTaken(facts.period)
    columns = facts.columns()
    if any(_overlap(columns, row) for row in others):
        raise Overlaps(facts.period)


def _overlap(columns: dict[str, Any], other: Term) -> bool:
    begins_before_its_end = other.dissolves_at is None or columns["opens_at"] < other.dissolves_at
    ends_after_its_begin = columns["dissolves_at"] is None or columns["dissolves_at"] > other.opens_at
    return begins_before_its_end and ends_after_its_begin


def is_over(dissolves_at: datetime | None) -> bool:
    """Whether a term that is dissolved then is over."""
    return dissolves_at is not None and dissolves_at <= clock.now()


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), settings().timezone)


def _told(facts: TermFacts) -> dict[str, Any]:
    told = asdict(facts)
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in told.items()}
