"""Reading JSON that others wrote: each value by its key, its type and its limit, or a reason that names the key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

#: What a whole number column of PostgreSQL holds.
LARGEST_NUMBER = 2**31 - 1
#: Dates outside are mistakes, and near the ends of the calendar no deadline can be reckoned.
FIRST_YEAR, LAST_YEAR = 1900, 2999
URL_LIMIT = 500
#: PostgreSQL stores no NUL; half of a character that UTF-16 writes in two halves is no character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Broken(Exception):
    """A line cannot be used. The message says why, for the person who can mend it."""


class Fields:
    """One JSON object. Every method raises `Broken` with the key's whole name."""

    def __init__(self, value: object, name: str = "") -> None:
        if not isinstance(value, dict):
            raise Broken(f"{name or 'the line'} must be an object")
        self._values: dict[str, Any] = value
        self._prefix = f"{name}." if name else ""

    def _name(self, key: str) -> str:
        return self._prefix + key

    def _required(self, key: str) -> Any:
        if self._values.get(key) is None:
            raise Broken(f"{self._name(key)} is missing")
        return self._values[key]

    def has(self, key: str) -> bool:
        """Whether the key has a value other than null."""
        return self._values.get(key) is not None

    def text(self, key: str, limit: int | None = None) -> str:
        """A text exactly as it stands, of at most `limit` characters."""
        return checked_text(self._required(key), self._name(key), limit)

    def text_or_empty(self, key: str, limit: int | None = None) -> str:
        """As `text`; missing and null are the empty text."""
        return self.text(key, limit) if self.has(key) else ""

    def line(self, key: str, limit: int) -> str:
        """A name or title: trimmed, and not empty."""
        text = self.text(key).strip()
        if not text:
            raise Broken(f"{self._name(key)} is empty")
        return checked_text(text, self._name(key), limit)

    def line_or_none(self, key: str, limit: int) -> str | None:
        """As `line`; missing, null and empty are `None`."""
        return self.line(key, limit) if self.text_or_empty(key).strip() else None

    def number(self, key: str, lowest: int = 0) -> int:
        """A whole number from `lowest` up."""
        value = self._required(key)
        if type(value) is not int or not lowest <= value <= LARGEST_NUMBER:
            raise Broken(f"{self._name(key)} must be a whole number from {lowest} to {LARGEST_NUMBER}")
        return value

    def moment(self, key: str) -> datetime:
        """A moment in ISO 8601 with its zone, turned into UTC."""
        try:
            moment = datetime.fromisoformat(self.text(key))
            if moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
                raise ValueError
        except ValueError:
            raise Broken(f"{self._name(key)} must be a moment such as 2022-12-31T23:59:59.999Z") from None
        return moment.astimezone(UTC)

    def moment_or_none(self, key: str) -> datetime | None:
        """As `moment`; missing and null are `None`."""
        return self.moment(key) if self.has(key) else None

    def day(self, key: str) -> date:
        """As `day_or_none`, and it must be there."""
        self.text(key)
        day = self.day_or_none(key)
        assert day is not None
        return day

    def day_or_none(self, key: str) -> date | None:
        """A day such as 2022-12-31; missing and null are `None`."""
        if not self.has(key):
            return None
        try:
            day = date.fromisoformat(self.text(key))
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise ValueError
        except ValueError:
            raise Broken(f"{self._name(key)} must be a day such as 2022-12-31") from None
        return day

    def url_or_none(self, key: str) -> str | None:
        """A web address, safe to link to; missing, null and empty are `None`."""
        url = self.line_or_none(key, URL_LIMIT)
        if url is None:
            return None
        try:
            parts = urlsplit(url)
        except ValueError:
            raise Broken(f"{self._name(key)} must be a web address") from None
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise Broken(f"{self._name(key)} must be a web address")
        return url

    def url(self, key: str) -> str:
        """A web address, safe to link to."""
        if (url := self.url_or_none(key)) is None:
            raise Broken(f"{self._name(key)} is missing")
        return url

    def url_or_blank(self, key: str) -> str | None:
        """As `url_or_none`; an empty text stays one."""
        return "" if self._values.get(key) == "" else self.url_or_none(key)

    def one_of(self, key: str, choices: Iterable[str]) -> str:
        """One of some words."""
        known = list(choices)
        text = self.text(key)
        if text not in known:
            raise Broken(f"{self._name(key)} is “{text[:40]}”, not one of {', '.join(known)}")
        return text

    def truth(self, key: str) -> bool:
        """Whether it is `true`; missing is not."""
        return self._values.get(key) is True

    def object(self, key: str) -> Fields:
        """An object inside this one."""
        return Fields(self._required(key), self._name(key))

    def object_or_none(self, key: str) -> Fields | None:
        """As `object`; missing and null are `None`."""
        return self.object(key) if self.has(key) else None

    def _list(self, key: str) -> list[Any]:
        value = self._values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Broken(f"{self._name(key)} must be a list")
        return value

    def objects(self, key: str) -> list[Fields]:
        """A list of objects; missing and null are the empty list."""
        return [Fields(value, f"{self._name(key)}[{n}]") for n, value in enumerate(self._list(key))]

    def texts(self, key: str, limit: int) -> list[str]:
        """A list of texts, none empty; missing and null are the empty list."""
        values = [checked_text(v, f"{self._name(key)}[{n}]", limit) for n, v in enumerate(self._list(key))]
        if not all(values):
            raise Broken(f"{self._name(key)} has an empty text in it")
        return values


def checked_text(value: object, name: str, limit: int | None) -> str:
    """`value` where it is a text that both databases can hold. Raises `Broken`."""
    if not isinstance(value, str):
        raise Broken(f"{name} must be a text")
    if _UNSTORABLE.search(value):
        raise Broken(f"{name} has a character in it that cannot be stored")
    if limit is not None and len(value) > limit:
        raise Broken(f"{name} has {len(value)} characters, more than {limit}")
    return value
