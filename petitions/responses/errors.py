"""What an action about answers refuses, besides what somebody else has changed."""

from __future__ import annotations

from petitions.errors import StateChanged


class DraftChanged(StateChanged):
    """Somebody else saved the answer while it was being written: both texts are to be seen before one is kept."""


class NotApproved(StateChanged):
    """A second person must approve exactly this draft before it is published."""


class OwnWords(StateChanged):
    """Nobody approves what they wrote last themselves."""


class NotComplete(StateChanged):
    """The answer lacks something that a published one must have."""


class NotPublic(StateChanged):
    """The petition was taken down: nothing about it is published."""
