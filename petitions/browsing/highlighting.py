"""The words that were searched for, marked where they stand: in titles, and in a few lines of the text around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from petitions.browsing import search_terms
from petitions.browsing.rows import Listed
from petitions.search_index import words

#: Characters of a text that are shown around what was found, about two lines.
SNIPPET = 200
#: Of these, before the first word that was found.
BEFORE = 60

Span = tuple[int, int]


@dataclass(frozen=True)
class Highlighter:
    """Marks the words of one search, in whatever form they stand."""

    stems: frozenset[str]

    def title(self, petition: Listed) -> Markup:
        """The title, its words marked."""
        text = words.normal(petition.action)
        return _marked(text, self._found(text))

    def snippet(self, petition: Listed) -> Markup | None:
        """The part of the text that has most of the words; nothing where the title alone has them."""
        text = " ".join(words.normal(f"{petition.background} {petition.additional_details}").split())
        found = self._found(text)
        if not found:
            return None
        first = max(found, key=lambda span: len(self._within(text, found, span[0])))[0]
        start, end = _whole_words(text, max(0, first - BEFORE), first - BEFORE + SNIPPET)
        inside = [(a - start, b - start) for a, b in found if start <= a and b <= end]
        part = _marked(text[start:end], inside)
        return Markup("{}{}{}").format("… " if start else "", part, " …" if end < len(text) else "")

    def _found(self, text: str) -> list[Span]:
        return [(start, end) for start, end, word in words.spoken(text) if words.stem(word) in self.stems]

    def _within(self, text: str, found: Sequence[Span], start: int) -> set[str]:
        """The different words found in a part of the text that begins there."""
        return {text[a:b].casefold() for a, b in found if start <= a and b <= start + SNIPPET - BEFORE}


def highlighter(q: str) -> Highlighter | None:
    """What marks the words of a search, where there are any."""
    stems = search_terms.read(q).stems
    return Highlighter(stems) if stems else None


def _marked(text: str, spans: Sequence[Span]) -> Markup:
    parts, last = [], 0
    for start, end in spans:
        parts += [escape(text[last:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        last = end
    return Markup("").join([*parts, escape(text[last:])])


def _whole_words(text: str, start: int, end: int) -> Span:
    """A part of the text that cuts no word in two, unless one is longer than the part."""
    if start and not text[start - 1].isspace():
        gap = text.find(" ", start)
        start = gap + 1 if 0 <= gap < end else start
    if end < len(text):
        gap = text.rfind(" ", start, end + 1)
        end = gap if gap > start else end
    return start, min(max(end, start), len(text))
