"""The demo's petitions, in modules by where they stand; `STORIES` is all of them, in the order they were started."""

from __future__ import annotations

from petitions.demo.story import Story
from petitions.demo.texts.answered import ANSWERED
from petitions.demo.texts.answered_and_closed import ANSWERED_AND_CLOSED
from petitions.demo.texts.closing import CLOSED
from petitions.demo.texts.debated import DEBATED
from petitions.demo.texts.owed import OWED
from petitions.demo.texts.refused import REFUSED
from petitions.demo.texts.running import RUNNING
from petitions.demo.texts.second_looks import SECOND_LOOKS
from petitions.demo.texts.small import SMALL
from petitions.demo.texts.unpublished import UNPUBLISHED

STORIES: tuple[Story, ...] = tuple(
    sorted(
        (
            *OWED,
            *ANSWERED,
            *ANSWERED_AND_CLOSED,
            *DEBATED,
            *RUNNING,
            *SMALL,
            *CLOSED,
            *REFUSED,
            *SECOND_LOOKS,
            *UNPUBLISHED,
        ),
        key=lambda story: -story.started,
    )
)
