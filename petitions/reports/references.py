"""References of reports: nobody guesses one, and anybody can say one on the telephone."""

from __future__ import annotations

import re
import secrets

#: Crockford's base 32: digits and letters without I, L, O and U, which are taken for others.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 5
_HEARD_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_reference() -> str:
    """A new one, of 50 random bits: `7KQ4M-X2B9T`."""
    return _grouped("".join(secrets.choice(LETTERS) for _ in range(2 * GROUP)))


def as_written(heard: str) -> str:
    """A reference as it is stored, however it was typed: in small letters, without its dash, with O for 0."""
    return _grouped(re.sub(r"[^0-9A-Z]", "", heard[:40].upper()).translate(_HEARD_AS))


def _grouped(letters: str) -> str:
    return f"{letters[:GROUP]}-{letters[GROUP:]}"
