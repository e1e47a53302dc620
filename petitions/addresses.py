"""What stands in addresses: row numbers, never more than a database can hold, and secrets, which are named nowhere else."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter

#: The highest number of a row: PostgreSQL's `integer`.
HIGHEST = 2**31 - 1

#: What stands before a secret (a link, a reference) in an address, the longer of two that begin alike first.
BEFORE_SECRETS = (
    "signatures/confirm",
    "signatures",
    "unsubscribe",
    "creators",
    "appeals",
    "reports",
    "alerts/confirm",
    "alerts/stop",
    "alerts",
    "responses/rate",
    "staff/invitations",
    "staff/reset",
)


class RowNumber(IntegerConverter):
    """`<int:…>` in a route. Anything that cannot be a row's number is a page that does not exist, never an error."""

    regex = r"[0-9]{1,10}"

    def __init__(
        self, map: Any, fixed_digits: int = 0, min: int | None = None, max: int | None = HIGHEST
    ) -> None:
        super().__init__(map, fixed_digits, min, max)
