"""Petitions that were answered and whose time is over."""

from __future__ import annotations

from petitions.demo.story import RESPONSE, Answer, Story

ANSWERED_AND_CLOSED = (
    Story(
        key="first-aid",
        action="Teach first aid to every pupil before they leave school",
        background="Four minutes decide whether a stopped heart starts again. Six hours of lessons would give every "
        "family somebody who knows what to do.",
        details="Of those whose heart stops in the street, one in twelve lives. Where bystanders press the chest "
        "at once, it is one in four.\n\nSix hours are enough, spread over two years. Ambulance crews have offered "
        "to teach them. We ask the Department to make room in the timetable.",
        creator="Yetunde Owusu",
        state="closed",
        started=255,
        in_review=250,
        published=243,
        department="education",
        topics=("education", "health"),
        count=15_210,
        shape="waves",
        reached={RESPONSE: 170},
        answer=Answer(
            days_taken=20,
            outcome="agreed",
            role="Minister for Education",
            summary="Yes. From next autumn every pupil gets six hours of first aid, three at thirteen and three at "
            "fifteen, taught with the ambulance service.",
            body="""You asked for six hours of first aid for every pupil. **We agree.**

From next autumn every school will teach three hours at the age of thirteen and three at fifteen. Pupils will
learn to call for help, to press the chest, to use a public defibrillator, to stop a bleeding and to stay with
somebody who is frightened.

The ambulance service will teach the first year together with each school’s own teachers, so that afterwards
the school can go on by itself. The Department pays for the practice dummies: 1,900 of them, shared between
neighbouring schools.

The hours come from the project days that each school already has. No subject loses time.

We will publish each year how many pupils were taught, school by school. The first figures come in July of next
year.""",
        ),
    ),
    Story(
        key="hearing-loops",
        action="Put a hearing loop at every hospital reception",
        background="Whoever wears a hearing aid knows the sentence “I will write it down for you”. A loop at the desk "
        "costs 300 crowns and lets us hear our own name called.",
        details="Of 58 hospital receptions only 19 have a loop that works. Where there is one, there is often no "
        "sign to say so, and nobody who knows how to switch it on.",
        creator="Florence Whitlock",
        state="closed",
        started=233,
        in_review=228,
        published=220,
        department="health",
        topics=("health", "accessibility"),
        count=11_930,
        reached={RESPONSE: 96},
        answer=Answer(
            days_taken=9,
            outcome="agreed",
            role="Director of Hospitals",
            summary="Yes. All 58 hospital receptions will have a working loop and a sign by the end of June, and "
            "each is tested every Monday.",
            body="""You asked for a hearing loop at every hospital reception. **We agree**, and thank those of you who
went from hospital to hospital to find out what works.

We checked your figures. They were right: 19 of 58 receptions have a loop that works; in 14 more there is one
that does not.

- The 14 will be repaired within a month.
- The other 25 get one by the end of June.
- Each gets a sign at the door and one at the desk.
- Each is tested on Monday mornings by whoever opens the desk, with a small receiver that lights up.

The list of all 58, with the date of the last test, is on the Department’s page and will stay there.

Two of you asked about wards and consulting rooms. That is a larger piece of work. We will say by October what
it would take.""",
        ),
    ),
    Story(
        key="dog-parks",
        action="Fence a dog meadow in every town",
        background="A fenced meadow lets dogs run and lets children, joggers and lambs be. Every town has a corner "
        "for it.",
        details="Tarnford fenced one for 4,000 crowns. Complaints about loose dogs fell by half in a year.",
        creator="Oisín Breathnach",
        state="closed",
        started=250,
        in_review=246,
        published=238,
        department="housing",
        topics=("homes",),
        count=10_412,
        shape="burst",
        home="T",
        reached={RESPONSE: 190},
        answer=Answer(
            days_taken=12,
            outcome="not_for_us",
            role="Director of Communities",
            summary="Parks belong to the towns, and the Government cannot tell them what to fence. We have sent "
            "your petition to all 63 councils.",
            body="""Parks and meadows belong to the towns. The Government may neither order a fence nor forbid one, and
we think that this is right: the people of a town know best which corner to give.

What we could do, we did. We sent your petition and the figures from Tarnford to **all 63 councils**, and asked
each to reply to you. By today 22 have. Nine plan a meadow, six have one already, seven said no and gave their
reasons. The replies are public in the councils’ minutes.

If your own council has not replied, ask it: any resident may put a question at its open evening.""",
        ),
    ),
    Story(
        key="museum-free",
        action="Make museums free on the first Sunday of the month",
        background="A family of four pays 52 crowns to see paintings that it owns. One free Sunday a month would let "
        "everybody in.",
        details="",
        creator="Nikos Pappás",
        state="closed",
        started=247,
        in_review=242,
        published=234,
        department="culture",
        topics=("culture",),
        count=16_095,
        shape="late",
        home="A",
        reached={RESPONSE: 112},
        answer=Answer(
            days_taken=21,
            outcome="agreed",
            role="Minister for Culture",
            summary="Yes. All 26 national museums are free on the first Sunday of each month from May, and free "
            "every day for those under eighteen.",
            body="""**Yes.** From May the 26 national museums are free on the first Sunday of every month.

While we worked out what it costs, we found that almost all the money comes from adults who travel from abroad.
Tickets for children bring in less than it costs to sell them. So we go one step further than you asked: from
May, entry is **free every day for anybody under eighteen**.

To keep the free Sundays pleasant, some museums will give out times at the door. Nobody needs to book before.

We will count visitors and ask them where they come from, and publish both after a year. If the same people
simply come on another day, we will think again together with you.""",
        ),
    ),
)
