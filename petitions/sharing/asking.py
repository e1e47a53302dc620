"""What a frame is asked to look like, read from the address: what cannot be is taken for what is usual."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from petitions.extensions import settings
from petitions.widget import DEFAULT_SIZE, DEFAULT_THEME, SIZES, THEMES, Size


@dataclass(frozen=True)
class Look:
    """A size, a theme, a language of the site."""

    size: str
    theme: str
    language: str

    @property
    def measures(self) -> Size:
        """The frame's width and height."""
        return SIZES[self.size]


def read(arguments: MultiDict[str, str]) -> Look:
    """The look that an address asks for."""
    languages = settings().languages
    size, theme, language = (arguments.get(name, "") for name in ("size", "theme", "lang"))
    return Look(
        size if size in SIZES else DEFAULT_SIZE,
        theme if theme in THEMES else DEFAULT_THEME,
        language if language in languages else languages[0],
    )
