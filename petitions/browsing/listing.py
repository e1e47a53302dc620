"""A page of a list: its petitions, the other lists with their counts, the filters, and the pages before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from petitions.browsing import filters, queries
from petitions.browsing.asking import Asked
from petitions.browsing.cards import Card, cards
from petitions.browsing.highlighting import Highlighter, highlighter
from petitions.browsing.list_counts import count_lists
from petitions.browsing.lists import LISTS
from petitions.browsing.meaning import Help, help_with, meant
from petitions.browsing.standing import STANDINGS
from petitions.models import Department, Topic
from petitions.paging import Page


@dataclass(frozen=True)
class Listing:
    """All that the page of a list shows."""

    asked: Asked
    """What is shown: where `typed` found nothing, with the words that were probably meant."""
    typed: str
    """The words as they were typed."""
    title: str
    page: Page[Card]
    nav: list[tuple[str, str, bool, int]]
    topics: Sequence[Topic]
    departments: Sequence[Department]
    marks: Highlighter | None
    help: Help | None
    """Where nothing was found."""

    @property
    def narrowed_by(self) -> list[tuple[str, str]]:
        """What narrows the list, besides words: each with the address of the list without it."""
        return filters.narrowed_by(self.asked, self.topics, self.departments)

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """The orders that may be chosen: name, address, whether it applies."""
        return filters.sorts(self.asked)

    @property
    def order_text(self) -> str:
        """The order that applies."""
        return filters.order_text(self.asked)

    @property
    def standings(self) -> list[tuple[str, str]]:
        """How an answer may stand: key and name."""
        return [(each.key, str(each.label)) for each in STANDINGS.values()]


def listing(asked: Asked) -> Listing:
    """The page asked for; a page beyond the end is the last one. Where no petition at all has the words, the list of the
    words that were probably meant."""
    typed = asked.q
    counts = count_lists(asked)
    if asked.q and not counts["all"] and (better := meant(asked)):
        found = count_lists(better)
        if found["all"]:
            asked, counts = better, found
    total = counts[asked.state]
    pages = max(1, -(-total // asked.count))
    asked = replace(asked, page=min(asked.page, pages))
    return Listing(
        asked=asked,
        typed=typed,
        title=filters.title_of(asked),
        page=Page(
            rows=cards(queries.petitions_of(asked) if total else []),
            number=asked.page,
            pages=pages,
            total=total,
            previous_url=asked.url(page=asked.page - 1) if asked.page > 1 else None,
            next_url=asked.url(page=asked.page + 1) if asked.page < pages else None,
        ),
        nav=[
            (str(each.label), asked.url(state=key, page=1), key == asked.state, counts[key])
            for key, each in LISTS.items()
        ],
        topics=queries.all_topics(),
        departments=queries.all_departments(),
        marks=highlighter(asked.q),
        help=None if total else help_with(asked),
    )
