"""The countries a signer may choose, in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from flask_babel import get_locale

from petitions.extensions import settings

#: Two-letter territories of CLDR that are no country: groups, pseudo-locales, outlying remainders.
NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


@lru_cache(maxsize=32)
def _names(language: str, home: str, home_name: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    names = {
        code: str(name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
    if home_name or home not in names:
        names[home] = home_name or home
    return names


def names() -> dict[str, str]:
    """Names by ISO 3166 code."""
    return _names(str(get_locale() or "en"), settings().home_country, settings().home_country_name)


def name(code: str) -> str:
    """A country's name; the code itself where nobody named it."""
    return names().get(code, code)


def choices() -> list[tuple[str, str]]:
    """The home country first, then all others by name."""
    home = settings().home_country
    others = sorted(
        ((code, text) for code, text in names().items() if code != home), key=lambda pair: pair[1]
    )
    return [(home, name(home)), *others]
