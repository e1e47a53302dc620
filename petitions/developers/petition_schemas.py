"""A petition as the API gives it: the UK Parliament's keys, then ours."""

from __future__ import annotations

from petitions.developers.schema import (
    LINKS,
    OWN_LINK,
    Schema,
    address,
    array,
    both,
    count,
    day,
    flag,
    moment,
    number,
    obj,
    or_null,
    ref,
    text,
    without,
    word,
)

STATES = ("gathering", "review", "open", "closed", "rejected", "withdrawn")
OUTCOMES = ("agreed", "partly_agreed", "not_agreed", "already_done", "not_for_us")
DUTY = ("response", "debate")
STANDINGS = ("awaiting", "due_soon", "overdue", "paused", "extended", "answered", "considered")

_UK: dict[str, Schema] = {
    "action": or_null(text("The title. Null while its words are not public.")),
    "background": or_null(text()),
    "additional_details": or_null(text()),
    "committee_note": or_null(text("A note by the petitions office, in Markdown.")),
    "state": word(*STATES),
    "signature_count": count("Confirmed signatures."),
    "created_at": moment(),
    "updated_at": moment(),
    "rejected_at": or_null(moment()),
    "opened_at": or_null(moment("When it was published.")),
    "closed_at": or_null(moment()),
    "moderation_threshold_reached_at": or_null(moment("When it had found enough supporters to be checked.")),
    "response_threshold_reached_at": or_null(moment()),
    "government_response_at": or_null(moment("When the first answer was published.")),
    "debate_threshold_reached_at": or_null(moment()),
    "debate_scheduled_on": or_null(day("The day on which the debate was scheduled.")),
    "scheduled_debate_date": or_null(day("The day of the debate.")),
    "debate_outcome_at": or_null(moment()),
    "creator_name": or_null(text("Who started it, while it can be signed.")),
    "rejection": or_null(ref("Rejection")),
    "government_response": or_null(ref("GovernmentResponse")),
    "debate": or_null(ref("Debate")),
    "departments": array(obj(acronym=or_null(text()), name=text(), url=or_null(address()))),
    "topics": array(text("A code of a topic.")),
}
_OURS: dict[str, Schema] = {
    "url": address("Its page."),
    "history_url": or_null(address("Its signatures over time.")),
    "withdrawn_at": or_null(moment()),
    "closed_early_reason": or_null(text()),
    "outcome": or_null(word(*OUTCOMES, description="What the newest answer comes to.")),
    "thresholds": array(ref("Threshold")),
    "duties": array(ref("PetitionDuty")),
}
_ITEM = obj(
    {"closing_date": day("While it is open: the last day on which it can be signed.")}, **_UK, **_OURS
)
_PLACES: dict[str, Schema] = {
    "signatures_by_country": array(obj(name=text(), code=text(), signature_count=count())),
    "signatures_by_constituency": array(
        obj(name=text(), ons_code=text(), mp=or_null(text()), signature_count=count())
    ),
    "signatures_by_region": array(obj(name=text(), ons_code=text(), signature_count=count())),
    "other_parliamentary_business": array(
        obj(
            subject=text(),
            body=text(),
            markdown=text(),
            occurred_on=day(),
            created_at=moment(),
            updated_at=moment(),
            url=or_null(address()),
        )
    ),
}
_WHOLE = both(_ITEM, obj(_PLACES, answers=array(ref("Answer"))))

#: In the archive: nothing can be signed there any more.
_LEFT_OUT = ("closing_date", "creator_name")
ARCHIVED = without(_ITEM, *_LEFT_OUT)
WHOLE_ARCHIVED = without(_WHOLE, *_LEFT_OUT)

_NAMED = obj(name=text(), slug=text())
_WORDS = obj(
    summary=text(),
    markdown=text("The words; Markdown unless `is_plain`."),
    is_plain=flag(),
    outcome=or_null(word(*OUTCOMES)),
    points=array(obj(ask=text(), answer=text(), outcome=text())),
    links=array(obj(title=text(), url=text())),
    published_at=moment(),
)

SCHEMAS: dict[str, Schema] = {
    "Petition": obj(type=word("petition"), id=number(), links=OWN_LINK, attributes=_ITEM),
    "PetitionList": obj(links=LINKS, data=array(ref("Petition"))),
    "WholePetition": obj(links=OWN_LINK, data=obj(type=word("petition"), id=number(), attributes=_WHOLE)),
    "Rejection": obj(
        code=text("A reason of the published standards."),
        details=or_null(text()),
        original=or_null(number("Of a duplicate: the petition that it repeats.")),
    ),
    "GovernmentResponse": obj(
        responded_on=or_null(day()),
        summary=text(),
        details=text("The answer as plain text; in Markdown under `answers`."),
        created_at=moment(),
        updated_at=moment(),
    ),
    "Debate": obj(
        debated_on=or_null(day()),
        transcript_url=or_null(address()),
        video_url=or_null(address()),
        debate_pack_url=or_null(address()),
        public_engagement_url=or_null(address()),
        debate_summary_url=or_null(address()),
        overview=or_null(text()),
        declined_reason=or_null(text("Why it is not debated.")),
        considered_on=or_null(day()),
    ),
    "Threshold": obj(
        key=text(),
        signatures=count("How many it takes."),
        duty=word(*DUTY),
        days=or_null(number("Days to answer.")),
        days_kind=text("calendar or working."),
        reached_at=or_null(moment()),
        signature_count=or_null(count("Signatures at that moment.")),
    ),
    "PetitionDuty": obj(
        id=number(),
        threshold=text(),
        round=number("More than 1 where a better answer was asked for."),
        department=or_null(_NAMED),
        status=word(*STANDINGS),
        reached_at=moment(),
        first_due_on=or_null(day()),
        due_on=or_null(day()),
        days=or_null(number("Days left; below 0 days late.")),
        answered_at=or_null(moment()),
        follow_up_reason=or_null(text("Why the answer before was not enough.")),
        due_on_set=or_null(
            day("The date as it was set last; a pause without an end moves due_on beyond it.")
        ),
        pauses=array(obj(starts_on=day(), ends_on=or_null(day()), reason=text(), at=moment())),
        extensions=array(obj(due_on=day(), reason=text(), by_overseer=flag(), at=moment())),
        transfers=array(obj(**{"from": or_null(_NAMED), "to": _NAMED}, reason=text(), at=moment())),
        holding_replies=array(obj(body=text(), published_at=moment())),
    ),
    "Answer": both(
        obj(
            threshold=or_null(text()),
            round=or_null(number()),
            department=or_null(_NAMED),
            author_role=text(),
            created_at=moment(),
            updated_at=moment(),
            responded_on=or_null(day()),
            first_published_at=or_null(moment("When its first version was published.")),
            versions=array(both(obj(version=number(), reason=or_null(text())), _WORDS)),
            opinions=or_null(ref("Satisfaction")),
            commitments=array(
                obj(
                    promise=text(),
                    due_on=or_null(day()),
                    checks=array(
                        obj(
                            months=number(),
                            asked_at=moment(),
                            answered_at=or_null(moment()),
                            kept=or_null(text()),
                            note=or_null(text()),
                        )
                    ),
                )
            ),
        ),
        _WORDS,
    ),
    "SimilarList": obj(
        links=OWN_LINK,
        data=array(
            obj(
                type=word("petition"),
                id=number(),
                links=OWN_LINK,
                attributes=obj(
                    action=text(),
                    background=text(),
                    additional_details=or_null(text()),
                    state=word(*STATES),
                    signature_count=count(),
                    outcome=or_null(word(*OUTCOMES)),
                    rejection=or_null(obj(code=text(), details=or_null(text()))),
                ),
            )
        ),
    ),
}
