"""How much of a text's words another holds: BM25 (k1 1.2, b 0.75), as a part of what a text of usual length could reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from petitions import words
from petitions.resemblance.candidates import Candidate
from petitions.resemblance.question import Question

K1, B = 1.2, 0.75
#: How often a word counts that stands in a title, beside those of background and details.
TITLE_COUNTS = 3
#: Telling words in a title, a background and the whole of a petition (its title counted threefold), on the average of
#: 3,150 real ones.
USUAL_TITLE, USUAL_BACKGROUND, USUAL_WHOLE = 7.2, 22.8, 82.6


@dataclass(frozen=True)
class Comparison:
    """The parts of a text that a petition holds, about 0 to 1 and seldom more."""

    whole: float
    title_in_title: float
    title_in_background: float
    background_in_background: float
    background_in_title: float


def compare(asked: Question, petition: Candidate) -> Comparison:
    """Hold a text against a petition."""
    wanted, common = asked.whole, words.common_stems()
    title, in_title = _counted(petition.title, wanted, common)
    background, in_background = _counted(petition.background, wanted, common)
    details, in_details = _counted(petition.details, wanted, common)
    everywhere = {stem: TITLE_COUNTS * number for stem, number in title.items()}
    for part in (background, details):
        for stem, number in part.items():
            everywhere[stem] = everywhere.get(stem, 0) + number
    length = (TITLE_COUNTS * in_title + in_background + in_details) / USUAL_WHOLE
    of_title, of_background = in_title / USUAL_TITLE, in_background / USUAL_BACKGROUND
    return Comparison(
        whole=_part(wanted, everywhere, length),
        title_in_title=_part(asked.title, title, of_title),
        title_in_background=_part(asked.title, background, of_background),
        background_in_background=_part(asked.background, background, of_background),
        background_in_title=_part(asked.background, title, of_title),
    )


def _counted(text: str, wanted: Mapping[str, float], common: frozenset[str]) -> tuple[dict[str, int], int]:
    """How often each wanted stem is in a text, and how many telling ones it has in all."""
    found: dict[str, int] = {}
    stems = [stem for stem in text.split() if stem not in common]
    for stem in stems:
        if stem in wanted:
            found[stem] = found.get(stem, 0) + 1
    return found, len(stems)


def _part(wanted: Mapping[str, float], found: Mapping[str, int], length: float) -> float:
    """BM25 of a text `length` times as long as usual, over the sum of what its words weigh."""
    if not wanted:
        return 0.0
    least = K1 * (1 - B + B * length)
    reached = sum(wanted[stem] * n * (K1 + 1) / (n + least) for stem, n in found.items() if stem in wanted)
    return reached / sum(wanted.values())
