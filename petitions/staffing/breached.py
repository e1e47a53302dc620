"""Passwords that leaked somewhere else, where the operator has a list of them: `BREACHED_PASSWORDS`.

The list is the one that Have I Been Pwned offers, ordered by hash: a line for each password, its SHA-1 in hexadecimal, a colon and
how often it was seen. It has many gigabytes and is not read but searched, from its middle, in some thirty steps.
"""

from __future__ import annotations

import mmap
from hashlib import sha1

from petitions.extensions import settings

HASH_LETTERS = 40


def has_leaked(password: str) -> bool:
    """Whether a password is on the operator's list; never where there is no list."""
    path = settings().breached_passwords
    if not path:
        return False
    # Not to keep a secret by: the list is made so.
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        return _is_in(lines, wanted)


def _is_in(lines: mmap.mmap, wanted: bytes) -> bool:
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        start = lines.rfind(b"\n", low, middle) + 1 or low
        end = lines.find(b"\n", middle)
        found = lines[start : start + HASH_LETTERS].upper()
        if found == wanted:
            return True
        if found < wanted:
            low = end + 1 if end >= 0 else high
        else:
            high = start
    return False
