"""Open petitions with few signatures, or very new."""

from __future__ import annotations

from petitions.demo.story import Corrected, Reported, Story

SMALL = (
    Story(
        key="swimming",
        action="Teach every child to swim before the age of eleven",
        background="We live between two seas and nine lakes, and one child in four cannot swim a length when they "
        "leave primary school. Twenty lessons, free, for all.",
        details="Lessons depend on whether a town still has a pool and on whether parents can pay. Where the pool "
        "is far, a bus and a fortnight of daily lessons work as well as a year of weekly ones.\n\nWe ask the "
        "Department to pay for twenty lessons for each child, and to publish each year how many can swim.",
        creator="Ngozi Balogun",
        state="open",
        started=51,
        in_review=47,
        published=40,
        department="education",
        topics=("education", "health", "culture"),
        count=1_264,
        last_hour=2,
        home="O",
        corrected=Corrected(
            9,
            before="We live between two seas and nine lakes, and one child in three cannot swim a length when they "
            "leave primary school. Twenty lessons, free, for all.",
            reason="The survey of the Department of Education says one child in four. The petitioner asked us to "
            "correct the number.",
        ),
    ),
    Story(
        key="bus-benches",
        action="A bench and some shade at every bus stop",
        background="Whoever waits longest for a bus is often least able to stand. A bench and a tree, or a roof, at "
        "each stop would let more people travel on their own.",
        details="In Lower Tarn we measured 44 degrees at the stop by the clinic. There is no seat within 300 "
        "metres. Of 96 stops in our district, 61 have neither bench nor shade.\n\nA bench costs 700 crowns. A "
        "tree costs less, and improves.",
        creator="Gül Aydın",
        state="open",
        started=36,
        in_review=32,
        published=26,
        department="transport",
        topics=("transport", "accessibility", "homes"),
        count=742,
        last_hour=1,
        home="T",
        reports=(
            Reported(
                "advert",
                6,
                "The second sentence names a firm that makes benches.",
                4,
                "no_action",
                "It names no firm. “Bench” is what the thing is called.",
            ),
            Reported("duplicate", 1, "I am sure that I signed this one last year."),
            Reported("no-action", 1),
        ),
    ),
    Story(
        key="plain-votes",
        action="Publish how each member voted in one plain table",
        background="Votes of the Assembly are printed as scanned pages in the order of the seating plan. Publish "
        "them as a table the same evening, so that anyone can see how their member voted.",
        details="The clerks already type every vote into a spreadsheet, then print and scan it for signature. "
        "Publishing that spreadsheet beside the signed copy costs nothing.\n\nName, district, vote: three "
        "columns are enough.",
        creator="Walter Ashdown",
        state="open",
        started=29,
        in_review=25,
        published=19,
        department="interior",
        topics=("democracy",),
        count=518,
    ),
    Story(
        key="birth-certificate",
        action="Lower the fee for replacing a lost birth certificate",
        background="A new copy costs 85 crowns and three weeks. Those who lost theirs in a flood, a fire or a hasty "
        "move are those who can least afford it.",
        details="",
        creator="Yūko Tanaka",
        state="open",
        started=27,
        in_review=20,
        published=14,
        department="interior",
        topics=("democracy", "money-and-work"),
        count=96,
    ),
    Story(
        key="dark-sky",
        action="Make the plateau above Larchfell a dark-sky reserve",
        background="From the Larchfell plateau you can still see the Milky Way. A few shielded lamps and one "
        "by-law would keep it so.",
        details="Eleven villages have agreed to change their street lamps if the Department pays for the shades. "
        "The observatory club counts 4,000 visitors a year already.",
        creator="Přemysl Novotný",
        state="open",
        started=13,
        in_review=9,
        published=1,
        department="environment",
        topics=("environment", "culture"),
        count=27,
        last_hour=3,
        home="H",
    ),
    Story(
        key="orchards",
        action="Plant an orchard in every new housing estate",
        background="A dozen fruit trees, planted on the day the first family moves in, give shade in five years and "
        "apples in seven. Make them part of the plan, like drains and lamps.",
        details="In Cask Hill the first estate orchard is now 30 years old. It has a picnic every September and "
        "has never needed a fence.",
        creator="Florence Barrow",
        state="open",
        started=10,
        in_review=7,
        published=0,
        department="housing",
        topics=("homes", "environment", "food-and-farming"),
        count=6,
        home="T",
    ),
)
