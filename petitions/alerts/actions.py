"""What is done with an alert: asked for, confirmed, refused, changed, paused, stopped, erased. One unit of work each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import delete, select

from petitions import caps, clock, erasures, mailboxes, suppressions
from petitions.database import provisional, transactional
from petitions.errors import NotFound
from petitions.extensions import db, settings
from petitions.mail import outbox
from petitions.models import Alert, AlertMatch, AuditHead, News, Rhythm
from petitions.secrecy import keyed_hash

#: When a digest goes out, in the site's zone; a week's on Mondays.
MORNING = time(7)
MONDAY = 0
#: An alert that writes at once gathers what happens for so long after each mail.
AT_ONCE_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to hear of, and how often. About one petition, or about what a kept search finds."""

    title: str
    news: Sequence[News]
    rhythm: Rhythm
    search: str = ""
    petition_id: int | None = None

    @property
    def subject(self) -> str:
        """What it is about: the same for the same petition or search."""
        return f"petition:{self.petition_id}" if self.petition_id is not None else f"search:{self.search}"


@transactional
def ask(wish: Wish, *, email: str) -> None:
    """Send a mailbox the link that confirms an alert, or the news that it has this one, within its caps, whoever asks."""
    mailbox = mailboxes.canonical(email)
    allowance = caps.allowance(mailbox)
    subject = caps.about_alert(wish.subject)
    is_suppressed = suppressions.is_suppressed(mailbox)
    with provisional(db.session, keep=allowance.left(subject) and not is_suppressed):
        alert = _alert_of(wish, email, mailbox)
        alert.asked += 1
        kind = "alert_known" if alert.is_active else "confirm_alert"
        if not alert.is_active and alert.confirmed_at is None:
            _write(alert, wish.news, wish.rhythm)
            # It lives as long as its newest link.
            alert.created_at = clock.now()
        db.session.flush()
        outbox.queue(kind, key=f"alert:{alert.id}:asked:{alert.asked}", alert=alert, priority=_priority(kind))
        allowance.note(subject)


def _priority(kind: str) -> int:
    return outbox.CONFIRMATION if kind == "confirm_alert" else outbox.NEWS


def _alert_of(wish: Wish, email: str, mailbox: str) -> Alert:
    own = keyed_hash("alert", f"{wish.subject} {mailbox}")
    found = db.session.execute(
        select(Alert).where(Alert.mailbox_hash == own).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        found = Alert(
            mailbox_hash=own,
            email=email,
            search=wish.search,
            petition_id=wish.petition_id,
            title=wish.title,
            rhythm=wish.rhythm,
            asked=0,
        )
        db.session.add(found)
    return found


def _write(alert: Alert, news: Sequence[News], rhythm: Rhythm) -> None:
    for each in News:
        setattr(alert, each, each in news)
    alert.rhythm = rhythm


def _locked(alert_id: int) -> Alert:
    alert = db.session.get(Alert, alert_id, with_for_update=True, populate_existing=True)
    if alert is None:
        raise NotFound("no such alert")
    return alert


def _begin(alert: Alert) -> None:
    """From now on: what happened before is not told."""
    head = db.session.execute(select(AuditHead.last_id).where(AuditHead.id == 1)).scalar_one()
    db.session.execute(
        delete(AlertMatch)
        .where(AlertMatch.alert_id == alert.id, AlertMatch.told_at.is_(None))
        .execution_options(synchronize_session=False)
    )
    alert.seen_entry = head
    alert.paused_at = alert.stopped_at = alert.undeliverable_at = None
    alert.next_at = (
        next_turn(alert.rhythm, clock.now()) if alert.rhythm is not Rhythm.AT_ONCE else clock.now()
    )


@transactional
def confirm(*, alert_id: int) -> None:
    """The owner of the mailbox wants it. Pressed again it changes nothing; what was refused stays refused."""
    alert = _locked(alert_id)
    if alert.stopped_at is None and not alert.is_active:
        _begin(alert)
        alert.confirmed_at = alert.confirmed_at or clock.now()


@transactional
def refuse(*, alert_id: int) -> None:
    """“This wasn't me”, before or after it was confirmed: it writes nothing, until its owner starts it."""
    alert = _locked(alert_id)
    alert.stopped_at = alert.stopped_at or clock.now()


@transactional
def start(*, alert_id: int) -> None:
    """Let it write (again): after a pause, a stop, or a refusal that its owner takes back."""
    alert = _locked(alert_id)
    if not alert.is_active:
        _begin(alert)
        alert.confirmed_at = alert.confirmed_at or clock.now()


@transactional
def pause(*, alert_id: int) -> None:
    """Nothing is told until its owner lets it go on; what happens meanwhile is not told later."""
    alert = _locked(alert_id)
    if alert.is_active:
        alert.paused_at = clock.now()


@transactional
def stop(*, alert_id: int) -> None:
    """No more mails. It is removed after a while, and can be started again until then."""
    alert = _locked(alert_id)
    alert.stopped_at = alert.stopped_at or clock.now()


@transactional
def change(*, alert_id: int, news: Sequence[News], rhythm: Rhythm) -> None:
    """Tell of other things, or at another time."""
    alert = _locked(alert_id)
    _write(alert, news, rhythm)
    if alert.next_at is not None:
        now = clock.now()
        alert.next_at = now if rhythm is Rhythm.AT_ONCE else next_turn(rhythm, now)


@transactional
def erase(*, alert_id: int) -> None:
    """Remove it with its address, at once and for good. Raises `erasures.LedgerUnwritable`."""
    alert = _locked(alert_id)
    erasures.note_alert(alert)
    db.session.delete(alert)


def next_turn(rhythm: Rhythm, now: datetime) -> datetime:
    """When an alert that wrote at `now` may write again."""
    if rhythm is Rhythm.AT_ONCE:
        return now + AT_ONCE_PAUSE
    here = now.astimezone(settings().timezone)
    turn = datetime.combine(here.date(), MORNING, settings().timezone)
    while turn <= here or (rhythm is Rhythm.WEEKLY and turn.weekday() != MONDAY):
        turn = datetime.combine(turn.date() + timedelta(days=1), MORNING, settings().timezone)
    return turn
