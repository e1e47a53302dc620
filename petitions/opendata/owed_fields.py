"""What a petition reached and what is owed for it, out of one line of data.

The UK's data says when a threshold was reached; the thresholds themselves, and the days, are then those of this site's
settings. Data of ours says all of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from petitions import due_dates
from petitions.counts import crossings
from petitions.extensions import settings
from petitions.models import (
    DEBATE,
    RESPONSE,
    Crossing,
    Duty,
    DutyExtension,
    DutyPause,
    DutyTransfer,
    HoldingReply,
    Petition,
    PetitionThreshold,
)
from petitions.opendata.fields import Broken, Fields

NAME_LIMIT = 200
DutyKey = tuple[str, int]
"""The key of the threshold, and the round."""


class Transfer(NamedTuple):
    """A duty went from a department, if one is named, to another."""

    came_from: str
    went_to: str
    row: DutyTransfer


@dataclass
class Owed:
    """Rows that are ready to be stored; `owners` are the names of departments."""

    thresholds: list[PetitionThreshold] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    owners: dict[DutyKey, str] = field(default_factory=dict)
    transfers: dict[DutyKey, list[Transfer]] = field(default_factory=dict)

    def departments(self) -> Iterator[str]:
        """The names of all departments that owed it at some time."""
        yield from self.owners.values()
        for each in itertools.chain.from_iterable(self.transfers.values()):
            yield from filter(None, (each.came_from, each.went_to))


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
        owed.transfers[duty.threshold_key, duty.round] = [
            _transfer(moved) for moved in each.objects("transfers")
        ]
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
        follow_up_reason=given.text_or_empty("follow_up_reason"),
        reached_at=given.moment("reached_at"),
        first_due_on=given.day_or_none("first_due_on"),
        # Files that were made before there was `due_on_set` have the date that held on their day.
        due_on=given.day_or_none("due_on_set") or given.day_or_none("due_on"),
        answered_at=given.moment_or_none("answered_at"),
        pauses=[_pause(each) for each in given.objects("pauses")],
        extensions=[_extension(each) for each in given.objects("extensions")],
        holding_replies=[
            HoldingReply(body=each.text("body"), published_at=each.moment("published_at"))
            for each in given.objects("holding_replies")
        ],
    )


def _pause(given: Fields) -> DutyPause:
    starts_on, ends_on = given.day("starts_on"), given.day_or_none("ends_on")
    if ends_on is not None and ends_on <= starts_on:
        raise Broken("pauses has one that ends before it starts")
    return DutyPause(
        starts_on=starts_on, ends_on=ends_on, reason=given.text("reason"), created_at=given.moment("at")
    )


def _extension(given: Fields) -> DutyExtension:
    return DutyExtension(
        due_on=given.day("due_on"),
        reason=given.text("reason"),
        by_overseer=given.truth("by_overseer"),
        created_at=given.moment("at"),
    )


def _transfer(given: Fields) -> Transfer:
    came_from = given.object_or_none("from")
    return Transfer(
        came_from.line("name", NAME_LIMIT) if came_from else "",
        given.object("to").line("name", NAME_LIMIT),
        DutyTransfer(reason=given.text("reason"), created_at=given.moment("at")),
    )
