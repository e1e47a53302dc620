"""Turns what alerts found into mails: at once, or once a day or a week with everything.

What is told is marked in the transaction that queues its mail, under the alert's lock: whatever crashes, it is told once.
"""

from __future__ import annotations

from sqlalchemy import select

from petitions import clock
from petitions.alerts.actions import AT_ONCE_PAUSE, next_turn
from petitions.alerts.matching import is_active
from petitions.database import transactional
from petitions.extensions import db
from petitions.mail import outbox
from petitions.models import Alert, AlertMatch

#: Alerts that write in one turn of a worker, and things that one mail tells; the next mail tells the rest, soon after.
AT_ONCE = 500
MOST_TOLD = 50


def tell_due() -> int:
    """Queue every mail that is due. Returns how many; any number of workers may ask."""
    untold = select(AlertMatch.alert_id).where(AlertMatch.told_at.is_(None))
    due = (
        select(Alert.id)
        .where(is_active(), Alert.next_at <= clock.now(), Alert.id.in_(untold))
        .order_by(Alert.next_at, Alert.id)
        .limit(AT_ONCE)
    )
    return sum(_tell(alert_id) for alert_id in db.session.execute(due).scalars().all())


@transactional
def _tell(alert_id: int) -> int:
    alert = db.session.get(Alert, alert_id, with_for_update=True, populate_existing=True)
    now = clock.now()
    if alert is None or not alert.is_active or alert.next_at is None or alert.next_at > now:
        return 0
    query = (
        select(AlertMatch)
        .where(AlertMatch.alert_id == alert_id, AlertMatch.told_at.is_(None))
        .order_by(AlertMatch.found_at, AlertMatch.entry, AlertMatch.petition_id)
        .limit(MOST_TOLD + 1)
    )
    untold = list(db.session.execute(query).scalars())
    if not untold:
        return 0
    alert.mails += 1
    # What is too much for one mail is told soon: a digest would never catch up, and news would grow old.
    alert.next_at = now + AT_ONCE_PAUSE if len(untold) > MOST_TOLD else next_turn(alert.rhythm, now)
    told = untold[:MOST_TOLD]
    for match in told:
        match.told_at, match.told_in = now, alert.mails
    return outbox.queue(
        "alert_news",
        key=f"alert:{alert.id}:news:{alert.mails}",
        alert=alert,
        priority=outbox.BULK,
        told=[[match.news, match.petition_id, match.entry] for match in told],
    )
