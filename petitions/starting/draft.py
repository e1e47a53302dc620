"""A petition as far as it is written: carried from page to page in a signed field, so that no session is needed."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from petitions import tokens
from petitions.tokens import Purpose

#: The largest signed draft that is read, in characters: as much as the body of a form may have.
LONGEST = 64 * 1024


def _new_mark() -> str:
    return secrets.token_urlsafe(9)


@dataclass(frozen=True)
class Draft:
    """Answers as they were typed, right or wrong; named as the fields of the form."""

    eligible: str = ""
    action: str = ""
    background: str = ""
    additional_details: str = ""
    name: str = ""
    email: str = ""
    country: str = ""
    postcode: str = ""
    updates: bool = False
    mark: str = field(default_factory=_new_mark)
    """Made by chance for each draft: tells the same button pressed twice from a second petition."""

    @property
    def names_somebody(self) -> bool:
        """Whether it says who writes it, or how to reach them."""
        return bool(self.name or self.email or self.postcode)

    @classmethod
    def from_token(cls, token: str) -> Draft:
        """The draft that `token` made the text of. Raises `NotFound` for a text that was altered."""
        kept = tokens.read(Purpose.DRAFT, token, longest=LONGEST)
        return cls(**{each.name: kept[each.name] for each in fields(cls) if each.name in kept})

    def token(self, *, without: Collection[str] = ()) -> str:
        """The signed text that carries this draft, without the answers that stand in the page themselves."""
        kept = {name: value for name, value in asdict(self).items() if value and name not in without}
        return tokens.sign(Purpose.DRAFT, kept)

    def with_posted(self, posted: MultiDict[str, str], asked: Collection[str]) -> Draft:
        """This draft with what was posted. A box that was `asked` for and is not there was left unticked."""
        given: dict[str, Any] = {
            name: posted[name] for name in ANSWERS if name in posted and name != "updates"
        }
        if "updates" in posted or "updates" in asked:
            given["updates"] = bool(posted.get("updates")) and posted["updates"].lower() not in {"false", "0"}
        return replace(self, **given)

    def form_data(self) -> MultiDict[str, str]:
        """The answers as a browser would post them."""
        texts = {name: value for name, value in asdict(self).items() if value and name != "updates"}
        return MultiDict(texts | ({"updates": "y"} if self.updates else {}))


ANSWERS = tuple(each.name for each in fields(Draft) if each.name != "mark")
