"""What a program asks a list of documents for, and the addresses of the pages of that list.

The rules of numbers are the UK Parliament's: `count` from 1 to 59, of which no more than 50 come; `page` from 1 to 99,999;
anything else is as if it had not been said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from flask import Request

from petitions.browsing.queries import Asked, as_it_stood, is_known, read
from petitions.extensions import settings

HIGHEST_COUNT = 59
LAST_PAGE = 99_999


class AskedByProgram(Asked):
    """A list in its own order also where words are searched for, as at the UK's: by relevance only who asks for it."""

    @property
    def order(self) -> str:
        """What was asked for, else the list's own."""
        return self.sort


@dataclass(frozen=True)
class AskedList:
    """A page of a list as it was asked for. `others`: what else stands in its addresses."""

    asked: Asked
    path: str
    is_known: bool
    """Whether the list that was named exists."""
    says_count: bool
    self_url: str
    others: tuple[tuple[str, str], ...] = ()
    after: str = ""
    """The mark that the page begins behind; see `browsing.marks`."""
    before: str = ""
    is_readable: bool = True
    """Whether the moment is one, if one was named."""

    def url(self, page: int, *, at: datetime | None = None, **marks: str) -> str:
        """The address of another page: names in the order of the alphabet, what is as usual left out."""
        parameters: dict[str, Any] = {**self.asked.parameters(page=page, at=at), **dict(self.others), **marks}
        if self.says_count:
            parameters["count"] = self.asked.count
        topics = parameters.get("topic") or []
        if len(topics) > 1:
            parameters["topic[]"] = parameters.pop("topic")
        return with_query(self.path, urlencode(sorted(parameters.items()), doseq=True))


def asked_list(request: Request) -> AskedList:
    """What a request asks for."""
    arguments = request.args.copy()
    for code in request.args.getlist("topic[]"):
        arguments.add("topic", code)
    asked = AskedByProgram(**vars(read(arguments)))
    count, at = number_in(request.args.get("count"), HIGHEST_COUNT), request.args.get("at", "")
    return AskedList(
        asked=replace(
            asked,
            page=number_in(request.args.get("page"), LAST_PAGE) or 1,
            count=asked.count if count else Asked.count,
            at=as_it_stood.read(at),
        ),
        path=request.path,
        is_known=is_known(arguments) and not any(name.startswith("state[") for name in request.args),
        says_count=count is not None,
        self_url=with_query(request.path, request.query_string.decode("latin-1")),
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
        is_readable=not at or as_it_stood.read(at) is not None,
    )


def with_query(path: str, query: str) -> str:
    """An address of this site at its public name, with a query as it came."""
    # What came in is written as an address may be: nothing of it can end the address early.
    safe = quote(query, safe="%/:?#[]@!$&'()*+,;=-._~", encoding="latin-1")
    return settings().base_url + quote(path) + (f"?{safe}" if safe else "")


def number_in(text: str | None, highest: int) -> int | None:
    """A whole number from 1 to `highest` in plain digits, else nothing."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= 18):
        return None
    return int(text) if 1 <= int(text) <= highest else None
