"""How a text is read into words: the same for both databases, for what is stored and for what somebody types.

A word is letters and digits of any script with the signs that stand on them, in lower case, without accents: vowel signs
of Hindi, Tamil or Thai are part of the spelling and stay, as й does, which is a letter of its own. Its stem is what the
search compares, so that "library" finds "libraries"; stems are those of the site's first language (`LANGUAGES`), where
Snowball knows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from petitions.extensions import settings

#: A change here, or of the site's language, makes the worker read all petitions anew.
VERSION = 2

#: Snowball's name of each language that it has stems for; without those that were never tried on real texts.
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "nl": "dutch",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

#: Signs that stand on letters (category M), which regular expressions do not take for part of a word, and what joins letters.
_SIGNS = (
    "".join(sign for sign in map(chr, range(0x300, 0x20000)) if unicodedata.category(sign)[0] == "M")
    + "\u200d"
)
_LETTERS = rf"[^\W_]+(?:[{_SIGNS}]+[^\W_]*)*"
#: N.H.S. is one word, and 10,000 is; what an apostrophe holds together is too.
_WORD = re.compile(rf"(?:[^\W\d_]\.){{2,}}|\d{{1,3}}(?:,\d{{3}})+(?!\d)|{_LETTERS}(?:['’]{_LETTERS})*")
#: What parts й from и where letters are taken apart.
_BREVE = "\u0306"
_POSSESSIVE = ("'s", "’s")
#: Nobody's word, but a database may have a limit.
LONGEST = 60
REMEMBERED = 100_000

#: English words that are in every text.
_COMMON_ENGLISH = frozenset(
    [
        "a",
        "about",
        "all",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "for",
        "from",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "me",
        "more",
        "most",
        "my",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "on",
        "or",
        "other",
        "our",
        "out",
        "own",
        "same",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "too",
        "under",
        "until",
        "up",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)

#: What Snowball takes for words in -se.
_ENGLISH_PLURALS = {
    plural: plural.removesuffix("es")
    for plural in [
        "biases",
        "bonuses",
        "buses",
        "campuses",
        "censuses",
        "choruses",
        "gases",
        "lenses",
        "minibuses",
        "statuses",
        "trolleybuses",
        "viruses",
    ]
}


def language() -> str:
    """What stems are made by: it names the language and the way of reading, `english-1`."""
    return f"{_stemmer_name(settings().languages[0])}-{VERSION}"


def _stemmer_name(tag: str) -> str:
    return _STEMMERS.get(re.split("[-_]", tag)[0].lower(), "none")


def spoken(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text in their order: where each begins and ends in `normal(text)`, and the word as it is compared."""
    for match in _WORD.finditer(text):
        written = match[0]
        for ending in _POSSESSIVE:
            written = written.removesuffix(ending)
        if word := folded(written)[:LONGEST]:
            yield match.start(), match.end(), word


def normal(text: str) -> str:
    """A text with every letter in one piece, however it was typed: é is not e and an accent."""
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """The words of a text, folded but not stemmed, in their order."""
    return [word for _, _, word in spoken(normal(text))]


def stems(text: str) -> list[str]:
    """The stems of all words of a text, in their order."""
    name = _stemmer_name(settings().languages[0])
    return [_stem(word, name) for word in words(text)]


def stem(word: str) -> str:
    """The stem of one folded word."""
    return _stem(word, _stemmer_name(settings().languages[0]))


def telling(text: str) -> list[str]:
    """The stems of the words that say what a text is about: the commonest of the language are left out."""
    name = _stemmer_name(settings().languages[0])
    return [_stem(word, name) for word in words(text) if not is_common(word)]


def is_common(word: str) -> bool:
    """Whether a folded word is in every text. Known of English; elsewhere how often a word occurs must do."""
    return word in _COMMON_ENGLISH and _stemmer_name(settings().languages[0]) == "english"


@lru_cache(REMEMBERED)
def folded(text: str) -> str:
    """Lower case, without accents and without anything that is not a letter or a digit or belongs to one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = [
        letter
        for before, letter in zip(" " + plain, plain, strict=False)
        if letter.isalnum() or _is_spelling(letter) or (letter == _BREVE and before == "и")
    ]
    return unicodedata.normalize("NFC", "".join(kept))


def _is_spelling(sign: str) -> bool:
    """Whether a sign on a letter makes it another one, as vowel signs do; no accent, no point of Hebrew or Arabic.

    Unicode's combining classes say so: 0 and 7 to 9 are signs of Indic scripts and of kana, 84 to 132 those of Telugu to
    Tibetan. What is common to all scripts (U+0300 to U+036F), encloses, or only chooses a shape (U+FE00 to U+FE0F) is none.
    """
    if (
        unicodedata.category(sign) not in {"Mn", "Mc"}
        or "\u0300" <= sign <= "\u036f"
        or "\ufe00" <= sign <= "\ufe0f"
    ):
        return False
    return unicodedata.combining(sign) in {0, *range(7, 10), *range(84, 133)}


@lru_cache(REMEMBERED)
def _stem(word: str, name: str) -> str:
    if name == "none":
        return word
    if name == "english":
        word = _ENGLISH_PLURALS.get(word, word)
    # A stemmer holds the word it is at: one for each call, because threads share this module.
    return str(snowballstemmer.stemmer(name).stemWord(word))
