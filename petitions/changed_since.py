"""Tells the second of two people who change the same words that the first was there."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask_babel import gettext
from wtforms import StringField
from wtforms.widgets import HiddenInput

from petitions.errors import StateChanged
from petitions.forms import AtMost, StaffForm

#: Of what is not there yet, or says nothing yet.
NOTHING = "new"
MARK_LIMIT = 16


class WordsChanged(StateChanged):
    """Somebody else changed what stands there since this person read it."""


def mark_of(row: Any, names: tuple[str, ...]) -> str:
    """A short mark of what some columns of a row say now; it stands in the form and comes back with it."""
    if row is None or all(getattr(row, name) is None for name in names):
        return NOTHING
    said = "\x00".join(repr(getattr(row, name)) for name in names)
    return sha256(said.encode()).hexdigest()[:MARK_LIMIT]


def refuse_if_changed(row: Any, names: tuple[str, ...], seen: str | None) -> None:
    """Raises `WordsChanged` where a row does not say any more what somebody has `seen`; None: they saw no page."""
    if seen is not None and seen != mark_of(row, names):
        raise WordsChanged("somebody else was first")


class SeenForm(StaffForm):
    """A form that carries the mark of what its page showed."""

    seen = StringField(widget=HiddenInput(), validators=[AtMost(MARK_LIMIT)])
    #: The field at which it says that somebody else was first.
    said_at = ""

    def says_that_it_changed(self, mark: str, stands: str = "") -> None:
        """Somebody else was first: say so, and let what stands here replace it when it is sent again. `stands`: what the
        first one said, where it fits in the sentence."""
        self[self.said_at].errors = [self.sentence_of_change(stands)]
        self.seen.data = mark

    def sentence_of_change(self, stands: str) -> str:
        """What the second of two is told."""
        return str(
            gettext("Somebody else saved this meanwhile: see “What stands now”. Send again to replace it.")
        )
