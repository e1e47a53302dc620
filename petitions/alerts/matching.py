"""Finds what alerts are to tell: each line of the history once, for each search once, however many people have it.

An alert's cursor and what it found move in one transaction, so that whatever crashes, nothing is found twice or left out.
Lines of the history are in one order, and seen in it, so that a cursor passes nothing that comes later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select, update

from petitions import clock
from petitions.browsing.queries import found, which_match
from petitions.database import insert, rows_changed, transactional
from petitions.extensions import db
from petitions.models import Alert, AlertMatch, AuditEntry, AuditHead, News

#: Lines of the history that are news, and what they tell.
TOLD_BY = {
    "published": News.PUBLISHED,
    "threshold_crossed": News.CROSSED,
    "response_published": News.ANSWERED,
}
#: Lines looked at in one turn, and searches in one statement.
EVENTS_AT_ONCE = 500
SEARCHES_AT_ONCE = 200
#: So many lines without news are looked at again before the cursors are moved past them.
IDLE = 5_000


def is_active() -> Any:
    """Alerts that write."""
    return and_(
        Alert.confirmed_at.is_not(None),
        Alert.paused_at.is_(None),
        Alert.stopped_at.is_(None),
        Alert.undeliverable_at.is_(None),
    )


@dataclass(frozen=True)
class Event:
    """One line of the history that is news of a petition."""

    entry: int
    news: News
    petition_id: int


def match_due() -> int:
    """Look at what happened since the alerts' cursors. Returns how many alerts were moved on: 0 means that all are."""
    lowest = db.session.execute(select(func.min(Alert.seen_entry)).where(is_active())).scalar_one()
    head = db.session.execute(select(AuditHead.last_id).where(AuditHead.id == 1)).scalar_one()
    if lowest is None or lowest >= head:
        return 0
    events = _events(lowest)
    if not events:
        return _pass_over(head) if head - lowest > IDLE else 0
    last = events[-1].entry
    moved = _about_petitions(events, last)
    waiting = (
        select(Alert.search)
        .where(is_active(), Alert.petition_id.is_(None), Alert.seen_entry < last)
        .distinct()
        .order_by(Alert.search)
    )
    searches = list(db.session.execute(waiting).scalars())
    named = {event.petition_id for event in events}
    for portion in _portions(searches):
        # Searched before the unit of work begins, which on SQLite keeps everybody else from writing.
        matched = {search: which_match(found.read(search), named) for search in portion}
        moved += _about_searches(matched, events, last)
    return moved


def _portions(searches: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many as may stand in one statement."""
    for start in range(0, len(searches), SEARCHES_AT_ONCE):
        yield searches[start : start + SEARCHES_AT_ONCE]


def _events(after: int) -> list[Event]:
    rows = db.session.execute(
        select(AuditEntry.id, AuditEntry.action, AuditEntry.petition_id)
        .where(AuditEntry.id > after, AuditEntry.action.in_(TOLD_BY), AuditEntry.petition_id.is_not(None))
        .order_by(AuditEntry.id)
        .limit(EVENTS_AT_ONCE)
    )
    return [Event(row.id, TOLD_BY[row.action], row.petition_id) for row in rows]


@transactional
def _pass_over(head: int) -> int:
    """Nothing of the last lines is news: the cursors go past them."""
    _move(head, Alert.seen_entry < head)
    return 0


@transactional
def _about_petitions(events: Sequence[Event], last: int) -> int:
    """Alerts about one petition each: those whose petition is among the events, then the cursors of all."""
    named = {event.petition_id for event in events}
    chosen = (Alert.petition_id.in_(named), Alert.seen_entry < last)
    _store(_of_alerts(chosen), {None: named}, events)
    return _move(last, Alert.petition_id.is_not(None), Alert.seen_entry < last)


@transactional
def _about_searches(matched: Mapping[str, set[int]], events: Sequence[Event], last: int) -> int:
    """Alerts with these searches, each with those that it finds of the petitions that something happened to."""
    finding = [search for search, ids in matched.items() if ids]
    here = (Alert.petition_id.is_(None), Alert.seen_entry < last)
    if finding:
        _store(_of_alerts((Alert.search.in_(finding), *here)), matched, events)
    return _move(last, Alert.search.in_(list(matched)), *here)


def _of_alerts(chosen: Sequence[Any]) -> Sequence[Any]:
    """The rows of active alerts, locked: cursors are moved by one worker at a time."""
    columns = (Alert.id, Alert.search, Alert.petition_id, Alert.seen_entry)
    wishes = (Alert.published, Alert.crossed, Alert.answered, Alert.rising)
    query = select(*columns, *wishes).where(is_active(), *chosen).order_by(Alert.id)
    return db.session.execute(query.with_for_update()).all()


def _store(alerts: Sequence[Any], matched: Mapping[Any, set[int]], events: Sequence[Event]) -> None:
    """Write down what each alert found: of its own kinds, after its cursor."""
    rows = [
        {
            "alert_id": alert.id,
            "news": event.news,
            "petition_id": event.petition_id,
            # Put back after a take-down, it is published anew and no news any more.
            "entry": 0 if event.news is News.PUBLISHED else event.entry,
            "found_at": clock.now(),
        }
        for alert in alerts
        for event in events
        if event.entry > alert.seen_entry
        and getattr(alert, event.news)
        and (
            event.petition_id == alert.petition_id
            if alert.petition_id is not None
            else event.petition_id in matched[alert.search]
        )
    ]
    if rows:
        db.session.execute(insert(AlertMatch, db.session).on_conflict_do_nothing(), rows)


def _move(last: int, *chosen: Any) -> int:
    moved = update(Alert).where(is_active(), *chosen).values(seen_entry=last)
    return rows_changed(db.session.execute(moved.execution_options(synchronize_session=False)))


def match_rising() -> int:
    """Look at what rises for its size now. Returns how many searches were made."""
    rising = set(found.rising_now())
    if not rising:
        return 0
    wanted = select(Alert.search).where(is_active(), Alert.rising, Alert.petition_id.is_(None)).distinct()
    matched = {
        search: which_match(found.read(search), rising) for search in db.session.execute(wanted).scalars()
    }
    for portion in _portions([search for search, ids in matched.items() if ids]):
        _store_rising({search: matched[search] for search in portion})
    return len(matched)


@transactional
def _store_rising(matched: Mapping[str, set[int]]) -> None:
    alerts = _of_alerts((Alert.search.in_(list(matched)), Alert.petition_id.is_(None), Alert.rising))
    now = clock.now()
    rows = [
        {"alert_id": alert.id, "news": News.RISING, "petition_id": each, "entry": 0, "found_at": now}
        for alert in alerts
        for each in sorted(matched[alert.search])
    ]
    if rows:
        db.session.execute(insert(AlertMatch, db.session).on_conflict_do_nothing(), rows)
