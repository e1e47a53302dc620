"""The attributes of a petition with the UK Parliament's keys, each in its place; `None` where that API has null.

Of a petition whose words are not public (it looks for supporters, or waits to be checked) every key is there and nothing
of its words.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from petitions import secrecy
from petitions.documents import day_or_none, moment, moment_or_none
from petitions.duties.duty_days import local_day
from petitions.lifecycle import State
from petitions.markup import plain
from petitions.models import DEBATE, RESPONSE, Debate, Petition, Rejection, Response
from petitions.opendata.petition_facts import Facts

Attributes = dict[str, Any]


def attributes(petition: Petition, facts: Facts) -> Attributes:
    """Every key of the UK's item, in its order."""
    shown = petition.facts.text_is_public
    return {
        "action": petition.action if shown else None,
        "background": petition.background if shown else None,
        "additional_details": petition.additional_details if shown else None,
        "committee_note": _note(petition, facts) if shown else None,
        "state": petition.current_state.value,
        "signature_count": petition.signature_count,
        **_closing_date(petition),
        **_moments(petition, facts),
        "creator_name": secrecy.opened(petition, "creator_name") if petition.is_signable else None,
        "rejection": _rejection(facts.rejection) if petition.state is State.REJECTED else None,
        "government_response": _response(facts.answer),
        "debate": _debate(facts.debate),
        "departments": _departments(petition) if shown else [],
        "topics": sorted(topic.code for topic in petition.topics) if shown else [],
    }


def _note(petition: Petition, facts: Facts) -> str | None:
    """An imported petition's missing note stays missing, and its empty one empty."""
    was_null = facts.source is not None and facts.source.has_no_note
    return None if was_null and not petition.committee_note else petition.committee_note


def _closing_date(petition: Petition) -> Attributes:
    """Only while it is open; the key is absent otherwise."""
    if not petition.is_signable or petition.closes_at is None:
        return {}
    return {"closing_date": local_day(petition.closes_at).isoformat()}


def _moments(petition: Petition, facts: Facts) -> Attributes:
    response, debate = facts.reached(RESPONSE), facts.reached(DEBATE)
    held = facts.debate
    return {
        "created_at": moment(petition.created_at),
        "updated_at": moment(petition.updated_at),
        "rejected_at": moment_or_none(petition.rejected_at),
        "opened_at": moment_or_none(petition.opened_at),
        "closed_at": moment_or_none(_closed_at(petition)),
        "moderation_threshold_reached_at": moment_or_none(petition.moderation_threshold_reached_at),
        "response_threshold_reached_at": moment_or_none(response.reached_at if response else None),
        "government_response_at": moment_or_none(first_answered_at(facts)),
        "debate_threshold_reached_at": moment_or_none(debate.reached_at if debate else None),
        "debate_scheduled_on": (
            local_day(held.scheduled_at).isoformat() if held and held.scheduled_at else None
        ),
        "scheduled_debate_date": day_or_none(held.scheduled_on if held else None),
        "debate_outcome_at": moment_or_none(held.outcome_at if held else None),
    }


def _closed_at(petition: Petition) -> datetime | None:
    """When it closed, by the clock: its deadline, also before a job has written it down."""
    is_over = petition.current_state is State.CLOSED
    return petition.closed_at or (petition.closes_at if is_over else None)


def first_answered_at(facts: Facts) -> datetime | None:
    """When the first answer was published: a better one that was asked for later does not move it."""
    return min((each.published_at for each in facts.answers if each.published_at), default=None)


def _rejection(rejection: Rejection | None) -> Attributes | None:
    if rejection is None:
        return None
    return {"code": rejection.code, "details": rejection.details, "original": rejection.original_id}


def _response(answer: Response | None) -> Attributes | None:
    """The newest answer in the words that were published last, its Markdown as plain text."""
    if answer is None:
        return None
    first, last = answer.versions[0], answer.versions[-1]
    return {
        "responded_on": day_or_none(answer.responded_on),
        "summary": last.summary,
        "details": last.body if last.is_plain else plain(last.body),
        # A draft of ours is nobody's business; an imported answer has the times of its source.
        "created_at": moment(answer.created_at if first.is_plain else first.published_at),
        "updated_at": moment(answer.updated_at if last.is_plain else last.published_at),
    }


def _debate(debate: Debate | None) -> Attributes | None:
    """The debate once its outcome is known: held, or refused."""
    if debate is None or debate.debated is None:
        return None
    return {
        "debated_on": day_or_none(debate.debated_on),
        "transcript_url": debate.transcript_url,
        "video_url": debate.video_url,
        "debate_pack_url": debate.research_url,
        "public_engagement_url": debate.public_engagement_url,
        "debate_summary_url": debate.summary_url,
        "overview": debate.overview,
        "declined_reason": debate.declined_reason or None,
        "considered_on": day_or_none(debate.considered_on),
    }


def _departments(petition: Petition) -> list[Attributes]:
    # Sorted here, because each database sorts letters in its own way.
    rows = sorted(petition.departments, key=lambda row: row.name)
    return [{"acronym": row.acronym, "name": row.name, "url": row.url} for row in rows]
