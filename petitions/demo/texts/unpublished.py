"""Petitions that are not public: being written, looking for supporters, being checked, taken back, run out of time."""

from __future__ import annotations

from petitions.demo.story import LookedInto, Story

UNPUBLISHED = (
    Story(
        key="p-music",
        action="Lend an instrument to every child who wants to learn one",
        background="Attics are full of violins and schools have waiting lists. A national loan store would bring "
        "them together.",
        details="Libraries lend books without asking who can afford them. Why not cellos?",
        creator="Lucía Ibáñez",
        state="pending",
        started=0,
        supporters=0,
    ),
    Story(
        key="g-bees",
        action="Let the verges of national roads grow until July",
        background="Mowing in May cuts the flowers just when the bees need them. Mow after the seed has set, and "
        "only where drivers need to see.",
        details="It saves two rounds of mowing a year.",
        creator="Björn Ek",
        state="gathering",
        started=4,
        supporters=3,
    ),
    Story(
        key="g-clinics",
        action="Send a dentist’s van to schools without a dentist nearby",
        background="In six districts the nearest dentist who takes new patients is more than an hour away.",
        details="",
        creator="Adaeze Okonkwo",
        state="gathering",
        started=22,
        supporters=1,
    ),
    Story(
        key="v-playgrounds",
        action="Build one playground in each district that every child can use",
        background="My daughter watches other children on the swings from her wheelchair. A swing she can use "
        "exists and costs a third more than the one she cannot.",
        details="One good playground in each of the 63 districts would be a start. Ask the children what to build.",
        creator="Thảo Phạm",
        state="review",
        started=5,
        in_review=1,
    ),
    Story(
        key="v-allotments",
        action="Turn unused army land near towns into allotments",
        background="Eleven barracks have closed and their fields are fenced and empty, while the waiting list for an "
        "allotment in Arvenna is nine years long.",
        details="The soil would need testing first. Where it is clean, a lease of ten years would do.",
        creator="Grzegorz Głowacz",
        state="review",
        started=12,
        in_review=9,
        looked_into=LookedInto(
            day=4,
            note="The ministry of defence says that three of the eleven fields are sold already. It asks for a change "
            "in the law, so it is still for us.",
            tags=("land", "defence"),
        ),
    ),
    Story(
        key="v-pharmacy",
        action="Keep one chemist open at night in each region",
        background="After ten in the evening the only chemist open is in the capital. A fever does not wait for the "
        "first train.",
        details="Take turns, as chemists already do on Sundays, and print the list on every chemist’s door.",
        creator="Harriet Holloway",
        state="review",
        started=17,
        in_review=13,
        looked_into=LookedInto(day=0, in_hand=True),
    ),
    Story(
        key="v-crossings",
        action="Give people more time to cross the road at traffic lights",
        background="The green man in our towns is timed for a brisk walk of 1.2 metres a second. People with "
        "sticks, prams or small children reach the middle and stop.",
        details="Set the lights for 0.8 metres a second near schools, clinics and homes for the elderly.",
        creator="Νίκος Ιωάννου",
        state="review",
        started=27,
        in_review=23,
        looked_into=LookedInto(
            day=16,
            tags=("roads",),
            question="Do you ask for slower lights at every crossing, or near schools, clinics and homes only? Your "
            "title says the one, your details the other.",
        ),
    ),
    Story(
        key="w-early",
        action="Print bus timetables in larger letters",
        background="I started this before I knew that the bus company had agreed. Thank you to the three who signed.",
        details="",
        creator="Oscar Marsh",
        state="withdrawn",
        started=40,
        ended=35,
        supporters=3,
    ),
    Story(
        key="w-open",
        action="Save the 14:10 from Hopfield",
        background="The only afternoon train that meets the school bus is to be cut in the spring timetable.",
        details="Sixty pupils take it. The next one leaves two hours later.",
        creator="Małgorzata Wąsik",
        state="withdrawn",
        started=65,
        in_review=61,
        published=54,
        ended=20,
        department="transport",
        topics=("transport", "education"),
        count=1_038,
        home="T",
    ),
    Story(
        key="l-gathering",
        action="Put a clock on every town hall",
        background="Phones run out. A clock on the town hall has never needed charging.",
        details="",
        creator="Gustav Sjöberg",
        state="lapsed",
        started=58,
        ended=28,
        supporters=2,
    ),
)
