"""What petitions can be about and whose matter they are: what a list may be narrowed by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from petitions.models import Department, Place, Topic
from petitions.questions import Question

TOPICS = Question(lambda: select(*Topic.__table__.columns).order_by(Topic.name))
DEPARTMENTS = Question(lambda: select(*Department.__table__.columns).order_by(Department.name))
ANY_PLACE = Question(lambda: select(Place.id).limit(1))


def all_topics() -> Sequence[Topic]:
    """Every topic by name: its columns."""
    return TOPICS.rows()


def all_departments() -> Sequence[Department]:
    """Every department by name: its columns."""
    return DEPARTMENTS.rows()


def has_places() -> bool:
    """Whether any area or region is known."""
    return ANY_PLACE.row() is not None
