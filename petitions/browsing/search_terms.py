"""What somebody typed into a search box, read into words: the same reading for both databases, and safe in either.

Words in double quotes belong together, a minus in front means "without". Everything else that is not a letter or a digit
only parts words, so no input is an error and none reaches a database's own query language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Characters of a search that are read; a title has 80.
LONGEST = 200
#: Terms of a search that are looked for.
MOST_TERMS = 20
#: Words of a text that similar petitions are looked up by.
MOST_WORDS = 40

#: "ses" alone is no plural.
SHORTEST_PLURAL = 4
_TAKES_ES = ("s", "x", "z", "ch", "sh")
_PLURALS = ("ses", "xes", "zes", "ches", "shes")

_WORD = re.compile(r"\w+(?:[.'’]\w+)*")
_PART = re.compile(r'(?:(?<=\s)|^)(?P<without>-?)"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+)')

#: English words that are in every text. PostgreSQL's English search leaves them out by itself, SQLite's does not.
COMMON = frozenset(
    _WORD.findall(
        "a about all an and any are as at be been being but by can could did do does doing for from had has have having he her him "
        "his how i if in into is it its just me more most my no nor not now of on or other our out own same she should so some such "
        "than that the their them then there these they this those to too under until up us very was we were what when where which "
        "while who whom why will with would you your"
    )
)


@dataclass(frozen=True)
class Terms:
    """A search as it was understood: each item is one word, or several that follow each other."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


def read(typed: str) -> Terms:
    """The terms of what somebody typed; only its first `LONGEST` characters count. `wanted` may be empty: nothing matches."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for part in _PART.finditer(typed[:LONGEST]):
        if part["quoted"] is not None:
            phrase = " ".join(_WORD.findall(part["quoted"]))
            if phrase:
                (unwanted if part["without"] else wanted).append(phrase)
        else:
            words = _WORD.findall(part["plain"])
            without = part["plain"].startswith("-")
            (unwanted if without else wanted).extend(words)
    telling = [term for term in wanted if term.lower() not in COMMON]
    return Terms(_different(telling or wanted), _different(unwanted))


def _different(terms: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]


def words(text: str) -> list[str]:
    """The different words of a text that say what it is about, in their order, at most `MOST_WORDS`."""
    found = dict.fromkeys(word.lower() for word in _WORD.findall(text))
    return [word for word in found if word not in COMMON][:MOST_WORDS]


def forms(term: str) -> tuple[str, ...]:
    """A term and, of one word, the plural or singular that both databases' stemming misses: bus and buses, tax and taxes."""
    if " " in term:
        return (term,)
    word = term.lower()
    if word.endswith(_PLURALS) and len(word) > SHORTEST_PLURAL:
        return (term, word.removesuffix("es"))
    if word.endswith(_TAKES_ES):
        return (term, f"{word}es")
    return (term,)
