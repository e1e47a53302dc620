"""Opening sealed columns of rows that were read without their objects: thousands of them in a moment."""

from __future__ import annotations

from typing import Any, cast

from petitions.models import Signature
from petitions.secrecy import CannotOpen, Sealed


def opened(row: Any, name: str) -> str | None:
    """The text of a signature's sealed column `name`, from any row that has `<name>_sealed` and `row_key`.

    `None` where there is none, or where its key is gone.
    """
    try:
        column = cast(Sealed, getattr(Signature, name))
        return cast("str | None", column.__get__(row, Signature))
    except CannotOpen:
        return None
