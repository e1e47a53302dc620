"""What somebody typed into a search box, read into words: the same reading for both databases, and safe in either.

Words in double quotes belong together, a minus in front means "without". Everything else that is not a letter or a digit
only parts words, so no input is an error and none reaches a database's own query language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from petitions.search_index import words

#: Characters of a search that are read; a title has 80.
LONGEST = 200
#: Terms of a search that are looked for.
MOST_TERMS = 20

_PART = re.compile(r'(?:(?<=\s)|^)(?P<without>-?)"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+)')


@dataclass(frozen=True)
class Term:
    """One thing that is looked for: a word, or several that follow each other."""

    words: tuple[str, ...]
    """Folded, not stemmed."""

    @property
    def stems(self) -> tuple[str, ...]:
        """What stands in a text for it."""
        return tuple(words.stem(word) for word in self.words)


@dataclass(frozen=True)
class Terms:
    """A search as it was understood."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...]

    @property
    def stems(self) -> frozenset[str]:
        """Every stem that is looked for."""
        return frozenset(stem for term in self.wanted for stem in term.stems)


def read(typed: str) -> Terms:
    """The terms of what somebody typed; only its first `LONGEST` characters count. `wanted` may be empty: nothing matches."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for part in _PART.finditer(words.normal(typed[:LONGEST])):
        if part["quoted"] is not None:
            if phrase := words.words(part["quoted"]):
                (unwanted if part["without"] else wanted).append(Term(tuple(phrase)))
        else:
            without = part["plain"].startswith("-")
            (unwanted if without else wanted).extend(Term((word,)) for word in words.words(part["plain"]))
    telling = [term for term in wanted if len(term.words) > 1 or not words.is_common(term.words[0])]
    return Terms(_different(telling or wanted), _different(unwanted))


def _different(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]
