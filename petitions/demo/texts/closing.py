"""Petitions whose time is over and that did not reach an answer."""

from __future__ import annotations

from petitions.demo.story import Story

CLOSED = (
    Story(
        key="four-day-week",
        action="Try a four-day week in public offices",
        background="Offices that tried it elsewhere served as many people with fewer sick days. Let ten public "
        "offices try it for a year, and publish what happened.",
        details="We ask for a trial, not a promise: ten offices of different kinds, the same opening hours for the "
        "public, the same pay, and a university to count queues, costs and illness before and after.",
        creator="Freja Håkansson",
        state="closed",
        started=262,
        in_review=257,
        published=249,
        department="interior",
        topics=("money-and-work", "democracy"),
        count=9_112,
        shape="burst",
    ),
    Story(
        key="honey-label",
        action="Say on the jar where honey comes from",
        background="“A blend of honeys” tells nobody anything. Print each country of origin with its share, largest "
        "first, as is done for olive oil.",
        details="Our beekeepers compete with syrup sold as honey. Buyers would choose well if the label let them. "
        "Six neighbouring countries already print the shares, and prices there did not rise.",
        creator="Bogdan Zając",
        state="closed",
        started=241,
        in_review=236,
        published=228,
        department="farming",
        topics=("food-and-farming",),
        count=7_245,
        shape="waves",
        home="H",
    ),
    Story(
        key="lighthouse",
        action="Keep a keeper at the Lantern Cape lighthouse",
        background="The last staffed light on our coast is to be run by a sensor. The keeper also watches the "
        "bathing beach, logs the weather and has called the lifeboat 31 times.",
        details="Nobody doubts that the lamp can light itself. It cannot see a child on a lilo. We ask that the "
        "post be kept until the beach has a lifeguard from May to September.",
        creator="Morwenna Trant",
        state="closed",
        started=226,
        in_review=222,
        published=215,
        department="transport",
        topics=("transport", "culture"),
        count=3_010,
        home="O",
    ),
    Story(
        key="repair-cafes",
        action="Drop the sales tax on repairs of bicycles, clothes and shoes",
        background="Mending a zip costs more than a new jacket. Without sales tax on small repairs more of us would "
        "mend, and the cobbler on the corner could stay.",
        details="",
        creator="Clara Whitlock",
        state="closed",
        started=218,
        in_review=212,
        published=204,
        department="trade",
        topics=("money-and-work", "environment"),
        count=412,
    ),
)
