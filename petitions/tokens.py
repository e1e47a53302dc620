"""Signed links: each carries one row's id and one purpose, and is good for nothing else.

Tokens are not stored. Their life is decided by the row they name (for a confirmation: counted from the moment the mail
server took the mail), so nothing in a token says when it was made.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from functools import lru_cache
from typing import Any

from itsdangerous import BadSignature, Signer, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from petitions.addresses import HIGHEST
from petitions.errors import NotFound
from petitions.extensions import settings

LONGEST_TOKEN = 4_000


class Purpose(StrEnum):
    """What a link is for."""

    CONFIRM_SIGNATURE = "confirm-signature"
    PETITIONER = "petitioner"
    SUPPORT = "support"
    MY_SIGNATURE = "my-signature"
    UNSUBSCRIBE = "unsubscribe"
    STAFF_INVITATION = "staff-invitation"
    STAFF_RESET = "staff-reset"
    RATE_RESPONSE = "rate-response"
    APPEAL = "appeal"
    DRAFT = "draft"
    CONFIRM_ALERT = "confirm-alert"
    MY_ALERT = "my-alert"
    STOP_ALERT = "stop-alert"


class _Serializer(URLSafeSerializer):
    """Does not try to compress a number, which most tokens carry, or two of them: it never makes them shorter."""

    def dump_payload(self, obj: Any) -> bytes:
        """The part of a token that says what it is for."""
        if type(obj) is int:
            return base64_encode(str(obj))
        if type(obj) is list and len(obj) == 2 and all(type(each) is int for each in obj):
            return base64_encode(f"[{obj[0]},{obj[1]}]")
        return super().dump_payload(obj)


def _serializer(purpose: Purpose) -> _Serializer:
    return _made(purpose, (*reversed(settings().secret_key_fallbacks), settings().secret_key))


@lru_cache(maxsize=100)
def _made(purpose: Purpose, keys: tuple[str, ...]) -> _Serializer:
    """The library derives a key from each of these for every token; here it is done once."""
    salt = f"petitions.{purpose}"
    # SHA-256 because the library still signs with SHA-1 unless told.
    derived = [
        Signer(key, salt, key_derivation="hmac", digest_method=hashlib.sha256).derive_key() for key in keys
    ]
    options = {"key_derivation": "none", "digest_method": hashlib.sha256}
    return _Serializer(derived, salt=salt, signer_kwargs=options)


def sign(purpose: Purpose, value: Any) -> str:
    """A token for `value` (an id, or a small JSON value) that works for `purpose` only."""
    return str(_serializer(purpose).dumps(value))


def read(purpose: Purpose, token: str, *, longest: int = LONGEST_TOKEN) -> Any:
    """What `sign` was given. Raises `NotFound` when the token is unknown, altered, made for something else, or has more
    than `longest` characters."""
    if len(token) > longest:
        raise NotFound("token too long")
    try:
        value = _serializer(purpose).loads(token)
        signature = token.rpartition(".")[2]
        if base64_encode(base64_decode(signature)).decode() != signature:
            # The last character of base64 has spare bits: the same signature in another spelling is an altered token.
            raise NotFound("another spelling")
    except (BadSignature, ValueError, UnicodeError):
        raise NotFound("no such link") from None
    return value


def read_id(purpose: Purpose, token: str) -> int:
    """The row id in a token. Raises `NotFound`."""
    value = read(purpose, token)
    if not _is_id(value):
        raise NotFound("no such link")
    return int(value)


def read_pair(purpose: Purpose, token: str) -> tuple[int, int]:
    """The two row ids in a token that was made from a list of two. Raises `NotFound`."""
    value = read(purpose, token)
    if type(value) is not list or len(value) != 2 or not all(_is_id(each) for each in value):
        raise NotFound("no such link")
    return value[0], value[1]


def _is_id(value: Any) -> bool:
    """A bool is an int to Python, and no database holds a number beyond the highest."""
    return type(value) is int and 0 < value <= HIGHEST
