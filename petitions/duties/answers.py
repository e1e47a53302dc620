"""What an answer says, apart from where it is kept: as a draft, as a version that was published, in a form or in a mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from petitions.models import Outcome

#: How much a department may write. Nobody reads an answer of more points than that.
MOST_POINTS, MOST_LINKS = 10, 10
ASK_LIMIT, POINT_LIMIT = 300, 1500
TITLE_LIMIT, URL_LIMIT = 200, 500


class HasWords(Protocol):
    """A row that says something: a response, a version of it, a draft."""

    summary: Any
    body: Any
    outcome: Any
    points: Any
    links: Any


@dataclass(frozen=True)
class Words:
    """What an answer says. `body` and the answers to points are Markdown; a draft may be incomplete.

    A point is `{"ask": …, "answer": …, "outcome": …}`, a link `{"title": …, "url": …}`.
    """

    summary: str
    body: str
    outcome: Outcome | None
    points: Sequence[dict[str, str]] = field(default_factory=tuple)
    links: Sequence[dict[str, str]] = field(default_factory=tuple)

    @property
    def are_complete(self) -> bool:
        """Nothing is missing that a published answer must have."""
        whole = all(point["ask"] and point["answer"] and point["outcome"] for point in self.points)
        return bool(self.summary and self.body and self.outcome and whole)

    def columns(self) -> dict[str, Any]:
        """As the columns of a row."""
        return {
            "summary": self.summary,
            "body": self.body,
            "outcome": self.outcome,
            "points": [dict(point) for point in self.points],
            "links": [dict(link) for link in self.links],
        }

    @classmethod
    def of(cls, row: HasWords) -> Words:
        """What a row says."""
        outcome = Outcome(row.outcome) if row.outcome else None
        return cls(row.summary, row.body, outcome, tuple(row.points or ()), tuple(row.links or ()))

    def same_as(self, other: Words) -> bool:
        """Whether another says the same."""
        return self.columns() == other.columns()
