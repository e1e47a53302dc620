"""Passwords of staff: made, judged, kept as scrypt hashes, compared in the same time whether or not somebody has that address."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable

from werkzeug.security import check_password_hash, generate_password_hash

from petitions.staffing.well_known import DISGUISES, PIECES

#: The cost OWASP asks for (N = 2^17, r = 8, p = 1): about 0.3 seconds and 128 MiB for each guess.
METHOD = "scrypt:131072:8:1"
#: Characters. No rule asks for digits or signs: length is what counts.
SHORTEST = 12
LONGEST = 256
#: So much must be left of a password when every well-known piece in it counts as one sign: `password` and `1234` are two.
FEWEST_SIGNS = 6
#: A shorter part of a name or address is in too many words to be one.
SHORTEST_PART = 3

#: Costs as much to compare with as a real one, and nothing matches it.
NOBODY = f"{METHOD}${'0' * 16}${'0' * 128}"


def make() -> str:
    """A new password that nobody can guess, to be handed over once: 24 characters, about 120 bits."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    letters = "".join(secrets.choice(alphabet) for _ in range(24))
    return "-".join(letters[start : start + 6] for start in range(0, 24, 6))


def is_guessable(password: str, *, about: Iterable[str] = ()) -> bool:
    """Whether a password is of those that are tried first: common words, rows of keys, repeated or sequential signs, or
    what is known `about` the person and the place (names, addresses), with digits for letters and numbers hung on.

    The rule of NIST SP 800-63B, 3.1.1.2 (a list of common, expected and context-specific values), by a list of our own.
    """
    plain = unicodedata.normalize("NFKC", password).casefold()
    known = [
        part for text in about for part in re.split(r"[\W_]+", text.casefold()) if len(part) >= SHORTEST_PART
    ]
    pieces = (*sorted(known, key=len, reverse=True), *PIECES)
    spellings = (plain, plain.translate(DISGUISES), re.sub(r"(.)\1+", r"\1", plain))
    return any(_signs(text, pieces) < FEWEST_SIGNS for text in spellings)


def _signs(text: str, pieces: Iterable[str]) -> int:
    """How many signs are left when pieces, repeated halves and repeated signs count once; spaces and dashes do not count."""
    text = re.sub(r"[\s_.,-]+", "", text)
    seen = 0
    for piece in pieces:
        if piece in text:
            # However often it stands there, it says one thing.
            text = text.replace(piece, "\0")
            seen += 1
    rest = re.sub(r"(.+?)\1+", r"\1", text.replace("\0", ""))
    return seen + len(rest)


def hashed(password: str) -> str:
    """What is kept of a password. Raises `ValueError` when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    return generate_password_hash(password, METHOD)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; `None`, for nobody, never matches and takes as long."""
    return check_password_hash(password_hash or NOBODY, password)
