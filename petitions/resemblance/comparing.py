"""How much of a text's words another holds: BM25 (k1 1.2, b 0.75), as a part of what a text of usual length could reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from petitions.resemblance.candidates import Candidate
from petitions.resemblance.question import Question

K1, B = 1.2, 0.75
#: How often a word counts that stands in a title, beside those of background and details.
TITLE_COUNTS = 3
#: Words in a title, a background and the whole of a petition (its title counted threefold), on the average of 3,150 real ones.
USUAL_TITLE, USUAL_BACKGROUND, USUAL_WHOLE = 10.3, 39.0, 137.2


@dataclass(frozen=True)
class Comparison:
    """The parts of a text that a petition holds, about 0 to 1 and seldom more."""

    whole: float
    title_in_title: float
    title_in_background: float
    background_in_background: float
    background_in_title: float


def compare(asked: Question, petition: Candidate) -> Comparison:
    """Hold a text against a petition. Written for speed: three hundred are compared for every question."""
    wanted = asked.whole
    title, in_title = _counted(petition.title, wanted)
    background, in_background = _counted(petition.background, wanted)
    details, in_details = _counted(petition.details, wanted)
    everywhere = {stem: TITLE_COUNTS * number for stem, number in title.items()}
    for part in (background, details):
        for stem, number in part.items():
            everywhere[stem] = everywhere.get(stem, 0) + number
    whole = _room((TITLE_COUNTS * in_title + in_background + in_details) / USUAL_WHOLE)
    of_title, of_background = _room(in_title / USUAL_TITLE), _room(in_background / USUAL_BACKGROUND)
    return Comparison(
        whole=_part(wanted, everywhere, whole) / asked.most,
        title_in_title=_part(asked.title, title, of_title) / asked.most_of_title,
        title_in_background=_part(asked.title, background, of_background) / asked.most_of_title,
        background_in_background=_part(asked.background, background, of_background)
        / asked.most_of_background,
        background_in_title=_part(asked.background, title, of_title) / asked.most_of_background,
    )


def _counted(text: str, wanted: Mapping[str, float]) -> tuple[dict[str, int], int]:
    """How often each wanted stem is in a text, and how many words it has in all."""
    found: dict[str, int] = {}
    stems = text.split()
    for stem in stems:
        if stem in wanted:
            found[stem] = found.get(stem, 0) + 1
    return found, len(stems)


def _room(length: float) -> float:
    """What holds a word's weight back in a text `length` times as long as usual."""
    return K1 * (1 - B + B * length)


def _part(wanted: Mapping[str, float], found: Mapping[str, int], room: float) -> float:
    reached = 0.0
    for stem, number in found.items():
        if stem in wanted:
            reached += wanted[stem] * number * (K1 + 1) / (number + room)
    return reached
