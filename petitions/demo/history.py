"""The demo's permanent history: lines are collected while petitions are told, and written in the order of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from petitions import audit
from petitions.models import Petition, Staff


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be written."""

    at: datetime
    action: str
    petition: Petition
    by: Staff | None
    actor: str
    details: dict[str, Any]


@dataclass(slots=True)
class History:
    """What happened, in any order, until `write` puts it in the order of time."""

    lines: list[Line] = field(default_factory=list)

    def add(
        self,
        at: datetime,
        action: str,
        petition: Petition,
        *,
        by: Staff | None = None,
        actor: str = audit.SYSTEM,
        **details: Any,
    ) -> None:
        """Remember that something happened."""
        self.lines.append(Line(at, action, petition, by, actor, details))

    def write(self) -> None:
        """Record every line, oldest first."""
        for line in sorted(self.lines, key=lambda line: line.at):
            audit.record(
                line.action, petition=line.petition, by=line.by, actor=line.actor, at=line.at, **line.details
            )
