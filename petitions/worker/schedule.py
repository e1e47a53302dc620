"""Periodic work: which tasks there are, how often they run, and how workers share them.

Each task is a row, claimed like a mail. Every task may run twice or late without harm: what it decides it decides by
comparing times in the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from petitions import clock, work_totals
from petitions.alerts.matching import match_due, match_rising
from petitions.alerts.telling import tell_due
from petitions.browsing.ranks import write_down
from petitions.browsing.trailing import add_up
from petitions.counts.publishing_places import AT_ONCE
from petitions.counts.publishing_places import publish_due as publish_places
from petitions.counts.rollups import forget_minutes
from petitions.database import insert_new, transactional
from petitions.dumps.writing import write_due as write_dump
from petitions.extensions import db
from petitions.models import PeriodicTask
from petitions.notices.early import warn_early
from petitions.notices.reminders import remind
from petitions.notices.telling import tell_staff
from petitions.resemblance import lists
from petitions.responses.commitment_actions import ask_due
from petitions.responses.escalations import escalate_due
from petitions.responses.scheduling import publish_due
from petitions.search_index import indexing, vocabulary
from petitions.signing.closing import close_due
from petitions.starting.lapsing import lapse_due
from petitions.statistics.gathering import gather
from petitions.upkeep.measuring_tables import measure_tables
from petitions.upkeep.purging import purge

log = logging.getLogger(__name__)

#: After this another worker may take a task for broken off.
LEASE = timedelta(minutes=10)
LONG_LEASE = timedelta(hours=6)
UNFINISHED = object()
#: Batches of a purge after which mail and counting have their turn.
PURGED_AT_ONCE = 5
COUNT_WORDS = "count_words"


@dataclass(frozen=True)
class Task:
    """One thing done every so often."""

    name: str
    every: timedelta
    run: Callable[[], object]
    """May return `UNFINISHED`: then its next turn comes at once, after the worker's other work."""
    is_long: bool = False
    """It takes minutes, and is done beside the other work."""


def _purge() -> object:
    """Remove a part of what is kept too long."""
    return purge(most=PURGED_AT_ONCE)[1] or UNFINISHED


def _publish_places() -> object:
    """Move the figures of places of some petitions."""
    return None if publish_places() < AT_ONCE else UNFINISHED


def _index() -> object:
    """Read a part of the petitions whose words are not stored."""
    return UNFINISHED if indexing.fill() == indexing.AT_ONCE else None


def _count_words() -> int:
    """Count the words of petitions anew once a day, and where petitions have become many more or fewer."""
    task = select(PeriodicTask.last_run_at).where(PeriodicTask.name == COUNT_WORDS)
    last = db.session.execute(task).scalar_one()
    db.session.rollback()
    is_first_today = last is None or last.date() < clock.now().date()
    return vocabulary.recount() if is_first_today or vocabulary.is_behind() else 0


def _gather_statistics() -> object:
    """Gather the figures of some months, or of the areas."""
    return None if gather() else UNFINISHED


def _match_alerts() -> object:
    """Find what alerts are to tell of the next lines of the history."""
    return UNFINISHED if match_due() else None


def _tell_alerts() -> object:
    """Queue the mails of some alerts."""
    return UNFINISHED if tell_due() else None


def _list_similar() -> object:
    """Make some of the lists of similar petitions."""
    return UNFINISHED if lists.make_due() == lists.AT_ONCE else None


TASKS = (
    Task("close_petitions", timedelta(minutes=1), close_due),
    Task("lapse_petitions", timedelta(minutes=10), lapse_due),
    Task("escalate_duties", timedelta(minutes=30), escalate_due),
    Task("warn_early", timedelta(hours=1), warn_early),
    Task("remind_of_duties", timedelta(minutes=30), remind),
    Task("tell_staff", timedelta(minutes=5), tell_staff),
    Task("publish_responses", timedelta(minutes=1), publish_due),
    Task("ask_about_commitments", timedelta(hours=6), ask_due),
    Task("match_alerts", timedelta(minutes=1), _match_alerts),
    Task("match_rising", timedelta(hours=1), match_rising),
    Task("tell_alerts", timedelta(minutes=1), _tell_alerts),
    Task("add_up_hours", timedelta(minutes=1), add_up),
    Task("rank_rising", timedelta(seconds=10), write_down),
    Task("forget_minutes", timedelta(hours=1), forget_minutes),
    Task("publish_places", timedelta(minutes=1), _publish_places),
    Task("index_petitions", timedelta(minutes=1), _index),
    Task(COUNT_WORDS, timedelta(minutes=10), _count_words, is_long=True),
    Task("gather_statistics", timedelta(hours=1), _gather_statistics),
    Task("dump", timedelta(hours=1), write_dump, is_long=True),
    Task("list_similar", timedelta(minutes=1), _list_similar),
    Task("measure_tables", timedelta(hours=6), measure_tables),
    Task("purge", timedelta(days=1), _purge),
)


def run_due(*, long: bool = False) -> int:
    """Run one task that is due, if any: of those that are done at once, or of those that take long. Returns 1 when one ran."""
    name = _claim(long)
    if name is None:
        return 0
    task = next(task for task in TASKS if task.name == name)
    error = result = None
    try:
        result = task.run()
    except Exception as problem:
        # Recorded and tried again at the next turn: one failing task must not stop the others.
        log.exception("task %s failed", name)
        work_totals.tally(work_totals.TASK_FAILURES, 1)
        error = type(problem).__name__
    _finish(task, error, wait=timedelta(0) if result is UNFINISHED else task.every)
    return 1


@transactional
def _claim(long: bool = False) -> str | None:
    now, tasks = clock.now(), [task for task in TASKS if task.is_long is long]
    due = (
        select(PeriodicTask.name)
        .where(
            PeriodicTask.name.in_([task.name for task in tasks]),
            PeriodicTask.next_run_at <= now,
            or_(PeriodicTask.locked_until.is_(None), PeriodicTask.locked_until < now),
        )
        .order_by(PeriodicTask.next_run_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(PeriodicTask)
        .where(PeriodicTask.name == due.scalar_subquery())
        .values(locked_until=now + (LONG_LEASE if long else LEASE))
    )
    return db.session.execute(
        claim.returning(PeriodicTask.name).execution_options(synchronize_session=False)
    ).scalar_one_or_none()


@transactional
def _finish(task: Task, error: str | None, *, wait: timedelta) -> None:
    now: datetime = clock.now()
    row = db.session.get_one(PeriodicTask, task.name)
    row.last_run_at, row.last_error, row.locked_until = now, error, None
    row.next_run_at = now + wait


@transactional
def prepare() -> None:
    """Give every task its row. Called when a worker starts; doing it twice changes nothing."""
    for task in TASKS:
        insert_new(PeriodicTask, db.session, name=task.name, next_run_at=clock.now())
