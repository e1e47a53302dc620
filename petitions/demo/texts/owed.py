"""Petitions to which an answer is owed now: rising, due soon, overdue, paused, extended."""

from __future__ import annotations

from petitions.demo.story import RESPONSE, Extension, HoldingReply, Pause, Story, Transfer

OWED = (
    Story(
        key="night-bus",
        action="Guarantee a night bus to every town over 10,000 people",
        background="People who work late, study, or care for others cannot get home. A timetable that stops at "
        "eight decides who can take a job and who can see a doctor.",
        details="We ask the Assembly to require at least four departures between 21:00 and 01:00 on every day of "
        "the year, and to pay for them from the road fund. Nineteen towns have none today.\n\nIn the eleven towns "
        "that took part in last year’s trial, two thirds of riders had no other way to travel. Bakers, nurses, "
        "cleaners and apprentices told the trial that they had turned down shifts for want of a bus.\n\nA night "
        "bus costs about as much a year as resurfacing one kilometre of trunk road.",
        creator="Ines Okafor",
        state="open",
        started=21,
        in_review=18,
        published=12,
        department="transport",
        topics=("transport", "money-and-work"),
        count=38_412,
        last_hour=412,
        shape="burst",
        home="L",
        reached={RESPONSE: 5},
    ),
    Story(
        key="night-flights",
        action="Ban night flights over the capital",
        background="Between midnight and six, aircraft wake a quarter of a million people in Arvenna. Sleep lost "
        "to noise is a health matter, not a price that those under the flight path should pay for the rest.",
        details="The harbour airfield was built when the east of the city was fields. Last summer it logged 1,140 "
        "movements between 00:00 and 06:00. Most were freight that could land at Veldmoor, which has no homes "
        "within four kilometres.\n\nWe ask for a closed runway from midnight to six, with ambulance and rescue "
        "flights exempt, and for the noise readings of all eleven stations to be published the next morning.",
        creator="Mei Fairweather",
        state="open",
        started=96,
        in_review=92,
        published=84,
        department="transport",
        topics=("transport", "health", "environment"),
        count=24_318,
        last_hour=3,
        shape="waves",
        home="A",
        reached={RESPONSE: 33},
        escalated=(5,),
    ),
    Story(
        key="school-meals",
        action="Free school meals to sixteen",
        background="A warm meal ends at twelve in our schools, hunger does not. Extend the free midday meal to "
        "every pupil up to the age of sixteen, without forms and without a separate queue.",
        details="Since the meal became free for all younger pupils, teachers report calmer afternoons and fewer "
        "absences. The same children lose it on the day they change school.\n\nMeans tests miss families just "
        "above the line, and the forms shame those below it. The kitchens exist, and most secondary schools "
        "already cook for staff and for paying pupils.\n\nWe ask for a meal for everyone, cooked in the school, "
        "with at least a third of the food bought within the region.",
        creator="Agnieszka Wójcik",
        state="open",
        started=75,
        in_review=71,
        published=64,
        department="education",
        topics=("education", "food-and-farming"),
        count=17_902,
        last_hour=9,
        home="L",
        reached={RESPONSE: 18},
        holding_reply=HoldingReply(
            day=6,
            body="We have asked all 212 schools what their kitchens can cook for. 190 have told us; the answer waits "
            "for the rest.",
        ),
    ),
    Story(
        key="northern-ferry",
        action="Repair the northern ferry",
        background="The Kelda ferry has been out of service for 140 days since its second engine failed. Eleven "
        "islands depend on a borrowed boat that does not sail above wind force six.",
        details="Patients miss appointments, the school in Norrskär has had no science teacher since the autumn, "
        "and shops ration milk after every storm.\n\nThe yard in Ferryhaven says that the part can be made in six "
        "weeks. What is missing is an order. We ask the Department to place it, to hire a second boat for the "
        "winter, and to print a timetable that says which sailings are certain.",
        creator="Runa Mackay",
        state="open",
        started=118,
        in_review=113,
        published=106,
        department="transport",
        topics=("transport", "democracy"),
        count=13_467,
        last_hour=1,
        home="S",
        reached={RESPONSE: 52},
        pause=Pause(
            since=50,
            until=-10,
            reason="The Assembly is dissolved for the general election. The clock stands still until a new "
            "government is sworn in.",
        ),
    ),
    Story(
        key="library-evenings",
        action="Keep every public library open two evenings a week",
        background="Most libraries close at five, when people who work or study are only just free. Two evenings a "
        "week would give the buildings we already own back to those who pay for them.",
        details="In Orle Bridge volunteers kept the doors open on Tuesdays for one winter. Visits rose by a half, "
        "and the homework table was full every week.\n\nWe ask the Department to pay one trained librarian for "
        "two evenings in each of the 214 branches, and to count visits before and after, so that everybody can "
        "see whether it was worth it.",
        creator="Tadhg Murchú",
        state="open",
        started=88,
        in_review=83,
        published=77,
        department="culture",
        topics=("culture", "education"),
        count=12_044,
        last_hour=4,
        home="L",
        reached={RESPONSE: 25},
        extension=Extension(
            decided=6,
            until=17,
            reason="The Department is asking all 41 library boards for their opening hours and costs. Nine have "
            "not replied. It will answer when it can say what two evenings would cost.",
        ),
    ),
    Story(
        key="hearing-benches",
        action="Let Deaf patients book an interpreter when they book a doctor",
        background="Deaf people are told to bring a friend to interpret. Nobody should hear a diagnosis from their "
        "own child. Put one question on the booking form, and send an interpreter.",
        details="The law already gives a right to understand one’s doctor. In practice each surgery has to be "
        "asked by telephone, which is the one thing many of us cannot use.\n\nA single national list of "
        "interpreters, by video for short visits and in person for long ones, would cost less than the missed "
        "appointments do now.",
        creator="Saga Nygård",
        state="open",
        started=58,
        in_review=54,
        published=47,
        department="health",
        topics=("health", "accessibility"),
        count=10_873,
        last_hour=6,
        reached={RESPONSE: 11},
        transfer=Transfer(
            day=9,
            before="interior",
            reason="Interpreters at the doctor are paid for by the health service, not by the Department of the "
            "Interior.",
        ),
    ),
)
