"""Open petitions that are on their way to an answer."""

from __future__ import annotations

from petitions.demo.story import Story

RUNNING = (
    Story(
        key="river-quality",
        action="Publish water quality for every river each day",
        background="Swimmers, anglers and parents look at the water and guess. The measurements exist, but they "
        "are published once a year, when it is too late to matter.",
        details="There are 308 measuring stations on our rivers, and nearly all report every hour. We ask the "
        "Department to put the readings on one public page each morning, with a plain word beside each: safe, "
        "take care, stay out.\n\nAfter rain, show when an overflow has opened upstream, and say so within the "
        "hour. Publish the numbers as open data too, so that clubs and schools can use them.",
        creator="Joaquín Peña",
        state="open",
        started=44,
        in_review=40,
        published=33,
        department="environment",
        topics=("environment", "health"),
        count=9_731,
        last_hour=218,
        shape="late",
        suspects=24,
        home="T",
    ),
    Story(
        key="shop-recycling",
        action="Let small shops share one recycling contract",
        background="Each shop must sign its own waste contract, so six lorries visit the same short street. Let "
        "neighbouring shops share one contract, one set of bins and one collection.",
        details="The rule was written for factories. A bakery and a bookshop that share a yard need two contracts, "
        "two audits and two sets of bins, though together they fill one.\n\nA trial in Fenwick-by-Orle cut lorry "
        "visits from 31 a week to 7 and saved each shop about 900 crowns a year. We ask the Department to let "
        "any group of up to twenty shops sign together.",
        creator="Elif Demir",
        state="open",
        started=39,
        in_review=33,
        published=24,
        department="trade",
        topics=("money-and-work", "environment"),
        count=4_120,
        last_hour=102,
        shape="late",
        home="L",
    ),
    Story(
        key="hedgerows",
        action="Protect the hedgerows along the old railway line",
        background="Forty kilometres of hedge along the closed Tarn line shelter dormice, barn owls and the only "
        "shade on the walking path. The land is to be sold in strips, and nothing protects it.",
        details="The line closed in 1967 and the hedges have grown ever since. Volunteers have counted 61 kinds of "
        "bird and 14 of bat.\n\nWe do not ask to stop the sale. We ask that whoever buys a strip must keep the "
        "hedge, as is already the rule for the canal, and that cutting is only allowed in winter.",
        creator="Edith Loxley",
        state="open",
        started=30,
        in_review=26,
        published=17,
        department="environment",
        topics=("environment",),
        count=1_877,
        last_hour=64,
        shape="late",
        home="T",
    ),
    Story(
        key="sign-language",
        action="Teach sign language in every primary school",
        background="One lesson a week for one year would give every child enough to greet, help and befriend a "
        "Deaf classmate. Today most Deaf children are the only person in school who signs.",
        details="Children learn signs quickly and gladly. Four schools in Arvenna have taught it for three years, "
        "and pupils there play together who did not before.\n\nWe ask the Department to fund the training of one "
        "teacher in each school, to write the course together with Deaf teachers, and to start with the schools "
        "that ask for it.",
        creator="Imogen Thorpe",
        state="open",
        started=131,
        in_review=126,
        published=119,
        department="education",
        topics=("education", "accessibility"),
        count=8_412,
        last_hour=7,
        home="A",
    ),
    Story(
        key="swift-bricks",
        action="Put a swift brick in every new house",
        background="Swifts fly here from Africa to nest in the holes of old walls. New walls have none. A hollow "
        "brick costs less than a doorbell and lasts as long as the house.",
        details="The number of swifts over our towns has fallen by two thirds since 1995. Builders who fit hollow "
        "bricks find them used within three summers, by swifts and sparrows alike.\n\nWe ask that the building "
        "code require one hollow brick per dwelling above five metres, on the shaded side.",
        creator="George Pemberton",
        state="open",
        started=103,
        in_review=99,
        published=92,
        department="housing",
        topics=("homes", "environment"),
        count=6_870,
        last_hour=4,
        shape="waves",
    ),
    Story(
        key="sleeper-train",
        action="Bring back the sleeper train to the coast",
        background="The night train from Drevny Pass to Bayhallow stopped in 2011. The tracks, the platforms and "
        "the passengers are still there. Give it two carriages, three nights a week, for two years.",
        details="From the mountains to the sea takes a day of changes, or a flight with an empty seat beside "
        "every second passenger. The old train carried 71,000 people in its last year, though it had no "
        "heating in two of its five carriages.\n\nA two-year trial would show whether people come back.",
        creator="Ondřej Hájek",
        state="open",
        started=150,
        in_review=146,
        published=138,
        department="transport",
        topics=("transport", "environment"),
        count=5_733,
        last_hour=2,
        home="H",
    ),
    Story(
        key="cash",
        action="Shops that sell food and medicine must take cash",
        background="My neighbour is 84 and was turned away from the chemist with the money in her hand. Food and "
        "medicine are not luxuries: whoever sells them should take coins and notes.",
        details="One person in nine still pays mainly in cash. Many are old, some have left a violent home, some "
        "simply budget better with an envelope.\n\nWe do not ask that every shop keep a till. We ask it of "
        "grocers and chemists, for sums up to 100 crowns, and that banks must take small shops’ coins without "
        "a fee.",
        creator="Stavros Pappás",
        state="open",
        started=66,
        in_review=62,
        published=55,
        department="trade",
        topics=("money-and-work", "accessibility"),
        count=3_388,
        last_hour=5,
    ),
    Story(
        key="farm-repair",
        action="Give farmers the right to repair their own tractors",
        background="A tractor with a locked computer waits nine days in harvest for a technician with a laptop. "
        "Makers must sell the tools, parts and codes that their own workshops use.",
        details="Rain does not wait for a service appointment. Last August a quarter of the combines in Hay and "
        "Harrow stood still for at least one day with a fault that the farmer could have cleared.\n\nWe ask for "
        "a duty to sell parts and diagnostic tools at a fair price for fifteen years after the last machine of a "
        "model was sold.",
        creator="Arthur Greenhalgh",
        state="open",
        started=71,
        in_review=67,
        published=60,
        department="farming",
        topics=("food-and-farming", "money-and-work"),
        count=2_905,
        last_hour=1,
        home="L",
    ),
)
