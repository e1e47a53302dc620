"""Petitions that reached the debate threshold: debated, to be debated, waiting for a day, and refused a debate."""

from __future__ import annotations

from petitions.demo.story import DEBATE, RESPONSE, Answer, Business, Debate, Promise, Story

DEBATED = (
    Story(
        key="night-ambulance",
        action="Keep a night ambulance at every country hospital",
        background="Five country hospitals are to lose their ambulance between ten and six. From there the next one "
        "is 50 minutes away. A stroke does not look at the clock.",
        details="The plan counts journeys at night and finds few. It does not count what each one was for.\n\nWe "
        "ask that no place in Arvenia be more than 25 minutes from an ambulance at any hour, that the five "
        "stations stay until that is so, and that the times of arrival be published for each district, each "
        "month.",
        creator="Ciara Gallagher",
        state="open",
        started=178,
        in_review=175,
        published=168,
        department="health",
        topics=("health",),
        count=128_940,
        last_hour=4,
        shape="burst",
        home="H",
        reached={RESPONSE: 165, DEBATE: 140},
        answer=Answer(
            days_taken=15,
            outcome="partly_agreed",
            role="Minister for Health",
            summary="All five night ambulances stay for two years. We do not yet promise 25 minutes everywhere: "
            "eleven valleys are further than that by road.",
            body="""You asked for three things.

**That the five stations stay.** We agree. All five night ambulances stay for at least two years. The plan to
close them is withdrawn.

**That nobody be more than 25 minutes away.** We share the aim and cannot promise it yet. Eleven valleys are
further than that by road from any place where a crew could live. For these we are trying two things: trained
neighbours with a bag and a radio, as in Kolvary, and a second night helicopter.

**That times be published.** We agree. From next month the time from call to arrival is published for each
district: the middle value and the slowest tenth. The first table shows what many of you told us: at night,
help takes twice as long in Drevny Pass as in the capital.

We will report to the Assembly before the two years are over, with the times, so that it can decide on facts.""",
        ),
        debate=Debate(
            day=98,
            considered=131,
            scheduled=126,
            picture="The chamber from above during the debate. Nearly every seat on six curved benches is taken.",
            business=(
                Business(
                    day=118,
                    subject="The Petitions Committee wrote to the Minister for Health",
                    body="It asks for the times of arrival by district **before** the debate, and whether the second "
                    "helicopter is in this year’s budget.",
                    url="https://assembly.example.org/letters/night-ambulance-1",
                ),
                Business(
                    day=111,
                    subject="The Minister answered the Committee",
                    body="The times of the last twelve months are attached. The helicopter is in the budget from October on.",
                    url="https://assembly.example.org/letters/night-ambulance-2",
                ),
            ),
            held=True,
            overview="Members of all parties spoke for the five stations; twenty-three told of a night in their own "
            "district. The Minister repeated that they stay for two years and promised the second helicopter by "
            "October. The Assembly asked for a report every six months.",
            transcript_url="https://assembly.example.org/record/night-ambulance",
            video_url="https://assembly.example.org/video/night-ambulance",
            research_url="https://assembly.example.org/research/night-ambulance.pdf",
        ),
    ),
    Story(
        key="bottle-deposit",
        action="A deposit on every bottle and can",
        background="A bottle with a deposit comes back, a bottle without one lies on the beach. Ask 20 cents on every "
        "drink sold in glass, metal or plastic, and give it back at any shop.",
        details="On 2 May 6,200 volunteers cleaned 140 kilometres of coast. Of 31 tonnes, 19 were drinks "
        "containers.\n\nIn countries with a deposit nine of ten come back. Small shops should be allowed to share "
        "one machine in the street, and to be paid for the work.",
        creator="Søren Østergaard",
        state="open",
        started=160,
        in_review=156,
        published=149,
        department="environment",
        topics=("environment", "money-and-work"),
        count=104_311,
        last_hour=11,
        shape="late",
        home="S",
        reached={RESPONSE: 101, DEBATE: 27},
        answer=Answer(
            days_taken=21,
            outcome="partly_agreed",
            role="Minister for the Environment",
            summary="We agree to a deposit on cans and plastic bottles in two years. Glass stays in the bottle banks, "
            "which already bring back 84 percent.",
            body="""We agree that a deposit works, and will bring a law to the Assembly this year: **20 cents on every
can and plastic bottle**, from the spring after next.

Glass is different. Bottle banks already bring back 84 percent of it, and machines that take glass are too large
for most shops. We would rather spend the money on 900 more bottle banks, above all along the coast.

You asked that small shops may share a machine. We agree. Shops under 200 square metres need not take anything
back if there is a machine within 300 metres, and whoever runs one is paid four cents for each container.

Until the law is in force, the Department pays for gloves, sacks and collection of every clean-up that is
announced a week ahead.""",
        ),
        debate=Debate(
            day=-19,
            considered=16,
            scheduled=12,
            business=(
                Business(
                    day=9,
                    subject="The Committee heard shopkeepers and a maker of bottles",
                    body="Five small shops said what a machine costs them. The session can be seen and read in full.",
                    url="https://assembly.example.org/committees/petitions/bottles",
                ),
            ),
        ),
    ),
    Story(
        key="counsellors",
        action="A counsellor in every secondary school",
        background="Waiting lists for young people in trouble are seven months long. A counsellor down the corridor "
        "can be seen this afternoon.",
        details="Four in five who see a school counsellor need no other help. Those who do are found earlier.\n\nWe "
        "ask for one trained counsellor for each 600 pupils, bound to silence, whom anybody may see without a "
        "note from home.",
        creator="Valentina Castañeda",
        state="open",
        started=124,
        in_review=120,
        published=112,
        department="education",
        topics=("education", "health"),
        count=101_250,
        last_hour=22,
        shape="waves",
        reached={RESPONSE: 97, DEBATE: 6},
        answer=Answer(
            days_taken=19,
            outcome="partly_agreed",
            role="Minister for Education",
            summary="We begin with the 120 schools that are furthest from a clinic. Training enough counsellors for "
            "all 310 takes four years.",
            body="""You are right that help which is near is help in time. We agree with the aim and cannot reach it at
once, because the people do not exist yet: 520 counsellors are needed, and 160 are trained each year for all
purposes together.

So we begin with **the 120 schools that are furthest from a clinic**. Each has a counsellor by next September.
Training places double in the autumn, and on that footing every secondary school has one in four years.

You asked that pupils may come without a note from home, and that what is said stays there. Both will be
written into the school law, with the one exception that the law makes for everybody: when somebody’s life is in
danger.

Each year we will publish how many schools have a counsellor, and how long pupils wait.""",
        ),
    ),
    Story(
        key="midsummer",
        action="Make Midsummer’s Day a public holiday",
        background="Everybody in Arvenia dances on Midsummer’s Eve and everybody works on Midsummer’s Day. Give us the "
        "morning after.",
        details="We have nine public holidays, two fewer than our neighbours, and none between May and October.",
        creator="Freja Lindqvist",
        state="closed",
        started=260,
        in_review=255,
        published=246,
        department="interior",
        topics=("culture", "money-and-work"),
        count=112_006,
        shape="burst",
        reached={RESPONSE: 240, DEBATE: 214},
        answer=Answer(
            days_taken=18,
            outcome="not_agreed",
            role="Minister of the Interior",
            summary="No new holiday for now. The unions and the employers bargain over days off this winter, and we "
            "do not want to decide over their heads.",
            body="""We know what the morning after feels like, and we still say no for now.

A public holiday costs and gives different things to different people. Offices close, but nurses, bus drivers and
cooks work, and are paid more for it. A day for everyone is worth about 190 million crowns, and somebody has to
pay it.

This winter the unions and the employers bargain over days off for the first time in eight years. Both told us
that they would rather decide this together than have it decided for them. We agree with them.

If they settle on Midsummer’s Day, we will bring the law to the Assembly in time for next summer. If they do not
settle on anything, we will look at it again.""",
            opinions=(58, 12, 40),
            promises=(
                Promise(
                    "We write to the unions and the employers and publish what they answer.",
                    due=150,
                    kept="partly",
                    note="Both were written to. The employers have not answered yet.",
                ),
                Promise("If they settle on nothing, we look at it again.", due=-120),
            ),
        ),
        debate=Debate(
            day=190,
            considered=190,
            refused=True,
            reason="The Petitions Committee decided not to hold a debate, because the Assembly debated a bill on "
            "public holidays five weeks earlier, with this petition before it.",
        ),
    ),
)
