"""People who sign while it is measured: each with a mailbox, a mail domain and an address of origin of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from urllib.parse import urlencode

from bench.load import visitor

#: Nobody comes twice in a run.
numbers = count(1)


def address(number: int) -> str:
    """The mailbox of the so-manieth person."""
    return f"signer.{number}@d{number}.example.org"


def form(number: int) -> dict[str, str]:
    """What they type, with what the page's script adds."""
    return {
        "name": f"Sam Signer {number}",
        "email": address(number),
        "country": "GB",
        "postcode": "AB1 2CD",
        "eligible": "y",
        "text_version": "1",
        "comment": "",
        "seconds": "25",
    }


def signing(petition_ids: Sequence[int], many: int) -> Iterator[tuple[str, str, str, str]]:
    """The requests of so many new people, spread over petitions."""
    for each in range(many):
        number = next(numbers)
        path = f"/petitions/{petition_ids[each % len(petition_ids)]}/signatures/new"
        yield "POST", path, visitor(number), urlencode(form(number))
