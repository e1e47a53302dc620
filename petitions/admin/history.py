"""Looking things up in the permanent history, and taking it away as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any

from sqlalchemy import Select, select

from petitions import audit, documents
from petitions.addresses import HIGHEST
from petitions.admin.queries import HistoryLine, lines_in_words
from petitions.database import transactional
from petitions.extensions import db, settings
from petitions.models import AuditEntry, Staff
from petitions.paging import Page, page_of

LINES_PER_PAGE = 50
#: Who writes lines besides staff.
OTHERS = (audit.PETITIONER, audit.SIGNER, audit.SYSTEM)
#: Lines that are held in memory while a file is written.
PORTION = 500
CENTURY = (2000, 2099)
COLUMNS = ("id", "at", "actor", "person", "action", "petition", "details", "hash")


@dataclass(frozen=True)
class Wanted:
    """Which lines. What makes no sense in an address is as if it were not there."""

    petition: int | None = None
    person: str = ""
    """The number of somebody of the staff, or one of `OTHERS`."""
    action: str = ""
    since: str = ""
    """A day, `2026-11-18`, in the site's zone; this and the next are part of it."""
    until: str = ""

    @classmethod
    def read(cls, values: Any) -> Wanted:
        """From an address or a form."""
        number = values.get("petition", "")
        person = values.get("person", "")
        return cls(
            petition=_number(number) if number else None,
            person=person if person in OTHERS else str(_number(person) or ""),
            action=values.get("action", "")[:60].replace("\0", ""),
            since=values.get("since", "") if _day(values.get("since", "")) else "",
            until=values.get("until", "") if _day(values.get("until", "")) else "",
        )

    def in_address(self) -> dict[str, Any]:
        """What stands in an address for it."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}

    def query(self) -> Select[Any]:
        """The lines, in no order yet."""
        found = select(AuditEntry)
        if self.petition is not None:
            found = found.where(AuditEntry.petition_id == self.petition)
        if self.person in OTHERS:
            found = found.where(AuditEntry.actor == self.person)
        elif self.person:
            found = found.where(AuditEntry.staff_id == int(self.person))
        if self.action:
            found = found.where(AuditEntry.action == self.action)
        if since := _day(self.since):
            found = found.where(AuditEntry.at >= _midnight(since))
        if until := _day(self.until):
            found = found.where(AuditEntry.at < _midnight(until + timedelta(days=1)))
        return found


def page(
    wanted: Wanted, *, number: int, url: Callable[[int], str]
) -> tuple[Page[AuditEntry], list[HistoryLine]]:
    """A page of the lines, newest first."""
    query = wanted.query().order_by(AuditEntry.id.desc())
    found = page_of(query, number=number, per_page=LINES_PER_PAGE, url=url)
    return found, lines_in_words(found.rows)


@transactional
def begin_export(*, wanted: Wanted, form: str, by: Staff) -> int:
    """Write down that somebody takes the history away. Returns the number of that line, the last that is in the file."""
    only = [f"{name}={value}" for name, value in wanted.in_address().items()]
    return audit.record("history_exported", by=by, form=form, only=only or None).id


def as_json_lines(wanted: Wanted, last_id: int) -> Iterator[str]:
    """One object a line, oldest first, with all that the hash of a line is made of, so that anybody can walk the chain."""
    for entry, name in _rows(wanted, last_id):
        line = {
            "id": entry.id,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": entry.actor,
            "staff_id": entry.staff_id,
            "person": name,
            "action": entry.action,
            "petition_id": entry.petition_id,
            "details": entry.details,
            "previous_hash": entry.previous_hash.hex(),
            "hash": entry.hash.hex(),
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def as_csv(wanted: Wanted, last_id: int) -> Iterator[str]:
    """The same as a table, for spreadsheets; the details of a line are JSON in one cell."""
    yield _csv_line(COLUMNS)
    for entry, name in _rows(wanted, last_id):
        at = entry.at.astimezone(UTC).isoformat(timespec="seconds")
        details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True)
        cells = (entry.id, at, entry.actor, name, entry.action, entry.petition_id, details, entry.hash.hex())
        yield _csv_line(cells)


def _rows(wanted: Wanted, last_id: int) -> Iterator[tuple[AuditEntry, str]]:
    names: dict[int | None, str] = {
        row.id: row.name for row in db.session.execute(select(Staff.id, Staff.name))
    }
    query = wanted.query().where(AuditEntry.id <= last_id).order_by(AuditEntry.id)
    for entry in db.session.execute(query.execution_options(yield_per=PORTION)).scalars():
        yield entry, names.get(entry.staff_id, "")


def _csv_line(cells: tuple[Any, ...]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(documents.cells(cells))
    return out.getvalue()


def _number(text: str) -> int | None:
    """A number of a row; one that no row has is 0."""
    if not text.isascii() or not text.isdecimal():
        return 0 if text.lstrip("-").isdecimal() else None
    return int(text) if len(text) <= len(str(HIGHEST)) and int(text) <= HIGHEST else 0


def _day(text: str) -> date | None:
    """A day of this century; no line is of another."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if CENTURY[0] <= day.year <= CENTURY[1] else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), settings().timezone)
