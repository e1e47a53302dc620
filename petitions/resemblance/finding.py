"""The petitions that are most like a text, best first.

Words say how like two texts are (BM25); beside them stand three facts that say how likely a petition is the original of
another: how many have signed it, whether it can still be signed, how old it is. What moderators decided counts as words:
the text of a petition that was rejected as a duplicate describes its original too, and it is shown as its original.

The weights were fitted to the first 60 % of a time line of real duplicates and tried on the rest: see
`docs/decisions/similar-petitions.md`, `make bench-similar`.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from petitions import clock
from petitions.lifecycle import State, states_where
from petitions.resemblance.candidates import Candidate, candidates, named
from petitions.resemblance.comparing import Comparison, compare
from petitions.resemblance.question import Question, question

#: Texts that share less than this part of what was asked are not alike. Of real originals one in a hundred shares less.
LEAST_ALIKE = 0.1

WHOLE = 1.8
TITLE_IN_TITLE, TITLE_IN_BACKGROUND = 1.6, 1.5
BACKGROUND_IN_BACKGROUND, BACKGROUND_IN_TITLE = 2.2, 2.5
#: With every tenfold of signatures likeness counts so much more.
TENFOLD = 2.7
OPEN, OVER, REJECTED = 1.5, -1.2, -1.3
#: With every e-fold of days.
AGE = -0.4


@dataclass(frozen=True)
class Likeness:
    """A petition, and how like the text it is."""

    petition_id: int
    alike: float
    """The part of what was asked that it or one of its duplicates shares: 0 nothing, about 1 everything."""
    score: float
    """What they are ordered by."""


def likest(
    title: str,
    background: str = "",
    *,
    most: int,
    least: float = LEAST_ALIKE,
    without: Collection[int] = (),
    states: Collection[State] | None = None,
) -> list[Likeness]:
    """Up to `most` petitions that are most like a text, best first; those that are listed, or those in `states`.

    A known duplicate is represented by its original, where that is among them; `without` are left out.
    """
    asked = question(title, background)
    among = states_where("is_listed") if states is None else list(states)
    found = {each.id: each for each in candidates(asked, among)}
    originals = {each.original_id for each in found.values() if each.original_id is not None}
    found |= {each.id: each for each in named(originals - found.keys(), among)}
    ranked = sorted(_ranked(asked, found), key=lambda each: (-each.score, each.petition_id))
    return [each for each in ranked if each.alike >= least and each.petition_id not in without][:most]


def _ranked(asked: Question, found: dict[int, Candidate]) -> list[Likeness]:
    compared = {number: compare(asked, each) for number, each in found.items()}
    best = {number: each.whole for number, each in compared.items()}
    duplicates = {number: each.original_id for number, each in found.items() if each.original_id in found}
    for number, original in duplicates.items():
        best[original] = max(best[original], compared[number].whole)
    now = clock.now()
    return [
        Likeness(number, best[number], _score(found[number], compared[number], best[number], now))
        for number in found
        if number not in duplicates
    ]


def _score(candidate: Candidate, words: Comparison, best: float, now: datetime) -> float:
    days = max(0.0, (now - candidate.since).total_seconds() / 86_400)
    return (
        WHOLE * words.whole
        + TITLE_IN_TITLE * words.title_in_title
        + TITLE_IN_BACKGROUND * words.title_in_background
        + BACKGROUND_IN_BACKGROUND * words.background_in_background
        + BACKGROUND_IN_TITLE * words.background_in_title
        + TENFOLD * math.log10(1 + candidate.signature_count) * best
        + _standing(candidate, now)
        + AGE * math.log1p(days)
    )


def _standing(candidate: Candidate, now: datetime) -> float:
    if candidate.was_open:
        still = candidate.state is State.OPEN and (candidate.closes_at is None or candidate.closes_at >= now)
        return OPEN if still else OVER
    return REJECTED if candidate.state is State.REJECTED else 0.0
