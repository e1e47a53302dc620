"""I7, I8 of alerts: who was asked to confirm was mailed, and what an alert told it told in a mail of its own, once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, exists, func, literal, select

from petitions.invariants.invariant import invariant
from petitions.models import Alert, AlertMatch, AuditEntry, AuditHead, Mail


@invariant("I7", about=Alert, broken="alert {id} waits for its owner and has no mail")
def who_was_asked_was_mailed() -> Select[*tuple[Any, ...]]:
    """Every alert that waits to be confirmed has a mail with its link, queued or gone."""
    mailed = exists().where(Mail.alert_id == Alert.id, Mail.kind == "confirm_alert")
    return select(Alert.id).where(Alert.confirmed_at.is_(None), ~mailed)


@invariant(
    "I8", about=Alert, broken="alert {id} has looked at line {seen_entry} of the history, which has {lines}"
)
def alerts_look_at_what_happened() -> Select[*tuple[Any, ...]]:
    """No alert's cursor is past the end of the history."""
    lines = select(AuditHead.last_id).where(AuditHead.id == 1).scalar_subquery()
    return select(Alert.id, Alert.seen_entry, lines.label("lines")).where(Alert.seen_entry > lines)


@invariant(
    "I8", about=AlertMatch, broken="alert {alert_id} told something in its mail {told_in}; it has had {mails}"
)
def what_was_told_was_told_in_a_mail() -> Select[*tuple[Any, ...]]:
    """What an alert told, it told in a mail that it has had."""
    return (
        select(AlertMatch.alert_id, AlertMatch.told_in, Alert.mails)
        .join(Alert, Alert.id == AlertMatch.alert_id)
        .where(AlertMatch.told_in > Alert.mails)
    )


@invariant("I8", about=Mail, broken="alert {alert_id} has had {mails} mails, and {queued} were queued")
def no_news_of_an_alert_is_lost() -> Select[*tuple[Any, ...]]:
    """Of an alert's mails none is counted that was not queued. Those of long ago are no longer kept."""
    queued = (
        select(Mail.alert_id, func.count().label("queued"))
        .where(Mail.kind == "alert_news", Mail.alert_id.is_not(None))
        .group_by(Mail.alert_id)
        .subquery()
    )
    return (
        select(queued.c.alert_id, Alert.mails, queued.c.queued)
        .join(Alert, Alert.id == queued.c.alert_id)
        .where(queued.c.queued > Alert.mails)
    )


@invariant(
    "I8",
    about=AlertMatch,
    broken="alert {alert_id} found line {entry} of the history, which is none of petition {petition_id}",
)
def alerts_find_what_happened() -> Select[*tuple[Any, ...]]:
    """What an alert found is a line of the history about that petition; what rises stands in none."""
    line = exists().where(AuditEntry.id == AlertMatch.entry, AuditEntry.petition_id == AlertMatch.petition_id)
    return select(AlertMatch.alert_id, AlertMatch.entry, AlertMatch.petition_id).where(
        AlertMatch.entry > literal(0), ~line
    )
