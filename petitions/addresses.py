"""Numbers in addresses: plain digits, and never more than a row's number can be in any database."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter

#: The highest number of a row: PostgreSQL's `integer`.
HIGHEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` in a route. Anything that cannot be a row's number is a page that does not exist, never an error."""

    regex = r"[0-9]{1,10}"

    def __init__(
        self, map: Any, fixed_digits: int = 0, min: int | None = None, max: int | None = HIGHEST
    ) -> None:
        super().__init__(map, fixed_digits, min, max)
