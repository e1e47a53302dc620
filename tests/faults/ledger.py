"""What people were told, written down by themselves: the one side of the comparison with the database."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

ACKNOWLEDGED = "acknowledged"
REFUSED = "refused"
UNKNOWN = "unknown"

#: What an acknowledged step makes of a signature.
MAKES = {
    "sign": "pending",
    "confirm": "validated",
    "refuse": "refused",
    "withdraw": "withdrawn",
    "erase": "erased",
}


@dataclass
class Wish:
    """One signature as its signer knows it: every state that it may have, by what was acknowledged and what is unknown."""

    may_be: set[str] = field(default_factory=lambda: {"absent"})
    signature_id: int | None = None

    def note(self, step: str, outcome: str) -> None:
        """Take in the outcome of a step."""
        if outcome == REFUSED or (step == "sign" and "absent" not in self.may_be):
            return
        if outcome == ACKNOWLEDGED:
            self.may_be = {MAKES[step]}
        else:
            self.may_be |= {MAKES[step]}


@dataclass
class Person:
    """Somebody who signs one petition, by a plan of steps, with a mailbox, a domain and an address of their own."""

    number: int
    petition_id: int
    name: str
    email: str
    ip: str
    plan: list[str]
    leaves_at_trouble: bool
    """Closes the browser at the first answer that does not come, and never tries again."""
    wishes: list[Wish] = field(default_factory=list)
    forms_sent: int = 0
    old_links: int = 0
    """Confirm links that belong to earlier wishes."""
    not_before: float = 0.0

    @property
    def wish(self) -> Wish:
        """The signature at hand."""
        return self.wishes[-1]


class Ledger:
    """Everybody and every answer, kept in a file as well."""

    def __init__(self, file: Path) -> None:
        self.people: list[Person] = []
        self.outcomes: dict[str, int] = {ACKNOWLEDGED: 0, REFUSED: 0, UNKNOWN: 0}
        self.planned_503 = 0
        self.wrong: list[str] = []
        """Answers that nobody may get, whatever breaks."""
        self._file: TextIO = file.open("w")
        self._lock = threading.Lock()

    def add(self, person: Person) -> None:
        """Somebody comes."""
        with self._lock:
            self.people.append(person)

    def note(self, person: Person, step: str, outcome: str, status: int | str) -> None:
        """Write one answer down."""
        with self._lock:
            self.outcomes[outcome] += 1
            if status == 503:
                self.planned_503 += 1
            elif isinstance(status, int) and status >= 500:
                self.wrong.append(f"{step} of person {person.number} was answered with {status}")
            line = [round(time.time(), 3), person.number, person.petition_id, step, outcome, status]
            self._file.write(json.dumps(line) + "\n")

    def close(self) -> None:
        """Write the file out."""
        self._file.close()
