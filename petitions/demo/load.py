"""Fills an empty database with the demo: the country, its offices, and every petition with all that happened to it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from petitions.counts.publishing_places import publish_due
from petitions.database import transactional
from petitions.demo.answering import answer
from petitions.demo.moments import Clock
from petitions.demo.offices import write_offices
from petitions.demo.queueing import look_into
from petitions.demo.seconds import look_again
from petitions.demo.telling import Telling, tell
from petitions.demo.texts import STORIES
from petitions.extensions import db
from petitions.models import Petition
from petitions.upkeep import purging

#: How often `load` reports that it is further on.
STEPS = len(STORIES)


def is_empty() -> bool:
    """Whether there is no petition yet."""
    return db.session.execute(select(Petition.id).limit(1)).first() is None


@transactional
def load(further: Callable[[int], None] = lambda steps: None) -> bool:
    """Write the whole demo as one unit of work; false, and nothing done, where there are petitions already.

    `further` is told after each of `STEPS` steps. Told at another moment the demo has the same people, texts and counts,
    with all its times moved along.
    """
    if not is_empty():
        return False
    telling = Telling(Clock.at_present(), write_offices())
    for story in STORIES:
        told = tell(story, telling)
        look_into(told, telling)
        look_again(told, telling)
        answer(told, telling)
        further(1)
    telling.history.write()
    # Some petitions ended long ago: what a worker would have removed since is removed, and what it
    # would have shown by place is shown.
    purging.purge()
    while publish_due():
        pass
    return True
