"""Counts, histories, what rises, the board of duties, and the statistics."""

from __future__ import annotations

from petitions.developers.petition_schemas import OUTCOMES, STANDINGS
from petitions.developers.schema import (
    LINKS,
    OWN_LINK,
    Schema,
    address,
    array,
    both,
    count,
    day,
    decimal,
    flag,
    moment,
    number,
    obj,
    or_null,
    ref,
    share,
    table,
    text,
    word,
)

_DEPARTMENT = obj(name=text(), slug=text(), acronym=or_null(text()), url=address())
_OVERVIEW = obj(
    figures=ref("AnswerFigures"), satisfaction=or_null(ref("Satisfaction")), months=array(ref("AnswerMonth"))
)
_BOARD_META = both(obj(total=count(), day=day()), _OVERVIEW)
_MODERATION = obj(
    received=count(),
    published=count(),
    refused=count(),
    refused_by_reason=table(count()),
    taken_down=count(),
    taken_down_by_reason=table(count()),
    closed_early=count(),
    median_working_days=or_null(decimal()),
    p90_working_days=or_null(decimal()),
    share_in_time=or_null(share()),
    appeals=count(),
    appeals_upheld=count(),
    appeals_dismissed=count(),
)

_USE = obj(
    petitions=count(),
    signatures=count(),
    signatures_without_time=count(),
    people_at_least=count("So many people have signed at least."),
    people_at_most=count("And so many at most."),
    months=array(
        obj(
            month=text("2026-01."),
            is_running=flag(),
            started=count(),
            published=count(),
            refused=count(),
            reached_answer_threshold=count(),
            signatures=count(),
            people_at_least=count(),
            people_at_most=count(),
            signatures_removed=count(),
            signatures_put_back=count(),
        )
    ),
    places=array(
        obj(
            code=text(),
            name=text(),
            signatures=count(),
            people_at_least=count(),
            electorate=or_null(count()),
            signatures_per_thousand=or_null(decimal()),
        )
    ),
    removals=array(obj(reason=text(), signatures=count(), petitions=count())),
)

SCHEMAS: dict[str, Schema] = {
    "Count": obj(
        signature_count=count(),
        response_threshold_reached_at=or_null(moment()),
        government_response_at=or_null(moment()),
        debate_threshold_reached_at=or_null(moment()),
        scheduled_debate_date=or_null(day()),
        debate_outcome_at=or_null(moment()),
        debated=flag(),
    ),
    "History": obj(
        links=OWN_LINK,
        data=obj(
            type=word("petition-history"),
            id=number(),
            attributes=obj(
                signature_count=count(),
                signatures_before=count("Counted before the first step."),
                steps=array(
                    obj(
                        since=moment(),
                        until=moment(),
                        period=word("hour", "day"),
                        signature_count=count("Counted in this step."),
                        total=count("Counted until its end."),
                    )
                ),
            ),
        ),
    ),
    "Trending": obj(
        data=array(
            obj(
                type=word("petition"),
                id=number(),
                links=OWN_LINK,
                attributes=obj(
                    {
                        "expected_count": decimal("What would be usual for it in a day."),
                        "rise": decimal("How far it is above that."),
                        "signatures_before": count(),
                        "days_before": decimal(),
                        "usual_of_petitions_like_it": decimal(),
                        "estimated_place_count": count(
                            "About how many came from the place that was asked for."
                        ),
                    },
                    action=text(),
                    signature_count=count("In the period that was asked for."),
                    total_signature_count=count("In all."),
                ),
            )
        ),
        links=obj(self=address(), next=or_null(address()), prev=or_null(address())),
        meta=obj(
            updated_at=moment(),
            period=word("hour", "day", "week", "rising"),
            since=moment(),
            until=moment(),
            total=count(),
        ),
    ),
    "Satisfaction": obj(
        answers=count("How many signers said."), addressed_share=share(), clear_share=share()
    ),
    "AnswerFigures": obj(
        owed_now=count(),
        overdue=count(),
        answered=count(),
        on_time_share_this_year=or_null(share()),
        median_days=or_null(decimal()),
        ninety_percent_days=or_null(decimal()),
    ),
    "AnswerMonth": obj(
        month=text("2026-01.", pattern="^[0-9]{4}-[0-9]{2}$"),
        answered=count(),
        on_time=count(),
        on_time_share=or_null(share()),
        median_days=or_null(decimal()),
        overdue_at_end=count(),
        satisfaction=or_null(ref("Satisfaction")),
    ),
    "Duty": obj(
        type=word("duty"),
        id=number(),
        links=OWN_LINK,
        attributes=obj(
            petition=obj(id=number(), action=text(), url=address(), signature_count=count()),
            threshold=obj(key=text(), signatures=count()),
            department=or_null(_DEPARTMENT),
            round=number(),
            follow_up_reason=or_null(text()),
            status=word(*STANDINGS),
            sentence=text("How it stands, in a sentence for people."),
            reached_at=moment(),
            first_due_on=or_null(day()),
            due_on=or_null(day()),
            days=or_null(number("Days left; below 0 days late.")),
            answered_at=or_null(moment()),
            days_taken=or_null(number()),
            outcome=or_null(word(*OUTCOMES)),
            satisfaction=or_null(ref("Satisfaction")),
            url=address(),
            pauses=array(obj(starts_on=day(), ends_on=or_null(day()), reason=text())),
            extensions=array(obj(at=moment(), due_on=day(), reason=text(), by_overseer=flag())),
            transfers=array(
                obj(at=moment(), **{"from": or_null(_DEPARTMENT)}, to=_DEPARTMENT, reason=text())
            ),
            holding_replies=array(obj(at=moment(), body=text())),
            escalations=array(obj(at=moment(), days_late=number())),
        ),
    ),
    "OneDuty": obj(links=OWN_LINK, data=ref("Duty")),
    "Board": obj(
        links=LINKS,
        data=array(ref("Duty")),
        meta=both(
            _BOARD_META,
            obj(
                departments=array(
                    both(
                        _DEPARTMENT,
                        obj(figures=ref("AnswerFigures"), satisfaction=or_null(ref("Satisfaction"))),
                    )
                )
            ),
        ),
    ),
    "DepartmentBoard": obj(
        links=LINKS, data=array(ref("Duty")), meta=both(_BOARD_META, obj(department=_DEPARTMENT))
    ),
    "Statistics": obj(
        links=obj(
            self=address(),
            html=address(),
            csv=address(),
            answers_csv=address(),
            months_csv=address(),
            places_csv=address(),
        ),
        data=obj(
            moderation=obj(
                promised_working_days=number(),
                timezone=text(),
                year=both(obj(since=day()), _MODERATION),
                weeks=array(both(obj(week=text(), starts_on=day(), is_running=flag()), _MODERATION)),
            ),
            answers=_OVERVIEW,
            use=_USE,
        ),
    ),
}
