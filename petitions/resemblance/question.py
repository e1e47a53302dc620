"""A text that petitions like it are looked for: its telling stems, and how much each tells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from petitions.search_index import vocabulary, words

#: Characters that are read of a title and of a background.
LONGEST_TITLE = 200
LONGEST_BACKGROUND = 1_000
#: A word of the title counts as two, one of the background as one.
TITLE_COUNTS = 2.0


@dataclass(frozen=True)
class Question:
    """What was typed. Weights are those of `vocabulary.Frequencies`; a stem that no petition has is left out."""

    title: dict[str, float]
    background: dict[str, float]
    holding: dict[str, int]
    """In how many petitions each stem is."""

    @cached_property
    def whole(self) -> dict[str, float]:
        """The stems of both, those of the title weighing more."""
        weights = {stem: TITLE_COUNTS * weight for stem, weight in self.title.items()}
        for stem, weight in self.background.items():
            weights[stem] = weights.get(stem, 0.0) + weight
        return weights

    @cached_property
    def most(self) -> float:
        """What all stems weigh together; never 0, so that it may divide."""
        return sum(self.whole.values()) or 1.0

    @cached_property
    def most_of_title(self) -> float:
        """What those of the title weigh together."""
        return sum(self.title.values()) or 1.0

    @cached_property
    def most_of_background(self) -> float:
        """What those of the background weigh together."""
        return sum(self.background.values()) or 1.0


def question(title: str, background: str = "") -> Question:
    """Read a text. One query, or three where words in it are new."""
    in_title = dict.fromkeys(words.telling(title[:LONGEST_TITLE]))
    in_background = dict.fromkeys(words.telling(background[:LONGEST_BACKGROUND]))
    known = vocabulary.frequencies([*in_title, *in_background])
    weigh = {stem: weight for stem in [*in_title, *in_background] if (weight := known.weight(stem))}
    return Question(
        title={stem: weigh[stem] for stem in in_title if stem in weigh},
        background={stem: weigh[stem] for stem in in_background if stem in weigh},
        holding={stem: known.holding[stem] for stem in weigh},
    )
