"""Real petitions brought into a database in the order in which things happened to them, and real duplicates asked on the way.

Each duplicate is asked as its petitioner typed it, and the site knows nothing but what it knew at that moment: petitions
made before, and decided before. The data has no counts by the hour: `Sizes` says what stands for them.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import update

from petitions import clock, resemblance
from petitions.database import transactional
from petitions.extensions import db
from petitions.lifecycle import State, states_where
from petitions.models import Petition, Rejection
from petitions.search_index import vocabulary

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PETITIONS, DUPLICATES = DATA / "uk-petitions.jsonl.gz", DATA / "uk-duplicates.json"
MOMENT, HOUR = timedelta(milliseconds=1), timedelta(hours=1)
HALF_A_YEAR = timedelta(days=183)
#: How many are among those that are looked at.
FIRST = 5


class Sizes(StrEnum):
    """What stands for the count of a petition at a moment in the past."""

    FINAL = "final"
    """The count in the file, from the beginning."""
    THEN = "then"
    """On a straight line through what is known: published with the first supporters, the days on which it reached 10,000
    and 100,000, and its count on the last day."""
    NONE = "none"


@dataclass(frozen=True)
class Told:
    """A petition as the file tells of it."""

    id: int
    title: str
    background: str
    details: str
    signature_count: int
    created_at: datetime
    opened_at: datetime | None
    closes_at: datetime | None
    rejected_at: datetime | None
    steps: tuple[tuple[datetime, float], ...]
    """Moments whose count is known."""
    repeats: tuple[int, ...]
    """For a duplicate: the petitions named as its originals."""

    def size(self, moment: datetime) -> int:
        """Its count at a moment, on a straight line between those that are known."""
        before = [step for step in self.steps if step[0] <= moment]
        after = [step for step in self.steps if step[0] > moment]
        if not before:
            return 0
        if not after:
            return int(before[-1][1])
        (start, least), (end, most) = before[-1], after[0]
        return int(least + (most - least) * ((moment - start) / (end - start)))


@dataclass(frozen=True)
class Question:
    """A duplicate, and what one of the five found should be."""

    duplicate: Told
    originals: frozenset[int]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def petitions() -> dict[int, Told]:
    """Every petition of the file, by its number."""
    with gzip.open(PETITIONS, "rt") as lines:
        return {each.id: each for each in map(_told, map(json.loads, lines))}


def _told(line: dict[str, Any]) -> Told:
    facts = line["attributes"]
    opened, closed = _moment(facts["opened_at"]), _moment(facts["closed_at"])
    closes = closed or (opened + HALF_A_YEAR if opened else None)
    steps = []
    if opened and closes:
        reached = [("response_threshold_reached_at", 1e4), ("debate_threshold_reached_at", 1e5)]
        known = [(_moment(facts[name]), number) for name, number in reached]
        steps = [
            (opened, 6.0),
            *((at, number) for at, number in known if at and facts["signature_count"] > number),
            (closes, float(facts["signature_count"])),
        ]
    refused = facts["rejection"] or {}
    named = re.findall(r"petitions/(\d+)", refused.get("details") or "")
    return Told(
        id=line["id"],
        title=facts["action"],
        background=facts["background"] or "",
        details=facts["additional_details"] or "",
        signature_count=facts["signature_count"],
        created_at=datetime.fromisoformat(facts["created_at"]),
        opened_at=opened,
        closes_at=closes,
        rejected_at=_moment(facts["rejected_at"]),
        steps=tuple(sorted(steps)),
        repeats=tuple(int(number) for number in named) if refused.get("code") == "duplicate" else (),
    )


def questions(told: dict[int, Told]) -> list[Question]:
    """Duplicates whose original was published, in the order in which they were written."""
    known = [
        Question(
            told[each["duplicate"]],
            frozenset(i for i in each["originals"] if told[i].opened_at and not told[i].rejected_at),
        )
        for each in json.loads(DUPLICATES.read_text())
    ]
    return sorted((each for each in known if each.originals), key=lambda each: each.duplicate.created_at)


@dataclass(frozen=True)
class Asking:
    """When each duplicate is asked, what stands for sizes, and which petitions may be found."""

    moderated: bool
    """Asked when moderators decide, else when it is written."""
    sizes: Sizes
    undecided: bool
    """Petitions that nobody has decided about yet may be found too: the site knew them, the public did not."""

    def moment(self, question: Question) -> datetime:
        """When it is asked."""
        decided = question.duplicate.rejected_at
        return decided - MOMENT if self.moderated and decided else question.duplicate.created_at - MOMENT


@dataclass(frozen=True)
class Answer:
    """What was found from the title alone, and with the background: whether an original was among the first."""

    question: Question
    by_title: bool
    by_both: bool


def replay(
    told: dict[int, Told],
    asked: list[Question],
    how: Asking,
    *,
    recount_every: int = 25,
    heard: Callable[[], None] = lambda: None,
) -> Iterator[Answer]:
    """Bring the petitions in as time goes by, and ask. Needs an empty database."""
    events = sorted(_events(told, how.sizes), key=lambda event: event[0])
    ids: set[int] = set()
    for place, question in enumerate(sorted(asked, key=how.moment)):
        now = how.moment(question)
        with clock.fixed(now):
            due = 0
            while due < len(events) and events[due][0] <= now:
                due += 1
            _happen([event[1] for event in events[:due]], ids)
            del events[:due]
            if how.sizes is Sizes.THEN:
                _resize([told[number] for number in ids], now)
            if place % recount_every == 0:
                vocabulary.recount()
            yield _ask(question, how)
        heard()


def _ask(question: Question, how: Asking) -> Answer:
    states = [*states_where("is_listed"), *([State.GATHERING] if how.undecided else [])]
    duplicate = question.duplicate

    def found(background: str) -> bool:
        best = resemblance.likest(
            duplicate.title, background, most=FIRST, without=[duplicate.id], states=states
        )
        return any(each.petition_id in question.originals for each in best)

    return Answer(question, found(""), found(duplicate.background))


Happening = Callable[[set[int]], None]


def _events(told: dict[int, Told], sizes: Sizes) -> Iterator[tuple[datetime, Happening]]:
    for each in told.values():
        yield each.created_at, _made(each, sizes)
        if each.opened_at:
            yield (
                each.opened_at,
                _moved(each, state=State.OPEN, opened_at=each.opened_at, closes_at=each.closes_at),
            )
        if each.rejected_at:
            yield each.rejected_at, _refused(each)


def _made(each: Told, sizes: Sizes) -> Happening:
    def happen(ids: set[int]) -> None:
        ids.add(each.id)
        db.session.add(
            Petition(
                id=each.id, state=State.GATHERING, action=each.title, background=each.background,
                additional_details=each.details, created_at=each.created_at, confirmed_at=each.created_at,
                lapses_at=each.created_at + HALF_A_YEAR,
                signature_count=each.signature_count if sizes is Sizes.FINAL else 0,
            )
        )  # fmt: skip

    return happen


def _moved(each: Told, **columns: Any) -> Happening:
    def happen(ids: set[int]) -> None:
        db.session.execute(update(Petition).where(Petition.id == each.id).values(**columns))

    return happen


def _refused(each: Told) -> Happening:
    moved = _moved(each, state=State.REJECTED, rejected_at=each.rejected_at)

    def happen(ids: set[int]) -> None:
        moved(ids)
        original = next((number for number in each.repeats if number in ids and number != each.id), None)
        code = "duplicate" if each.repeats else "irrelevant"
        db.session.add(Rejection(petition_id=each.id, code=code, original_id=original))

    return happen


@transactional
def _happen(happenings: list[Happening], ids: set[int]) -> None:
    for happen in happenings:
        happen(ids)


@transactional
def _resize(told: list[Told], now: datetime) -> None:
    """Give those that are open their counts of this moment."""
    sizes = [
        {"id": each.id, "signature_count": each.size(now)}
        for each in told
        if each.steps and each.steps[0][0] <= now and each.steps[-1][0] > now - 40 * 24 * HOUR
    ]
    if sizes:
        db.session.execute(update(Petition), sizes)
