"""How easy a text is to read, by a plain measure of our own: how long its sentences are, and its words.

It counts and names; it knows no grammar and no language. A sentence of more than 25 words loses many readers (the GOV.UK
style guide says so), and a word of more than 13 letters is seldom one that people speak.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from petitions.markup import plain
from petitions.templating import number

LONG_SENTENCE, LONG_WORD = 25, 14
#: Words to a sentence, on average, up to which a text counts as easy.
EASY = 18
SHOWN = 5
#: How much of a long sentence is shown, so that its writer finds it.
BEGINNING = 8

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)\]]*\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass(frozen=True)
class Readability:
    """What was counted in one text."""

    words: int
    sentences: int
    long_sentences: tuple[str, ...]
    """Their beginnings, in the order of the text."""
    long_words: tuple[str, ...]
    """Each once, the longest first."""

    @property
    def average(self) -> float:
        """Words to a sentence."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def is_easy(self) -> bool:
        """Nothing that a reader stumbles over."""
        return self.average <= EASY and not self.long_sentences

    def sentence(self) -> str:
        """What it comes to, in one sentence."""
        if not self.words:
            return str(_("There is nothing to read yet."))
        average = number(round(self.average))
        if self.is_easy:
            return str(_("Easy to read: %(average)s words to a sentence on average.", average=average))
        long = ngettext(
            "%(num)s sentence is longer than 25 words",
            "%(num)s sentences are longer than 25 words",
            len(self.long_sentences),
        )
        if not self.long_sentences:
            return str(
                _(
                    "Not easy to read: %(average)s words to a sentence on average. Shorten some.",
                    average=average,
                )
            )
        return str(
            _(
                "Not easy to read: %(average)s words to a sentence on average, %(long)s.",
                average=average,
                long=long,
            )
        )


def measure(*texts: str) -> Readability:
    """Count what several Markdown texts of one answer hold together."""
    sentences = [
        found
        for text in texts
        for part in _SENTENCE_END.split(_without_addresses(plain(text)))
        if (found := _WORD.findall(part))
    ]
    words = [word for sentence in sentences for word in sentence]
    long_words = sorted(
        {word.lower() for word in words if _length(word) >= LONG_WORD}, key=lambda w: (-len(w), w)
    )
    long = [sentence for sentence in sentences if len(sentence) > LONG_SENTENCE]
    return Readability(
        words=len(words),
        sentences=len(sentences),
        long_sentences=tuple(" ".join(sentence[:BEGINNING]) + " …" for sentence in long),
        long_words=tuple(long_words),
    )


def _length(word: str) -> int:
    """Of its longest part: what is joined by a dash is read in parts."""
    return max(len(part) for part in re.split(r"[-'’]", word))


def _without_addresses(text: str) -> str:
    return re.sub(r"https?://\S+", "", text)
