"""One line of the UK Parliament's petitions data as rows that are ready to be stored.

Nothing here touches the database. Every `read_…` raises `Broken` with a reason.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import NamedTuple

from petitions import crossings, due_dates
from petitions.extensions import settings
from petitions.lifecycle import State
from petitions.models import (
    DEBATE,
    RESPONSE,
    Crossing,
    Debate,
    Department,
    Duty,
    OtherBusiness,
    Petition,
    PetitionText,
    PetitionThreshold,
    Rejection,
    Response,
)
from petitions.opendata import answer_fields
from petitions.opendata.fields import Broken, Fields

#: The states that the data may have: what it publishes.
STATES = {state.value: state for state in (State.OPEN, State.CLOSED, State.REJECTED)}
#: Codes of the UK's own list of countries that ISO 3166 does not have, and where they lie by ISO.
COUNTRIES_BY_ISO = {"BAT": "AQ"}
TITLE_LIMIT = 200
NAME_LIMIT = 200
CODE_LIMIT = 20


class NamedPlace(NamedTuple):
    """A place as the breakdown of a petition names it."""

    kind: str
    code: str
    name: str
    representative: str | None


@dataclass
class PetitionLine:
    """A petition and all that hangs on it. What has a name (a department, a place) is matched with stored rows later."""

    petition: Petition
    text: PetitionText
    thresholds: list[PetitionThreshold]
    crossings: list[Crossing]
    duties: list[Duty]
    rejection: Rejection | None
    response: Response | None
    debate: Debate | None
    business: list[OtherBusiness]
    departments: list[Department]
    topics: list[str]
    places: dict[str, NamedPlace] = field(default_factory=dict)
    """Constituencies and regions by their codes."""
    place_counts: Counter[str] = field(default_factory=Counter)
    country_counts: Counter[str] = field(default_factory=Counter)


def read(line: Fields) -> PetitionLine:
    """Everything on a line."""
    number = line.number("id", lowest=1)
    data = line.object("attributes")
    petition = _petition(number, data)
    # Published elsewhere: the settings say with which thresholds.
    rules = {rule.key: rule for rule in crossings.frozen(crossings.settings_rules(), number)}
    reached = {
        RESPONSE: data.moment_or_none("response_threshold_reached_at"),
        DEBATE: data.moment_or_none("debate_threshold_reached_at"),
    }
    response, debate = answer_fields.response(number, data), answer_fields.debate(number, data)
    answered = {
        RESPONSE: response.published_at if response else None,
        DEBATE: debate.outcome_at if debate else None,
    }
    times = {rules[key]: at for key, at in reached.items() if at is not None}
    read_line = PetitionLine(
        petition=petition,
        text=PetitionText(petition_id=number, version=1, created_at=petition.created_at, **_words(data)),
        thresholds=list(rules.values()) if petition.was_published or times else [],
        crossings=[_crossing(petition, rule, at) for rule, at in times.items()],
        duties=[_duty(number, rule, at, answered[rule.key]) for rule, at in times.items()],
        rejection=_rejection(number, data) if petition.state is State.REJECTED else None,
        response=response,
        debate=debate,
        business=answer_fields.other_business(number, data),
        departments=_departments(data),
        topics=sorted(set(data.texts("topics", limit=100))),
    )
    _read_breakdown(read_line, data)
    return read_line


def _words(data: Fields) -> dict[str, str]:
    data.line("action", TITLE_LIMIT)
    return {
        "action": data.text("action", TITLE_LIMIT),
        "background": data.text("background"),
        "additional_details": data.text_or_empty("additional_details"),
    }


def _petition(number: int, data: Fields) -> Petition:
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
        signature_count=count,
        imported_signatures=count,
    )
    petition.closes_at = _deadline(data) if state is State.OPEN else petition.closed_at
    if petition.is_signable:
        # The name stands on the page of an open petition and leaves it when the petition closes.
        petition.creator_name = data.line_or_none("creator_name", NAME_LIMIT)
    return petition


def _deadline(data: Fields) -> datetime:
    """The end of the closing date; where the data has none, of the months that petitions stay open.

    Deadlines are lengthened at times (an election, mourning). A petition that was said to be open later than reckoned
    was open then.
    """
    if closing_date := data.day_or_none("closing_date"):
        return due_dates.closing_time(datetime.combine(closing_date, time(12), settings().timezone), 0)
    reckoned = due_dates.closing_time(data.moment("opened_at"), settings().petition_months)
    return max(reckoned, due_dates.closing_time(data.moment("updated_at"), 0))


def _crossing(petition: Petition, rule: PetitionThreshold, reached_at: datetime) -> Crossing:
    # The count at that moment is not in the data: it was the threshold's, or all there are under a rule set higher here.
    count = min(rule.signatures, petition.signature_count)
    return Crossing(
        petition_id=petition.id, threshold_key=rule.key, reached_at=reached_at, signature_count=count
    )


def _duty(number: int, rule: PetitionThreshold, reached_at: datetime, answered_at: datetime | None) -> Duty:
    due_on = None
    if rule.days is not None:
        reached_on = reached_at.astimezone(settings().timezone).date()
        due_on = due_dates.add_days(reached_on, rule.days, rule.days_kind)
    return Duty(
        petition_id=number,
        threshold_key=rule.key,
        reached_at=reached_at,
        due_on=due_on,
        first_due_on=due_on,
        answered_at=answered_at,
    )


def _rejection(number: int, data: Fields) -> Rejection:
    rejection = data.object("rejection")
    return Rejection(
        petition_id=number,
        code=rejection.line("code", 30),
        details=rejection.text_or_empty("details"),
        created_at=data.moment("rejected_at"),
    )


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


def _place(kind: str, data: Fields) -> NamedPlace:
    return NamedPlace(
        kind,
        data.line("ons_code", CODE_LIMIT),
        data.line("name", NAME_LIMIT),
        data.line_or_none("mp", NAME_LIMIT),
    )
