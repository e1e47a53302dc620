"""What our documents of a petition say beside the UK Parliament's keys: always in keys of our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from petitions import links
from petitions.documents import day_or_none, moment, moment_or_none
from petitions.duties.duty_clock import DutyStatus
from petitions.models import (
    Commitment,
    Crossing,
    Department,
    Duty,
    Petition,
    PetitionThreshold,
    Response,
    ResponseVersion,
)
from petitions.opendata.petition_facts import Facts
from petitions.responses.queries import Satisfaction, satisfaction_fields

Attributes = dict[str, Any]


def additions(petition: Petition, facts: Facts) -> Attributes:
    """In lists and alone: its page, its history, what it reached, what is owed, what the answer comes to."""
    return {
        "url": links.petition(petition),
        "history_url": (
            links.absolute("browsing.history_json", petition_id=petition.id)
            if petition.was_published and not petition.facts.is_in_moderation
            else None
        ),
        "withdrawn_at": moment_or_none(petition.withdrawn_at),
        "closed_early_reason": petition.closed_early_reason or None,
        "outcome": outcome_of(facts.answer),
        "thresholds": [_threshold(*each) for each in facts.thresholds],
        "duties": [_duty(*each) for each in facts.duties],
    }


def outcome_of(answer: Response | None) -> str | None:
    """What the newest answer comes to; nothing of one that does not say."""
    return answer.versions[-1].outcome if answer else None


def answer_fields(
    facts: Facts, ratings: Mapping[int, Satisfaction], promised: Mapping[int, Sequence[Commitment]]
) -> list[Attributes]:
    """Alone: every published answer in full, the newest first."""
    duties = {duty.id: duty for duty, _ in facts.duties}
    return [
        _answer(each, duties.get(each.duty_id or 0), ratings.get(each.id), promised.get(each.id, ()))
        for each in facts.answers
    ]


def _threshold(threshold: PetitionThreshold, crossing: Crossing | None) -> Attributes:
    return {
        "key": threshold.key,
        "signatures": threshold.signatures,
        "duty": threshold.duty,
        "days": threshold.days,
        "days_kind": threshold.days_kind,
        "reached_at": moment_or_none(crossing.reached_at if crossing else None),
        "signature_count": crossing.signature_count if crossing else None,
    }


def _duty(duty: Duty, status: DutyStatus) -> Attributes:
    return {
        "id": duty.id,
        "threshold": duty.threshold_key,
        "round": duty.round,
        "department": _department(duty.department),
        "status": status.standing.value,
        "reached_at": moment(duty.reached_at),
        "first_due_on": day_or_none(duty.first_due_on),
        "due_on": day_or_none(status.due_on or duty.due_on),
        "days": status.days,
        "answered_at": moment_or_none(duty.answered_at),
        "follow_up_reason": duty.follow_up_reason or None,
        **_moved(duty),
    }


def _moved(duty: Duty) -> Attributes:
    """What moved the date or the owner of a duty, each with its public reason and when it was told."""
    return {
        "due_on_set": day_or_none(duty.due_on),
        "pauses": [
            {
                "starts_on": day_or_none(each.starts_on),
                "ends_on": day_or_none(each.ends_on),
                "reason": each.reason,
                "at": moment(each.created_at),
            }
            for each in duty.pauses
        ],
        "extensions": [
            {
                "due_on": day_or_none(each.due_on),
                "reason": each.reason,
                "by_overseer": each.by_overseer,
                "at": moment(each.created_at),
            }
            for each in duty.extensions
        ],
        "transfers": [
            {
                "from": _department(each.from_department),
                "to": _department(each.to_department),
                "reason": each.reason,
                "at": moment(each.created_at),
            }
            for each in duty.transfers
        ],
        "holding_replies": [
            {"body": each.body, "published_at": moment(each.published_at)} for each in duty.holding_replies
        ],
    }


def _department(department: Department | None) -> Attributes | None:
    return {"name": department.name, "slug": department.slug} if department else None


def _answer(
    answer: Response, duty: Duty | None, rated: Satisfaction | None, promised: Sequence[Commitment]
) -> Attributes:
    return {
        "threshold": duty.threshold_key if duty else None,
        "round": duty.round if duty else None,
        "department": _department(answer.department),
        "author_role": answer.author_role,
        "created_at": moment(
            answer.created_at if answer.versions[0].is_plain else answer.versions[0].published_at
        ),
        "updated_at": moment(
            answer.updated_at if answer.versions[-1].is_plain else answer.versions[-1].published_at
        ),
        "responded_on": day_or_none(answer.responded_on),
        "first_published_at": moment_or_none(answer.published_at),
        **_words(answer.versions[-1]),
        "versions": [_version(version) for version in answer.versions],
        "opinions": satisfaction_fields(rated),
        "commitments": [_commitment(each) for each in promised],
    }


def _words(version: ResponseVersion) -> Attributes:
    return {
        "summary": version.summary,
        "markdown": version.body,
        "is_plain": version.is_plain,
        "outcome": version.outcome,
        "points": version.points,
        "links": version.links,
        "published_at": moment(version.published_at),
    }


def _version(version: ResponseVersion) -> Attributes:
    return {"version": version.version, "reason": version.reason or None, **_words(version)}


def _commitment(commitment: Commitment) -> Attributes:
    return {
        "promise": commitment.promise,
        "due_on": day_or_none(commitment.due_on),
        "checks": [
            {
                "months": check.months,
                "asked_at": moment(check.asked_at),
                "answered_at": moment_or_none(check.answered_at),
                "kept": check.kept.value if check.kept else None,
                "note": check.note or None,
            }
            for check in commitment.checks
        ],
    }
