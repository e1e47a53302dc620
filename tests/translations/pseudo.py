"""A pseudo-language: every message of the service in letters no one types, so that a word that escaped stands out.

Placeholders and HTML stay as they are. Esperanto is its name, because Babel knows it and nobody has translated to it.
"""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = "eo"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "days_text": (1, 2),
}
PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ODD = "ÂßĈÐÊḞĜĤÎĴĶĹḾŇÖÞɊŔŠŤÛṼŴẊŶŽâƀĉđêḟĝĥîĵķĺḿňöþɋŕšťûṽŵẋŷž"
TO_ODD = str.maketrans(PLAIN, ODD)
#: What is not words: a placeholder, an element, an entity, the code of a plural.
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]*>|&\w+;|\{\w+\})")


def odd(message: str) -> str:
    """A message in the pseudo-language: `Sign %(name)s` is `⟦Šîĝň %(name)s⟧`."""
    parts = KEPT.split(message)
    return (
        "⟦" + "".join(part if index % 2 else part.translate(TO_ODD) for index, part in enumerate(parts)) + "⟧"
    )


def messages() -> list[tuple[str | tuple[str, ...], str]]:
    """Every message in the source, with the file it stands in. Fails where a file cannot be read."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, strip_comment_tags=True)
    return [(message, f"{name}:{line}") for name, line, message, _, _ in found]


def write_catalogue(folder: Path) -> int:
    """Write the catalogue where Flask-Babel looks for it. Returns how many messages it has."""
    catalogue = Catalog(locale=LANGUAGE)
    for message, _ in messages():
        if isinstance(message, tuple):
            catalogue.add(message, tuple(odd(each) for each in message))
        else:
            catalogue.add(message, odd(message))
    target = folder / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return len(catalogue)
