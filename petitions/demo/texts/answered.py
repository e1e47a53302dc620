"""Open petitions that were answered: early, on time and late."""

from __future__ import annotations

from petitions.demo.story import RESPONSE, Answer, Correction, FollowUp, Promise, Story

ANSWERED = (
    Story(
        key="post-offices",
        action="Keep village post offices",
        background="Ninety-four village post offices are on a list to close. For many of us it is the bank, the "
        "shop and the only place where somebody notices that we did not come.",
        details="The list was made by counting stamps sold. It did not count pensions paid out, parcels fetched "
        "for neighbours, or the distance to the next counter.\n\nWe ask that no post office close where the next "
        "is more than eight kilometres away, and that the counting be done again with everything that a counter "
        "does.",
        creator="Edmund Marsh",
        state="open",
        started=110,
        in_review=105,
        published=98,
        department="trade",
        topics=("money-and-work", "homes"),
        count=21_556,
        last_hour=2,
        home="L",
        reached={RESPONSE: 53},
        answer=Answer(
            days_taken=17,
            outcome="partly_agreed",
            role="Minister for Trade",
            summary="61 of the 94 post offices will stay open until the count is done again. The other 33 become "
            "counters in a shop within three kilometres.",
            body="""You asked for two things: that no post office close where the next is more than eight kilometres
away, and that the counting be done again. We agree to the second, and to most of the first.

## What will happen

The list of 94 was made from sales alone. That was a mistake. The Post has been told to count again
**everything a counter does**: pensions paid, parcels kept, forms explained, and how far people travel. The new
count runs for three months and will be published office by office.

Until then **61 offices stay open**, all those where the next counter is more than five kilometres away. That is
a shorter distance than you asked for.

## What will not happen

In 33 villages a counter will move into a shop that is open longer than the post office was. In each the shop is
at most three kilometres away, and in 24 it is in the same street. We do not think that a separate building is
needed there.

We cannot promise that no office will ever close. Where one must, people will be told six months before, with
the figures, and may object.

## When

The count begins on the first of next month. We will report here when it is done.""",
            points=(
                (
                    "No office closes where the next is more than eight kilometres away",
                    "Until the new count is done none closes where the next counter is more than **five** "
                    "kilometres away. After that each case is decided with its figures.",
                    "partly_agreed",
                ),
                (
                    "Count again everything that a counter does",
                    "Yes. The Post counts pensions paid, parcels kept, forms explained and distances.",
                    "agreed",
                ),
            ),
            links=(("How the offices are counted", "https://trade.arvenia.example/post-offices/count"),),
            correction=Correction(
                day=30,
                before="in 24 it is in the same street",
                after="in 21 it is in the same street",
                reason="We had counted three villages twice.",
            ),
            opinions=(143, 91, 118),
            promises=(
                Promise("61 post offices stay open until the new count is published.", due=-60),
                Promise("People are told six months before an office closes.", due=-200),
            ),
        ),
    ),
    Story(
        key="deposits",
        action="Pay interest on the deposits that tenants leave with landlords",
        background="Tenants hand over two months’ rent and get back the same sum ten years later, worth a fifth "
        "less. Keep deposits in a public account that pays interest to those who own them.",
        details="There are about 640,000 tenancies in Arvenia with an average deposit of 1,700 crowns. That is "
        "over a thousand million, lent for nothing.\n\nA public account would also end the commonest quarrel: "
        "whether the deposit is still there at all.",
        creator="Samira al-Khatib",
        state="open",
        started=170,
        in_review=165,
        published=157,
        department="housing",
        topics=("homes", "money-and-work"),
        count=41_877,
        last_hour=1,
        shape="burst",
        home="A",
        reached={RESPONSE: 151},
        answer=Answer(
            opinions=(402, 301, 350),
            days_taken=30,
            outcome="not_agreed",
            role="Minister for Housing",
            summary="No public account for now: it would cost more to run than it would pay. But landlords must "
            "show each year that the deposit is still there.",
            body="""This answer is nine days late. The Treasury’s figures reached us after the date on which it was
due. We should have said so here at the time, and we are sorry that we did not.

## What you asked

You asked for a public account that keeps tenants’ deposits and pays them interest.

## Why we do not agree

We asked three banks and the Treasury what such an account would earn and cost. With 640,000 small deposits that
change hands every few years, running it costs about 31 crowns a year for each. At today’s rates an average
deposit would earn 26. Tenants would lose five crowns a year.

We also looked at letting landlords pay the interest. It would be lawful only for new tenancies, and we believe
that most would ask it back in the rent.

## What we will do instead

You are right that many tenants do not know whether their money is still there. From January every landlord must
send, once a year, **a statement from the bank** that the deposit is kept apart from their own money. Where none
comes within a month, the tenant may keep the next rent until it does.

We will work out the sum again when rates change, and publish it.""",
        ),
    ),
    Story(
        key="paper-tickets",
        action="Let people buy a train ticket from a person",
        background="When the last counter closes, those without a telephone that can pay will be fined for "
        "travelling honestly. Keep a person who sells tickets at every station with a ticket hall.",
        details="My father taught for forty years and cannot make the machine give him a ticket to the hospital. "
        "He is not stupid. The machine is.",
        creator="Ludmila Novotná",
        state="open",
        started=145,
        in_review=141,
        published=133,
        department="transport",
        topics=("transport", "accessibility"),
        count=18_244,
        last_hour=2,
        reached={RESPONSE: 80},
        escalated=(52,),
        follow_up=FollowUp(
            day=10,
            reason="The answer says that the railway withdrew its plan. It does not say whether the Government will "
            "require a person at the counter when the railway plans anew, which is what the petition asks.",
        ),
        answer=Answer(
            opinions=(76, 20, 51),
            days_taken=34,
            outcome="already_done",
            role="Minister for Transport",
            summary="No counter will close: the railway withdrew its plan in spring. Conductors also sell paper "
            "tickets on every train, without a surcharge.",
            body="""The plan that you are worried about no longer exists. The railway withdrew it in the spring, after
its own trial in Mühlbruck showed that queues at the machines became longer, not shorter.

Today a person sells tickets in **all 71 stations** that have a ticket hall, at least from seven to seven. On
every train the conductor sells paper tickets for coins, notes or card at the same price as the counter. The
fine for travelling without a ticket cannot be asked from anybody who tells the conductor before being asked.

Many people do not know this, and the posters said the opposite for two months. The railway has put up new
ones.

This answer came thirteen days after it was due, because we waited for the railway to put the promise in
writing. It now has, and the letter is published with this answer.""",
        ),
    ),
    Story(
        key="river-swim",
        action="Name ten bathing places on the Tarn and keep the water clean enough",
        background="Rivers become clean when people swim in them, because then somebody minds. Name ten places, test "
        "the water every week, and say what is being done when it fails.",
        details="There are 41 bathing places on our coast and none on a river. Thousands swim in the Tarn anyway.",
        creator="Camila Núñez",
        state="open",
        started=140,
        in_review=135,
        published=127,
        department="environment",
        topics=("environment", "health", "culture"),
        count=13_806,
        last_hour=3,
        home="T",
        reached={RESPONSE: 88},
        answer=Answer(
            opinions=(22, 18, 19),
            days_taken=16,
            outcome="partly_agreed",
            role="Minister for the Environment",
            summary="Six places on the Tarn become official bathing places next summer, tested weekly. For four "
            "more the water must first become cleaner.",
            body="""You asked for ten bathing places on the Tarn. We agree to **six from next summer**, and to four more
as soon as the water allows.

The six are Tarnford weir, the meadow below Mühlbruck, Vinegarth sands, Hopfield mill, and both banks at Lower
Tarn. Each will be tested every Tuesday from May to September. The result is posted at the water and published
on the same day.

At the other four places that you named, tests this year failed after every heavy rain. Upstream lie two old
sewers that overflow. Rebuilding them is planned and paid for, and will take until the spring after next. It
would be wrong to put up a sign that says “bathe here” before.

Where a test fails, the sign will say so, and say what is being done and by whom. That was your third request,
and we agree to it in full.""",
        ),
    ),
    Story(
        key="seed-library",
        action="Keep the national seed store and share what is in it",
        background="The seed store in Hay and Harrow holds 11,000 old kinds of grain, bean and apple. Its lease "
        "ends in spring. Keep it, and lend seeds to gardeners who will grow them on.",
        details="Old kinds are our insurance against new diseases. Seeds do not keep for ever: unless somebody "
        "grows them, the store becomes a museum of dust.",
        creator="Thomas Ashdown",
        state="open",
        started=128,
        in_review=124,
        published=116,
        department="farming",
        topics=("food-and-farming", "environment"),
        count=12_733,
        last_hour=1,
        home="L",
        reached={RESPONSE: 61},
        answer=Answer(
            days_taken=14,
            outcome="agreed",
            role="Minister for Farming",
            summary="Yes. The Department buys the building, and from March any gardener may borrow seeds and bring "
            "back a part of the harvest.",
            body="""**We agree to both requests.**

The Department has bought the building in Hay and Harrow, so no lease can end again. The cold room will be
renewed this winter.

From March any gardener, school or farm may borrow up to five kinds a year, on a promise to bring back as many
seeds as they took. The store’s three growers will write a page on each kind: how to sow it, how far from its
cousins, when to pick.

Rare kinds, of which there are fewer than 500 seeds, stay in the store until it has grown more of them itself.

The catalogue is open to all from the first of February.""",
        ),
    ),
)
