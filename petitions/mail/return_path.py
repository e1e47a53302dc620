"""The return path: an address of its own for each mail, so that a report about it says which mail came back (VERP).

`bounces+81.<16 hex>@example.org`: the number of the mail, and a keyed hash without which nobody can make one up.
"""

from __future__ import annotations

import hmac
import re
from typing import Protocol

from petitions.addresses import HIGHEST
from petitions.extensions import db, settings
from petitions.models import Mail
from petitions.secrecy import keyed_hash

HEX = 16


class Numbered(Protocol):
    """A mail, or what was read of it."""

    @property
    def id(self) -> int: ...
    @property
    def message_id(self) -> str: ...


def _mark(mail: Numbered) -> str:
    # The Message-ID too: a database may give the number of a removed mail to another one.
    return keyed_hash("return-path", f"{mail.id}:{mail.message_id}").hex()[:HEX]


def address_of(mail: Numbered) -> str | None:
    """Where one mail comes back to; `None` without `BOUNCE_ADDRESS`."""
    local, at, domain = settings().bounce_address.partition("@")
    return f"{local}+{mail.id}.{_mark(mail)}@{domain}" if at else None


def marks_in(text: str) -> list[tuple[int, str]]:
    """Number and hash of every return path of ours that stands in a text, whether or not it is genuine."""
    local, at, domain = settings().bounce_address.partition("@")
    if not at:
        return []
    shape = (
        rf"(?<![\w.+-]){re.escape(local)}\+([0-9]{{1,10}})\.([0-9a-f]{{{HEX}}})@{re.escape(domain)}(?![\w.-])"
    )
    found = re.finditer(shape, text, re.IGNORECASE | re.ASCII)
    return [(int(match[1]), match[2].lower()) for match in found]


def mail_with(number: int, mark: str) -> Mail | None:
    """The mail that a return path was made for; `None` where the hash is not ours."""
    mail = db.session.get(Mail, number) if 0 < number <= HIGHEST else None
    return mail if mail is not None and hmac.compare_digest(_mark(mail), mark) else None
