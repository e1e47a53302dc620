"""Made-up cases of the mails about what is owed and debated."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from petitions import clock, links
from petitions.duties import outcomes
from petitions.duties.duty_clock import capitalised, day_in_words, status
from petitions.extensions import settings
from petitions.mail.message import Context
from petitions.models import RESPONSE, Crossing, Debate, Department, Duty, PetitionThreshold
from petitions.postmaster.samples import made_up
from petitions.postmaster.samples.made_up import sample


def owed() -> Duty:
    """A duty as it arises."""
    threshold = PetitionThreshold(
        signatures=settings().response_threshold, duty=RESPONSE, days=settings().response_days
    )
    today = clock.today(settings().timezone)
    duty = Duty(
        id=7,
        petition_id=81,
        round=1,
        follow_up_reason="",
        department=Department(name="Department of Transport"),
        reached_at=clock.now(),
        due_on=today + timedelta(days=settings().response_days),
    )
    duty.crossing = Crossing(threshold=threshold, reached_at=clock.now(), signature_count=10_000)
    return duty


@sample("threshold_crossed", _l("Threshold reached"), to=made_up.PETITIONERS)
def threshold_crossed() -> Context:
    """The first threshold."""
    duty = owed()
    return made_up.about() | {
        "is_creator": True,
        "signatures": settings().response_threshold,
        "sentence": status(duty).sentence,
        "is_for_response": True,
        "board_url": links.absolute("accountability.board"),
    }


@sample("duty_created", _l("Answer owed"), to=made_up.STAFF)
def duty_created() -> Context:
    """The same, to the officials of the department."""
    duty = owed()
    return made_up.about() | {
        "duty": duty,
        "sentence": status(duty).sentence,
        "signatures": settings().response_threshold,
        "is_for_response": True,
        "is_own": True,
        "overseer": capitalised(settings().site_overseer),
        "duty_url": links.absolute("responses.duty", duty_id=duty.id),
    }


@sample("debate_scheduled", _l("Day of a debate"), to=made_up.FOLLOWERS)
def debate_scheduled() -> Context:
    """A day was set."""
    day = clock.today(settings().timezone) + timedelta(days=21)
    return made_up.about() | {"chamber": capitalised(settings().site_chamber), "day": day_in_words(day)}


@sample("debate_outcome", _l("Outcome of a debate"), to=made_up.FOLLOWERS)
def debate_outcome() -> Context:
    """It was debated."""
    debate = Debate(
        debated=True,
        overview="Members of all parties spoke for weekend night buses; the minister promised figures by spring.",
        transcript_url="https://records.example.org/debates/81",
    )
    day = clock.today(settings().timezone) - timedelta(days=1)
    return made_up.about() | {
        "chamber": capitalised(settings().site_chamber),
        "debate": debate,
        "day": day_in_words(day),
        "links": outcomes.debate_links(debate),
    }


@sample("other_business", _l("Other business"), to=made_up.FOLLOWERS)
def other_business() -> Context:
    """A letter was sent."""
    day = clock.today(settings().timezone) - timedelta(days=1)
    return made_up.about() | {
        "subject_line": "The committee wrote to the minister for transport",
        "day": day_in_words(day),
        "body": "It asks **when** the figures come, and for which towns.",
        "source": "https://committees.example.org/letters/12",
    }
