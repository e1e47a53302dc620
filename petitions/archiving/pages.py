"""Which pages an archive has, under which names, and what leads to what: every link is relative."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

#: Petitions on one page of a list.
PER_PAGE = 200
#: The page of titles that begin with no letter from A to Z.
OTHERS = "other"
LETTERS = (*"abcdefghijklmnopqrstuvwxyz", OTHERS)
PETITIONS, LISTS = "petitions", "lists"
STATES = ("open", "closed", "rejected")


@dataclass(frozen=True)
class Line:
    """A petition in a list."""

    id: int
    action: str
    state: str
    signature_count: int


@dataclass(frozen=True)
class ListPage:
    """One page of a list: its file, its petitions, and the pages before and after."""

    file: str
    key: str
    number: int
    pages: int
    total: int
    lines: list[Line]
    previous: str | None
    next: str | None


@dataclass
class Lists:
    """The lists of an archive. A petition takes a few hundred bytes here."""

    lines: list[Line] = field(default_factory=list)

    def by_state(self) -> Iterable[ListPage]:
        """Each state's petitions, the most signed first."""
        for state in STATES:
            found = [line for line in self.lines if line.state == state]
            yield from _paged(state, sorted(found, key=lambda line: (-line.signature_count, line.id)))

    def by_letter(self) -> Iterable[ListPage]:
        """The petitions by the first letter of their titles."""
        for letter in LETTERS:
            found = [line for line in self.lines if letter_of(line.action) == letter]
            yield from _paged(letter, sorted(found, key=lambda line: (line.action.casefold(), line.id)))

    def number_in(self, state: str) -> int:
        """How many there are in a state."""
        return sum(line.state == state for line in self.lines)


def letter_of(title: str) -> str:
    """The page that a title stands on: its first letter without accents, else `OTHERS`."""
    for character in unicodedata.normalize("NFKD", title.casefold()):
        if character.isalnum():
            return character if character in LETTERS else OTHERS
    return OTHERS


def file_of(key: str, number: int) -> str:
    """The file of one page of a list."""
    return f"{LISTS}/{key}.html" if number == 1 else f"{LISTS}/{key}-{number}.html"


def petition_file(number: int) -> str:
    """The file of a petition's page. A folder holds a thousand."""
    return f"{PETITIONS}/{number // 1000}/{number}.html"


def up(file: str) -> str:
    """From a file to the top of the archive: `../../`."""
    return "../" * file.count("/")


def _paged(key: str, lines: list[Line]) -> Iterable[ListPage]:
    pages = max(1, -(-len(lines) // PER_PAGE))
    for number in range(1, pages + 1):
        yield ListPage(
            file=file_of(key, number),
            key=key,
            number=number,
            pages=pages,
            total=len(lines),
            lines=lines[(number - 1) * PER_PAGE : number * PER_PAGE],
            previous=file_of(key, number - 1) if number > 1 else None,
            next=file_of(key, number + 1) if number < pages else None,
        )
