"""What the home page shows: what is rising, what is owed, what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from petitions.browsing import queries, trending
from petitions.browsing.cards import Card, cards
from petitions.browsing.trending import Period
from petitions.duties.threshold_words import Promised, promised
from petitions.models import Response
from petitions.responses.queries import DutyRow, Figures, duty_facts, measure, owed_first

RISING_SHOWN = 4
OWED_SHOWN = 5
ANSWERED_SHOWN = 3


@dataclass(frozen=True)
class HomePage:
    """`rising` counts an hour; where nobody signed in the last hour, `by_day` is true and it counts a day."""

    rising: list[Card]
    by_day: bool
    owed: list[DutyRow]
    answered: Sequence[Response]
    figures: Figures
    promised: Promised


def home_page() -> HomePage:
    """The home page as it is now."""
    at = trending.shown_minute()
    rising = trending.rising(Period.HOUR, at, RISING_SHOWN)
    by_day = not rising
    if by_day:
        rising = trending.rising(Period.DAY, at, RISING_SHOWN)
    facts = duty_facts()
    return HomePage(
        rising=rising_cards(rising),
        by_day=by_day,
        owed=owed_first(facts, OWED_SHOWN),
        answered=queries.answered_lately(ANSWERED_SHOWN),
        figures=measure(facts),
        promised=promised(),
    )


def rising_cards(rising: Sequence[trending.Rising]) -> list[Card]:
    """Rows of what is rising, each with its figure."""
    return cards([each.petition for each in rising], [each.signatures for each in rising])
