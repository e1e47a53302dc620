"""The board as an Atom feed: one entry for each duty, at the top when something happened to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from flask_babel import get_locale
from flask_babel import gettext as _

from petitions import links
from petitions.accountability.asking import Asked
from petitions.accountability.choosing import STATUSES, narrowed
from petitions.accountability.documents import duty_url
from petitions.duties.duty_clock import day_in_words, owner_name
from petitions.extensions import settings
from petitions.feed import Entry, atom, tag, updated_of
from petitions.models import Department
from petitions.responses.queries import (
    DutyFact,
    DutyRow,
    departments_by_id,
    duty_facts,
    duty_rows,
    last_touched,
)

ENTRIES = 50


def board_feed(asked: Asked) -> tuple[bytes, datetime]:
    """The feed of the duties asked for, and when it last changed."""
    entries = _entries(asked)
    narrow = asked.parameters(page=1, count=Asked.count, sort=Asked.sort)
    query = urlencode(narrow)
    document = atom(
        feed_id=tag(_FIRST_DAY, f"accountability{'?' if query else ''}{query}"),
        title=_("Answers owed: %(site)s", site=settings().site_name),
        url=links.absolute("accountability.board", **narrow),
        self_url=links.absolute("accountability.board_atom", **narrow),
        language=str(get_locale()).replace("_", "-"),
        entries=entries,
    )
    return document, updated_of(entries)


def department_feed(department: Department) -> tuple[bytes, datetime]:
    """The feed of one department's duties under its own address, and when it last changed."""
    entries = _entries(Asked(department=department.slug))
    document = atom(
        feed_id=tag(_FIRST_DAY, f"departments/{department.slug}"),
        title=_("Answers owed: %(site)s", site=department.name),
        url=links.absolute("accountability.department", slug=department.slug),
        self_url=links.absolute("accountability.department_atom", slug=department.slug),
        language=str(get_locale()).replace("_", "-"),
        entries=entries,
    )
    return document, updated_of(entries)


def _entries(asked: Asked) -> list[Entry]:
    departments, touched = departments_by_id(), last_touched()
    found = narrowed(duty_facts(), departments, q=asked.q, department=asked.department, year=asked.year)
    _label, holds = STATUSES[asked.status]
    changed = {fact.id: changed_at(fact, touched.get(fact.id)) for fact in found if holds(fact)}
    newest = sorted(changed, key=lambda number: (changed[number], number), reverse=True)[:ENTRIES]
    return [_entry(row, changed) for row in duty_rows(newest)]


#: The day in the id of the whole feed, for ever.
_FIRST_DAY = date(2026, 1, 1)


def changed_at(fact: DutyFact, touched: datetime | None) -> datetime:
    """When something last happened to a duty: also that its date passed without an answer."""
    dates = fact.dates
    moments: list[datetime] = [dates.reached_at, *(pause.created_at for pause in dates.pauses)]
    moments += [extension.created_at for extension in dates.extensions]
    moments += [moment for moment in (dates.answered_at, touched) if moment is not None]
    if fact.is_overdue and fact.due_on is not None:
        first_late_day = fact.due_on + timedelta(days=1)
        moments.append(datetime.combine(first_late_day, time(), settings().timezone).astimezone(UTC))
    return max(moments)


def _entry(row: DutyRow, changed: dict[int, datetime]) -> Entry:
    duty = row.duty
    owner = owner_name(row.department)
    return Entry(
        id=tag(duty.reached_at.date(), f"duties/{duty.id}"),
        title=f"{row.petition.action}: {_state(row)}",
        url=duty_url(duty.id),
        published=duty.reached_at,
        updated=changed[duty.id],
        summary=" ".join(_sentences(row)),
        author=owner,
        category=row.status.standing.value,
    )


def _state(row: DutyRow) -> str:
    """How it stands, in words that stay true as days pass."""
    status = row.status
    if status.is_overdue and status.due_on is not None:
        return str(_("overdue since %(date)s", date=day_in_words(status.due_on + timedelta(days=1))))
    if status.standing == "paused":
        return str(_("the clock stands still"))
    if status.standing == "answered":
        return status.short
    if status.due_on is None:
        return str(_("an answer is owed"))
    return str(_("an answer is owed by %(date)s", date=day_in_words(status.due_on)))


def _sentences(row: DutyRow) -> list[str]:
    status = row.status
    return [status.detail if status.is_overdue else f"{status.sentence} {status.detail}", *row.notes]
