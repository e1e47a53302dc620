"""The address of a search. It holds the conditions sealed: what was searched for may name a person, and addresses are
kept by logs and browsers. So Back, Reload and the next page work as everywhere, and nobody reads them there.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from flask import url_for

from petitions.errors import NotFound
from petitions.scrutiny.conditions import Conditions, from_json, to_json
from petitions.secrecy import CannotOpen, open_sealed, seal

LONGEST = 6000


def _context(petition_id: int) -> bytes:
    return f"search:{petition_id}".encode()


def token_of(petition_id: int, conditions: Conditions) -> str | None:
    """Conditions sealed for one petition, as an address can hold them; `None` where nothing is asked for."""
    if conditions.is_empty:
        return None
    return urlsafe_b64encode(seal(to_json(conditions), _context(petition_id))).decode()


def read(petition_id: int, token: str) -> Conditions:
    """What `token_of` sealed; no token asks for nothing. Raises `NotFound` for one that does not open here."""
    if not token:
        return Conditions()
    if len(token) > LONGEST or not token.isascii():
        raise NotFound("no such search")
    try:
        return from_json(open_sealed(urlsafe_b64decode(token), _context(petition_id)))
    except (CannotOpen, ValueError):
        raise NotFound("no such search") from None


def url(petition_id: int, conditions: Conditions, **more: Any) -> str:
    """The page of a search's results."""
    token = token_of(petition_id, conditions)
    return url_for("scrutiny.signatures", petition_id=petition_id, search=token, **more)
