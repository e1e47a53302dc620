"""A petition that was refused, and published after its petitioner's appeal was upheld."""

from __future__ import annotations

from petitions.demo.story import Appealed, Refusal, Story

SECOND_LOOKS = (
    Story(
        key="harbour-lights",
        action="Keep the lights of the closed harbours burning",
        background="Seven small harbours were closed and their lights put out. Boats still pass them every night, "
        "and two have run aground since the spring.",
        details="The seven lights together cost less in a year than one rescue at sea.",
        creator="Dervla Quill",
        state="open",
        started=83,
        in_review=78,
        published=57,
        department="transport",
        topics=("transport",),
        count=614,
        last_hour=1,
        appeal=Appealed(
            made=70,
            reason="You wrote that harbours are a matter for the towns. The harbours are; the lights are not. Under "
            "the Lights Act they belong to the Department of Transport, closed harbour or not.",
            decided=62,
            upheld=True,
            explanation="The petitioner is right: section 3 of the Lights Act gives the lights to the Department. "
            "We had looked at the harbours only.",
            refusal=Refusal("irrelevant", 71, "The towns decide about their harbours."),
        ),
    ),
)
