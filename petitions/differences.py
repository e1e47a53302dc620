"""What was changed between two versions of a text, word by word, in the order of reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\S+\s*|\s+")


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """Words in a row of which the same became."""

    change: Change
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of both texts. Those kept and added make up `after`; those kept and removed `before`."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    for name, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, False).get_opcodes():
        if name == "equal":
            pieces.append(Piece(Change.KEPT, "".join(new[new_start:new_end])))
            continue
        if old_end > old_start:
            pieces.append(Piece(Change.REMOVED, "".join(old[old_start:old_end])))
        if new_end > new_start:
            pieces.append(Piece(Change.ADDED, "".join(new[new_start:new_end])))
    return pieces
