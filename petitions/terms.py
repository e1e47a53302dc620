"""Terms of the body: which petition belongs to which, and which petitions stand in the archive.

A petition belongs to the term in which it was created. Once an administrator has archived a term that is over, its petitions
that can no longer be signed stand in `/archived/…` for programs, under the same numbers, as at the UK Parliament; their pages stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select

from petitions import clock
from petitions.errors import NotFound
from petitions.extensions import db
from petitions.lifecycle import State
from petitions.models import Petition, Term


def all_terms() -> Sequence[Term]:
    """Every term, the newest first."""
    return db.session.execute(select(Term).order_by(Term.opens_at.desc())).scalars().all()


def archived() -> Sequence[Term]:
    """Those that are archived, the newest first."""
    query = select(Term).where(Term.archived_at.is_not(None)).order_by(Term.opens_at.desc())
    return db.session.execute(query).scalars().all()


def named(period: str) -> Term:
    """The term of a period. Raises `NotFound`."""
    found = db.session.execute(select(Term).where(Term.period == period)).scalar_one_or_none()
    if found is None:
        raise NotFound("no such term")
    return found


def in_archive(terms: Iterable[Term]) -> ColumnElement[bool]:
    """Whether a petition stands in the archive of one of these terms."""
    ranges = [
        and_(Petition.created_at >= term.opens_at, Petition.created_at < term.dissolves_at) for term in terms
    ]
    return and_(or_(*ranges), _is_over()) if ranges else false()


def archived_term_of(petition: Petition) -> Term | None:
    """The archived term that a petition belongs to; none while it can be signed, or its words are not public."""
    if petition.is_signable or not petition.facts.text_is_public:
        return None
    query = select(Term).where(
        Term.archived_at.is_not(None),
        Term.opens_at <= petition.created_at,
        Term.dissolves_at > petition.created_at,
    )
    return db.session.execute(query).scalar_one_or_none()


def _is_over() -> ColumnElement[bool]:
    return or_(Petition.state != State.OPEN, Petition.closes_at < clock.now())
