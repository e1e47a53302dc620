"""One line of the UK Parliament's petitions data as rows that are ready to be stored.

Nothing here touches the database. Every `read_…` raises `Broken` with a reason.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import NamedTuple

from petitions import due_dates
from petitions.extensions import settings
from petitions.lifecycle import State
from petitions.models import (
    DEBATE,
    Debate,
    Department,
    ImportedPetition,
    OtherBusiness,
    Petition,
    PetitionText,
    Rejection,
)
from petitions.opendata import answer_fields, chamber_fields, owed_fields
from petitions.opendata.answer_fields import Answer
from petitions.opendata.fields import Broken, Fields
from petitions.opendata.owed_fields import Owed

#: The states that the data may have: what it publishes.
STATES = {state.value: state for state in (State.OPEN, State.CLOSED, State.REJECTED)}
#: Codes of the UK's own list of countries that ISO 3166 does not have, and where they lie by ISO.
COUNTRIES_BY_ISO = {"BAT": "AQ"}
DUPLICATE = "duplicate"
_LINK = re.compile(r"/petitions/([1-9]\d{0,8})(?!\d)")
TITLE_LIMIT = 200
NAME_LIMIT = 200
CODE_LIMIT = 20


class NamedPlace(NamedTuple):
    """A place as the breakdown of a petition names it."""

    kind: str
    code: str
    name: str
    representative: str | None


class NamedCountry(NamedTuple):
    """A country as the breakdown of a petition names it: its ISO 3166 code, and the source's code and name."""

    country: str
    code: str
    name: str


@dataclass
class PetitionLine:
    """A petition and all that hangs on it. What has a name (a department, a place) is matched with stored rows later."""

    petition: Petition
    source: ImportedPetition
    text: PetitionText
    owed: Owed
    rejection: Rejection | None
    answers: list[Answer]
    debate: Debate | None
    business: list[OtherBusiness]
    departments: list[Department]
    topics: list[str]
    originals: list[int] = field(default_factory=list)
    """Of a duplicate: which petitions it may repeat, the likeliest first."""
    places: dict[str, NamedPlace] = field(default_factory=dict)
    """Constituencies and regions by their codes."""
    place_counts: Counter[str] = field(default_factory=Counter)
    countries: list[NamedCountry] = field(default_factory=list)
    country_counts: Counter[str] = field(default_factory=Counter)


def read(line: Fields, made_at: datetime | None = None) -> PetitionLine:
    """Everything on a line. `made_at`: when the file was made, at the earliest; what it calls open was open then."""
    number = line.number("id", lowest=1)
    data = line.object("attributes")
    petition = _petition(number, data, made_at)
    read_line = PetitionLine(
        petition=petition,
        source=ImportedPetition(
            petition_id=number, has_no_note=not data.has("committee_note"), region_counts={}
        ),
        text=PetitionText(petition_id=number, version=1, created_at=petition.created_at, **_words(data)),
        owed=owed_fields.read(petition, data),
        rejection=_rejection(number, data) if petition.state is State.REJECTED else None,
        answers=answer_fields.answers(number, data),
        debate=chamber_fields.debate(number, data),
        business=chamber_fields.other_business(number, data),
        departments=_departments(data),
        topics=sorted(set(data.texts("topics", limit=100))),
    )
    if read_line.rejection is not None:
        read_line.originals = _originals(number, data.object("rejection"))
    if not data.has("duties"):
        _answer_duties(read_line)
    _read_breakdown(read_line, data)
    return read_line


def _answer_duties(line: PetitionLine) -> None:
    """The UK's data has no duties: when they were answered the answer and the debate say."""
    for duty in line.owed.duties:
        if duty.answered_at is None and duty.threshold_key == DEBATE:
            duty.answered_at = line.debate.outcome_at if line.debate else None
        elif duty.answered_at is None:
            times = (
                each.response.published_at
                for each in line.answers
                if each.duty == (duty.threshold_key, duty.round)
            )
            duty.answered_at = next(times, None)


def _words(data: Fields) -> dict[str, str]:
    data.line("action", TITLE_LIMIT)
    return {
        "action": data.text("action", TITLE_LIMIT),
        "background": data.text("background"),
        "additional_details": data.text_or_empty("additional_details"),
    }


def _petition(number: int, data: Fields, made_at: datetime | None) -> Petition:
    state = STATES.get(data.text("state"))
    if state is None:
        raise Broken(f"state is “{data.text('state')[:40]}”, not one of {', '.join(STATES)}")
    for column in {State.OPEN: ["opened_at"], State.CLOSED: ["opened_at", "closed_at"]}.get(
        state, ["rejected_at"]
    ):
        data.moment(column)
    count = data.number("signature_count")
    petition = Petition(
        id=number,
        state=state,
        text_version=1,
        **_words(data),
        committee_note=data.text_or_empty("committee_note"),
        created_at=data.moment("created_at"),
        updated_at=data.moment("updated_at"),
        moderation_threshold_reached_at=data.moment_or_none("moderation_threshold_reached_at"),
        opened_at=data.moment_or_none("opened_at"),
        closed_at=data.moment_or_none("closed_at"),
        rejected_at=data.moment_or_none("rejected_at"),
        withdrawn_at=data.moment_or_none("withdrawn_at"),
        closed_early_reason=data.text_or_empty("closed_early_reason"),
        signature_count=count,
        imported_signatures=count,
    )
    petition.closes_at = _deadline(data, made_at) if state is State.OPEN else petition.closed_at
    if petition.is_signable:
        # The name stands on the page of an open petition and leaves it when the petition closes.
        petition.creator_name = data.line_or_none("creator_name", NAME_LIMIT)
    return petition


def _deadline(data: Fields, made_at: datetime | None) -> datetime:
    """The end of the closing date; where the data has none, of the months that petitions stay open.

    Deadlines are lengthened at times (an election, mourning). A petition that was said to be open later than reckoned
    was open then: when it last changed, and on the day the file was made.
    """
    if closing_date := data.day_or_none("closing_date"):
        return due_dates.closing_time(datetime.combine(closing_date, time(12), settings().timezone), 0)
    reckoned = due_dates.closing_time(data.moment("opened_at"), settings().petition_months)
    known = max(data.moment("updated_at"), made_at or data.moment("updated_at"))
    return max(reckoned, due_dates.closing_time(known, 0))


def _rejection(number: int, data: Fields) -> Rejection:
    rejection = data.object("rejection")
    return Rejection(
        petition_id=number,
        code=rejection.line("code", 30),
        details=rejection.text_or_empty("details"),
        created_at=data.moment("rejected_at"),
    )


def _originals(number: int, rejection: Fields) -> list[int]:
    """The petition that moderators say a duplicate repeats. The UK's data names it only by a link in their words, and may
    name several."""
    if rejection.has("original"):
        return [rejection.number("original", 1)]
    if rejection.text("code") != DUPLICATE:
        return []
    linked = (int(found) for found in _LINK.findall(rejection.text_or_empty("details")))
    return [each for each in linked if each != number]


def _departments(data: Fields) -> list[Department]:
    found = {
        name: Department(name=name, acronym=each.line_or_none("acronym", 20), url=each.url_or_none("url"))
        for each in data.objects("departments")
        for name in [each.line("name", NAME_LIMIT)]
    }
    return [found[name] for name in sorted(found)]


def _read_breakdown(line: PetitionLine, data: Fields) -> None:
    """Signatures by country and constituency. Those by region follow from the constituencies; only its name is kept."""
    for each in data.objects("signatures_by_country"):
        given = each.line("code", CODE_LIMIT).upper()
        code = COUNTRIES_BY_ISO.get(given, given)
        name = each.line_or_none("name", NAME_LIMIT)
        if name is not None and re.fullmatch("[A-Z]{2}", code):
            line.countries.append(NamedCountry(code, given, name))
        if not re.fullmatch("[A-Z]{2}", code):
            raise Broken(f"signatures_by_country has “{given}”, which is no country's code of two letters")
        line.country_counts[code] += each.number("signature_count")
    for each in data.objects("signatures_by_constituency"):
        place = _place("constituency", each)
        line.places[place.code] = place
        line.place_counts[place.code] += each.number("signature_count")
    for each in data.objects("signatures_by_region"):
        place = _place("region", each)
        if place.code in line.place_counts:
            raise Broken(f"{place.code} is a region and a constituency")
        line.places[place.code] = place
        if each.has("signature_count"):
            line.source.region_counts[place.code] = each.number("signature_count")


def _place(kind: str, data: Fields) -> NamedPlace:
    return NamedPlace(
        kind,
        data.line("ons_code", CODE_LIMIT),
        data.line("name", NAME_LIMIT),
        data.line_or_none("mp", NAME_LIMIT),
    )
