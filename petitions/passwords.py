"""Passwords of staff: made, kept as scrypt hashes, compared in the same time whether or not somebody has that address."""

from __future__ import annotations

import secrets

from werkzeug.security import check_password_hash, generate_password_hash

#: The cost OWASP asks for (N = 2^17, r = 8, p = 1): about 0.3 seconds and 128 MiB for each guess.
METHOD = "scrypt:131072:8:1"
#: Characters. No rule asks for digits or signs: length is what counts.
SHORTEST = 12
LONGEST = 256

#: Costs as much to compare with as a real one, and nothing matches it.
NOBODY = f"{METHOD}${'0' * 16}${'0' * 128}"


def make() -> str:
    """A new password that nobody can guess, to be handed over once: 24 characters, about 120 bits."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    letters = "".join(secrets.choice(alphabet) for _ in range(24))
    return "-".join(letters[start : start + 6] for start in range(0, 24, 6))


def hashed(password: str) -> str:
    """What is kept of a password. Raises `ValueError` when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    return generate_password_hash(password, METHOD)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; `None`, for nobody, never matches and takes as long."""
    return check_password_hash(password_hash or NOBODY, password)
