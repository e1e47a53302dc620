"""What changed between two texts, word by word, to be read: what went is struck out, what came is marked.

The marks are elements, `<del>` and `<ins>`, each with words for who does not see them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from flask_babel import gettext as _
from markupsafe import Markup, escape

from petitions.duties.answers import Words
from petitions.duties.outcomes import outcome_words
from petitions.models import Response, ResponseVersion

_WENT, _CAME = Markup("<del>{}{}</del>"), Markup("<ins>{}{}</ins>")
#: A word with the space behind it, or a line break alone, so that paragraphs stay paragraphs.
_PARTS = re.compile(r"\n|[^\S\n]*[^\s]+[^\S\n]*|[^\S\n]+")


@dataclass(frozen=True)
class Compared:
    """One part of an answer in two versions."""

    label: str
    html: Markup
    changed: bool


def differences(before: str, after: str) -> Markup:
    """Two texts as one, with what went and what came marked."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    # Words that stand everywhere are no anchors (`autojunk`): without that, long texts of few words take minutes.
    pieces: list[Markup] = []
    for what, a1, a2, b1, b2 in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            pieces.append(_lines("".join(old[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(_marked(_WENT, _("removed:"), "".join(old[a1:a2])))
        if b2 > b1:
            pieces.append(_marked(_CAME, _("added:"), "".join(new[b1:b2])))
    return Markup("").join(pieces)


def compare(before: Words, after: Words) -> list[Compared]:
    """Every part of two versions of an answer that says something in either."""
    old, new = dict(_parts(before)), dict(_parts(after))
    return [
        Compared(label, differences(old.get(label, ""), new.get(label, "")), old.get(label) != new.get(label))
        for label in dict.fromkeys((*old, *new))
    ]


def with_changes(response: Response) -> list[tuple[ResponseVersion, list[Compared]]]:
    """Every published version with what it changed in the one before it, the newest first."""
    versions, before = response.versions, [None, *response.versions]
    return [
        (version, compare(Words.of(older), Words.of(version)) if older else [])
        for older, version in zip(before, versions, strict=False)
    ][::-1]


def _parts(words: Words) -> Iterator[tuple[str, str]]:
    """The parts of an answer with their names, those that say nothing left out."""
    if words.outcome:
        yield _("Outcome"), outcome_words(words.outcome)
    if words.summary:
        yield _("Summary"), words.summary
    if words.body:
        yield _("Answer"), words.body
    for number, point in enumerate(words.points, 1):
        outcome = outcome_words(point["outcome"])
        texts = [text for text in (point["ask"], outcome, point["answer"]) if text]
        yield _("Point %(number)s", number=number), "\n".join(texts)
    if words.links:
        yield _("Links"), "\n".join(f"{link['title']} ({link['url']})" for link in words.links)


def _marked(element: Markup, said: str, text: str) -> Markup:
    return element.format(Markup('<span class="hidden-text">{} </span>').format(said), _lines(text))


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))
