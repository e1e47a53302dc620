"""Numbers in addresses: plain digits, and no more of them than a row's number can have in any database."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter


class RowNumber(IntegerConverter):
    """`<int:…>` in a route. Anything that cannot be a row's number is a page that does not exist, never an error."""

    regex = r"[0-9]{1,18}"
