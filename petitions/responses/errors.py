"""What an action about answers refuses, besides what somebody else has changed."""

from __future__ import annotations

from petitions.errors import StateChanged


class DraftChanged(StateChanged):
    """Somebody else saved the answer while it was being written: both texts are to be seen before one is kept."""


class WordsChanged(StateChanged):
    """Somebody else changed what stands there since this person read it."""
