"""`make bench-search`: how long a page of a search takes among 200,000 made-up petitions, on both databases."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from typing import Any

from bench import measuring, petitions
from petitions import vocabulary
from petitions.extensions import db
from petitions.models import KnownWord


def searches(number: int) -> Iterator[tuple[str, str]]:
    """So many searches of each kind: what they are, and the words."""
    choose = random.Random(petitions.SEED)
    known = (
        db.session.execute(db.select(KnownWord.word).where(KnownWord.petitions > 20, KnownWord.word != ""))
        .scalars()
        .all()
    )
    often = (
        db.session.execute(
            db.select(KnownWord.word).order_by(KnownWord.petitions.desc()).limit(300).offset(60)
        )
        .scalars()
        .all()
    )
    for _ in range(number):
        yield "one word", choose.choice(known)
        yield "two words", f"{choose.choice(often)} {choose.choice(known)}"
        yield "one of the commonest words", choose.choice(often)
        yield "words side by side", f'"{choose.choice(often)} {choose.choice(often)}"'


def measure(new: Callable[[str], Any], kind: str, number: int, calls: int) -> None:
    """Print the times."""
    app = new(kind)
    with app.app_context():
        petitions.store(number, petitions.source())
        asked: dict[str, list[str]] = {}
        for what, words in searches(calls):
            asked.setdefault(what, []).append(words)
        page = app.test_client()
        page.get("/petitions?q=night")
        print(f"  {kind:<10} floor, one row by its number      {measuring.in_words(measuring.floor())}")
        whole = measuring.times([lambda: page.get("/petitions?state=open")] * 20)
        print(f"  {kind:<10} the list of what is open, no words {measuring.in_words(whole)}")
        every: list[measuring.Taken] = []
        for what, typed in asked.items():
            taken = measuring.times(
                [lambda q=q: page.get("/petitions", query_string={"q": q}) for q in typed]
            )  # type: ignore[misc]
            every += taken
            print(f"  {kind:<10} {what:<33} {measuring.in_words(taken)}")
        print(f"  {kind:<10} {'all searches':<33} {measuring.in_words(every)}")
        mistyped = measuring.times([lambda: vocabulary.meant_by("enviromnent")] * 20)
        print(f"  {kind:<10} {'what a mistyped word meant':<33} {measuring.in_words(mistyped)}")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--petitions", type=int, default=200_000)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    given = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    print(f"How long does the page of a search take among {given.petitions:,} petitions?")
    with measuring.databases(kinds) as new:
        for kind in kinds:
            measure(new, kind, given.petitions, given.calls)


if __name__ == "__main__":
    main()
