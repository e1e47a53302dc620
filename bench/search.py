"""`make bench-search`: how long a page of a search takes among 200,000 made-up petitions, on both databases."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import event

from bench import measuring, petitions
from petitions.browsing.asking import Asked
from petitions.browsing.narrowing import ordered
from petitions.extensions import db
from petitions.models import KnownWord, Petition
from petitions.search_index import vocabulary


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


def measure(new: Callable[[str], Any], kind: str, number: int, calls: int, *, plans: bool) -> None:
    """Print the times."""
    app = new(kind)
    with app.app_context():
        begun = time.perf_counter()
        petitions.store(number, petitions.source(), similar=False)
        print(f"  {kind:<10} (loaded in {time.perf_counter() - begun:.0f} s)", flush=True)
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
            asks = [partial(page.get, "/petitions", query_string={"q": words}) for words in typed]
            taken = measuring.times(asks)
            every += taken
            print(f"  {kind:<10} {what:<33} {measuring.in_words(taken)}")
        print(f"  {kind:<10} {'all searches':<33} {measuring.in_words(every)}")
        mistyped = measuring.times([lambda: vocabulary.meant_by("enviromnent")] * 20)
        print(f"  {kind:<10} {'what a mistyped word meant':<33} {measuring.in_words(mistyped)}")
        if plans:
            explain(kind, asked["two words"][0])


def explain(kind: str, q: str) -> None:
    """Print how the database goes about the first page of a search."""
    prefix = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN (ANALYZE, COSTS OFF) "

    def ask(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> tuple[str, Any]:
        return prefix + statement, parameters

    asked = Asked(q=q)
    query = ordered(db.select(Petition.id).where(asked.list.holds()), asked).limit(asked.count)
    event.listen(db.engine, "before_cursor_execute", ask, retval=True)
    try:
        for row in db.session.connection().execute(query).cursor.fetchall():
            print("     ", *row)
    finally:
        event.remove(db.engine, "before_cursor_execute", ask)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--petitions", type=int, default=200_000)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--plans", action="store_true", help="print how the database goes about it")
    given = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    print(f"How long does the page of a search take among {given.petitions:,} petitions?")
    with measuring.databases(kinds) as new:
        for kind in kinds:
            measure(new, kind, given.petitions, given.calls, plans=given.plans)


if __name__ == "__main__":
    main()
