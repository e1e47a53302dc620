"""Names as they stand in addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

LONGEST = 80


def slug(name: str) -> str:
    """Small letters and digits of ASCII with hyphens between; empty where a name has none of them."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))[:LONGEST].strip("-")


def free_slug(name: str, code: str, taken: Collection[str]) -> str:
    """A slug for `name` that is not among `taken`; `code`, which is unique, tells two of one name apart."""
    first = slug(name) or slug(code)
    return first if first not in taken else f"{first}-{slug(code)}"
