"""A page of a list: its petitions, the other lists with their counts, the filters, and the pages before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from petitions.browsing import queries
from petitions.browsing.asking import Asked
from petitions.browsing.cards import Card, cards
from petitions.browsing.lists import LISTS
from petitions.models import Department, Topic
from petitions.paging import Page


@dataclass(frozen=True)
class Listing:
    """All that the page of a list shows."""

    asked: Asked
    title: str
    page: Page[Card]
    nav: list[tuple[str, str, bool, int]]
    topics: Sequence[Topic]
    departments: Sequence[Department]

    @property
    def narrowed_by(self) -> list[tuple[str, str]]:
        """The topics and the department that narrow the list: each with the address of the list without it."""
        topics = {topic.code: topic.name for topic in self.topics}
        departments = {department.slug: department.name for department in self.departments}
        found = [
            (
                topics.get(code, code),
                self.asked.url(page=1, topics=tuple(c for c in self.asked.topics if c != code)),
            )
            for code in self.asked.topics
        ]
        if self.asked.department:
            name = departments.get(self.asked.department, self.asked.department)
            found.append((name, self.asked.url(page=1, department="")))
        return found


def listing(asked: Asked) -> Listing:
    """The page asked for; a page beyond the end is the last one."""
    counts = queries.count_lists(asked)
    total = counts[asked.state]
    pages = max(1, -(-total // asked.count))
    asked = replace(asked, page=min(asked.page, pages))
    found = queries.petitions_of(asked) if total else []
    return Listing(
        asked=asked,
        title=title_of(asked),
        page=Page(
            rows=cards(found),
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
    )


def title_of(asked: Asked) -> str:
    """What a list is called, with the words that are searched for."""
    title = str(asked.list.title)
    return _("%(list)s with “%(words)s”", list=title, words=asked.q) if asked.q else title
