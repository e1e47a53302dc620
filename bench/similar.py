"""`make bench-similar`: how often the original of a real duplicate is among the first five, and how long a question takes.

The first table replays the real petitions in the order in which things happened (`tests/replay.py`); "later" are the 40 %
of the duplicates that no weight was fitted to. The second asks made-up petitions by the titles of real duplicates.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

from bench import measuring, petitions
from petitions import resemblance
from tests import replay
from tests.replay import Asking, Sizes

#: The part of the time line that the weights were fitted to.
FITTED = 0.6

WAYS = {
    "as written; petitions made before, counts of the file (the goal)": Asking(
        False, Sizes.FINAL, undecided=True
    ),
    "as written; only what the public could see then": Asking(False, Sizes.THEN, undecided=False),
    "as moderators decide; only what was known then": Asking(True, Sizes.THEN, undecided=False),
    "as moderators decide; sizes left out": Asking(True, Sizes.NONE, undecided=False),
}


def quality(new: Callable[[str], Any], kind: str, ways: list[str]) -> None:
    """Print how often it is right."""
    told = replay.petitions()
    asked = replay.questions(told)
    for way in ways:
        app = new(kind)
        with app.app_context():
            answers = list(replay.replay(told, asked, WAYS[way]))
        later = answers[round(len(answers) * FITTED) :]
        print(f"  {kind:<10} {_shares(answers)}   later {_shares(later)}   {way}")
        if not WAYS[way].undecided and not WAYS[way].moderated:
            seen = [each for each in answers if _was_public(told, each)]
            print(f"  {kind:<10} {_shares(seen)}   of the {len(seen)} whose original was public then")


def _shares(answers: list[replay.Answer]) -> str:
    title = sum(each.by_title for each in answers) / len(answers)
    both = sum(each.by_both for each in answers) / len(answers)
    return f"title {title:6.1%}   with background {both:6.1%}"


def _was_public(told: dict[int, replay.Told], answer: replay.Answer) -> bool:
    written = answer.question.duplicate.created_at
    openings = [told[number].opened_at for number in answer.question.originals]
    return any(opened is not None and opened < written for opened in openings)


def speed(new: Callable[[str], Any], kind: str, number: int, calls: int) -> None:
    """Print how long a question takes among so many petitions."""
    made_of = petitions.source()
    app = new(kind)
    with app.app_context():
        petitions.store(number, made_of)
        texts = made_of.texts[:: max(1, len(made_of.texts) // calls)][:calls]
        by_title = [partial(resemblance.likest, title, most=5) for title, _, _ in texts]
        by_both = [partial(resemblance.likest, title, why, most=5) for title, why, _ in texts]
        measuring.times(by_both[:5])
        print(f"  {kind:<10} floor, one row by its number      {measuring.in_words(measuring.floor())}")
        print(
            f"  {kind:<10} title                             {measuring.in_words(measuring.times(by_title))}"
        )
        print(
            f"  {kind:<10} title and background              {measuring.in_words(measuring.times(by_both))}"
        )


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--petitions", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--only", choices=["quality", "speed", "goal"])
    given = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    with measuring.databases(kinds) as new:
        if given.only != "speed":
            if replay.DUPLICATES.exists():
                print("Is the original of a real duplicate among the first five? (473 duplicates)")
                for kind in kinds:
                    quality(new, kind, list(WAYS)[: 1 if given.only == "goal" else None])
            else:
                print("The real duplicates are not beside the project: only the speed is measured.")
        if given.only in (None, "speed"):
            print(f"How long does a question take among {given.petitions:,} petitions? (goal: 60 ms)")
            for kind in kinds:
                speed(new, kind, given.petitions, given.calls)


if __name__ == "__main__":
    main()
