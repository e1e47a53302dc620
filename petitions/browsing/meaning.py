"""What helps where a search finds nothing: the word that was meant, fewer words, petitions that share some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from petitions import resemblance
from petitions.browsing import queries, search_terms
from petitions.browsing.asking import Asked
from petitions.browsing.cards import Card, cards
from petitions.search_index import vocabulary, words

#: Words that are tried alone, and petitions that are shown.
TRIED_ALONE = 5
SHARING = 3


@dataclass(frozen=True)
class Help:
    """What an empty list offers instead."""

    fewer_words: list[tuple[str, str, int]]
    """One of the words, the address of a search for it alone in all lists, and how many petitions that finds."""
    sharing: Sequence[Card]


def meant(asked: Asked) -> Asked | None:
    """The same search with its mistyped words as they were probably meant; nothing where nothing else was."""
    text = words.normal(asked.q)
    known = vocabulary.known(word for _, _, word in words.spoken(text))
    parts, last = [], 0
    for start, end, word in words.spoken(text):
        better = None if word in known or word.isdecimal() else vocabulary.meant_by(word)
        parts += [text[last:start], better or text[start:end]]
        last = end
    corrected = "".join([*parts, text[last:]])
    return replace(asked, q=corrected, page=1) if corrected != text else None


def help_with(asked: Asked) -> Help:
    """What to offer a reader who asked for this and got nothing."""
    terms = search_terms.read(asked.q).wanted
    if len(terms) < 2:
        return Help([], [])
    alone = [replace(asked, q=_written(term), state="all", page=1) for term in terms[:TRIED_ALONE]]
    found = [(each.q, each.url(), queries.count_of(each)) for each in alone]
    alike = resemblance.likest(asked.q, most=SHARING)
    return Help(
        fewer_words=[row for row in found if row[2]],
        sharing=cards(queries.listed_in_order([each.petition_id for each in alike])),
    )


def _written(term: search_terms.Term) -> str:
    text = " ".join(term.words)
    return f'"{text}"' if len(term.words) > 1 else text
