"""Personal data: sealed in the database, and keyed hashes that answer "the same mailbox?" without telling whose.

Sealing is AES-256-GCM. The name of the column and the row's own random key are authenticated with the text, so that
a sealed value moved to another row or column no longer opens. The key's id stands in front, so that keys can change.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, Table
from sqlalchemy.orm import Mapped, mapped_column

from petitions import origins
from petitions.database import Base
from petitions.extensions import settings

NONCE_BYTES = 12
ROW_KEY_BYTES = 16
SEPARATOR = b":"
#: How long a keyed hash is.
HASH_BYTES = 32


class CannotOpen(Exception):
    """A sealed value was altered, moved, or its key is no longer among `DATA_KEYS`."""


def seal(text: str, context: bytes) -> bytes:
    """Encrypt `text` under the newest key, bound to `context`."""
    key = settings().data_keys[0]
    nonce = os.urandom(NONCE_BYTES)
    return key.id.encode() + SEPARATOR + nonce + _cipher(key.secret).encrypt(nonce, text.encode(), context)


def open_sealed(sealed: bytes, context: bytes) -> str:
    """Decrypt what `seal` made with the same `context`. Raises `CannotOpen`."""
    key_id, _, rest = sealed.partition(SEPARATOR)
    for key in settings().data_keys:
        if key.id.encode() == key_id:
            try:
                return _cipher(key.secret).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], context).decode()
            except InvalidTag:
                raise CannotOpen("the sealed value does not belong here or was altered") from None
    raise CannotOpen("the key of the sealed value is not among DATA_KEYS")


@lru_cache(maxsize=16)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def key_id_of(sealed: bytes) -> str:
    """The id of the key that sealed a value."""
    return sealed.partition(SEPARATOR)[0].decode(errors="replace")


class HasSealed:
    """A table with sealed columns: each row has a random key of its own, part of what its values are bound to."""

    row_key: Mapped[bytes] = mapped_column(
        LargeBinary(ROW_KEY_BYTES), default=lambda: os.urandom(ROW_KEY_BYTES)
    )

    def __init__(self, **values: Any) -> None:
        self.row_key = values.pop("row_key", None) or os.urandom(ROW_KEY_BYTES)
        for name, value in values.items():
            setattr(self, name, value)


class Sealed:
    """A text attribute kept encrypted in the column `<name>_sealed`.

    `email = Sealed()` beside `email_sealed: Mapped[bytes | None]`. Reading opens, writing seals; `None` stays `None`.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.column = f"{name}_sealed"
        self.context = f"{getattr(owner, '__tablename__', owner.__name__)}.{name}:".encode()

    @overload
    def __get__(self, row: None, owner: type) -> Sealed: ...
    @overload
    def __get__(self, row: Any, owner: type) -> str | None: ...
    def __get__(self, row: Any, owner: type) -> Sealed | str | None:
        if row is None:
            return self
        return self.of(row)

    def of(self, row: Any) -> str | None:
        """The text in a row that was read by its columns (this one's and `row_key`), not as an object."""
        sealed = getattr(row, self.column)
        return None if sealed is None else open_sealed(sealed, self.context + row.row_key)

    def opened(self, row: Any) -> str | None:
        """The same; `None` too where no key opens it."""
        try:
            return self.of(row)
        except CannotOpen:
            return None

    def sealed(self, text: str | None, row_key: bytes) -> bytes | None:
        """What the column of the row with that key holds for a text."""
        return None if text is None else seal(text, self.context + row_key)

    def __set__(self, row: Any, value: str | None) -> None:
        setattr(row, self.column, self.sealed(value, row.row_key))


def opened(row: Any, name: str) -> str | None:
    """A sealed attribute; `None` too where no key opens it. For what goes on without it, never to write it back."""
    try:
        return cast("str | None", getattr(row, name))
    except CannotOpen:
        return None


@dataclass(frozen=True)
class SealedColumn:
    """One sealed column, as the models declare it."""

    table: Table
    column: str
    context: bytes
    """What its values are bound to, before the row's own key."""
    label: str


def sealed_values(model: type[HasSealed], **texts: str | None) -> dict[str, bytes | None]:
    """The columns of a new row that is stored without an object: the sealed texts, and the row's own key."""
    row_key = os.urandom(ROW_KEY_BYTES)
    sealed = {f"{name}_sealed": getattr(model, name).sealed(text, row_key) for name, text in texts.items()}
    return {"row_key": row_key, **sealed}


def sealed_columns() -> list[SealedColumn]:
    """Every sealed column of every table, found from the models, so that a new one is never forgotten."""
    return [
        SealedColumn(
            cast(Table, mapper.local_table), each.column, each.context, f"{mapper.local_table}.{each.name}"
        )
        for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
        for each in vars(mapper.class_).values()
        if isinstance(each, Sealed)
    ]


def keyed_hash(purpose: str, value: str) -> bytes:
    """A hash that only the holder of `HASH_KEY` can make; hashes of different purposes cannot be compared (32 bytes)."""
    return hmac.digest(_key_for(settings().hash_key, purpose), value.encode(), "sha256")


def keyed_hashes(purposes: tuple[str, ...], value: str) -> list[bytes]:
    """The hashes of one value for many purposes that are often wanted together, in their order."""
    keys, text = _keys_for(settings().hash_key, purposes), value.encode()
    return [hmac.digest(key, text, "sha256") for key in keys]


@lru_cache(maxsize=1_000)
def _key_for(hash_key: bytes, purpose: str) -> bytes:
    return hmac.digest(hash_key, purpose.encode(), "sha256")


@lru_cache(maxsize=8)
def _keys_for(hash_key: bytes, purposes: tuple[str, ...]) -> list[bytes]:
    return [_key_for(hash_key, purpose) for purpose in purposes]


def mailbox_hash(petition_id: int, canonical_address: str) -> bytes:
    """Tells whether a mailbox signed *this* petition. Keyed per petition: two petitions' hashes cannot be matched."""
    return keyed_hash(f"mailbox:{petition_id}", canonical_address)


def domain_hash(petition_id: int, domain: str) -> bytes:
    """Tells signatures of one petition from one mail domain (lower case, ASCII). Keyed per petition, as a mailbox's is."""
    return keyed_hash(f"domain:{petition_id}", domain)


def network_hash(petition_id: int, ip: str) -> bytes:
    """Tells signatures of one petition from one network (`origins.network_of`). Keyed per petition, as a mailbox's hash is."""
    return keyed_hash(f"network:{petition_id}", origins.network_of(ip))
