"""What an answer comes to, in words, and what there is to read and see about a debate."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from petitions.models import Debate, Kept, Outcome

WORDS = {
    Outcome.AGREED: _l("Agreed"),
    Outcome.PARTLY_AGREED: _l("Partly agreed"),
    Outcome.NOT_AGREED: _l("Not agreed"),
    Outcome.ALREADY_DONE: _l("Already done"),
    Outcome.NOT_FOR_US: _l("Not for us"),
}

#: What each outcome means, for whoever chooses one.
MEANINGS = {
    Outcome.AGREED: _l("We will do what the petition asks."),
    Outcome.PARTLY_AGREED: _l("We will do some of what the petition asks."),
    Outcome.NOT_AGREED: _l("We will not do what the petition asks."),
    Outcome.ALREADY_DONE: _l("What the petition asks has been done or is being done."),
    Outcome.NOT_FOR_US: _l("Somebody else decides this; the answer says who."),
}


def outcome_words(outcome: Outcome | str | None) -> str:
    """The outcome in a few words; nothing of an answer that records none."""
    return str(WORDS[Outcome(outcome)]) if outcome else ""


#: Whether a department kept what it promised.
KEPT_WORDS = {Kept.KEPT: _l("Kept"), Kept.PARTLY: _l("Partly kept"), Kept.NOT_KEPT: _l("Not kept")}


DEBATE_LINKS = {
    "transcript_url": _l("Transcript"),
    "video_url": _l("Video"),
    "research_url": _l("Briefing"),
    "public_engagement_url": _l("What the public said"),
    "summary_url": _l("Summary"),
}


def debate_links(debate: Debate) -> list[tuple[str, str]]:
    """Words and address of everything linked from a debate."""
    return [(str(words), url) for name, words in DEBATE_LINKS.items() if (url := getattr(debate, name))]
