"""Which font a text is drawn in, and how it is broken into lines.

The packaged Noto Sans has Latin, Greek, Cyrillic, Devanagari and Arabic; whoever runs the site names fonts for other scripts
in `CARD_FONTS`. A text is drawn in the first font that has all its letters, never with boxes in place of some.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont, Layout

from petitions.extensions import settings

#: Package and file of the fonts that come with the service.
PACKAGED = (
    ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
)
Weight = Literal["Regular", "Bold"]
#: What stands for a glyph that a font does not have is looked up with this: a letter that no font has.
NOBODYS_LETTER = "\U000ffffd"
#: A title that goes on where there is no more room.
MORE = "…"
#: From line to line, in parts of the letters' size.
LEADING = 1.2


def paths() -> list[str]:
    """The font files, in the order in which they are tried."""
    packaged = [str(files(package) / "files" / name) for package, name in PACKAGED]
    return [*packaged, *settings().card_fonts]


@lru_cache(maxsize=64)
def font(path: str, size: int, weight: Weight = "Regular") -> FreeTypeFont:
    """One font at one size; a file that has the one weight alone is taken as it is."""
    face = ImageFont.truetype(path, size)
    with suppress(OSError, ValueError):
        face.set_variation_by_name(weight)
    return face


@lru_cache(maxsize=8)
def _plain(path: str) -> tuple[FreeTypeFont, bytes]:
    """A font that draws single letters as they are, and what it draws for a letter that it does not have."""
    face = ImageFont.truetype(path, 32, layout_engine=Layout.BASIC)
    return face, bytes(face.getmask(NOBODYS_LETTER))


@lru_cache(maxsize=20_000)
def has(path: str, letter: str) -> bool:
    """Whether a font can draw one letter."""
    face, missing = _plain(path)
    return bytes(face.getmask(letter)) != missing


def _counts(letter: str) -> bool:
    """Whether a text cannot be read without it: pictures, marks of their colour and invisible joins may be left out."""
    return unicodedata.category(letter) not in {"So", "Sk", "Cf", "Cc", "Cn", "Co", "Cs"}


def lettered(text: str) -> tuple[str, str] | None:
    """The font file for a text, and the text without the pictures that it does not have; `None`: no font has its letters."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    needed = {letter for letter in text if _counts(letter) and not letter.isspace()}
    for path in paths():
        if all(has(path, letter) for letter in needed):
            kept = (each for each in text if _counts(each) or has(path, each))
            return path, " ".join("".join(kept).split())
    return None


def is_right_to_left(text: str) -> bool:
    """Whether a text begins with a letter of a script that runs from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in kinds if kind in {"L", "R", "AL"}), False)


def _pieces(text: str) -> list[tuple[str, str]]:
    """What may not be broken, each with what stands before it on the same line: words, and single signs of Chinese,
    Japanese and Korean."""
    pieces: list[tuple[str, str]] = []
    for word in text.split():
        space = " " if pieces else ""
        rest = ""
        for letter in word:
            if unicodedata.east_asian_width(letter) in "WF" and unicodedata.category(letter) == "Lo":
                pieces += [(space, rest)] if rest else []
                pieces.append(("" if rest else space, letter))
                space, rest = "", ""
            else:
                rest += letter
        pieces += [(space, rest)] if rest else []
    return pieces


def _cut(word: str, face: FreeTypeFont, width: float) -> list[str]:
    """A word that is longer than a line, in parts; a mark stays with its letter."""
    parts = [""]
    for letter in word:
        fits = face.getlength(parts[-1] + letter) <= width
        if fits or not parts[-1] or unicodedata.combining(letter):
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


def broken(text: str, face: FreeTypeFont, width: float) -> list[str]:
    """A text in lines of at most `width` pixels."""
    lines = [""]
    for space, piece in _pieces(text):
        if face.getlength(lines[-1] + space + piece) <= width:
            lines[-1] += space + piece
            continue
        first, *more = _cut(piece, face, width)
        lines = [*lines, first, *more] if lines[-1] else [first, *more]
    return lines


def line_height(face: FreeTypeFont) -> int:
    """From one line to the next, in pixels."""
    return round(face.size * LEADING)


def fitted(text: str, path: str, sizes: range, width: float, height: int) -> tuple[FreeTypeFont, list[str]]:
    """A text in lines, in the largest of the sizes in which it has room; in the least of them it is cut short."""
    for size in sizes:
        face = font(path, size, "Bold")
        lines = broken(text, face, width)
        most = height // line_height(face)
        if len(lines) <= most:
            return face, lines
    last = lines[most - 1]
    while last and face.getlength(last + MORE) > width:
        last = last[:-1]
    return face, [*lines[: most - 1], last.rstrip() + MORE]
