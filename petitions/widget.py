"""The small page of a petition that other sites show in a frame: its sizes and its choices, the same wherever they are named.

A frame cannot grow with what is in it unless a script says so, and here no script runs. So the page is made to fit two sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from petitions import links
from petitions.models import Petition


@dataclass(frozen=True)
class Size:
    """What a frame measures, in CSS pixels. It may be wider."""

    width: int
    height: int


#: By the name that stands in the address. `full` also names who owes what by when, and has the button.
SIZES = {"full": Size(340, 400), "compact": Size(320, 180)}
#: Light or dark as the reader's machine has it, or always the one.
THEMES = ("auto", "light", "dark")
DEFAULT_SIZE, DEFAULT_THEME = "full", "auto"


def address(
    petition: Petition, *, size: str = DEFAULT_SIZE, theme: str = DEFAULT_THEME, language: str | None = None
) -> str:
    """The full address of the page for a frame. What is the default anyhow is left out."""
    values: dict[str, Any] = {"petition_id": petition.id}
    if size != DEFAULT_SIZE:
        values["size"] = size
    if theme != DEFAULT_THEME:
        values["theme"] = theme
    if language:
        values["lang"] = language
    return links.absolute("sharing.embed", **values)
