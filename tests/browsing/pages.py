"""How the tests of browsing read pages: titles in their order, words on one line, queries counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

from sqlalchemy import event

from petitions.extensions import db


def titles(page: str) -> list[str]:
    """The titles of the petitions in a list, in their order."""
    found = re.findall(r'class="petition-title"><a [^>]*>(.*?)</a>', page)
    return [unescape(re.sub(r"</?mark>", "", title)) for title in found]


def words(page: str) -> str:
    """The words of a page's main part on one line."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """The statements that the database was given inside the block."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    for engine in db.engines.values():
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in db.engines.values():
            event.remove(engine, "before_cursor_execute", note)
