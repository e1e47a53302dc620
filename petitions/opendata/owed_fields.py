"""What a petition reached and what is owed for it, out of one line of data.

The UK's data says when a threshold was reached; the thresholds themselves, and the days, are then those of this site's
settings. Data of ours says all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from petitions import crossings, due_dates
from petitions.extensions import settings
from petitions.models import DEBATE, RESPONSE, Crossing, Duty, Petition, PetitionThreshold
from petitions.opendata.fields import Broken, Fields

NAME_LIMIT = 200
DutyKey = tuple[str, int]
"""The key of the threshold, and the round."""


@dataclass
class Owed:
    """Rows that are ready to be stored; `owners` are the names of departments."""

    thresholds: list[PetitionThreshold] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    owners: dict[DutyKey, str] = field(default_factory=dict)


def read(petition: Petition, data: Fields) -> Owed:
    """Of one petition. When its duties were answered is filled in by whoever reads the answers."""
    return _ours(petition, data) if data.has("thresholds") else _of_the_uk(petition, data)


def _of_the_uk(petition: Petition, data: Fields) -> Owed:
    # Published elsewhere: the settings say with which thresholds.
    rules = {rule.key: rule for rule in crossings.frozen(crossings.settings_rules(), petition.id)}
    reached = {key: data.moment_or_none(f"{key}_threshold_reached_at") for key in (RESPONSE, DEBATE)}
    times = [(rules[key], at) for key, at in reached.items() if at is not None]
    return Owed(
        thresholds=list(rules.values()) if petition.was_published or times else [],
        crossings=[_crossing(petition, rule, at) for rule, at in times],
        duties=[_duty(petition.id, rule, at) for rule, at in times],
    )


def _crossing(petition: Petition, rule: PetitionThreshold, reached_at: datetime) -> Crossing:
    # The count at that moment is not in the data: it was the threshold's, or all there are under a rule set higher here.
    count = min(rule.signatures, petition.signature_count)
    return Crossing(
        petition_id=petition.id, threshold_key=rule.key, reached_at=reached_at, signature_count=count
    )


def _duty(number: int, rule: PetitionThreshold, reached_at: datetime) -> Duty:
    due_on: date | None = None
    if rule.days is not None:
        reached_on = reached_at.astimezone(settings().timezone).date()
        due_on = due_dates.add_days(reached_on, rule.days, rule.days_kind)
    return Duty(
        petition_id=number,
        threshold_key=rule.key,
        round=1,
        reached_at=reached_at,
        due_on=due_on,
        first_due_on=due_on,
    )


def _ours(petition: Petition, data: Fields) -> Owed:
    owed = Owed()
    for each in data.objects("thresholds"):
        owed.thresholds.append(_threshold(petition.id, each))
        if reached_at := each.moment_or_none("reached_at"):
            owed.crossings.append(
                Crossing(
                    petition_id=petition.id,
                    threshold_key=owed.thresholds[-1].key,
                    reached_at=reached_at,
                    signature_count=each.number("signature_count"),
                )
            )
    crossed = {crossing.threshold_key for crossing in owed.crossings}
    for each in data.objects("duties"):
        duty = _given_duty(petition.id, each)
        if duty.threshold_key not in crossed:
            raise Broken(f"duties has “{duty.threshold_key}”, a threshold that was not reached")
        owed.duties.append(duty)
        if department := each.object_or_none("department"):
            owed.owners[duty.threshold_key, duty.round] = department.line("name", NAME_LIMIT)
    return owed


def _threshold(number: int, given: Fields) -> PetitionThreshold:
    return PetitionThreshold(
        petition_id=number,
        key=given.line("key", 30),
        signatures=given.number("signatures", 1),
        duty=given.one_of("duty", (RESPONSE, DEBATE)),
        days=given.number("days") if given.has("days") else None,
        days_kind=given.one_of("days_kind", ("calendar", "working")),
    )


def _given_duty(number: int, given: Fields) -> Duty:
    return Duty(
        petition_id=number,
        threshold_key=given.line("threshold", 30),
        round=given.number("round", 1),
        reached_at=given.moment("reached_at"),
        first_due_on=given.day_or_none("first_due_on"),
        due_on=given.day_or_none("due_on"),
        answered_at=given.moment_or_none("answered_at"),
    )
